"""What a message says when it leaves, whether it is still to be said, and where it stays true afterwards."""

from datetime import date, datetime, timedelta

from domain.entries.imports import ImportPreview
from domain.errors import Refusal
from domain.identity.people import Person
from domain.outbox.live_messages import SurfaceKind
from domain.outbox.messages import (
    CardContent,
    DigestContent,
    ExportContent,
    ImportContent,
    LookBackContent,
    OutgoingMessage,
    Parcel,
    ReminderContent,
    Said,
    Sent,
    TeamLookBackContent,
    TextContent,
    WatchContent,
    WeekContent,
)
from domain.time.calendar import Span
from services.entries.exports import export_of
from services.entries.forgotten_timers import question_of
from services.entries.imports import preview_of
from services.outbox.live_messages import card_of
from services.reports.reminders import still_wanted
from services.reports.reports import day_report_of
from services.reports.timesheets import is_news, report_for
from services.reports.weekly import look_back_of, team_look_back_of
from storage.identity import people
from storage.outbox import live_messages
from storage.postgres.database import Transaction

# For who wants to hear nothing: a night. Slack itself keeps what comes then silent.
HELD_FOR = timedelta(hours=12)
NOT_YOURS = "That week isn't there for you any more."
_KINDS = {
    DigestContent: SurfaceKind.DAY,
    CardContent: SurfaceKind.ENTRY,
    WatchContent: SurfaceKind.QUESTION,
    WeekContent: SurfaceKind.WEEK,
}


async def parcel_of(tx: Transaction, claimed: OutgoingMessage, *, at: datetime) -> tuple[Parcel, bool]:
    """What is true when it leaves, not when it was queued; and whether it is still wanted: a reminder is only true
    until something is tracked, a question until it is answered, news of a week until there is newer news of it."""
    said, wanted = await _said(tx, claimed, at=at)
    parcel = Parcel(
        workspace_id=claimed.workspace_id,
        message_id=claimed.id,
        channel=claimed.channel,
        content=said,
        may_wait=_may_wait(claimed, at),
    )
    return parcel, wanted


async def _said(tx: Transaction, claimed: OutgoingMessage, *, at: datetime) -> tuple[Said, bool]:
    content, workspace_id = claimed.content, claimed.workspace_id
    if isinstance(content, TextContent):
        return content, True
    person = await people.find_by_id(tx, workspace_id, content.person_id)
    if isinstance(content, ReminderContent):
        return content, bool(person and await still_wanted(tx, workspace_id, person, content, at=at))
    if person is None:
        raise LookupError(f"message {claimed.id} is for a person who is not there")
    match content:
        case DigestContent(day=day):
            return await day_report_of(tx, workspace_id, person, day=day, at=at), True
        case ExportContent():
            return await export_of(tx, workspace_id, person, content, at=at), True
        case WeekContent(timesheet_id=timesheet_id):
            report = await report_for(tx, workspace_id, person, timesheet_id, at=at)
            return report or TextContent(text=NOT_YOURS), await is_news(tx, workspace_id, person, content)
        case LookBackContent(monday=monday):
            return await look_back_of(tx, workspace_id, person, monday, at=at), True
        case TeamLookBackContent(monday=monday):
            # Who is a lead no more sees nobody's time.
            return await team_look_back_of(tx, workspace_id, person, monday, at=at), person.sees_others
        case ImportContent():
            return await _import_said(tx, claimed, person, content), True
        case WatchContent() | CardContent():
            return await _of_an_entry(tx, claimed, person, content, at=at)


async def _of_an_entry(
    tx: Transaction,
    claimed: OutgoingMessage,
    person: Person,
    content: WatchContent | CardContent,
    *,
    at: datetime,
) -> tuple[Said, bool]:
    asks = isinstance(content, WatchContent)
    if asks and (question := await question_of(tx, claimed.workspace_id, person, content.entry_id, at=at)):
        return question, True
    card = await card_of(tx, claimed.workspace_id, person, content.entry_id, at=at)
    if card is None:
        raise LookupError(f"message {claimed.id} is about an entry that is not there")
    return card, not asks


async def _import_said(
    tx: Transaction, claimed: OutgoingMessage, person: Person, content: ImportContent
) -> ImportPreview | TextContent:
    try:
        return await preview_of(tx, claimed.workspace_id, person, content.import_id)
    except Refusal as refusal:
        return TextContent(text=refusal.sentence)


def _may_wait(claimed: OutgoingMessage, at: datetime) -> Span | None:
    """Not what they asked for, and what they have to know."""
    match claimed.content:
        case DigestContent(asked=False) | ReminderContent() | WatchContent() | LookBackContent():
            latest = claimed.created_at + HELD_FOR
            return Span(start=at, end=latest) if at < latest else None
    return None


async def keep_true(tx: Transaction, claimed: OutgoingMessage, sent: Sent) -> None:
    """What was sent is rewritten when its day, its entry or its week changes."""
    content = claimed.content
    if not isinstance(content, DigestContent | CardContent | WatchContent | WeekContent) or sent.ts is None:
        return
    person = await people.find_by_id(tx, claimed.workspace_id, content.person_id)
    if person is not None:
        await live_messages.posted(
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
