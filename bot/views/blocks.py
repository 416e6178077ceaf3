"""Slack's text and Block Kit: escaping, limits, and the blocks of the bot's messages.

Limits are from Slack's Block Kit reference (2026): a section holds 3 000 characters, a header 150, a button's text 75
and value 2 000, a message 50 blocks, a table 100 rows, a chart 6 series and labels of 20 characters.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NewType, TypedDict
from zoneinfo import ZoneInfo

from bot.views.message_refs import MessageRef
from domain.time.durations import format_time

Block = dict[str, Any]

SECTION, HEADER, CONTEXT, BUTTON, OPTION, CELL, FALLBACK = 3_000, 150, 2_000, 75, 75, 100, 3_000
COMMAND = "/track"
VALUE = 2_000
MOST_ROWS = 99


class Message(TypedDict):
    """A message of Slack's; `text` is for notifications, screen readers and old clients."""

    text: str
    blocks: list[Block]


@dataclass(frozen=True, slots=True)
class Response:
    """An answer to a person. `rich_message` is the version with table and chart, `message` the version without."""

    message: Message
    rich_message: Message | None = None


ActionId = NewType("ActionId", str)
"""Names a button or a menu: declared by the view that draws it, and handled by the row of a feature."""


def clean_text(text: str, longest: int) -> str:
    """Return people's text for a plain_text object: one line, no invisible or direction-changing characters."""
    if text.isprintable():  # no invisible characters, and no white space but the space
        if len(text) <= longest and "  " not in text:
            return text.strip()  # almost every text is printable, and needs no further check
    else:
        text = "".join(
            " " if character.isspace() else character for character in text if _is_visible(character)
        )
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= longest else one_line[: longest - 1].rstrip() + "…"


def escape(text: str, longest: int = 500) -> str:
    """Return people's text for mrkdwn, without working mentions, links or dates.

    Slack reads &, < and > as control characters only if they are not escaped. Asterisks and underscores stay as they
    were typed: at worst a word is bold.
    """
    return clean_text(text, longest).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_visible(character: str) -> bool:
    # Cf holds zero-width and bidi controls, and also the joiner inside emoji (U+200D), which is lost.
    return character.isspace() or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def format_instant(instant: datetime, zone: ZoneInfo, form: str = "{time}") -> str:
    """Format an instant in Slack's date markup, which every reader sees in their own zone and clock.

    `zone` is for the fallback text.
    """
    return f"<!date^{int(instant.timestamp())}^{form}|{format_time(instant, zone)}>"


def section(text: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, SECTION)}}


def sections(lines: Sequence[str], *, most: int) -> list[Block]:
    """Put whole lines into at most `most` sections; a last line counts those that do not fit."""
    filled: list[str] = []
    for number, line in enumerate(lines):
        if filled and len(filled[-1]) + len(line) < SECTION - len("\n_and 10,000 more_"):
            filled[-1] += f"\n{line}"
        elif len(filled) < most:
            filled.append(line)
        else:
            filled[-1] += f"\n_and {len(lines) - number} more_"
            break
    return [section(one) for one in filled]


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, HEADER)}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": _cut(text, CONTEXT)}]}


def button(
    text: str, action: ActionId, value: str, *, style: str | None = None, confirm: Block | None = None
) -> Block:
    block: Block = {"type": "button", "text": plain(text, BUTTON), "action_id": action}
    block |= {"value": value[:VALUE]} if value else {}  # Slack refuses an empty value
    return block | ({"style": style} if style else {}) | ({"confirm": confirm} if confirm else {})


def confirm(title: str, text: str, yes: str, no: str = "Keep it") -> Block:
    """Make the dialog that Slack shows before a press counts; all texts are plain text."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
        "style": "danger",
    }


def plain(text: str, longest: int) -> Block:
    """Make a plain text object. An empty text becomes "–", because Slack would refuse the whole message."""
    return {"type": "plain_text", "text": clean_text(text, longest) or "–", "emoji": True}


def option(text: str, value: str, *, longest: int = OPTION) -> Block:
    return {"text": plain(text, longest), "value": value[:150]}


def overflow(action: ActionId, options: Sequence[Block]) -> Block:
    return {"type": "overflow", "action_id": action, "options": list(options)[:5]}


def select(action: ActionId, placeholder: str, options: Sequence[Block], chosen: str | None = None) -> Block:
    """Make a menu of at most 100 options, Slack's limit; `chosen` is the value of the option it shows first."""
    block: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "options": list(options)[:100],
    }
    initial = next((one for one in block["options"] if one["value"] == chosen), None)
    return block | ({"initial_option": initial} if initial else {})


def beside(text: str, accessory: Block, message_ref: MessageRef | None, row: int = 0) -> Block:
    """Make a section with a button or menu beside its text."""
    block = section(text) | {"accessory": accessory}
    return block | ({"block_id": message_ref.block_id(row)} if message_ref else {})


def actions(buttons: Sequence[Block], message_ref: MessageRef | None = None, row: int = 0) -> list[Block]:
    """Make a block of buttons, in a list; an empty list without buttons, as Slack refuses an empty block."""
    if not buttons:
        return []
    block: Block = {"type": "actions", "elements": _number_repeated_ids(buttons)}
    return [block | ({"block_id": message_ref.block_id(row)} if message_ref else {})]


def strip_number(action_id: str) -> str:
    """Return the action id without the number that distinguishes it within its block."""
    return action_id.rstrip("0123456789").rstrip("_")


def _number_repeated_ids(buttons: Sequence[Block]) -> list[Block]:
    """Append a number to action ids that occur more than once in the block: Slack requires them to differ."""
    ids = [block["action_id"] for block in buttons]
    return [
        block | {"action_id": f"{one}_{number}"} if ids.count(one) > 1 else block
        for number, (block, one) in enumerate(zip(buttons, ids, strict=True))
    ]


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> Block:
    """Make a table. The first row is the header; `right` holds the columns that are aligned to the right."""
    cells = [
        [{"type": "raw_text", "text": clean_text(cell, CELL) or "–"} for cell in row]
        for row in rows[: MOST_ROWS + 1]
    ]
    settings = [{"align": "right" if column in right else "left"} for column in range(len(rows[0]))]
    return {"type": "table", "rows": cells, "column_settings": settings}


def bar_chart(title: str, series: str, values: Sequence[tuple[str, float]], y_label: str) -> Block:
    """Make a chart with one bar for each of at most 20 values; equal labels are made distinct."""
    labels: dict[str, float] = {}
    for label, value in values[:20]:
        labels[_make_distinct(clean_text(label, 20) or "–", labels)] = value
    return {
        "type": "data_visualization",
        "title": clean_text(title, 50),
        "chart": {
            "type": "bar",
            "series": [
                {
                    "name": clean_text(series, 20),
                    "data": [{"label": label, "value": value} for label, value in labels.items()],
                }
            ],
            "axis_config": {"categories": list(labels), "y_label": y_label},
        },
    }


def message(text: str, blocks: Sequence[Block]) -> Message:
    return {"text": _cut(text, FALLBACK), "blocks": list(blocks)}


def _make_distinct(label: str, labels: dict[str, float]) -> str:
    number, base = 2, label
    while label in labels:
        label = f"{base[:16]} {number}"
        number += 1
    return label


def _cut(text: str, longest: int) -> str:
    """Cut the text, at the end of a line if possible, because half an entity or link would show as text."""
    if len(text) <= longest:
        return text
    beginning = text[: longest - 2]
    return (
        beginning[: beginning.rfind("\n")] + "\n…"
        if "\n" in beginning
        else beginning[: beginning.rfind(" ")] + " …"
    )
