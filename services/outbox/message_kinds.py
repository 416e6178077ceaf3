"""The kinds of message, one row each: how its content is read when it is sent, and how it is delivered.

A message shows the state at the time of sending, not of queueing.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, get_args
from uuid import UUID

from domain.entries.entries import TimerAnswer
from domain.entries.exports import Export
from domain.entries.forgotten_timers import TimerQuestion
from domain.entries.imports import ImportPreview
from domain.errors import Refusal
from domain.identity.people import Person
from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.messages import (
    CardContent,
    Content,
    DigestContent,
    ExportContent,
    ImportContent,
    LookBackContent,
    ReminderContent,
    TeamLookBackContent,
    TextContent,
    WatchContent,
    WeekContent,
    kind_of,
)
from domain.outbox.slack_methods import SEND_FILE
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport
from domain.reports.weekly import TeamWeeklySummary, WeeklySummary
from domain.time.calendar import Span
from services.entries.exports import read_export
from services.entries.forgotten_timers import read_question
from services.entries.imports import read_preview
from services.outbox.cards import read_entry_card
from services.outbox.delivery import OutgoingMessage, SentMessage
from services.outbox.message_kind import LivePlace, MessageKind, MessageReading, MessageSource
from services.reports.reminders import is_still_wanted
from services.reports.reports import read_day_report
from services.reports.timesheets import find_week_report, is_message_current
from services.reports.weekly import read_look_back, read_team_look_back
from storage.identity import people
from storage.outbox import live_messages
from storage.outbox.leases import MessageLease
from storage.postgres.database import Transaction

# For how long a message may be held for a person who does not want to be disturbed: one night. After that Slack
# itself keeps the notification silent.
HELD_FOR = timedelta(hours=12)
NOT_YOURS = "You can't see that week any more."


async def _read_text(source: MessageSource, content: TextContent) -> MessageReading:  # noqa: ARG001
    return MessageReading(subject=content)


async def _read_digest(source: MessageSource, content: DigestContent) -> MessageReading:
    person = await source.find_person(content.person_id)
    report = await read_day_report(source.tx, source.workspace_id, person, day=content.day, at=source.at)
    return MessageReading(subject=report, kind=LiveMessageKind.DIGEST, owner=person.slack_user_id)


async def _read_reminder(source: MessageSource, content: ReminderContent) -> MessageReading:
    """Read a reminder. It is wanted only until something is tracked on that day."""
    person = await people.find_by_id(source.tx, source.workspace_id, content.person_id)
    if person is None:
        return MessageReading(subject=content, is_wanted=False)
    is_wanted = await is_still_wanted(source.tx, source.workspace_id, person, content, at=source.at)
    return MessageReading(subject=content, owner=source.lease.channel, is_wanted=is_wanted)


async def _read_export(source: MessageSource, content: ExportContent) -> MessageReading:
    person = await source.find_person(content.person_id)
    return MessageReading(
        subject=await read_export(source.tx, source.workspace_id, person, content, at=source.at)
    )


async def _read_week(source: MessageSource, content: WeekContent) -> MessageReading:
    """Read a week. It is wanted only until there is a newer version of the week."""
    person = await source.find_person(content.person_id)
    report = await find_week_report(
        source.tx, source.workspace_id, person, content.timesheet_id, at=source.at
    )
    return MessageReading(
        subject=report or TextContent(text=NOT_YOURS),
        kind=LiveMessageKind.WEEK,
        owner=person.slack_user_id,
        is_wanted=await is_message_current(source.tx, source.workspace_id, person, content),
    )


async def _read_look_back(source: MessageSource, content: LookBackContent) -> MessageReading:
    person = await source.find_person(content.person_id)
    week = await read_look_back(source.tx, source.workspace_id, person, content.monday, at=source.at)
    return MessageReading(subject=week, kind=LiveMessageKind.LOOK_BACK, owner=person.slack_user_id)


async def _read_team_look_back(source: MessageSource, content: TeamLookBackContent) -> MessageReading:
    """Read the team's summary. Its reader must still be a lead or an admin."""
    person = await source.find_person(content.person_id)
    week = await read_team_look_back(source.tx, source.workspace_id, person, content.monday, at=source.at)
    return MessageReading(subject=week, is_wanted=person.sees_others)


async def _read_import(source: MessageSource, content: ImportContent) -> MessageReading:
    person = await source.find_person(content.person_id)
    try:
        found = await read_preview(source.tx, source.workspace_id, person, content.import_id)
    except Refusal as refusal:
        return MessageReading(subject=TextContent(text=refusal.sentence))
    return MessageReading(subject=found, owner=person.slack_user_id)


async def _read_question(source: MessageSource, content: WatchContent) -> MessageReading:
    """Read a question about a timer. It is wanted only until it is answered."""
    person = await source.find_person(content.person_id)
    question = await read_question(source.tx, source.workspace_id, person, content.entry_id, at=source.at)
    if question is None:
        card = await _read_card_of(source, person, content.entry_id)
        return MessageReading(subject=card, owner=person.slack_user_id, is_wanted=False)
    return MessageReading(subject=question, kind=LiveMessageKind.QUESTION, owner=source.lease.channel)


async def _read_card(source: MessageSource, content: CardContent) -> MessageReading:
    person = await source.find_person(content.person_id)
    card = await _read_card_of(source, person, content.entry_id)
    is_own = source.lease.channel == person.slack_user_id
    kind = LiveMessageKind.CARD if is_own else LiveMessageKind.SHARED_CARD
    return MessageReading(subject=card, kind=kind, owner=person.slack_user_id)


