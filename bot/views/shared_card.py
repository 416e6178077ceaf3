"""The card of an entry that everybody in a channel sees."""

from bot.views.blocks import Message, actions, context, escape, message, section
from bot.views.card_actions import make_resume_button, make_stop_button
from bot.views.entry_text import (
    format_clock,
    format_interval,
    format_link,
    format_since,
    format_work,
    format_work_mrkdwn,
)
from bot.views.message_refs import MessageRef
from domain.entries.entries import TimerAnswer
from domain.time.durations import format_duration


def render_shared_card(answer: TimerAnswer, message_ref: MessageRef) -> Message:
    """Render a card for everybody: the person, the work, and its start or length.

    It leaves out the person's total of the day.
    """
    entry, name = answer.entry, escape(answer.person.name, 80)
    if entry is None or entry.deleted:
        text = f"{name} has taken this entry back."
        return message(text, [context(text)])
    work, fallback = format_work_mrkdwn(entry), f"{name}: {format_work(entry)}"
    if entry.running:
        began = format_since(entry.started_at, answer.person, answer.at)
        text = f":large_green_circle: *{name}* is working on {work}\nSince {began}{format_link(entry)}"
        fallback = f"{fallback}, since {format_clock(entry.started_at, answer.person)}."
        return message(fallback, [section(text), *actions([make_stop_button(entry)], message_ref)])
    length = format_duration(entry.length(answer.at))
    when = f"{format_interval(entry, answer.person, answer.at)}{format_link(entry)}"
    text = f":white_circle: *{name}* worked on {work}\n*{length}* · {when}"
    return message(
        f"{fallback}, {length}.", [section(text), *actions([make_resume_button(entry)], message_ref)]
    )
