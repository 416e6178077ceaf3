"""Keeping what is shown in Slack true: Home tabs, digests, cards. Claimed under a lease, written one at a time."""

import asyncio
import logging
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from domain.entries.entries import Change, TimerAnswer
from domain.entries.forgotten_timers import StillOn
from domain.identity.people import Person
from domain.outbox.live_messages import (
    ClaimedSurface,
    Gone,
    LiveMessage,
    Refresh,
    RewriteOutcome,
    Rewritten,
    SurfaceKind,
)
from domain.outbox.messages import Later, Never, Wait
from domain.permissions import Needs
from domain.reports.home_tab import Home
from domain.reports.reports import DayReport, Dimension
from domain.reports.timesheets import WeekReport
from domain.time.calendar import local_date
from domain.time.periods import Period, resolve_period
from services.entries.answers import total_of_today
from services.entries.forgotten_timers import question_of
from services.outbox.notifier import Notifier
from services.outbox.slack_rate_limits import SlackRateLimits
from services.reports.reports import day_report_of, period_report_of
from services.reports.timesheets import report_for, waiting_for
from storage.entries import entries, person_entries
from storage.identity import people
from storage.outbox import live_messages, message_updates
from storage.outbox import slack_rate_limits as lanes
from storage.postgres.database import Database, Transaction

BATCH = 16
MOST_UNFINISHED = 5  # claims in a row of which nothing came but an error of ours, or nothing at all
FIRST_PAUSE = timedelta(seconds=1)
MOST_RECENT = 5

log = logging.getLogger(__name__)


