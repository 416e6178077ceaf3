"""How to render each type of value that a message can show."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from bot.views import day, digest, imports, look_back, watch
from bot.views.home import render_home
from bot.views.message_refs import MessageRef
from bot.views.notices import render_text
from bot.views.reminder import render_reminder
from bot.views.shared_card import render_shared_card
from bot.views.timer import render_timer_card
from bot.views.week import render_week
from domain.entries.entries import TimerAnswer
from domain.entries.exports import Export
from domain.entries.forgotten_timers import TimerQuestion
from domain.entries.imports import ImportPreview
from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.messages import ReminderContent, TextContent
from domain.reports.home_tab import HomeTab
from domain.reports.reports import DayReport
from domain.reports.timesheets import WeekReport
from domain.reports.weekly import TeamWeeklySummary, WeeklySummary
from services.outbox.live_message_kinds import LIVE_MESSAGE_KINDS
from services.outbox.message_kinds import MESSAGE_KINDS

Subject = TypeVar("Subject")
Rendered = Mapping[str, Any]  # text and blocks of a message, or a view


@dataclass(frozen=True, slots=True)
class MessageView(Generic[Subject]):
    """A row of the table of views: `render` gets the value, the reference of its message, and `plain`.

    `plain` is true if the workspace refuses tables and charts.
    """

    shows: type[Subject]
    render: Callable[[Subject, MessageRef, bool], Rendered]


def _render_day(report: DayReport, message_ref: MessageRef, plain: bool) -> Rendered:
    message_ref = replace(message_ref, day=report.day)
    if message_ref.kind is LiveMessageKind.DIGEST:
        return {**digest.render_digest(report, message_ref, plain=plain)}
    return {**day.render_day(report, message_ref, plain=plain)}


def _render_card(answer: TimerAnswer, message_ref: MessageRef, plain: bool) -> Rendered:  # noqa: ARG001
    if message_ref.kind is LiveMessageKind.SHARED_CARD:
        return {**render_shared_card(answer, message_ref)}
    return {**render_timer_card(answer, _make_card_ref(message_ref))}


def _make_card_ref(message_ref: MessageRef) -> MessageRef:
    """Return a reference of kind card, for a question about a timer: its buttons are answered with the entry's card."""
    return replace(message_ref, kind=LiveMessageKind.CARD)


MESSAGE_VIEWS: tuple[MessageView[Any], ...] = (
    MessageView(DayReport, _render_day),
    MessageView(TimerAnswer, _render_card),
    MessageView(
        TimerQuestion, lambda question, ref, _: watch.render_forgotten_timer(question, _make_card_ref(ref))
    ),
    MessageView(
        WeekReport, lambda week, ref, plain: render_week(week, replace(ref, day=week.week), plain=plain)
    ),
    MessageView(
        WeeklySummary,
        lambda week, ref, plain: look_back.render_weekly_summary(
            week, replace(ref, day=week.period.dates.first), plain=plain
        ),
    ),
    MessageView(TeamWeeklySummary, lambda week, _, plain: look_back.render_team_summary(week, plain=plain)),
    MessageView(ReminderContent, lambda _content, ref, _: render_reminder(ref)),
    MessageView(ImportPreview, lambda found, ref, _: imports.render_preview(found, ref)),
    MessageView(TextContent, lambda content, _ref, _: render_text(content.text)),
    MessageView(HomeTab, lambda home, _ref, _: render_home(home)),
)
_BY_TYPE: Mapping[type, MessageView[Any]] = {row.shows: row for row in MESSAGE_VIEWS}
UPLOADED = Export  # sent as a file, not rendered
_needed = {view for message in MESSAGE_KINDS for view in message.shows}
_needed |= {view for live_message in LIVE_MESSAGE_KINDS for view in live_message.shows}
if missing := _needed - set(_BY_TYPE) - {UPLOADED}:
    raise LookupError(f"no row in MESSAGE_VIEWS for {missing}")


def render_message(subject: object, message_ref: MessageRef, *, plain: bool) -> Rendered:
    """Render `subject` as a message (text and blocks), or as a view for the Home tab."""
    return _BY_TYPE[type(subject)].render(subject, message_ref, plain)
