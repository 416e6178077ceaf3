"""Expressions for statements that read many rows at once: no row fails them for the others, whatever it holds."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal_column

# With room for every offset.
_FIRST, _LAST = date(1, 1, 2), date(9999, 12, 30)
_MOST_COUNTED = 1_000_000


def readable(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """An instant or a date, or the nearest one that Python has: before our era, and after the year 9999, the driver
    would raise OverflowError, and with that nobody's row is read."""
    first, last = (cast(literal_column(f"'{one}'"), column.type) for one in (_FIRST, _LAST))
    nearest = func.least(func.greatest(column, first, type_=column.type), last, type_=column.type)
    return case((column.is_(None), None), else_=nearest)


def one_more(column: ColumnElement[int]) -> ColumnElement[int]:
    """One more than was counted. The largest integer has none, and would fail the statement."""
    return func.least(column, _MOST_COUNTED, type_=Integer) + 1
