"""The projects that Slack channels have, for time that nobody names a project for."""

from uuid import UUID

from domain.entries.entries import Work
from domain.history.changes import SettingRecord
from domain.projects.projects import ChannelProject, Project
from services.operations.context import OperationContext
from services.operations.declaration import operation
from services.projects.project_lookup import find_named_project, resolve_project
from services.projects.project_writes import make_project
from storage.projects import channels


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
    project = await make_project(context, name) if make else await find_named_project(context, name)
    return await _set_project(context, channel, project)


@operation
async def bind_channel_to_chosen(context: OperationContext, channel: str, project_id: UUID) -> ChannelProject:
    """Give the channel the project with that id, taken out of the archive where it is there. Raises NotFound."""
    found = await resolve_project(context, Work(project_id=project_id), bring_back=True)
    project = await make_project(context, found.make) if found.make else found.project
    assert project is not None
    return await _set_project(context, channel, project)


@operation
async def unbind_channel(context: OperationContext, channel: str) -> ChannelProject:
    """Take the channel's project away; entries stay where they are."""
    before = await channels.find_project(context.tx, context.workspace_id, channel)
    channel_id = await channels.clear_project(context.tx, context.workspace_id, channel)
    return _record_channel(context, channel, channel_id, before, None)


async def _set_project(context: OperationContext, channel: str, project: Project) -> ChannelProject:
    before = await channels.find_project(context.tx, context.workspace_id, channel)
    channel_id = await channels.set_project(context.tx, context.workspace_id, channel, project.id)
    return _record_channel(context, channel, channel_id, before, project)


def _record_channel(
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
