"""Tables and charts: the blocks whose parts must also agree with each other."""

from local_slack.judge.elements import ID, RICH, TYPE
from local_slack.judge.rules import (
    Rule,
    all_of,
    boolean,
    items,
    number,
    one_of,
    positive,
    shape,
    string,
    typed,
    whole,
    wrong,
)

MOST_COLUMNS = 20
MOST_SERIES = 6
TABLE_CHARACTERS = 10_000  # of all tables of a message together

_RAW = shape({**TYPE, "text": string(TABLE_CHARACTERS)}, {})
_NUMBER = shape({**TYPE, "value": number}, {"text": string(TABLE_CHARACTERS)})
_CELLS = {"raw_text": _RAW, "raw_number": _NUMBER, "rich_text": RICH}
_HEAD = {"raw_text": _RAW, "raw_number": _NUMBER}


def _even(rows: object, path: str) -> list[str]:
    widths = {len(row) for row in rows} if isinstance(rows, list) else set()
    return wrong("rows must be of equal length", path) if len(widths) > 1 else []


def _head(rows: object, path: str) -> list[str]:
    head = rows[0] if isinstance(rows, list) else None
    return items(typed(_HEAD, "header cell"), MOST_COLUMNS)(head, f"{path}/0")


def _rows(least: int, most: int, *also: Rule) -> Rule:
    return all_of(items(items(typed(_CELLS, "cell"), MOST_COLUMNS), most, least), _even, *also)


def _setting(value: object, path: str) -> list[str]:
    # null leaves the settings of that column unchanged.
    keys = shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})
    return [] if value is None else keys(value, path)


TABLE = shape(
    {**TYPE, "rows": _rows(1, 100)}, {"block_id": ID, "column_settings": items(_setting, MOST_COLUMNS, 0)}
)
DATA_TABLE = shape(
    {**TYPE, "caption": string(2_000), "rows": _rows(2, 101, _head)},
    {"block_id": ID, "page_size": whole(1, 100), "row_header_column_index": whole(0, MOST_COLUMNS - 1)},
)

_LABEL = string(20)
_POINT = shape({"label": _LABEL, "value": number}, {})
_SERIES = shape({"name": _LABEL, "data": items(_POINT, 20)}, {})
_AXES = shape({"categories": items(_LABEL, 20)}, {"x_label": string(50), "y_label": string(50)})


def _agree(chart: object, path: str) -> list[str]:
    """Check that each series has one value for each category, and that no two series share a name."""
    if not isinstance(chart, dict):
        return []
    categories = sorted(chart["axis_config"]["categories"])
    names = [one["name"] for one in chart["series"]]
    found = []
    if len({*categories}) < len(categories):
        found += wrong("categories must be unique", f"{path}/axis_config/categories")
    if len({*names}) < len(names):
        found += wrong("series names must be unique", f"{path}/series")
    for index, one in enumerate(chart["series"]):
        if sorted(point["label"] for point in one["data"]) != categories:
            found += wrong("must have every category once", f"{path}/series/{index}/data")
    return found


_PLOT = shape({**TYPE, "series": items(_SERIES, MOST_SERIES), "axis_config": _AXES}, {}, also=_agree)
_SEGMENT = shape({"label": _LABEL, "value": positive}, {})
_PIE = shape({**TYPE, "segments": items(_SEGMENT, MOST_SERIES)}, {})
CHART = shape(
    {
        **TYPE,
        "title": string(50),
        "chart": typed({"bar": _PLOT, "line": _PLOT, "area": _PLOT, "pie": _PIE}, "chart"),
    },
    {"block_id": ID},
)


def characters(block: object) -> int:
    """Return how many characters of the limit on tables this block uses."""
    if isinstance(block, dict):
        own = len(block["text"]) if isinstance(block.get("text"), str) else 0
        return own + sum(characters(one) for name, one in block.items() if name != "text")
    return sum(characters(one) for one in block) if isinstance(block, list) else 0
