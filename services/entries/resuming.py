"""Starts a new timer with the work of an earlier entry."""

from dataclasses import replace
from uuid import UUID

from domain.entries.entries import SHORTEST, TimeEntry, TimerAnswer, TimerOutcome
from domain.permissions import Needs
from domain.projects.project_names import ArchivedProject
from domain.projects.projects import Project
from services.entries.answers import answer_with_entry, require_entry
from services.entries.entry_writes import end_timer, insert_entry
from services.operations.context import OperationContext
from services.operations.declaration import operation
from services.projects.project_writes import make_project
from storage.entries import entries
from storage.projects import projects


@operation(needs=Needs.NOTHING)
async def resume_work(
    context: OperationContext, *, entry_id: UUID | None = None, bring_back: bool = False
) -> TimerAnswer:
    """Start a timer with the project, note and tags of that entry, or of the last one. Raises ArchivedProject if its
    project is archived and `bring_back` is not set."""
    if entry_id:
        last: TimeEntry | None = await require_entry(context, entry_id)
    else:
        last = await entries.find_last_finished(context.tx, context.workspace_id, context.person.id)
    running = context.running
    if running and (last is None or entry_id is None or _is_same_work(running, last)):
        return await answer_with_entry(context, TimerOutcome.ALREADY_RUNNING, running)
    if last is None:
        return await answer_with_entry(context, TimerOutcome.NOTHING_TO_RESUME, None)
    project = await _require_live_project(context, last.project, bring_back=bring_back)
    begin = max(context.at, last.ended_at or context.at)
    replaced = None
    if running:
        begin = max(begin, running.started_at + SHORTEST)
        replaced = await end_timer(context, running, begin)
    entry = await insert_entry(context, replace(last.copy_data(begin), project=project))
    return await answer_with_entry(context, TimerOutcome.RESUMED, entry, replaced=replaced)


async def _require_live_project(
    context: OperationContext, project: Project | None, *, bring_back: bool
) -> Project | None:
    """Return the project, taken out of the archive if `bring_back` is set. Raises ArchivedProject."""
    if project is None or await projects.find(context.tx, context.workspace_id, project.id):
        return project
    if not bring_back:
        raise ArchivedProject(project.title, project, required=True)
    return await make_project(context, project.title)


def _is_same_work(one: TimeEntry, other: TimeEntry) -> bool:
    return (one.project, one.note, one.tags) == (other.project, other.note, other.tags)
