"""Help: all commands, and one command with its examples."""

from collections.abc import Sequence

from bot.views.blocks import COMMAND, Message, context, escape, message, section


def render_commands(commands: Sequence[tuple[str, str, str]]) -> Message:
    """Render a line for each command; `commands` holds name, usage and purpose of each."""
    lines = [f"`{COMMAND} {escape(usage)}`\n{escape(about)}" for _, usage, about in commands]
    # A section holds 3,000 characters, and two shorter ones are easier to read anyway.
    half = (len(lines) + 1) // 2
    hint = (
        f"`{COMMAND} help start` shows examples. Words in [brackets] may be left out. Write times as you "
        "would say them: `20 min ago`, `9-11:30 yesterday`, `since mon 14:00`."
    )
    return message(
        f"{COMMAND} " + ", ".join(name for name, _, _ in commands),
        [section("\n".join(lines[:half])), section("\n".join(lines[half:])), context(hint)],
    )


def render_command(usage: str, about: str, examples: Sequence[str]) -> Message:
    lines = "\n".join(f"• `{COMMAND} {escape(example)}`" for example in examples)
    return message(
        f"{COMMAND} {escape(usage)}: {escape(about)}",
        [section(f"*{COMMAND} {escape(usage)}*\n{escape(about)}"), section(lines)],
    )