class LiveMessages:
    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        lanes: SlackRateLimits,
        *,
        lease: timedelta,
        attempt: timedelta,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._lanes = lanes
        self._lease = lease
        self._attempt = attempt

    async def opened_home(self, workspace_id: UUID, who: str) -> None:
        """The person looks at their Home tab: it is published, and kept true from now on. Raises AccessEnded."""
        async with self._database.transaction(workspace_id) as tx:
            await people.require_person(tx, workspace_id, who, needs=Needs.NOTHING)
            await live_messages.opened_home(tx, workspace_id, who)

    async def refresh_due(self) -> int:
        """Rewrites what changed; how many were taken. Any number of replicas may ask at once.

        Several changes before a place's turn are one rewriting.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + (self._lease - self._attempt).total_seconds()
        async with self._database.across_workspaces() as tx:
            claimed = await message_updates.claim(tx, most=BATCH, lasting=self._lease)
        await asyncio.gather(*(self._refresh(one, until) for one in claimed))
        return len(claimed)

    async def forget_expired(self) -> int:
        """Drops messages that can not be rewritten any more. Returns how many."""
        async with self._database.across_workspaces() as tx:
            return await message_updates.forget_expired(tx)

    async def _refresh(self, claimed: ClaimedSurface, until: float) -> None:
        try:
            if claimed.unfinished > MOST_UNFINISHED:
                await self._give_up(claimed, "no attempt came to an end")
            else:
                await self._attempt_to_refresh(claimed, until)
        except Exception as error:  # noqa: BLE001 - counted; the others go on
            await self._set_back(claimed, error)

    async def _attempt_to_refresh(self, claimed: ClaimedSurface, until: float) -> None:
        clock = asyncio.get_running_loop().time
        async with self._database.transaction(claimed.workspace_id) as tx:
            found = await message_updates.read(tx, claimed)
            if found is None:
                return  # the lease is somebody else's by now
            live_message, at = found
            content = await _content(tx, live_message, at=at)
        outcome: RewriteOutcome = Gone()
        if wait := self._lanes.closed_for(live_message.workspace_id, live_message.method):
            outcome = Later(delay=wait, why="Slack asked for silence", clearly=True)
        elif content is not None:
            refresh = Refresh(live_message=live_message, content=content)
            outcome = await self._notifier.rewrite(refresh, still_ours=lambda: clock() < until)
        await self._record(live_message, outcome)

    async def _record(self, live_message: LiveMessage, outcome: RewriteOutcome) -> None:
        match outcome:
            case Wait():
                await self._lanes.closed(live_message.workspace_id, outcome)
            case Never():
                await self._lanes.refused(live_message.workspace_id, outcome)
        async with self._database.transaction(live_message.workspace_id) as tx:
            match outcome:
                case Rewritten(shown=shown, asked=asked):
                    await message_updates.done(tx, live_message, shown=shown, used=int(asked))
                    if not asked:
                        await lanes.give_back(tx, live_message.workspace_id, live_message.method)
                case Gone():
                    await message_updates.forget(tx, live_message)
                case Later(delay=delay) | Wait(delay=delay):
                    await message_updates.put_off(tx, live_message, delay=delay)
                case Never():
                    await message_updates.put_off(tx, live_message, delay=timedelta())

    async def _set_back(self, claimed: ClaimedSurface, error: Exception) -> None:
        """An error of our own counts as an attempt, and lets the others go on."""
        problem = f"{type(error).__name__} (reference {secrets.token_hex(4)})"
        log.error(
            "a live message of the kind %s could not be rewritten: attempt %d of %d, %s",
            claimed.kind.value,
            claimed.unfinished,
            MOST_UNFINISHED,
            problem,
            exc_info=error,
        )
        try:
            if claimed.unfinished >= MOST_UNFINISHED:
                await self._give_up(claimed, problem)
                return
            async with self._database.transaction(claimed.workspace_id) as tx:
                delay = FIRST_PAUSE * 2**claimed.unfinished
                await message_updates.put_off(tx, claimed, delay=delay, came_to_nothing=True)
        except Exception:
            # The lease ends by itself, and the place is taken up again.
            log.exception("a live message could not be set back; it is taken up again when its lease ends")

    async def _give_up(self, claimed: ClaimedSurface, problem: str) -> None:
        log.error("a live message of the kind %s was given up: %s", claimed.kind.value, problem)
        async with self._database.transaction(claimed.workspace_id) as tx:
            await message_updates.give_up(tx, claimed, most_unfinished=MOST_UNFINISHED)


async def _content(
    tx: Transaction, live_message: LiveMessage, *, at: datetime
) -> TimerAnswer | StillOn | DayReport | WeekReport | Home | None:
    """None where there is nothing to show it from: the person is gone, or may not see it any more."""
    person = await people.find_by_slack_id(tx, live_message.workspace_id, live_message.slack_user_id)
    if person is None or not person.has_access:
        return None
    match live_message.kind:
        case SurfaceKind.HOME:
            return await home_of(tx, live_message.workspace_id, person, at=at)
        case SurfaceKind.DAY:
            return await day_report_of(tx, live_message.workspace_id, person, at=at, day=live_message.day)
        case SurfaceKind.WEEK:
            assert live_message.timesheet_id is not None
            return await report_for(tx, live_message.workspace_id, person, live_message.timesheet_id, at=at)
        case SurfaceKind.QUESTION if live_message.entry_id and (
            question := await question_of(tx, live_message.workspace_id, person, live_message.entry_id, at=at)
        ):
            return question
        case SurfaceKind.ENTRY | SurfaceKind.QUESTION:
            return await card_of(tx, live_message.workspace_id, person, live_message.entry_id, at=at)


async def card_of(
    tx: Transaction, workspace_id: UUID, person: Person, entry_id: UUID | None, *, at: datetime
) -> TimerAnswer | None:
    """How that entry stands now; None when there never was one."""
    if entry_id is None:
        return None
    entry = await entries.find(tx, workspace_id, person.id, entry_id, deleted_too=True)
    if entry is None:
        return None
    today = await total_of_today(tx, workspace_id, person, at=at)
    return TimerAnswer(change=Change.SHOWN, person=person, entry=entry, today=today, at=at)


async def home_of(tx: Transaction, workspace_id: UUID, person: Person, *, at: datetime) -> Home:
    week = resolve_period(Period.THIS_WEEK, today=local_date(at, person.zone), day_first=person.day_first)
    today = await day_report_of(tx, workspace_id, person, at=at)
    recent = await person_entries.find_recent_projects(tx, workspace_id, person.id, most=MOST_RECENT)
    latest = await entries.find_last_finished(tx, workspace_id, person.id)
    return Home(
        person=person,
        at=at,
        today=today,
        week=await period_report_of(tx, workspace_id, person, week, by=Dimension.PROJECT, at=at),
        recent=tuple(recent),
        first_time=latest is None and today.running is None,
        waiting=await waiting_for(tx, workspace_id, person),
    )
