"""Projects of Slack channels: time that is tracked in a channel without a project goes to the channel's project."""

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
    """Show the Slack channel's project, which is used for time without a named project."""
    bound = await channels.find_project(context.tx, context.workspace_id, channel)
    return ChannelProject(channel=channel, project=bound, before=bound, changed=False)


@operation
async def bind_channel(
    context: OperationContext, channel: str, name: str, *, make: bool = False
) -> ChannelProject:
    """Set the channel's project by its name. Raises UnknownProject if there is none and `make` is not set."""
    project = await make_project(context, name) if make else await find_named_project(context, name)
    return await _set_project(context, channel, project)


@operation
async def bind_channel_to_chosen(context: OperationContext, channel: str, project_id: UUID) -> ChannelProject:
    """Set the channel's project by its id, and take it out of the archive if it is there. Raises NotFound."""
    found = await resolve_project(context, Work(project_id=project_id), bring_back=True)
    project = await make_project(context, found.make) if found.make else found.project
    assert project is not None
    return await _set_project(context, channel, project)


@operation
async def unbind_channel(context: OperationContext, channel: str) -> ChannelProject:
    """Remove the channel's project. Entries stay as they are."""
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
