"""Projects: listing, making, renaming, archiving; and those that channels have."""

from uuid import UUID

from domain.entries.entries import Work
from domain.history.changes import ProjectRecord, SettingRecord
from domain.identity.people import Person, Standing
from domain.permissions import require_member
from domain.projects.project_names import ArchivedProject, fold_title, look_up_name
from domain.projects.projects import (
    ChannelProject,
    Project,
    ProjectAnswer,
    ProjectList,
    ProjectMention,
    ProjectOutcome,
    validate_title,
)
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.projects.project_lookup import meant
from services.projects.project_names import ensure_project, make_project, retitle
from storage.entries import person_entries
from storage.identity import people
from storage.outbox import live_messages
from storage.postgres.database import Database, Transaction
from storage.projects import channels, project_names, projects

MOST_LISTED = 60
MOST_RECENT = 8
MOST_OFFERED = 99  # Slack's limit for a menu is 100, and one place is for what can be made


@operation
async def list_projects(context: OperationContext) -> ProjectList:
    """List live projects. A repeat gets the same answer. Raises NotAllowed for guests."""
    require_member(context.person)
    found = await projects.find_live(context.tx, context.workspace_id, most=MOST_LISTED + 1)
    return ProjectList(projects=tuple(found[:MOST_LISTED]), more=len(found) > MOST_LISTED)


@operation
async def make_named_project(context: OperationContext, title: str) -> ProjectAnswer:
    """Make a project, or take the one of that name out of the archive."""
    called_so = await _called_before(context, title)
    project = await make_project(context, title)
    # What it took is what was recorded: nothing, where there is one of that title.
    done = [one for one in context.changes if isinstance(one, ProjectRecord)]
    change = ProjectOutcome(done[0].change) if done else ProjectOutcome.UNCHANGED
    no_longer = called_so if change is ProjectOutcome.MADE else None
    return ProjectAnswer(change=change, project=project, no_longer=no_longer)


@operation
async def rename_project(context: OperationContext, name: str, title: str) -> ProjectAnswer:
    """Give the project another title, and a slug of that title. It keeps its entries, and its old names still mean it.

    Raises UnknownProject, AmbiguousProject, ArchivedProject or NameTaken.
    """
    checked = validate_title(title)
    await project_names.lock(context.tx, context.workspace_id)  # so that nobody renames it meanwhile
    before = await _called(context, name)
    if before.title == checked:
        return ProjectAnswer(change=ProjectOutcome.UNCHANGED, project=before)
    called_so = await _called_before(context, checked)
    project = await retitle(context.tx, context.workspace_id, before, checked, at=context.at)
    await projects.rename(context.tx, context.workspace_id, project)
    await live_messages.touch_all_homes(context.tx, context.workspace_id)
    no_longer = called_so if called_so and called_so.id != before.id else None
    renamed = ProjectAnswer(
        change=ProjectOutcome.RENAMED, project=project, before=before, no_longer=no_longer
    )
    return _done(context, renamed)


@operation
async def archive_project(context: OperationContext, name: str) -> ProjectAnswer:
    """Take the project out of the list. Its entries stay as they are; making it again brings it back."""
    try:
        project = await _called(context, name)
    except ArchivedProject as archived:
        return ProjectAnswer(change=ProjectOutcome.UNCHANGED, project=archived.project, archived=True)
    await projects.archive(context.tx, context.workspace_id, project.id, at=context.at)
    await live_messages.touch_all_homes(context.tx, context.workspace_id)
    return _done(context, ProjectAnswer(change=ProjectOutcome.ARCHIVED, project=project, before=project))


@operation
async def show_channel_project(context: OperationContext, channel: str) -> ChannelProject:
    """Show the project that time in the Slack channel belongs to where nobody names one."""
    bound = await channels.find_project(context.tx, context.workspace_id, channel)
    return ChannelProject(channel=channel, project=bound, before=bound, changed=False)


@operation
async def bind_channel(
    context: OperationContext, channel: str, name: str, *, make: bool = False
) -> ChannelProject:
    """Give the channel a project of its own. Raises UnknownProject unless it is to be made."""
    project = await make_project(context, name) if make else await _called(context, name)
    return await _bind(context, channel, project)


@operation
async def bind_channel_to_chosen(context: OperationContext, channel: str, project_id: UUID) -> ChannelProject:
    """Give the channel the project with that id, taken out of the archive where it is there. Raises NotFound."""
    found = await meant(context, Work(project_id=project_id), bring_back=True)
    project = await make_project(context, found.make) if found.make else found.project
    assert project is not None
    return await _bind(context, channel, project)


