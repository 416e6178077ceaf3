"""Changing and deleting entries."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.entries.entries import (
    EARLIEST_YEAR,
    TOO_OLD,
    ProposedEntry,
    TimeEntry,
    TimerAnswer,
    TimerOutcome,
    Work,
    length_problem,
    to_utc,
    validate_work,
)
from domain.entries.overlaps import OverlapResolution
from domain.entries.params import UNCHANGED, AmendParams, EditParams
from domain.errors import ChangedMeanwhile, FieldErrors
from domain.history.changes import Snapshot
from domain.permissions import Needs
from domain.time.calendar import local_date
from domain.time.clock_skew import correct_clock_skew
from domain.time.days import OLDEST
from domain.time.local_times import resolve_local_time
from services.entries.answers import answer_with_entry, require_entry
from services.entries.conflicts import apply_proposal, refuse_conflicts, resolve_conflict
from services.entries.entry_writes import deleted_state, update_entry
from services.operations.context import OperationContext
from services.operations.declaration import operation
from services.projects.project_lookup import ProjectChoice, resolve_project
from services.projects.project_writes import make_project

CHANGED = "This entry was changed meanwhile."
NOT_YET = "That has not come yet. Only time that has passed can be tracked."


@operation(needs=Needs.ZONE)
async def edit_entry(context: OperationContext, params: EditParams) -> TimerAnswer:
    """Change the entry to the values of the form. Raises FieldErrors, ChangedMeanwhile, OverlapConflict or
    UnknownProject."""
    entry = await _require_version(context, params.entry_id, params.seen_version)
    start, finish = _resolve_times(context, entry, params)
    work = replace(params.work, tags=entry.tags) if params.keep_tags else params.work
    return await _write_edit(context, entry, start, finish, work, make=params.make_project)


@operation
async def amend_entry(
    context: OperationContext, params: AmendParams, resolution: OverlapResolution | None = None
) -> TimerAnswer:
    """Change the fields that the parameters name, and set times to the exact instant. Raises the errors of
    `edit_entry`, and NotFound for a deleted entry.

    With `resolution` it frees the time as a preview showed, instead of raising OverlapConflict.
    """
    entry = await require_entry(context, params.entry_id)
    if params.seen_version is not None and entry.version != params.seen_version:
        raise ChangedMeanwhile(CHANGED)
    start = (
        entry.started_at
        if params.start is UNCHANGED
        else correct_clock_skew(to_utc(params.start), context.at)
    )
    finish = entry.ended_at
    if params.end is not UNCHANGED:
        finish = correct_clock_skew(to_utc(params.end), context.at) if params.end else None
    if wrong := _find_impossible_times(context, entry, start, finish):
        raise FieldErrors(wrong)
    project_id = entry.project.id if entry.project else None
    work = Work(
        project_id=project_id if params.project_id is UNCHANGED else params.project_id,
        note=entry.note if params.note is UNCHANGED else params.note,
        tags=entry.tags if params.tags is UNCHANGED else params.tags,
    )
    return await _write_edit(context, entry, start, finish, work, resolution=resolution)


async def _write_edit(
    context: OperationContext,
    entry: TimeEntry,
    start: datetime,
    finish: datetime | None,
    work: Work,
    *,
    make: bool = False,
    resolution: OverlapResolution | None = None,
) -> TimerAnswer:
    work = validate_work(work)
    if entry.project and entry.project.id == work.project_id:
        found = ProjectChoice(project=entry.project, note=work.note)  # entries of an archived project keep it
    else:
        found = await resolve_project(context, work, make=make)
    proposed = ProposedEntry(
        start=start,
        end=finish,
        note=found.note,
        tags=work.tags,
        project_id=found.project.id if found.project else None,
        make=found.make,
        entry_id=entry.id,
        seen_version=entry.version,
    )
    if (start, finish) != (entry.started_at, entry.ended_at):
        if resolution:
            return await resolve_conflict(context, proposed, resolution)
        await refuse_conflicts(context, proposed)
    project = await make_project(context, found.make) if found.make else found.project
    return await apply_proposal(context, entry, proposed, project)


@operation(needs=Needs.NOTHING)
async def delete_entry(
    context: OperationContext, *, entry_id: UUID, seen_version: int | None = None
) -> TimerAnswer:
    """Delete the entry. History keeps it, and Undo restores it. Deleting it again changes nothing."""
    entry = await require_entry(context, entry_id, include_deleted=True)
    if entry.deleted:
        return await answer_with_entry(context, TimerOutcome.DELETED, entry)
    if seen_version is not None and entry.version != seen_version:
        raise ChangedMeanwhile("This entry has changed since you looked at it. Nothing was deleted.")
    state = deleted_state(Snapshot.from_entry(entry), context.at)
    await update_entry(context, entry, state, change="deleted")
    if entry.running:
        context.running = None
    deleted = replace(
        entry, deleted=True, ended_at=state.ended_at, version=entry.version + 1, updated_at=context.at
    )
    return await answer_with_entry(context, TimerOutcome.DELETED, deleted)


async def _require_version(context: OperationContext, entry_id: UUID, version: int) -> TimeEntry:
    entry = await require_entry(context, entry_id, include_deleted=True)
    if entry.deleted:
        raise ChangedMeanwhile("This entry was deleted meanwhile. `/track undo` brings it back.")
    if entry.version != version:
        raise ChangedMeanwhile(CHANGED)
    return entry


def _resolve_times(
    context: OperationContext, entry: TimeEntry, params: EditParams
) -> tuple[datetime, datetime | None]:
    wrong: dict[str, str] = {}
    repeated_times: frozenset[str] = frozenset()
    found: dict[str, datetime] = {}
    zone = params.zone or context.person.zone
    for field, local, kept in (
        ("start", params.start, entry.started_at),
        ("end", params.end, entry.ended_at),
    ):
        if local is None:
            continue
        if local.day.year < EARLIEST_YEAR:
            wrong[field] = "That is too long ago. Please correct the date."
            continue
        if local.day > local_date(context.at, zone):
            wrong[field] = NOT_YET
            continue
        try:
            found[field] = resolve_local_time(field, local, zone, shown=kept)
        except FieldErrors as error:
            wrong |= error.fields
            repeated_times |= error.repeated_times
    if not wrong:
        wrong = _find_impossible_times(context, entry, found["start"], found.get("end"))
    if wrong:
        raise FieldErrors(wrong, repeated_times=repeated_times)
    return found["start"], found.get("end")


def _find_impossible_times(
    context: OperationContext, entry: TimeEntry, start: datetime, end: datetime | None
) -> dict[str, str]:
    if start.year < EARLIEST_YEAR:
        return {"start": "That is too long ago. Please correct the date."}
    if end is None and not entry.running:
        return {"end": "This entry has ended, so it needs an end. To go on with it, press Resume."}
    if end is None and start < context.at - OLDEST:
        return {"start": TOO_OLD}
    if start > context.at:
        return {"start": NOT_YET}
    if end is not None and end > context.at:
        return {"end": NOT_YET}
    if end is not None and end <= start:
        return {"end": "The end lies before the start. Please correct one of them."}
    if end is not None and (said := length_problem(start, end, previous_length=entry.length(context.at))):
        return {"end": said}
    return {}
