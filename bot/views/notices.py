"""Short notices: refusals, greetings, and the answer to an unknown command."""

from bot.slack.marked_text import read_marked_text
from bot.views.blocks import (
    COMMAND,
    VALUE,
    ActionId,
    Message,
    actions,
    button,
    context,
    escape,
    message,
    section,
    sections,
)
from bot.views.message_refs import MessageRef
from bot.views.zones import describe_clock
from domain.identity.people import Person

RUN = ActionId("run")


def render_refusal(sentence: str) -> Message:
    return message(escape(sentence, 1_000), [section(escape(sentence, 1_000))])


def render_text(text: str) -> Message:
    """Render an integration's text, or a notice about an operation of uncertain outcome, with its markup escaped."""
    lines = [escape(line, 2_500) for line in text.splitlines()]
    text_or_dash = "\n".join(lines).strip() or "–"
    return message(text_or_dash, sections(lines, most=6) if text_or_dash != "–" else [section(text_or_dash)])


def render_unknown_command(
    typed: str, suggestion: str | None, message_ref: MessageRef | None = None
) -> Message:
    """Render the answer to an unknown command; `suggestion` is a similar command line, as Slack would send it."""
    text = f"I don't know `{COMMAND} {escape(typed, 100).replace('`', ' ')}`. Nothing was changed."
    if suggestion is None:
        return message(text, [section(text), context(f"`{COMMAND} help` shows what you can type.")])
    line = f"{COMMAND} {read_marked_text(suggestion)}"
    buttons = [button(line, RUN, suggestion)] if len(suggestion) <= VALUE else []
    return message(
        f"{text} Did you mean {escape(line, 200)}?",
        [section(f"{text}\nDid you mean *{escape(line, 200)}*?"), *actions(buttons, message_ref)],
    )


def format_greeting(person: Person) -> str:
    """Return the greeting of a new person, with their time zone if it is known."""
    name = escape(person.name.split(" ")[0] or person.name, 40)
    return (
        f"*Hello {name}.* I keep your time. It is yours: besides you, only leads and admins here see it. "
        f"{describe_clock(person)}\n"
        f"`{COMMAND} start api fix login` starts a timer, `{COMMAND} stop` ends it, and at "
        f"{person.digest.at:%H:%M} I show you your day. `{COMMAND} help` has the rest."
    )


def render_greeted(person: Person, answer: Message) -> Message:
    """Put a greeting above an answer."""
    return message(answer["text"], [section(format_greeting(person)), *answer["blocks"]])
