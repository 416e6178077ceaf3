"""Starting, stopping and showing timers, and what else is asked for about one entry."""

from datetime import datetime
from uuid import UUID

from domain.entries.entries import (
    SHORTEST,
    TOO_OLD,
    AmendWish,
    Change,
    Claim,
    EditWish,
    LogWish,
    NewEntry,
    StartWish,
    TimeEntry,
    TimerAnswer,
    as_utc,
    checked_work,
)
from domain.entries.overlaps import Room
from domain.errors import FieldErrors, NotFound, Refusal
from domain.history.operations import OperationRequest
from domain.outbox.messages import CardContent
from domain.permissions import Needs, require_zone
from domain.time.clock_skew import correct_clock_skew
from domain.time.days import OLDEST
from domain.time.durations import format_time_and_day
from domain.time.time_points import Ago, ExactInstant, TimePoint, resolve_time_point
from services.entries import conflicts, editing
from services.entries import undo as corrections
from services.entries.answers import answer, known
from services.entries.conflicts import refuse_taken
from services.entries.entry_writes import end, insert
from services.entries.recording import claim_of, log, record
from services.entries.resuming import resume
from services.operations import OperationContext, OperationRunner
from services.projects.project_lookup import meant
from services.projects.project_names import make_project
from storage.entries import entries
from storage.outbox import messages


class Timers:
    """Every method raises Refusal (with the key not spent), PersonUnknown, NotSaved or Unsure."""

    def __init__(self, runner: OperationRunner) -> None:
        self._runner = runner

    async def start(self, request: OperationRequest, wish: StartWish) -> TimerAnswer:
        """Starts a timer; what runs is ended at that same instant."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: start(context, wish), needs=Needs.NOTHING
        )

    async def start_unless_running(self, request: OperationRequest, wish: StartWish) -> TimerAnswer:
        """The same for a press: while a timer of that message, or of that project alone, runs, it is shown instead."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: _start_unless_running(context, wish), needs=Needs.NOTHING
        )

    async def show(self, request: OperationRequest, *, entry_id: UUID | None = None) -> TimerAnswer:
        """That entry as it stands, or what runs, or the last one. Raises NotFound."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: _show(context, entry_id), needs=Needs.NOTHING
        )

    async def share(self, request: OperationRequest, *, entry_id: UUID, channel: str) -> TimerAnswer:
        """Says in that Slack channel how the entry stands, and keeps it true there."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: _share(context, entry_id, channel)
        )

    async def resolve(self, request: OperationRequest, *, claim: Claim, room: Room) -> TimerAnswer:
        """Makes room for the claim as the preview said, and records it. Raises Taken when that has changed."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: conflicts.resolve(context, claim, room)
        )

    async def edit(self, request: OperationRequest, wish: EditWish) -> TimerAnswer:
        """Gives an entry what a form says. Raises FieldErrors, ChangedMeanwhile or Taken."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: editing.edit(context, wish), needs=Needs.ZONE
        )

    async def amend(
        self, request: OperationRequest, wish: AmendWish, room: Room | None = None
    ) -> TimerAnswer:
        """Changes what the wish names, to the instant. Raises FieldErrors, ChangedMeanwhile, or Taken where its time
        is and no room is to be made."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: editing.amend(context, wish, room)
        )

    async def delete(
        self, request: OperationRequest, *, entry_id: UUID, seen_version: int | None = None
    ) -> TimerAnswer:
        """Deletes an entry; Undo brings it back."""
        return await self._runner.perform(
            request,
            TimerAnswer,
            lambda context: editing.delete(context, entry_id, seen_version),
            needs=Needs.NOTHING,
        )

    async def stop(
        self,
        request: OperationRequest,
        *,
        when: TimePoint | datetime | None = None,
        entry_id: UUID | None = None,
    ) -> TimerAnswer:
        """Ends what runs, or with `entry_id` that entry alone: a stale button touches nothing else."""
        return await self._runner.perform(
            request,
            TimerAnswer,
            lambda context: stop(context, when=when, entry_id=entry_id),
            needs=Needs.NOTHING,
        )

    async def resume(
        self, request: OperationRequest, *, entry_id: UUID | None = None, bring_back: bool = False
    ) -> TimerAnswer:
        """Starts the last entry's work, or that entry's, again as a new entry. Raises ArchivedProject where its project
        is, unless that is to be brought back."""
        return await self._runner.perform(
            request,
            TimerAnswer,
            lambda context: resume(context, entry_id, bring_back=bring_back),
            needs=Needs.NOTHING,
        )

    async def log(self, request: OperationRequest, wish: LogWish) -> TimerAnswer:
        """Records a finished stretch; an amount is laid where it overlaps nothing."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: log(context, wish), needs=Needs.NOTHING
        )

    async def record(self, request: OperationRequest, new: NewEntry, room: Room | None = None) -> TimerAnswer:
        """Records a stretch between two instants, or one that still runs. Raises Taken where its time is and no room
        is to be made."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: record(context, new, room=room)
        )

    async def status(self, request: OperationRequest) -> TimerAnswer:
        """What runs and today's total. An act like the others, so that a repeat gets the same answer."""
        return await self._runner.perform(request, TimerAnswer, _status, needs=Needs.NOTHING)

    async def undo(self, request: OperationRequest, *, act_id: UUID) -> TimerAnswer:
        """Restores the state before that act of the same person, unless something changed since."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: corrections.undo(context, act_id), needs=Needs.NOTHING
        )

    async def undo_last(self, request: OperationRequest) -> TimerAnswer:
        """Undoes the person's last change that still stands."""
        return await self._runner.perform(request, TimerAnswer, corrections.undo_last, needs=Needs.NOTHING)

    async def file_under(self, request: OperationRequest, *, entry_id: UUID, title: str) -> TimerAnswer:
        """Makes the first word of that entry's note a project, and puts the entry under it."""
        return await self._runner.perform(
            request, TimerAnswer, lambda context: corrections.file_under(context, entry_id, title)
        )


