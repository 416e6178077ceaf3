"""Projects as records, by id and version. How commands name them is services.projects.projects' business."""

from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg

from domain.errors import ChangedMeanwhile, InUse, NotFound
from domain.history.changes import ProjectRecord
from domain.projects.projects import (
    Project,
    ProjectDetails,
    ProjectOutcome,
    ProjectWish,
    validate_description,
    validate_title,
)
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.projects.project_names import claim_title, retitle
from storage.outbox import live_messages
from storage.postgres.database import Database
from storage.projects import project_details, project_names

NOT_HERE = "There is no such project."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectPage:
    """By slug."""

    projects: tuple[ProjectDetails, ...]
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    project_id: UUID


@operation
async def add_project(context: OperationContext, wish: ProjectWish) -> ProjectDetails:
    """Make a project. Raises NameTaken where there is one of that name, archived or not."""
    title = validate_title(wish.title or "")
    made = await project_details.insert_project(
        context.tx,
        context.workspace_id,
        slug=await claim_title(context.tx, context.workspace_id, title),
        title=title,
        description=validate_description(wish.description or ""),
        owner_id=context.person.id,
        at=context.at,
    )
    _record(context, ProjectOutcome.MADE, None, made)
    return made


@operation
async def change_project(
    context: OperationContext, project_id: UUID, wish: ProjectWish, *, seen_version: int | None
) -> ProjectDetails:
    """Change what the wish names. Raises NotFound, NameTaken, or ChangedMeanwhile where the project is not at the
    version `seen_version`."""
    if wish.title is not None:
        await project_names.lock(context.tx, context.workspace_id)  # before the row, as everybody does
    before = await _seen(context, project_id, seen_version)
    to = _wished(before, wish)
    if to == before:
        return before
    if to.title != before.title:
        named = await retitle(
            context.tx,
            context.workspace_id,
            Project(id=before.id, slug=before.slug, title=before.title),
            to.title,
            at=context.at,
        )
        to = replace(to, slug=named.slug)
    after = await project_details.update_project(context.tx, context.workspace_id, to, at=context.at)
    await live_messages.touch_all_homes(context.tx, context.workspace_id)
    _record(context, ProjectOutcome.CHANGED, before, after)
    return after


@operation
async def remove_project(context: OperationContext, project_id: UUID, *, seen_version: int | None) -> Removed:
    """Delete a project that nothing refers to. Raises NotFound, ChangedMeanwhile, or InUse where entries or channels
    refer to it."""
    before = await _seen(context, project_id, seen_version)
    try:
        await project_details.delete_project(context.tx, context.workspace_id, project_id)
    except asyncpg.ForeignKeyViolationError:
        raise InUse(
            "Entries or channels belong to this project, and what was tracked stays true: archive it instead."
        ) from None
    await live_messages.touch_all_homes(context.tx, context.workspace_id)
    _record(context, ProjectOutcome.DELETED, before, None)
    return Removed(project_id=project_id)


async def _seen(context: OperationContext, project_id: UUID, version: int | None) -> ProjectDetails:
    found = await project_details.find(context.tx, context.workspace_id, project_id, lock=True)
    if found is None:
        raise NotFound(NOT_HERE)
    if version is not None and found.version != version:
        raise ChangedMeanwhile("This project was changed meanwhile.")
    return found


def _wished(project: ProjectDetails, wish: ProjectWish) -> ProjectDetails:
    title = project.title if wish.title is None else validate_title(wish.title)
    return replace(
        project,
        title=title,
        description=project.description
        if wish.description is None
        else validate_description(wish.description),
        archived=project.archived if wish.archived is None else wish.archived,
    )


def _record(
    context: OperationContext,
    change: ProjectOutcome,
    before: ProjectDetails | None,
    after: ProjectDetails | None,
) -> None:
    known = after or before
    assert known is not None
    context.changes.append(ProjectRecord(project_id=known.id, change=change, before=before, after=after))


class Catalog(OperationGroup):
    """Operations on projects by their ids, and pages of them."""

    make = add_project
    change = change_project
    remove = remove_project

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def page(self, workspace_id: UUID, *, archived: bool, after: str, limit: int) -> ProjectPage:
        async with self._database.transaction(workspace_id) as tx:
            found = await project_details.find_page(
                tx, workspace_id, archived=archived, after=after, most=limit + 1
            )
        return ProjectPage(projects=tuple(found[:limit]), more=len(found) > limit)

    async def one(self, workspace_id: UUID, project_id: UUID) -> ProjectDetails:
        """Raises NotFound."""
        async with self._database.transaction(workspace_id) as tx:
            found = await project_details.find(tx, workspace_id, project_id)
        if found is None:
            raise NotFound(NOT_HERE)
        return found
