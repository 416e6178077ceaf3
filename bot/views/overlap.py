"""Overlaps: the entries in the way, and the ways to make room, each with the exact changes it would make."""

from bot.views.blocks import ActionId, Message, actions, button, context, escape, message, section
from bot.views.card_actions import KEEP
from bot.views.message_refs import MessageRef
from bot.views.timer import entry_name
from domain.entries.overlaps import Adjustment, OverlapConflict, OverlapStrategy, Remainder, adjustments
from domain.time.durations import format_duration, format_time_range

MAKE_ROOM = ActionId("make_room")

MOST_SHOWN = 5
NAMES = {OverlapStrategy.TRIM: "Trim", OverlapStrategy.SPLIT: "Split", OverlapStrategy.REPLACE: "Replace"}


def render_question(
    taken: OverlapConflict, values: dict[OverlapStrategy, str], message_ref: MessageRef | None = None
) -> Message:
    """Render the question how to resolve an overlap; `values` holds the value of each strategy's button."""
    buttons = [button(NAMES[way], MAKE_ROOM, value) for way, value in values.items()]
    buttons.append(button("Cancel", KEEP, ""))
    shown = escape(taken.sentence, 600)
    return message(
        f"{shown} You can trim, split or replace what is there.",
        [section(shown), section(format_previews(taken)), *actions(buttons, message_ref)],
    )


def format_previews(taken: OverlapConflict) -> str:
    """Describe the changes of each strategy, a paragraph for each."""
    ways = []
    for way in OverlapStrategy:
        changes = adjustments(way, taken.taken, start=taken.claim.start, end=taken.claim.end, at=taken.at)
        lines = [_change(one, taken) for one in changes[:MOST_SHOWN]]
        if len(changes) > MOST_SHOWN:
            lines.append(f"and {len(changes) - MOST_SHOWN} more the same way")
        ways.append(f"*{NAMES[way]}*  " + "; ".join(lines))
    ways.append("*Cancel*  leaves everything as it is")
    return "\n".join(ways)


def format_claim(taken: OverlapConflict) -> str:
    return _stretch(Remainder(start=taken.claim.start, end=taken.claim.end), taken)


def render_kept() -> Message:
    text = "Nothing was changed."
    return message(text, [context(text)])


def _change(change: Adjustment, taken: OverlapConflict) -> str:
    entry = change.entry
    name = escape(entry_name(entry), 60)
    was = Remainder(start=entry.started_at, end=entry.ended_at)
    if not change.kept:
        return f"“{name}” {_stretch(was, taken)} goes ({format_duration(was.length(taken.at))} less)"
    kept_ = " and ".join(
        f"{_stretch(one, taken)} ({format_duration(one.length(taken.at))})" for one in change.kept
    )
    return f"“{name}” {_stretch(was, taken)} becomes {kept_}"


def _stretch(rest: Remainder, taken: OverlapConflict) -> str:
    # The question names the day, so entries of that day show the time only.
    return format_time_range(rest.start, rest.end, taken.person.zone, seen_at=taken.claim.start)


def list_strategies() -> list[tuple[str, str, str]]:
    """Return the strategies for a form: value, name and a short description of each."""
    return [
        (OverlapStrategy.TRIM.value, "Trim", "The other keeps its longer side"),
        (OverlapStrategy.SPLIT.value, "Split", "The other keeps both sides"),
        (OverlapStrategy.REPLACE.value, "Replace", "The other goes"),
        ("cancel", "Cancel", "Nothing changes"),
    ]
