"""Starts, stops and shows timers. The class Timers lists every operation on a single entry."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.entries.entries import (
    SHORTEST,
    TOO_OLD,
    TimeEntry,
    TimerAnswer,
    TimerOutcome,
    to_utc,
    validate_work,
)
from domain.entries.params import StartParams
from domain.errors import FieldErrors, NotFound, Refusal
from domain.outbox.messages import CardContent
from domain.permissions import Needs, require_zone
from domain.time.clock_skew import correct_clock_skew
from domain.time.days import OLDEST
from domain.time.durations import format_time_and_day
from domain.time.time_points import Ago, ExactInstant, TimePoint, resolve_time_point
from services.entries.answers import answer_with_entry, require_entry
from services.entries.conflicts import refuse_conflicts, resolve_conflict
from services.entries.editing import amend_entry, delete_entry, edit_entry
from services.entries.entry_writes import end_timer, insert_entry
from services.entries.recording import log_time, propose_entry, record_entry
from services.entries.resuming import resume_work
from services.entries.undo import file_entry, undo_last_operation, undo_operation
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.projects.project_lookup import resolve_project
from services.projects.project_writes import make_project
from storage.entries import entries
from storage.outbox import messages


@operation(needs=Needs.NOTHING)
async def start_timer(context: OperationContext, params: StartParams) -> TimerAnswer:
    """Start a timer. A running one ends at the same instant."""
    work = validate_work(params.work)
    begin = _resolve_instant(context, params.when)
    found = await resolve_project(
        context, work, channel=params.channel, make=params.make_project, bring_back=params.bring_back
    )
    replaced = context.running
    proposed = propose_entry(begin, None, work, found, link=params.link)
    if params.when is not None:
        await refuse_conflicts(context, proposed)
    elif replaced:
        begin = max(begin, replaced.started_at + SHORTEST)
    if replaced:
        replaced = await end_timer(context, replaced, begin)
    project = await make_project(context, found.make) if found.make else found.project
    entry = await insert_entry(context, replace(proposed.data(project), started_at=begin))
    return await answer_with_entry(
        context,
        TimerOutcome.STARTED,
        entry,
        replaced=replaced,
        unknown_project=found.possible_title,
        former_title=found.former_title,
    )


@operation(needs=Needs.NOTHING)
async def start_timer_unless_running(context: OperationContext, params: StartParams) -> TimerAnswer:
    """Start a timer, or show the running one if it came from the same message or has the same project and note."""
    running, work = context.running, params.work
    if running:
        same_message = params.link is not None and running.link == params.link
        same_project = running.project is not None and running.project.id == work.project_id
        if same_message or (same_project and running.note == work.note):
            return await answer_with_entry(context, TimerOutcome.ALREADY_RUNNING, running)
    return await start_timer(context, params)


@operation(needs=Needs.NOTHING)
async def show_entry(context: OperationContext, *, entry_id: UUID | None = None) -> TimerAnswer:
    """Show the entry with that id, or without an id the running or the last one. Raises NotFound."""
    entry = (
        await require_entry(context, entry_id)
        if entry_id
        else context.running or await _find_last_entry(context)
    )
    if entry is None:
        raise NotFound("There is no entry yet. `/track log 1h api` records one.")
    return await answer_with_entry(context, TimerOutcome.SHOWN, entry)


@operation
async def share_entry(context: OperationContext, *, entry_id: UUID, channel: str) -> TimerAnswer:
    """Post the entry's card in that Slack channel. The card is rewritten when the entry changes."""
    shown = await show_entry(context, entry_id=entry_id)
    await messages.queue(
        context.tx,
        context.workspace_id,
        asked=True,
        key=f"share:{context.request.key}",
        channel=channel,
        content=CardContent(person_id=context.person.id, entry_id=entry_id),
        person_id=context.person.id,
    )
    return shown


@operation(needs=Needs.NOTHING)
async def stop_timer(
    context: OperationContext, *, when: TimePoint | datetime | None = None, entry_id: UUID | None = None
) -> TimerAnswer:
    """End the running timer. With `entry_id` it ends only that timer, so that an old button ends nothing else."""
    running = context.running
    if entry_id and (running is None or running.id != entry_id):
        return await answer_with_entry(
            context, TimerOutcome.ALREADY_STOPPED, await require_entry(context, entry_id)
        )
    if running is None:
        return await answer_with_entry(context, TimerOutcome.NOTHING_RUNNING, await _find_last_entry(context))
    instant = _resolve_instant(context, when)
    if when is None:
        instant = max(instant, running.started_at + SHORTEST)
    elif instant <= running.started_at:
        since = format_time_and_day(running.started_at, context.person.zone, seen_at=context.at)
        raise Refusal(f"This timer started at {since}, so it can't end before that. Nothing was changed.")
    ended = await end_timer(context, running, instant)
    return await answer_with_entry(context, TimerOutcome.STOPPED, ended)


@operation(needs=Needs.NOTHING)
async def show_status(context: OperationContext) -> TimerAnswer:
    """Show the running timer, or else the last entry, with today's total. A repeated request gets the stored answer."""
    return await answer_with_entry(
        context, TimerOutcome.STATUS, context.running or await _find_last_entry(context)
    )


async def _find_last_entry(context: OperationContext) -> TimeEntry | None:
    return await entries.find_last_finished(context.tx, context.workspace_id, context.person.id)


def _resolve_instant(context: OperationContext, when: TimePoint | datetime | None) -> datetime:
    if when is None:
        return context.at
    if not isinstance(when, datetime):
        if not isinstance(when, Ago | ExactInstant):
            require_zone(context.person)
        return resolve_time_point(
            when, now=context.at, zone=context.person.zone, day_first=context.person.day_first
        )
    instant = correct_clock_skew(to_utc(when), context.at)
    if instant > context.at:
        said = "That instant is in the future: a timer starts or stops now, or in the past."
        raise FieldErrors({"at": said})
    if instant < context.at - OLDEST:
        raise FieldErrors({"at": TOO_OLD})
    return instant


class Timers(OperationGroup):
    """Operations on a person's timer and on single entries."""

    start = start_timer
    start_unless_running = start_timer_unless_running
    stop = stop_timer
    resume = resume_work
    status = show_status
    show = show_entry
    share = share_entry
    log = log_time
    record = record_entry
    resolve = resolve_conflict
    edit = edit_entry
    amend = amend_entry
    delete = delete_entry
    undo = undo_operation
    undo_last = undo_last_operation
    file_under = file_entry
