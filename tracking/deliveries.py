"""Sending what must leave: claimed under a lease, looked up before any repeat, recorded."""

import asyncio
import logging
from datetime import date, datetime, timedelta

from domain.calendar import Span
from domain.errors import Refusal
from domain.imports import ImportPreview
from domain.messages import (
    LOOK_UP,
    CardContent,
    Claimed,
    DigestContent,
    ExportContent,
    ImportContent,
    Later,
    LookBackContent,
    MessageStatus,
    Never,
    NotNow,
    Outcome,
    Parcel,
    ReminderContent,
    Said,
    Sent,
    TeamLookBackContent,
    TextContent,
    Wait,
    WatchContent,
    WeekContent,
)
from domain.people import Person
from domain.surfaces import SurfaceKind
from storage import lanes, messages, people, surfaces
from storage.database import Database, Transaction
from tracking.exports import export_of
from tracking.imports import preview_of
from tracking.lanes import Lanes
from tracking.notifier import Notifier
from tracking.reminders import still_wanted
from tracking.reports import day_report_of
from tracking.surfaces import card_of
from tracking.timesheets import is_news, report_for
from tracking.watching import question_of
from tracking.weekly import look_back_of, team_look_back_of

LEASE = timedelta(seconds=30)
# An attempt may take this long (the notifier's own time limit is below it); a lease with less left is not used.
ATTEMPT = timedelta(seconds=12)
BATCH = 32
GIVE_UP_AFTER = 40  # attempts: with the pauses below, about a day and a half
NOT_NOW = timedelta(seconds=1)  # another replica holds it by now, or was told to be silent
LONGEST_PAUSE = timedelta(hours=1)
# For who wants to hear nothing: a night. Slack itself keeps what comes then silent.
HELD_FOR = timedelta(hours=12)
NOT_YOURS = "That week isn't there for you any more."
_KINDS = {
    DigestContent: SurfaceKind.DAY,
    CardContent: SurfaceKind.ENTRY,
    WatchContent: SurfaceKind.QUESTION,
    WeekContent: SurfaceKind.WEEK,
}
# Said of a direct message, these mean its person.
OUT_OF_REACH = {"cannot_dm_bot", "channel_not_found", "user_disabled", "user_not_found"}

log = logging.getLogger(__name__)


