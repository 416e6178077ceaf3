"""Asks people about timers that they may have forgotten. Without an answer a timer is ended provisionally, and a
message asks its person to confirm the end."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome
from domain.entries.forgotten_timers import (
    ASKED_AGAIN_AFTER,
    LOOKED_BACK,
    TimerQuestion,
    TimerWatch,
    automatic_end_time,
    build_timer_question,
    question_time,
    usual_day_end,
)
from domain.history.changes import Snapshot
from domain.history.operations import OperationRequest, Source
from domain.identity.people import Person, is_slack_id
from domain.outbox.messages import CardContent, WatchContent
from services.entries.answers import answer_with_entry, require_entry
from services.entries.entry_writes import end_timer, update_entry
from services.job_failures import record_job_failure
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from storage.entries import entries, forgotten_timers, person_entries
from storage.entries.forgotten_timers import DueWatch
from storage.outbox import messages
from storage.postgres.database import Database, Transaction

BATCH = 50
CLAIM_LASTS = timedelta(minutes=2)

log = logging.getLogger(__name__)


class LookOutcome(StrEnum):
    """The result of a look at a running timer."""

    WAITED = "waited"
    ASKED = "asked"
    ENDED = "ended"
    FORGOTTEN = "forgotten"


async def read_question(
    tx: Transaction, workspace_id: UUID, person: Person, entry_id: UUID, *, at: datetime
) -> TimerQuestion | None:
    """Return the question about that timer if it is still open: the timer runs, and its person has not answered."""
    watch = await forgotten_timers.find(tx, workspace_id, entry_id)
    entry = await entries.find(tx, workspace_id, person.id, entry_id)
    if watch is None or watch.asked_at is None or entry is None or not entry.running:
        return None
    return await _make_question(tx, workspace_id, person, entry, watch, at=at)


@operation
async def look_at_timer(context: OperationContext, entry_id: UUID) -> LookOutcome:
    """Ask the person about a timer that has run for long, or end it if they did not answer in time."""
    watch, entry = await forgotten_timers.find(context.tx, context.workspace_id, entry_id), context.running
    if watch is None:
        return LookOutcome.FORGOTTEN
    if entry is None or entry.id != entry_id:
        await forgotten_timers.delete_if_ended(context.tx, context.workspace_id, entry_id)
        return LookOutcome.FORGOTTEN
    if watch.asked_at is None:
        return await _ask_when_due(context, entry, watch)
    ends = automatic_end_time(entry.started_at, watch)
    if context.at < ends:
        await forgotten_timers.reschedule(context.tx, context.workspace_id, entry_id, check_at=ends)
        return LookOutcome.WAITED
    await _end_provisionally(context, entry, watch)
    return LookOutcome.ENDED


async def _ask_when_due(context: OperationContext, entry: TimeEntry, watch: TimerWatch) -> LookOutcome:
    usual = await _find_usual_end(context.tx, context.workspace_id, context.person, at=context.at)
    asks = question_time(entry.started_at, watch, usual, context.person.zone)
    if context.at < asks:
        await forgotten_timers.reschedule(context.tx, context.workspace_id, entry.id, check_at=asks)
        return LookOutcome.WAITED
    watch = replace(watch, asked_at=context.at)
    await forgotten_timers.mark_asked(
        context.tx,
        context.workspace_id,
        entry.id,
        at=context.at,
        check_at=automatic_end_time(entry.started_at, watch),
    )
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=f"watch:{entry.id}:{context.at.isoformat()}",
        channel=context.person.slack_user_id,
        content=WatchContent(person_id=context.person.id, entry_id=entry.id),
        person_id=context.person.id,
    )
    return LookOutcome.ASKED


async def _end_provisionally(context: OperationContext, entry: TimeEntry, watch: TimerWatch) -> None:
    """End the timer unconfirmed, and say so in a new message, because the question may be far up in the conversation
    by now."""
    question = await _make_question(
        context.tx, context.workspace_id, context.person, entry, watch, at=context.at
    )
    await end_timer(context, entry, question.ended_as_of, unconfirmed=True)
    await forgotten_timers.delete_watch(context.tx, context.workspace_id, entry.id)
    await messages.queue(
        context.tx,
        context.workspace_id,
        key=f"ended:{entry.id}:{entry.version}",
        channel=context.person.slack_user_id,
        content=CardContent(person_id=context.person.id, entry_id=entry.id),
        person_id=context.person.id,
    )


@operation
async def keep_timer(context: OperationContext, *, entry_id: UUID) -> TimerAnswer:
    """Keep the timer running, because its person still works on it. We ask again some hours later."""
    entry = await require_entry(context, entry_id)
    if not entry.running:
        return await answer_with_entry(context, TimerOutcome.ALREADY_STOPPED, entry)
    again = context.at + ASKED_AGAIN_AFTER
    await forgotten_timers.mark_kept(
        context.tx, context.workspace_id, entry_id, at=context.at, check_at=again
    )
    return await answer_with_entry(context, TimerOutcome.KEPT, entry)


@operation
async def confirm_end(context: OperationContext, *, entry_id: UUID) -> TimerAnswer:
    """Confirm the end that we gave to an entry without its person. Confirming it again changes nothing."""
    entry = await require_entry(context, entry_id)
    await confirm_entry(context, entry)
    return await answer_with_entry(context, TimerOutcome.CONFIRMED, await require_entry(context, entry_id))


async def confirm_entry(context: OperationContext, entry: TimeEntry) -> None:
    """Remove the mark "unconfirmed" from the entry. A step of an operation."""
    if entry.unconfirmed:
        await update_entry(
            context, entry, replace(Snapshot.from_entry(entry), unconfirmed=False), change="confirmed"
        )


async def _make_question(
    tx: Transaction, workspace_id: UUID, person: Person, entry: TimeEntry, watch: TimerWatch, *, at: datetime
) -> TimerQuestion:
    assert watch.asked_at is not None
    usual = await _find_usual_end(tx, workspace_id, person, at=watch.asked_at)
    sign = await forgotten_timers.find_last_activity(
        tx, workspace_id, person.slack_user_id, until=watch.asked_at
    )
    return build_timer_question(person, entry, watch, usual=usual, sign=sign, at=at)


async def _find_usual_end(tx: Transaction, workspace_id: UUID, person: Person, *, at: datetime) -> timedelta:
    found = await person_entries.find_between(tx, workspace_id, person.id, start=at - LOOKED_BACK, end=at)
    return usual_day_end(found, person.zone)


class ForgottenTimers(OperationGroup):
    """Operations on running timers that their person may have forgotten."""

    keep = keep_timer
    confirm = confirm_end
    _look_at = look_at_timer

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def look_due(self) -> int:
        """Look at the running timers that are due: ask about them, or end those that nobody answered for.

        Any number of replicas may call it: each question is asked once and each timer ended once, because the state
        is read under the person's lock. Returns how many timers were due.
        """
        async with self._database.across_workspaces() as tx:
            due = await forgotten_timers.claim_due(tx, most=BATCH, lasting=CLAIM_LASTS)
        for one in due:
            try:
                await self._look(one)
            except Exception as error:  # noqa: BLE001 - counted; the others go on
                await self._record_failure(one, error)
        return len(due)

    async def _record_failure(self, claimed: DueWatch, error: Exception) -> None:
        """Count the failure, and look again later. After too many failures the timer is left alone until its person
        changes it."""
        workspace_id, entry_id = claimed.workspace_id, claimed.entry_id

        async def pause(tx: Transaction, delay: timedelta) -> None:
            await forgotten_timers.reschedule(tx, workspace_id, entry_id, check_at=await tx.now() + delay)

        try:
            await record_job_failure(
                self._database,
                workspace_id,
                job="look at a timer",
                subject=entry_id,
                error=error,
                pause=pause,
                give_up=lambda tx: forgotten_timers.delete_watch(tx, workspace_id, entry_id),
            )
        except Exception:
            log.exception(
                "a timer that could not be looked at could not be postponed; it is due again by itself"
            )

    async def _look(self, claimed: DueWatch) -> None:
        workspace_id, entry_id = claimed.workspace_id, claimed.entry_id
        async with self._database.transaction(workspace_id) as tx:
            who = await forgotten_timers.find_owner(tx, workspace_id, entry_id)
            # We can not ask somebody who is not in Slack, and we end no timer without having asked.
            if who is None:
                await forgotten_timers.delete_if_ended(tx, workspace_id, entry_id)
                return
            if not is_slack_id(who):
                await forgotten_timers.delete_watch(tx, workspace_id, entry_id)
                return
        key = f"watch:{entry_id}:{claimed.was_due.isoformat()}"
        request = OperationRequest(workspace_id=workspace_id, source=Source.CLOCK, key=key, who=who)
        await self._look_at(request, entry_id)
