"""Checks the shape of JSON payloads, so that their readers need no checks of their own."""

from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]
MISSING = object()


def is_word(value: Any) -> bool:  # noqa: ANN401
    """Return whether the value can be an id, an address or an instant: a printable string that is not empty."""
    return isinstance(value, str) and value != "" and value.isprintable()


def is_text(value: Any) -> bool:  # noqa: ANN401
    """Return whether the value is a string that PostgreSQL can store."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def is_string(value: Any) -> bool:  # noqa: ANN401
    """Return whether the value is any string; its reader cleans it before storing."""
    return isinstance(value, str)


def maybe(check: Check) -> Check:
    """Make a check that also accepts a missing value or null."""
    return lambda value: value is None or value is MISSING or check(value)


def optional(check: Check) -> Check:
    """Make a check that also accepts a missing value, but not null."""
    return lambda value: value is MISSING or check(value)


def each(check: Check) -> Check:
    """Make a check for a list of such values."""
    return lambda value: isinstance(value, list) and all(check(one) for one in value)


def each_value(check: Check) -> Check:
    """Make a check for an object of such values, whatever their names, if these can be stored."""
    return lambda value: (
        isinstance(value, dict) and all(is_text(name) and check(one) for name, one in value.items())
    )


def either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def has(shape: Mapping[str, Check]) -> Check:
    """Make a check for an object with at least these fields."""
    return lambda value: (
        isinstance(value, dict) and all(check(value.get(name, MISSING)) for name, check in shape.items())
    )