class Deliveries:
    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        lanes: Lanes,
        *,
        lease: timedelta = LEASE,
        attempt: timedelta = ATTEMPT,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._lanes = lanes
        self._lease = lease
        self._attempt = attempt

    async def send_due(self) -> int:
        """Sends the messages that are due; how many were taken. Any number of replicas may ask at once."""
        clock = asyncio.get_running_loop().time
        # Read before the claim: our idea of the lease's end is never later than the database's.
        until = clock() + (self._lease - self._attempt).total_seconds()
        async with self._database.across() as tx:
            claimed = await messages.claim(tx, most=BATCH, lasting=self._lease)
        await asyncio.gather(*(self._send(one, until) for one in claimed))
        return len(claimed)

    async def _send(self, claimed: Claimed, until: float) -> None:
        clock = asyncio.get_running_loop().time
        try:
            parcel, wanted = await self._parcel(claimed)
            outcome = await self._looked_up(claimed, parcel)
            if outcome is None and not wanted:
                await self._drop(claimed)
                return
            if outcome is None:
                mine = await self._may_try(claimed)
                wait = self._lanes.closed_for(claimed.workspace_id, *claimed.methods)
                if wait or not mine:
                    await self._give_back(claimed, delay=wait or NOT_NOW)
                    return
                outcome = await self._notifier.send(parcel, still_ours=lambda: clock() < until)
            await self._record(claimed, outcome)
        except Exception:
            # The lease ends by itself and somebody takes the message up again, looking before they send.
            log.exception("a message could not be handled; it is taken up again when its lease ends")

    async def _parcel(self, claimed: Claimed) -> tuple[Parcel, bool]:
        async with self._database.transaction(claimed.workspace_id) as tx:
            return await _load(tx, claimed), await _still_wanted(tx, claimed)

    async def _looked_up(self, claimed: Claimed, parcel: Parcel) -> Outcome | None:
        if claimed.tried_at is None:
            return None
        async with self._database.transaction(claimed.workspace_id) as tx:
            wait = await lanes.closed_for(tx, claimed.workspace_id, *LOOK_UP)
        if wait := max(wait, self._lanes.closed_for(claimed.workspace_id, *LOOK_UP)):
            return Later(delay=wait, why="look-ups have to wait", clearly=False)
        return await self._notifier.find(parcel, since=claimed.tried_at)

    async def _may_try(self, claimed: Claimed) -> bool:
        async with self._database.transaction(claimed.workspace_id) as tx:
            return await messages.mark_tried(tx, claimed, margin=self._attempt, methods=claimed.methods)

    async def _give_back(self, claimed: Claimed, *, delay: timedelta) -> None:
        """Nobody tried: it is as due as it was. What was tried before the claim is still to be looked up."""
        async with self._database.transaction(claimed.workspace_id) as tx:
            await messages.release(tx, claimed, delay=delay, looked_for=claimed.tried_at is not None)

    async def _drop(self, claimed: Claimed) -> None:
        async with self._database.transaction(claimed.workspace_id) as tx:
            await messages.drop(tx, claimed)

    async def _record(self, claimed: Claimed, outcome: Outcome) -> None:
        match outcome:
            case Wait():
                await self._lanes.closed(claimed.workspace_id, outcome)
            case Never(everything=True):
                log.error("Slack lets us in no more, so nothing is sent there: %s", outcome.why)
                await self._lanes.refused(claimed.workspace_id, outcome)
        async with self._database.transaction(claimed.workspace_id) as tx:
            match outcome:
                case Sent():
                    await messages.mark_sent(tx, claimed, outcome)
                    if claimed.asked:  # tried although they may have been out of reach
                        await messages.unreachable(tx, claimed.workspace_id, claimed.channel, why=None)
                    await _keep_true(tx, claimed, outcome)
                case Wait():
                    looked_for = outcome.method in LOOK_UP
                    await messages.release(tx, claimed, delay=outcome.delay, looked_for=looked_for)
                case NotNow(delay=delay):
                    await messages.release(tx, claimed, delay=delay)
                case Never(everything=True):
                    await messages.release(tx, claimed, delay=timedelta())
                case Later() if claimed.attempts < GIVE_UP_AFTER:
                    delay = max(outcome.delay, _pause(claimed.attempts))
                    await messages.put_off(
                        tx, claimed, delay=delay, why=outcome.why, clearly_not_sent=outcome.clearly
                    )
                case Later() | Never():
                    log.warning("a message was given up (%s): %s", MessageStatus.FAILED, outcome.why)
                    await messages.fail(tx, claimed, why=outcome.why)
                    if outcome.why in OUT_OF_REACH:
                        await messages.unreachable(tx, claimed.workspace_id, claimed.channel, why=outcome.why)
                    await _admit(tx, claimed, outcome.why)


def _pause(attempts: int) -> timedelta:
    return min(timedelta(seconds=0.5 * 2 ** min(attempts, 14)), LONGEST_PAUSE)


async def _load(tx: Transaction, claimed: Claimed) -> Parcel:
    return Parcel(
        workspace_id=claimed.workspace_id,
        message_id=claimed.id,
        channel=claimed.channel,
        content=await _said(tx, claimed),
        may_wait=_may_wait(claimed, await tx.now()),
    )


def _may_wait(claimed: Claimed, at: datetime) -> Span | None:
    """Not what they asked for, and what they have to know."""
    match claimed.content:
        case DigestContent(asked=False) | ReminderContent() | WatchContent() | LookBackContent():
            latest = claimed.created_at + HELD_FOR
            return Span(start=at, end=latest) if at < latest else None
    return None


