"""Finds what Slack would refuse in blocks and views, as far as its reference says (2026).

One row per block: its keys, and where it may be used. Unknown keys and types are refused.
"""

from typing import Any

from local_slack.judge.elements import (
    BUTTON,
    ELEMENTS,
    FIELDS,
    ID,
    IMAGE,
    QUICK,
    RICH,
    TYPE,
    actions,
    plain,
    text,
)
from local_slack.judge.figures import CHART, DATA_TABLE, TABLE, TABLE_CHARACTERS, characters
from local_slack.judge.rules import (
    Rule,
    Rules,
    any_key,
    anything,
    boolean,
    distinct,
    items,
    one_of,
    shape,
    string,
    typed,
    wrong,
)

Json = dict[str, Any]
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_CHARTS = 2
MARKDOWN_CHARACTERS = 12_000


def block(required: Rules, further: Rules | None = None, *, also: Rule = anything) -> Rule:
    return shape({**TYPE, **required}, {"block_id": ID, **(further or {})}, also=also)


CARD = block(
    {},
    {
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "hero_image": IMAGE,
        "icon": IMAGE,
        "actions": actions({"button": BUTTON}, 5),
    },
    also=any_key("title", "body", "hero_image", "actions"),
)
TASK = block(
    {"task_id": ID, "title": string(256), "status": one_of("pending", "in_progress", "complete", "error")},
    {"details": RICH, "output": RICH, "sources": anything},
)
LEVELS = one_of("default", "info", "warning", "error", "success")


def _children(value: object, path: str) -> list[str]:
    # A container holds blocks, so its rule needs the table that holds its rule.
    return items(typed({kind: rule for kind, rule in BLOCKS.items() if kind != "container"}, "block"), 10)(
        value, path
    )


BLOCKS: Rules = {
    "section": block(
        {},
        {
            "text": text(3_000),
            "fields": items(text(2_000), 10),
            "accessory": typed({**ELEMENTS, "image": IMAGE}, "element"),
            "expand": boolean,
        },
        also=any_key("text", "fields"),
    ),
    "header": block({"text": plain(150)}),
    "divider": block({}),
    "context": block(
        {
            "elements": items(
                typed({"image": IMAGE, "plain_text": text(3_000), "mrkdwn": text(3_000)}, "element"), 10
            )
        }
    ),
    "actions": block({"elements": actions(ELEMENTS, 25)}),
    "image": block(
        {"alt_text": string(2_000)},
        {"image_url": string(3_000), "slack_file": anything, "title": plain(2_000)},
        also=any_key("image_url", "slack_file"),
    ),
    "input": block(
        {"label": plain(2_000), "element": typed(FIELDS, "element")},
        {"hint": plain(2_000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": RICH,
    "markdown": block({"text": string(MARKDOWN_CHARACTERS)}),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": CHART,
    "card": CARD,
    "carousel": block({"elements": items(typed({"card": CARD}, "card"), 10)}),
    "container": block(
        {"child_blocks": _children},
        {
            "title": plain(150),
            "rich_text_title": RICH,
            "subtitle": text(150),
            "icon": IMAGE,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        also=any_key("title", "rich_text_title"),
    ),
    "alert": block({"text": text(3_000)}, {"level": LEVELS}),
    "plan": block({"title": string(256)}, {"tasks": items(typed({"task_card": TASK}, "task"), 50, 0)}),
    "task_card": TASK,
    "context_actions": block({"elements": actions(QUICK, 5)}),
}

# Blocks that are allowed only on some surfaces.
SURFACES: dict[str, set[str]] = {
    "alert": {"modal"},
    "carousel": {"message", "home"},
    "container": {"message", "home"},
    "context_actions": {"message"},
    "data_table": {"message", "home"},
    "data_visualization": {"message"},
    "markdown": {"message"},
    "plan": {"message"},
    "table": {"message", "home"},
    "task_card": {"message"},
}


def find_problems(blocks: object, surface: str = "message") -> list[str]:
    """Return what is wrong with these blocks in a message, modal or home; empty if Slack would accept them."""
    if not isinstance(blocks, list):
        return wrong("must be an array", "/blocks")
    allowed = {kind: rule for kind, rule in BLOCKS.items() if surface in SURFACES.get(kind, {surface})}
    found = items(typed(allowed, "block"), MOST_BLOCKS[surface], 0)(blocks, "/blocks")
    return found or distinct("block_id")(blocks, "/blocks") + _check_totals(blocks)


MODAL = shape(
    {**TYPE, "title": plain(24), "blocks": anything},
    {
        "submit": plain(24),
        "close": plain(24),
        "callback_id": ID,
        "external_id": ID,
        "private_metadata": string(3_000, 0),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)
HOME = shape(
    {**TYPE, "blocks": anything},
    {"callback_id": ID, "external_id": ID, "private_metadata": string(3_000, 0)},
)


def find_view_problems(view: object, kind: str) -> list[str]:
    """Return what is wrong with a whole modal or Home."""
    found = typed({"modal": MODAL} if kind == "modal" else {"home": HOME}, "view")(view, "/view")
    if found or not isinstance(view, dict):
        return found
    found = find_problems(view["blocks"], kind)
    asks = kind == "modal" and any(block.get("type") == "input" for block in view["blocks"])
    return wrong("missing required field: submit", "/view") if asks and "submit" not in view else found


def _check_totals(blocks: list[Json]) -> list[str]:
    """Check the limits that apply to all blocks of a message together."""
    of_kind = {
        kind: [one for one in blocks if one["type"] == kind] for kind in {one["type"] for one in blocks}
    }
    found = []
    if len(of_kind.get("data_visualization", [])) > MOST_CHARTS:
        found += wrong(f"no more than {MOST_CHARTS} data_visualization blocks allowed", "/blocks")
    if sum(characters(one.get("rows")) for one in of_kind.get("table", [])) > TABLE_CHARACTERS:
        found += wrong(f"tables must have less than {TABLE_CHARACTERS + 1} characters together", "/blocks")
    if sum(len(one["text"]) for one in of_kind.get("markdown", [])) > MARKDOWN_CHARACTERS:
        found += wrong(
            f"markdown must have less than {MARKDOWN_CHARACTERS + 1} characters together", "/blocks"
        )
    return found
