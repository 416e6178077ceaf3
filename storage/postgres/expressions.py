"""Expressions for statements that read many rows at once, so that one extreme value does not make all of them fail."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, case, cast, func, literal_column

# One day within Python's limits, which leaves room for every UTC offset.
_FIRST, _LAST = date(1, 1, 2), date(9999, 12, 30)
_MOST_COUNTED = 1_000_000


def clamp_to_python_range(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Replace an instant or date that Python can not represent by the nearest one that it can.

    Before year 1 and after year 9999 the driver raises OverflowError, and none of the rows is read.
    """
    first, last = (cast(literal_column(f"'{one}'"), column.type) for one in (_FIRST, _LAST))
    nearest = func.least(func.greatest(column, first, type_=column.type), last, type_=column.type)
    return case((column.is_(None), None), else_=nearest)


def increment_capped(column: ColumnElement[int]) -> ColumnElement[int]:
    """Add one to a counter, up to a limit: adding to the largest integer would fail the statement."""
    return func.least(column, _MOST_COUNTED, type_=Integer) + 1
