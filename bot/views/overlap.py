"""Overlaps: the entries in the way, and the ways to make room, each with the exact changes it would make."""

from bot.views.blocks import ActionId, Message, actions, button, context, escape, message, section
from bot.views.card_actions import KEEP
from bot.views.entry_text import entry_name
from bot.views.message_refs import MessageRef
from domain.entries.overlaps import Adjustment, OverlapConflict, OverlapStrategy, Remainder, adjustments
from domain.time.durations import format_duration, format_time_range

RESOLVE_OVERLAP = ActionId("make_room")

MOST_SHOWN = 5
NAMES = {OverlapStrategy.TRIM: "Trim", OverlapStrategy.SPLIT: "Split", OverlapStrategy.REPLACE: "Replace"}


def render_question(
    conflict: OverlapConflict, values: dict[OverlapStrategy, str], message_ref: MessageRef | None = None
) -> Message:
    """Render the question how to resolve an overlap; `values` holds the value of each strategy's button."""
    buttons = [button(NAMES[strategy], RESOLVE_OVERLAP, value) for strategy, value in values.items()]
    buttons.append(button("Cancel", KEEP, ""))
    sentence = escape(conflict.sentence, 600)
    return message(
        f"{sentence} You can trim, split or replace what is there.",
        [section(sentence), section(format_previews(conflict)), *actions(buttons, message_ref)],
    )


def format_previews(conflict: OverlapConflict) -> str:
    """Describe the changes of each strategy, a paragraph for each."""
    ways = []
    for strategy in OverlapStrategy:
        changes = adjustments(
            strategy,
            conflict.entries,
            start=conflict.proposed.start,
            end=conflict.proposed.end,
            at=conflict.at,
        )
        lines = [_format_change(remainder, conflict) for remainder in changes[:MOST_SHOWN]]
        if len(changes) > MOST_SHOWN:
            lines.append(f"and {len(changes) - MOST_SHOWN} more the same way")
        ways.append(f"*{NAMES[strategy]}*  " + "; ".join(lines))
    ways.append("*Cancel*  leaves everything as it is")
    return "\n".join(ways)


def format_claim(conflict: OverlapConflict) -> str:
    return _format_interval(Remainder(start=conflict.proposed.start, end=conflict.proposed.end), conflict)


def render_nothing_changed() -> Message:
    text = "Nothing was changed."
    return message(text, [context(text)])


def _format_change(change: Adjustment, conflict: OverlapConflict) -> str:
    entry = change.entry
    name = escape(entry_name(entry), 60)
    before = Remainder(start=entry.started_at, end=entry.ended_at)
    if not change.remainders:
        length = format_duration(before.length(conflict.at))
        return f"“{name}” {_format_interval(before, conflict)} goes ({length} less)"
    after = " and ".join(
        f"{_format_interval(remainder, conflict)} ({format_duration(remainder.length(conflict.at))})"
        for remainder in change.remainders
    )
    return f"“{name}” {_format_interval(before, conflict)} becomes {after}"


def _format_interval(rest: Remainder, conflict: OverlapConflict) -> str:
    # The question names the day, so entries of that day show the time only.
    return format_time_range(rest.start, rest.end, conflict.person.zone, seen_at=conflict.proposed.start)


def list_strategies() -> list[tuple[str, str, str]]:
    """Return the strategies for a form: value, name and a short description of each."""
    return [
        (OverlapStrategy.TRIM.value, "Trim", "The other keeps its longer side"),
        (OverlapStrategy.SPLIT.value, "Split", "The other keeps both sides"),
        (OverlapStrategy.REPLACE.value, "Replace", "The other goes"),
        ("cancel", "Cancel", "Nothing changes"),
    ]
