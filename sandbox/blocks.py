"""The judge of Block Kit: what Slack would refuse, as far as its reference says (2026).

Tables say what a block may hold; a handful of functions say the rest. Unknown keys and unknown types are refused.
"""

from collections.abc import Callable, Sequence
from typing import Any

Json = dict[str, Any]
MOST_BLOCKS = 50
LONGEST_ID = 255
TEXT_LENGTH = 3_000
BUTTON_KEYS = {"type", "text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}

# type: required keys, further keys
SHAPES: dict[str, tuple[set[str], set[str]]] = {
    "section": (set(), {"text", "fields", "accessory", "expand"}),
    "header": ({"text"}, set()),
    "divider": (set(), set()),
    "context": ({"elements"}, set()),
    "actions": ({"elements"}, set()),
    "image": ({"alt_text"}, {"image_url", "title", "slack_file"}),
    "rich_text": ({"elements"}, set()),
    "markdown": ({"text"}, set()),
    "table": ({"rows"}, {"column_settings"}),
    "data_table": ({"caption", "rows"}, {"page_size", "row_header_column_index"}),
    "data_visualization": ({"title", "chart"}, set()),
}


def problems(blocks: object) -> list[str]:
    """What is wrong with a message's blocks; nothing when Slack would take them."""
    if not isinstance(blocks, list):
        return ["blocks must be a list"]
    found = (
        [f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"]
        if len(blocks) > MOST_BLOCKS
        else []
    )
    seen: set[str] = set()
    charts = 0
    for index, block in enumerate(blocks):
        said = _block(block)
        if isinstance(block, dict):
            block_id = block.get("block_id")
            if isinstance(block_id, str):
                said += [f"block_id {block_id} stands twice"] if block_id in seen else []
                seen.add(block_id)
            charts += block.get("type") == "data_visualization"
        found += [f"{one} [json-pointer:/blocks/{index}]" for one in said]
    return found + (["no more than 2 data_visualization blocks"] if charts > 2 else [])


def _block(block: object) -> list[str]:
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        return ["a block needs a type"]
    kind = block["type"]
    if kind not in SHAPES:
        return [f"unsupported type: {kind}"]
    required, further = SHAPES[kind]
    found = [f"missing required field: {name}" for name in sorted(required - block.keys())]
    found += [
        f"unknown field: {name}" for name in sorted(block.keys() - required - further - {"type", "block_id"})
    ]
    found += _length(block.get("block_id"), 1, LONGEST_ID, "block_id")
    check = _CHECKS.get(kind)
    return found or (check(block) if check else [])


def _section(block: Json) -> list[str]:
    fields = block.get("fields", [])
    if "text" not in block and not fields:
        return ["a section needs text or fields"]
    found = _text(block["text"], TEXT_LENGTH, markup=True) if "text" in block else []
    found += ["no more than 10 fields"] if len(fields) > 10 else []
    for one in fields:
        found += _text(one, 2_000, markup=True)
    return found + (_element(block["accessory"]) if "accessory" in block else [])


def _header(block: Json) -> list[str]:
    return _text(block["text"], 150, markup=False)


def _context(block: Json) -> list[str]:
    elements = block["elements"]
    if not 1 <= len(elements) <= 10:
        return ["a context has 1 to 10 elements"]
    return [
        one
        for element in elements
        for one in (_image(element) if element.get("type") == "image" else _text(element, 3_000, markup=True))
    ]


def _actions(block: Json) -> list[str]:
    elements = block["elements"]
    if not 1 <= len(elements) <= 25:
        return ["an actions block has 1 to 25 elements"]
    ids = [element.get("action_id") for element in elements]
    found = ["an action_id stands twice in one block"] if len(set(ids)) != len(ids) else []
    return found + [one for element in elements for one in _element(element)]


def _element(element: Json) -> list[str]:
    if element.get("type") == "image":
        return _image(element)
    if element.get("type") != "button":
        return [f"unsupported element: {element.get('type')}"]
    found = [f"unknown field: {name}" for name in sorted(element.keys() - BUTTON_KEYS)]
    if "text" not in element or "action_id" not in element:
        return [*found, "a button needs text and action_id"]
    found += _text(element["text"], 75, markup=False) + _length(
        element["action_id"], 1, LONGEST_ID, "action_id"
    )
    found += _length(element.get("value"), 0, 2_000, "value") + _length(element.get("url"), 0, 3_000, "url")
    if element.get("style", "primary") not in {"primary", "danger"}:
        found.append("style must be primary or danger")
    return found + (_confirm(element["confirm"]) if "confirm" in element else [])


def _confirm(confirm: Json) -> list[str]:
    found = []
    for name, longest in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        if name not in confirm:
            found.append(f"a confirm dialog needs {name}")
        else:
            found += _text(confirm[name], longest, markup=name == "text")
    return found


def _image(element: Json) -> list[str]:
    found = _length(element.get("image_url"), 1, 3_000, "image_url")
    return found + _length(element.get("alt_text", ""), 1, 2_000, "alt_text")


def _text(text: object, longest: int, *, markup: bool) -> list[str]:
    if not isinstance(text, dict):
        return ["a text object is needed"]
    allowed = {"plain_text", "mrkdwn"} if markup else {"plain_text"}
    if text.get("type") not in allowed:
        return [f"text must be of type {' or '.join(sorted(allowed))}"]
    keys = {"type", "text"} | ({"emoji"} if text["type"] == "plain_text" else {"verbatim"})
    found = [f"unknown field: {name}" for name in sorted(text.keys() - keys)]
    return found + _length(text.get("text", ""), 1, longest, "text")


def _length(value: object, least: int, most: int, name: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, str):
        return [f"{name} must be a string"]
    return [] if least <= len(value) <= most else [f"{name} must have {least} to {most} characters"]


def _table(block: Json) -> list[str]:
    rows = block["rows"]
    found = _rows(rows, 1, 100)
    if len(block.get("column_settings", [])) > 20:
        found.append("no more than 20 column settings")
    total = sum(len(str(cell.get("text", ""))) for row in rows for cell in row if isinstance(cell, dict))
    return found + (["a table holds 10000 characters at most"] if total > 10_000 else [])


def _data_table(block: Json) -> list[str]:
    found = _rows(block["rows"], 2, 101) + _length(block["caption"], 1, 2_000, "caption")
    return found if 1 <= block.get("page_size", 5) <= 100 else [*found, "page_size must be 1 to 100"]


def _rows(rows: Sequence[Sequence[Json]], least: int, most: int) -> list[str]:
    if not least <= len(rows) <= most:
        return [f"{least} to {most} rows are allowed"]
    if len({len(row) for row in rows}) != 1 or not 1 <= len(rows[0]) <= 20:
        return ["rows must be of equal length, of 1 to 20 cells"]
    return [one for row in rows for cell in row for one in _cell(cell)]


def _cell(cell: Json) -> list[str]:
    kind = cell.get("type")
    if kind == "rich_text":
        return []
    if kind not in {"raw_text", "raw_number"}:
        return [f"unsupported cell: {kind}"]
    if kind == "raw_number" and not isinstance(cell.get("value"), int | float):
        return ["raw_number needs a value"]
    return _length(cell.get("text", ""), 1, 3_000, "a cell's text")


def _chart(block: Json) -> list[str]:
    found = _length(block["title"], 1, 50, "title")
    chart = block["chart"]
    if chart.get("type") == "pie":
        segments = chart.get("segments", [])
        if not 1 <= len(segments) <= 6:
            found.append("a pie has 1 to 6 segments")
        return found + ["segments must be above 0" for one in segments if not one.get("value", 0) > 0]
    if chart.get("type") not in {"bar", "line", "area"}:
        return [*found, f"unsupported chart: {chart.get('type')}"]
    series, categories = chart.get("series", []), chart.get("axis_config", {}).get("categories", [])
    if not 1 <= len(series) <= 6 or len({one.get("name") for one in series}) != len(series):
        found.append("a chart has 1 to 6 series with names of their own")
    if not 1 <= len(categories) <= 20 or len(set(categories)) != len(categories):
        found.append("a chart has 1 to 20 different categories")
    for one in series:
        found += _length(one.get("name", ""), 1, 20, "name")
        if [point.get("label") for point in one.get("data", [])] != categories:
            found.append("every series has every category")
    return found + [problem for one in categories for problem in _length(one, 1, 20, "category")]


def _markdown(block: Json) -> list[str]:
    return _length(block["text"], 1, 12_000, "text")


_CHECKS: dict[str, Callable[[Json], list[str]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "table": _table,
    "data_table": _data_table,
    "data_visualization": _chart,
    "markdown": _markdown,
}
