"""Lists, makes, renames, archives and deletes projects."""

from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from domain.errors import ChangedMeanwhile, InUse, NotFound
from domain.history.changes import ProjectRecord
from domain.identity.people import Person, Standing
from domain.permissions import require_member
from domain.projects.project_names import ArchivedProject, fold_title, look_up_name
from domain.projects.projects import (
    Project,
    ProjectAnswer,
    ProjectDetails,
    ProjectList,
    ProjectOutcome,
    ProjectParams,
    validate_description,
    validate_title,
)
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.projects.channels import (
    bind_channel,
    bind_channel_to_chosen,
    show_channel_project,
    unbind_channel,
)
from services.projects.project_lookup import find_named_project
from services.projects.project_writes import (
    ensure_project,
    insert_project,
    make_project,
    record_project,
    update_project,
)
from storage.entries import person_entries
from storage.identity import people
from storage.outbox import live_messages
from storage.postgres.database import Database, Transaction
from storage.projects import channels, project_names, projects

NOT_HERE = "There is no such project."
MOST_LISTED = 60
MOST_RECENT = 8
MOST_IN_MENU = 99  # Slack's limit for a menu is 100; one option is for making a new project


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    """A page of projects, ordered by slug. `more` is true if others follow."""

    projects: tuple[ProjectDetails, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedProject:
    project_id: UUID


@operation
async def list_projects(context: OperationContext) -> ProjectList:
    """List live projects. A repeated request gets the stored answer. Raises NotAllowed for guests."""
    require_member(context.person)
    found = await projects.find_live(context.tx, context.workspace_id, most=MOST_LISTED + 1)
    return ProjectList(projects=tuple(found[:MOST_LISTED]), more=len(found) > MOST_LISTED)


@operation
async def make_named_project(context: OperationContext, title: str) -> ProjectAnswer:
    """Make a project, or take the project of that name out of the archive."""
    called_so = await _find_formerly_called(context, title)
    project = await make_project(context, title)
    # No change was recorded if a live project of that title existed already.
    done = [one for one in context.changes if isinstance(one, ProjectRecord)]
    change = ProjectOutcome(done[0].change) if done else ProjectOutcome.UNCHANGED
    no_longer = called_so if change is ProjectOutcome.MADE else None
    return ProjectAnswer(change=change, project=project, no_longer=no_longer)


@operation
async def create_project(context: OperationContext, params: ProjectParams) -> ProjectDetails:
    """Make a new project. Raises NameTaken if a project has that name, archived or not."""
    return await insert_project(
        context, validate_title(params.title or ""), validate_description(params.description or "")
    )


@operation
async def change_project(
    context: OperationContext, project_id: UUID, params: ProjectParams, *, seen_version: int | None
) -> ProjectDetails:
    """Change the fields that the parameters name. Raises NotFound, NameTaken, or ChangedMeanwhile if the project is
    not at the version `seen_version`."""
    if params.title is not None:
        # Lock the names before the row, in the same order everywhere.
        await project_names.lock(context.tx, context.workspace_id)
    before = await _lock_project(context, project_id, seen_version)
    to = replace(
        before,
        title=before.title if params.title is None else validate_title(params.title),
        description=before.description
        if params.description is None
        else validate_description(params.description),
        archived=before.archived if params.archived is None else params.archived,
    )
    return before if to == before else await update_project(context, before, to, ProjectOutcome.CHANGED)


@operation
async def rename_project(context: OperationContext, name: str, title: str) -> ProjectAnswer:
    """Give the project another title and slug. It keeps its entries, and its old names still find it.

    Raises UnknownProject, AmbiguousProject, ArchivedProject or NameTaken.
    """
    title = validate_title(title)
    await project_names.lock(
        context.tx, context.workspace_id
    )  # so that no other transaction renames it meanwhile
    found = await find_named_project(context, name)
    if found.title == title:
        return ProjectAnswer(change=ProjectOutcome.UNCHANGED, project=found)
    called_so = await _find_formerly_called(context, title)
    before = await _lock_project(context, found.id)
    after = await update_project(context, before, replace(before, title=title), ProjectOutcome.RENAMED)
    return ProjectAnswer(
        change=ProjectOutcome.RENAMED,
        project=after.project,
        before=before.project,
        no_longer=called_so if called_so and called_so.id != before.id else None,
    )


@operation
async def archive_project(context: OperationContext, name: str) -> ProjectAnswer:
    """Archive the project: lists leave it out, and its entries stay as they are. Making it again takes it out of the
    archive."""
    try:
        found = await find_named_project(context, name)
    except ArchivedProject as archived:
        return ProjectAnswer(change=ProjectOutcome.UNCHANGED, project=archived.project, archived=True)
    before = await _lock_project(context, found.id)
    await update_project(context, before, replace(before, archived=True), ProjectOutcome.ARCHIVED)
    return ProjectAnswer(change=ProjectOutcome.ARCHIVED, project=found, before=found)


@operation
async def delete_project(
    context: OperationContext, project_id: UUID, *, seen_version: int | None
) -> DeletedProject:
    """Delete a project that nothing refers to. Raises NotFound, ChangedMeanwhile, or InUse if entries or channels
    refer to it."""
    before = await _lock_project(context, project_id, seen_version)
    try:
        await projects.delete_project(context.tx, context.workspace_id, project_id)
    except asyncpg.ForeignKeyViolationError:
        raise InUse(
            "Entries or channels belong to this project, and tracked time must stay as it is: archive it instead."
        ) from None
    await live_messages.mark_all_homes_due(context.tx, context.workspace_id)
    record_project(context, ProjectOutcome.DELETED, before, None)
    return DeletedProject(project_id=project_id)


async def _lock_project(
    context: OperationContext, project_id: UUID, seen_version: int | None = None
) -> ProjectDetails:
    """Lock the project against other changes and return it. Raises NotFound, or ChangedMeanwhile if it is not at that
    version."""
    found = await projects.find_details(context.tx, context.workspace_id, project_id, lock=True)
    if found is None:
        raise NotFound(NOT_HERE)
    if seen_version is not None and found.version != seen_version:
        raise ChangedMeanwhile("This project was changed meanwhile.")
    return found


async def _find_formerly_called(context: OperationContext, name: str) -> Project | None:
    """Return the project that has this name only as a former name."""
    candidates, _ = await project_names.find_candidates(context.tx, context.workspace_id, name, channel=None)
    found = look_up_name(name, candidates, whole=True).found
    return found.project if found and found.former_title else None


async def _find_for_guest(tx: Transaction, workspace_id: UUID, person: Person, letters: str) -> list[Project]:
    """Return projects on which the guest worked, or the project that they name in full: guests use projects, and may
    not search them."""
    if not person.has_access:
        return []
    if not letters.strip():
        return await person_entries.find_recent_projects(tx, workspace_id, person.id, most=MOST_RECENT)
    found = await projects.search(tx, workspace_id, letters, most=MOST_IN_MENU)
    return [one for one in found if fold_title(one.title) == fold_title(letters)]


class Projects(OperationGroup):
    """Operations on projects, by name and by id, and on the projects of channels."""

    list_live = list_projects
    make = make_named_project
    create = create_project
    change = change_project
    rename = rename_project
    archive = archive_project
    delete = delete_project
    show_of_channel = show_channel_project
    bind = bind_channel
    bind_chosen = bind_channel_to_chosen
    unbind = unbind_channel

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def page(self, workspace_id: UUID, *, archived: bool, after: str, limit: int) -> ProjectPage:
        """Return a page of the live or the archived projects, behind the slug `after`."""
        async with self._database.transaction(workspace_id) as tx:
            found = await projects.find_page(tx, workspace_id, archived=archived, after=after, most=limit + 1)
        return ProjectPage(projects=tuple(found[:limit]), more=len(found) > limit)

    async def find(self, workspace_id: UUID, project_id: UUID) -> ProjectDetails:
        """Return the project with that id, archived or not. Raises NotFound."""
        async with self._database.transaction(workspace_id) as tx:
            found = await projects.find_details(tx, workspace_id, project_id)
        if found is None:
            raise NotFound(NOT_HERE)
        return found

    async def ensure(self, workspace_id: UUID, title: str) -> Project:
        """Return the project of that title; make it if there is none. Raises FieldErrors for an invalid title."""
        title = validate_title(title)
        async with self._database.transaction(workspace_id) as tx:
            _, project = await ensure_project(tx, workspace_id, title, owner_id=None, at=await tx.now())
        return project.project

    async def find_of_channel(self, workspace_id: UUID, channel: str | None) -> Project | None:
        """Return the channel's project, with which a form is filled."""
        if channel is None:
            return None
        async with self._database.transaction(workspace_id) as tx:
            return await channels.find_project(tx, workspace_id, channel)

    async def find_for_menu(self, workspace_id: UUID, who: str, letters: str) -> list[Project]:
        """Return projects for a menu: first those that the person used lately, then others; or those that have the
        letters in their title."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.find_by_slack_id(tx, workspace_id, who)
            if person is None:
                return []
            if person.standing is not Standing.MEMBER:
                return await _find_for_guest(tx, workspace_id, person, letters)
            if letters.strip():
                return await projects.search(tx, workspace_id, letters, most=MOST_IN_MENU)
            lately = await person_entries.find_recent_projects(tx, workspace_id, person.id, most=MOST_RECENT)
            others = await projects.find_live(tx, workspace_id, most=MOST_IN_MENU)
        return list(dict.fromkeys([*lately, *others]))[:MOST_IN_MENU]