async def _said(tx: Transaction, claimed: Claimed) -> Said:
    """What is true when it leaves, not when it was queued."""
    content = claimed.content
    if isinstance(content, TextContent | ReminderContent):
        return content
    person = await people.get(tx, claimed.workspace_id, content.person_id)
    if person is None:
        raise LookupError(f"message {claimed.id} is for a person who is not there")
    at = await tx.now()
    if isinstance(content, DigestContent):
        return await day_report_of(tx, claimed.workspace_id, person, day=content.day, at=at)
    if isinstance(content, ExportContent):
        return await export_of(tx, claimed.workspace_id, person, content, at=at)
    if isinstance(content, WeekContent):
        report = await report_for(tx, claimed.workspace_id, person, content.timesheet_id, at=at)
        return report or TextContent(text=NOT_YOURS)
    if isinstance(content, LookBackContent):
        return await look_back_of(tx, claimed.workspace_id, person, content.monday, at=at)
    if isinstance(content, TeamLookBackContent):
        return await team_look_back_of(tx, claimed.workspace_id, person, content.monday, at=at)
    if isinstance(content, WatchContent) and (
        question := await question_of(tx, claimed.workspace_id, person, content.entry_id, at=at)
    ):
        return question
    if isinstance(content, ImportContent):
        return await _import_said(tx, claimed, person, content)
    card = await card_of(tx, claimed.workspace_id, person, content.entry_id, at=at)
    if card is None:
        raise LookupError(f"message {claimed.id} is about an entry that is not there")
    return card


async def _import_said(
    tx: Transaction, claimed: Claimed, person: Person, content: ImportContent
) -> ImportPreview | TextContent:
    try:
        return await preview_of(
            tx, claimed.workspace_id, person, content.import_id, day_first=person.day_first
        )
    except Refusal as refusal:
        return TextContent(text=refusal.sentence)


async def _still_wanted(tx: Transaction, claimed: Claimed) -> bool:
    """Other messages are written as things are when they leave; a reminder is only true until something is tracked,
    a question until it is answered, and news of a week until there is newer news of it."""
    content = claimed.content
    if not isinstance(content, ReminderContent | WatchContent | WeekContent | TeamLookBackContent):
        return True
    person = await people.get(tx, claimed.workspace_id, content.person_id)
    if person is None:
        return False
    at = await tx.now()
    match content:
        case ReminderContent():
            return await still_wanted(tx, claimed.workspace_id, person, content, at=at)
        case WatchContent():
            question = await question_of(tx, claimed.workspace_id, person, content.entry_id, at=at)
            return question is not None
        case WeekContent():
            return await is_news(tx, claimed.workspace_id, person, content)
        case TeamLookBackContent():
            return person.sees_others  # who is a lead no more sees nobody's time


async def _admit(tx: Transaction, claimed: Claimed, why: str) -> None:
    """Whoever was told that a file is on its way is told when it is not."""
    if isinstance(claimed.content, ExportContent):
        await messages.queue(
            tx,
            claimed.workspace_id,
            key=f"failed:{claimed.id}",
            channel=claimed.channel,
            content=TextContent(
                text=f"Your export of {claimed.content.dates.name} could not be sent: Slack says {why}. Your entries "
                "are as they were. Please tell whoever runs this app."
            ),
            person_id=claimed.content.person_id,
        )


async def _keep_true(tx: Transaction, claimed: Claimed, sent: Sent) -> None:
    """What was sent is rewritten when its day, its entry or its week changes."""
    content = claimed.content
    if not isinstance(content, DigestContent | CardContent | WatchContent | WeekContent) or sent.ts is None:
        return
    person = await people.get(tx, claimed.workspace_id, content.person_id)
    if person is not None:
        await surfaces.posted(
            tx,
            claimed.workspace_id,
            surface_id=claimed.id,
            who=person.slack_user_id,
            kind=_KINDS[type(content)],
            entry_id=content.entry_id if isinstance(content, CardContent | WatchContent) else None,
            day=_day_of(content),
            timesheet_id=content.timesheet_id if isinstance(content, WeekContent) else None,
            channel=sent.channel,
            ts=sent.ts,
            shown=sent.shown,
        )


def _day_of(content: DigestContent | CardContent | WatchContent | WeekContent) -> date | None:
    """The date under which it is found when that changes; of a week its Monday."""
    match content:
        case DigestContent(day=day) | WeekContent(week=day):
            return day
        case _:
            return None
