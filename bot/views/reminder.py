"""The reminder on a working day when nothing is tracked."""

from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    message,
    section,
)
from bot.views.card_actions import OPEN_LOG, OPEN_START
from bot.views.message_refs import MessageRef


def render_reminder(message_ref: MessageRef | None = None) -> Message:
    """Render the reminder for a day without entries, sent once to people who asked for it."""
    text = "Nothing is tracked today yet. I won't ask again today."
    buttons: list[Block] = [
        button("Start…", OPEN_START, "", style="primary"),
        button("Log…", OPEN_LOG, ""),
    ]
    return message(
        f"{text} `/track remind off` ends these.",
        [section(text), *actions(buttons, message_ref), context("`/track remind off` ends these.")],
    )
