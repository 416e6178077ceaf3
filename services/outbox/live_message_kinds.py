"""The kinds of live message, one row each, with the function that reads its content."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries.entries import TimerAnswer
from domain.entries.forgotten_timers import TimerQuestion
from domain.identity.people import Person
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.home_tab import HomeTab
from domain.reports.period_reports import Dimension
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport
from domain.time.calendar import local_date
from domain.time.periods import Period, resolve_period
from services.entries.forgotten_timers import read_question
from services.outbox.cards import read_entry_card
from services.reports.reports import read_day_report, read_period_report
from services.reports.timesheets import find_waiting_weeks, find_week_report
from storage.entries import entries, person_entries
from storage.identity import people
from storage.outbox.message_updates import LiveMessage
from storage.postgres.database import Transaction

MOST_RECENT = 5  # entries on Home


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMessageSource:
    """The input of a row's `read`: the transaction, the message, the person who sees it, and the database's clock."""

    tx: Transaction
    live_message: LiveMessage
    person: Person
    at: datetime

    @property
    def workspace_id(self) -> UUID:
        return self.live_message.workspace_id


@dataclass(frozen=True, slots=True)
class LiveMessageView:
    """A kind of live message. `read` returns its content, which has one of the types `shows`, or None if there is
    nothing to show any more."""

    kind: LiveMessageKind
    shows: tuple[type, ...]
    read: Callable[[LiveMessageSource], Awaitable[object | None]]


async def _read_home(source: LiveMessageSource) -> HomeTab:
    tx, workspace_id, person, at = source.tx, source.workspace_id, source.person, source.at
    week = resolve_period(Period.THIS_WEEK, today=local_date(at, person.zone), day_first=person.day_first)
    today = await read_day_report(tx, workspace_id, person, at=at)
    recent = await person_entries.find_recent_projects(tx, workspace_id, person.id, most=MOST_RECENT)
    latest = await entries.find_last_finished(tx, workspace_id, person.id)
    return HomeTab(
        person=person,
        at=at,
        today=today,
        week=await read_period_report(tx, workspace_id, person, week, by=Dimension.PROJECT, at=at),
        recent=tuple(recent),
        first_time=latest is None and today.running is None,
        waiting=await find_waiting_weeks(tx, workspace_id, person),
    )


async def _read_day(source: LiveMessageSource) -> DayReport:
    day = source.live_message.day
    return await read_day_report(source.tx, source.workspace_id, source.person, at=source.at, day=day)


async def _read_week(source: LiveMessageSource) -> WeekReport | None:
    timesheet_id = source.live_message.timesheet_id
    assert timesheet_id is not None
    return await find_week_report(source.tx, source.workspace_id, source.person, timesheet_id, at=source.at)


async def _read_card(source: LiveMessageSource) -> TimerAnswer | None:
    entry_id = source.live_message.entry_id
    return await read_entry_card(source.tx, source.workspace_id, source.person, entry_id, at=source.at)


async def _read_question(source: LiveMessageSource) -> TimerQuestion | TimerAnswer | None:
    """Return the question while it is open, and then the card of its entry."""
    entry_id = source.live_message.entry_id
    if entry_id and (
        question := await read_question(source.tx, source.workspace_id, source.person, entry_id, at=source.at)
    ):
        return question
    return await _read_card(source)


LIVE_MESSAGE_KINDS = (
    LiveMessageView(LiveMessageKind.CARD, (TimerAnswer,), _read_card),
    LiveMessageView(LiveMessageKind.SHARED_CARD, (TimerAnswer,), _read_card),
    LiveMessageView(LiveMessageKind.QUESTION, (TimerQuestion, TimerAnswer), _read_question),
    LiveMessageView(LiveMessageKind.DAY, (DayReport,), _read_day),
    LiveMessageView(LiveMessageKind.DIGEST, (DayReport,), _read_day),
    LiveMessageView(LiveMessageKind.WEEK, (WeekReport,), _read_week),
    LiveMessageView(LiveMessageKind.HOME, (HomeTab,), _read_home),
)
_BY_KIND: Mapping[LiveMessageKind, LiveMessageView] = {row.kind: row for row in LIVE_MESSAGE_KINDS}
# A summary of the past stays as it was when it was sent.
if missing := set(LiveMessageKind) - set(_BY_KIND) - {LiveMessageKind.LOOK_BACK}:
    raise LookupError(f"no row in LIVE_MESSAGE_KINDS for {missing}")


async def read_live_message(tx: Transaction, live_message: LiveMessage, *, at: datetime) -> object | None:
    """Return the content of the live message at that instant. None if the person is gone, or may not see it any
    more."""
    person = await people.find_by_slack_id(tx, live_message.workspace_id, live_message.slack_user_id)
    if person is None or not person.has_access:
        return None
    source = LiveMessageSource(tx=tx, live_message=live_message, person=person, at=at)
    return await _BY_KIND[live_message.kind].read(source)