async def start(context: OperationContext, wish: StartWish) -> TimerAnswer:
    work = checked_work(wish.work)
    begin = _instant(context, wish.when)
    found = await meant(
        context, work, channel=wish.channel, make=wish.make_project, bring_back=wish.bring_back
    )
    replaced = context.running
    if wish.when is not None:
        await refuse_taken(context, claim_of(begin, None, work, found, link=wish.link))
    elif replaced:
        begin = max(begin, replaced.started_at + SHORTEST)
    if replaced:
        replaced = await end(context, replaced, begin)
    project = await make_project(context, found.make) if found.make else found.project
    entry = await insert(
        context, project=project, note=found.note, tags=work.tags, started_at=begin, link=wish.link
    )
    return await answer(
        context,
        Change.STARTED,
        entry,
        replaced=replaced,
        unknown_project=found.offered,
        former_title=found.former_title,
    )


async def _start_unless_running(context: OperationContext, wish: StartWish) -> TimerAnswer:
    running, work = context.running, wish.work
    if running:
        same_message = wish.link is not None and running.link == wish.link
        same_project = running.project is not None and running.project.id == work.project_id
        if same_message or (same_project and running.note == work.note):
            return await answer(context, Change.ALREADY_RUNNING, running)
    return await start(context, wish)


async def _show(context: OperationContext, entry_id: UUID | None) -> TimerAnswer:
    entry = await known(context, entry_id) if entry_id else context.running or await _latest(context)
    if entry is None:
        raise NotFound("There is no entry yet. `/track log 1h api` records one.")
    return await answer(context, Change.SHOWN, entry)


async def _share(context: OperationContext, entry_id: UUID, channel: str) -> TimerAnswer:
    shown = await _show(context, entry_id)
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


async def stop(
    context: OperationContext, *, when: TimePoint | datetime | None = None, entry_id: UUID | None = None
) -> TimerAnswer:
    running = context.running
    if entry_id and (running is None or running.id != entry_id):
        return await answer(context, Change.ALREADY_STOPPED, await known(context, entry_id))
    if running is None:
        return await answer(context, Change.NOTHING_RUNNING, await _latest(context))
    instant = _instant(context, when)
    if when is None:
        instant = max(instant, running.started_at + SHORTEST)
    elif instant <= running.started_at:
        since = format_time_and_day(running.started_at, context.person.zone, seen_at=context.at)
        raise Refusal(f"This timer started at {since}, so it can't end before that. Nothing was changed.")
    ended = await end(context, running, instant)
    return await answer(context, Change.STOPPED, ended)


async def _status(context: OperationContext) -> TimerAnswer:
    return await answer(context, Change.STATUS, context.running or await _latest(context))


async def _latest(context: OperationContext) -> TimeEntry | None:
    return await entries.find_last_finished(context.tx, context.workspace_id, context.person.id)


def _instant(context: OperationContext, when: TimePoint | datetime | None) -> datetime:
    if when is None:
        return context.at
    if not isinstance(when, datetime):
        if not isinstance(when, Ago | ExactInstant):
            require_zone(context.person)
        return resolve_time_point(
            when, now=context.at, zone=context.person.zone, day_first=context.person.day_first
        )
    instant = correct_clock_skew(as_utc(when), context.at)
    if instant > context.at:
        said = "That instant is in the future: a timer starts or stops now, or in the past."
        raise FieldErrors({"at": said})
    if instant < context.at - OLDEST:
        raise FieldErrors({"at": TOO_OLD})
    return instant