@operation
async def unbind_channel(context: OperationContext, channel: str) -> ChannelProject:
    """Take the channel's project away; entries stay where they are."""
    before = await channels.find_project(context.tx, context.workspace_id, channel)
    channel_id = await channels.clear_project(context.tx, context.workspace_id, channel)
    return _bound(context, channel, channel_id, before, None)


async def _bind(context: OperationContext, channel: str, project: Project) -> ChannelProject:
    before = await channels.find_project(context.tx, context.workspace_id, channel)
    channel_id = await channels.set_project(context.tx, context.workspace_id, channel, project.id)
    return _bound(context, channel, channel_id, before, project)


async def _offered_to_guest(
    tx: Transaction, workspace_id: UUID, person: Person, letters: str
) -> list[Project]:
    """What they worked on, and what they name in full: a guest uses projects, and does not look through them."""
    if not person.has_access:
        return []
    if not letters.strip():
        return await person_entries.find_recent_projects(tx, workspace_id, person.id, most=MOST_RECENT)
    found = await projects.search(tx, workspace_id, letters, most=MOST_OFFERED)
    return [one for one in found if fold_title(one.title) == fold_title(letters)]


def _bound(
    context: OperationContext,
    channel: str,
    channel_id: UUID | None,
    before: Project | None,
    after: Project | None,
) -> ChannelProject:
    changed = channel_id is not None and before != after
    if channel_id and changed:
        context.changes.append(
            SettingRecord(
                subject="channel",
                subject_id=channel_id,
                change="project",
                before={"channel": channel, "project": before.title if before else ""},
                after={"channel": channel, "project": after.title if after else ""},
            )
        )
    return ChannelProject(channel=channel, project=after, before=before, changed=changed)


async def _called_before(context: OperationContext, name: str) -> Project | None:
    """The project that this name means only because it was called so."""
    candidates, _ = await project_names.find_candidates(context.tx, context.workspace_id, name, channel=None)
    found = look_up_name(name, candidates, whole=True).found
    return found.project if found and found.former_title else None


async def _called(context: OperationContext, name: str) -> Project:
    """The live project of that name. Raises UnknownProject, AmbiguousProject or ArchivedProject."""
    found = await meant(context, Work(project=ProjectMention(name=name, must=True)))
    assert found.project is not None, "a name that must be a project is one, or `meant` raises"
    return found.project


def _done(context: OperationContext, answer: ProjectAnswer) -> ProjectAnswer:
    context.changes.append(
        ProjectRecord(
            project_id=answer.project.id, change=answer.change, before=answer.before, after=answer.project
        )
    )
    return answer


class Projects(OperationGroup):
    """Operations on projects by their names, and on the projects that channels have."""

    all = list_projects
    make = make_named_project
    rename = rename_project
    archive = archive_project
    of_channel = show_channel_project
    bind = bind_channel
    bind_chosen = bind_channel_to_chosen
    unbind = unbind_channel

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def ensure(self, workspace_id: UUID, title: str) -> Project:
        """The project of that title, made when there is none. Raises Refusal for an unusable title."""
        title = validate_title(title)
        async with self._database.transaction(workspace_id) as tx:
            project, _ = await ensure_project(tx, workspace_id, title, owner_id=None)
            return project

    async def bound(self, workspace_id: UUID, channel: str | None) -> Project | None:
        """The same for a form: a read, and not an act."""
        if channel is None:
            return None
        async with self._database.transaction(workspace_id) as tx:
            return await channels.find_project(tx, workspace_id, channel)

    async def offered(self, workspace_id: UUID, who: str, letters: str) -> list[Project]:
        """For a menu: what the person worked on lately, then the others; with letters, what has them."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.find_by_slack_id(tx, workspace_id, who)
            if person is None:
                return []
            if person.standing is not Standing.MEMBER:
                return await _offered_to_guest(tx, workspace_id, person, letters)
            if letters.strip():
                return await projects.search(tx, workspace_id, letters, most=MOST_OFFERED)
            lately = await person_entries.find_recent_projects(tx, workspace_id, person.id, most=MOST_RECENT)
            others = await projects.find_live(tx, workspace_id, most=MOST_OFFERED)
        return list(dict.fromkeys([*lately, *others]))[:MOST_OFFERED]
