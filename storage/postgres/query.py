"""Statements, written with SQLAlchemy Core and compiled once when their module is imported."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, DateTime, Text, bindparam, func, literal_column
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.sql.base import Executable

_DIALECT = dialects.dialect()  # type: ignore[no-untyped-call]


# The instant of operations: the database's clock, or a clock that a test passed.
DATABASE_NOW = func.coalesce(bindparam("clock", type_=DateTime(timezone=True)), func.clock_timestamp())


def inline_word(word: str) -> ColumnElement[str]:
    """Write a word into the statement itself instead of passing it as a parameter.

    A reused plan uses a partial index only if the index's condition is part of the statement's text.
    """
    assert word.isidentifier()
    return literal_column(f"'{word}'", Text)


class Query:
    """A statement that is compiled when its module is imported. Its values are passed by the names of its binds."""

    __slots__ = ("_defaults", "_names", "text")

    def __init__(self, statement: Executable) -> None:
        compiled: Any = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
        self.text: str = compiled.string
        self._names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self._defaults: dict[str, Any] = {
            name: bind.value for name, bind in compiled.binds.items() if not bind.required
        }

    def arguments(self, values: dict[str, Any]) -> list[Any]:
        """Put the values into the order of the statement's parameters."""
        defaults = self._defaults
        return [values[name] if name in values else defaults[name] for name in self._names]
