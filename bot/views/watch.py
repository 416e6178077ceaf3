"""Questions about a forgotten timer, and about an entry that ended without an answer."""

from datetime import datetime

from bot.views.blocks import ActionId, Block, Message, actions, button, context, escape, message, section
from bot.views.card_actions import CONFIRM_ENTRY, OPEN_EDIT
from bot.views.entry_text import entry_name, format_since, format_work
from bot.views.message_refs import MessageRef
from domain.entries.entries import TimeEntry
from domain.entries.forgotten_timers import TimerQuestion
from domain.identity.people import Person
from domain.time.durations import format_time_and_day

KEEP_RUNNING = ActionId("keep_running")
STOP_AT = ActionId("stop_at")


def render_forgotten_timer(timer: TimerQuestion, message_ref: MessageRef | None = None) -> Message:
    """Render the question; the text names every instant that a button would stop at."""
    entry, person, at = timer.entry, timer.person, timer.at
    since = format_since(entry.started_at, person, at)
    text = f"Still on *{escape(entry_name(entry), 80)}*? It has been running since {since}."
    buttons = [button("Keep it running", KEEP_RUNNING, str(entry.id), style="primary")]
    if timer.sign:
        buttons.append(_make_stop_button(timer, timer.sign, "my last sign of work"))
    if timer.day_end and timer.day_end != timer.sign:
        buttons.append(_make_stop_button(timer, timer.day_end, "the end of my day"))
    buttons.append(button("Pick a time…", OPEN_EDIT, str(entry.id)))
    ends, as_of = _format_clock(timer, timer.ends_at), _format_clock(timer, timer.ended_as_of)
    note = f"Without an answer by {ends} I end it as of {as_of}, marked as unconfirmed. You can still change it then."
    since = _format_clock(timer, entry.started_at)
    fallback = f"Still on {format_work(entry)}? It has been running since {since}. {note}"
    return message(fallback, [section(text), *actions(buttons, message_ref), context(note)])


def render_unconfirmed(
    entry: TimeEntry, person: Person, at: datetime, message_ref: MessageRef | None, row: int
) -> list[Block]:
    """Render the question about an entry that the service ended because the person did not answer."""
    assert entry.ended_at is not None
    ended = format_since(entry.ended_at, person, at)
    name = escape(entry_name(entry), 80)
    text = f":warning: I ended *{name}* as of {ended}, because you did not answer. Is that right?"
    buttons = [
        button("Confirm", CONFIRM_ENTRY, str(entry.id)),
        button("Edit…", OPEN_EDIT, str(entry.id)),
    ]
    return [section(text), *actions(buttons, message_ref, row)]


def _make_stop_button(timer: TimerQuestion, instant: datetime, why: str) -> Block:
    value = f"{timer.entry.id} {instant.isoformat()}"
    return button(f"Stop at {_format_clock(timer, instant)}, {why}", STOP_AT, value)


def _format_clock(timer: TimerQuestion, instant: datetime) -> str:
    return format_time_and_day(instant, timer.person.zone, seen_at=timer.at)