async def _read_card_of(source: MessageSource, person: Person, entry_id: UUID) -> TimerAnswer:
    card = await read_entry_card(source.tx, source.workspace_id, person, entry_id, at=source.at)
    if card is None:
        raise LookupError(f"message {source.lease.id} is about an entry that is not there")
    return card


def _apologize_for_export(content: ExportContent, channel: str, why: str) -> str:  # noqa: ARG001
    return (
        f"Your export of {content.dates.name} could not be sent: {why}. Your entries are as they were. "
        "Please tell whoever runs this app."
    )


def _apologize_for_card(content: CardContent, channel: str, why: str) -> str | None:  # noqa: ARG001
    return _apologize_in_channel("card", channel, why)


def _apologize_for_team(content: TeamLookBackContent, channel: str, why: str) -> str | None:  # noqa: ARG001
    return _apologize_in_channel("team's week", channel, why)


def _apologize_in_channel(what: str, channel: str, why: str) -> str | None:
    if not channel.startswith(("C", "G")):
        return None
    return (
        f"The {what} that you wanted to post in a channel could not be posted: {why}. Invite me there "
        "(`/invite` and my name), and then it can."
    )


MESSAGE_KINDS: tuple[MessageKind[Any], ...] = (
    MessageKind(content=TextContent, shows=(TextContent,), read=_read_text),
    MessageKind(
        content=DigestContent,
        shows=(DayReport,),
        read=_read_digest,
        can_wait=True,
        expires=True,
        live=lambda content: LivePlace(kind=LiveMessageKind.DIGEST, day=content.day),
    ),
    MessageKind(
        content=ReminderContent, shows=(ReminderContent,), read=_read_reminder, can_wait=True, expires=True
    ),
    MessageKind(
        content=CardContent,
        shows=(TimerAnswer,),
        read=_read_card,
        live=lambda content: LivePlace(kind=LiveMessageKind.CARD, entry_id=content.entry_id),
        apologize=_apologize_for_card,
    ),
    MessageKind(
        content=WatchContent,
        shows=(TimerQuestion, TimerAnswer),
        read=_read_question,
        can_wait=True,
        live=lambda content: LivePlace(kind=LiveMessageKind.QUESTION, entry_id=content.entry_id),
    ),
    MessageKind(
        content=ExportContent,
        shows=(Export,),
        read=_read_export,
        methods=SEND_FILE,
        apologize=_apologize_for_export,
    ),
    MessageKind(content=ImportContent, shows=(ImportPreview, TextContent), read=_read_import),
    MessageKind(
        content=WeekContent,
        shows=(WeekReport, TextContent),
        read=_read_week,
        live=lambda content: LivePlace(
            kind=LiveMessageKind.WEEK, day=content.week, timesheet_id=content.timesheet_id
        ),
    ),
    MessageKind(
        content=LookBackContent, shows=(WeeklySummary,), read=_read_look_back, can_wait=True, expires=True
    ),
    MessageKind(
        content=TeamLookBackContent,
        shows=(TeamWeeklySummary,),
        read=_read_team_look_back,
        expires=True,
        apologize=_apologize_for_team,
    ),
)
_BY_CONTENT: Mapping[type, MessageKind[Any]] = {row.content: row for row in MESSAGE_KINDS}
if missing := set(get_args(Content)) - set(_BY_CONTENT):
    raise LookupError(f"no row in MESSAGE_KINDS for {missing}")
EXPIRING = tuple(kind_of(row.content) for row in MESSAGE_KINDS if row.expires)


def message_kind_of(content: Content) -> MessageKind[Any]:
    """Return the row for messages with this content."""
    return _BY_CONTENT[type(content)]


async def read_outgoing_message(
    tx: Transaction, lease: MessageLease, content: Content, *, at: datetime
) -> tuple[OutgoingMessage, bool]:
    """Return the message as it must be sent at the instant `at`, and whether it is still wanted."""
    row = message_kind_of(content)
    reading = await row.read(MessageSource(tx=tx, lease=lease, at=at), content)
    latest = lease.created_at + HELD_FOR
    can_wait = row.can_wait and not lease.asked and at < latest
    message = OutgoingMessage(
        workspace_id=lease.workspace_id,
        id=lease.id,
        channel=lease.channel,
        subject=reading.subject,
        kind=reading.kind,
        owner=reading.owner,
        may_wait=Span(start=at, end=latest) if can_wait else None,
    )
    return message, reading.is_wanted


async def keep_true(tx: Transaction, lease: MessageLease, content: Content, sent: SentMessage) -> None:
    """Register the sent message as a live message, so that it is rewritten when its day, entry or week changes."""
    live = message_kind_of(content).live
    if live is None or sent.ts is None or isinstance(content, TextContent):
        return
    place = live(content)
    person = await people.find_by_id(tx, lease.workspace_id, content.person_id)
    if person is not None:
        await live_messages.add_sent(
            tx,
            lease.workspace_id,
            live_message_id=lease.id,
            who=person.slack_user_id,
            kind=place.kind,
            entry_id=place.entry_id,
            day=place.day,
            timesheet_id=place.timesheet_id,
            channel=sent.channel,
            ts=sent.ts,
            shown=sent.shown,
        )
