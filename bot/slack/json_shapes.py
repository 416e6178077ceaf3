"""Shapes of JSON: what has to stand where, so that whoever reads it need not ask again."""

from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]
MISSING = object()


def is_word(value: Any) -> bool:  # noqa: ANN401
    """An id, an address, an instant: printable, and not empty."""
    return isinstance(value, str) and value != "" and value.isprintable()


def is_text(value: Any) -> bool:  # noqa: ANN401
    """What somebody wrote, or we did: whatever can be stored."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def is_string(value: Any) -> bool:  # noqa: ANN401
    """What somebody typed, as it came: its reader makes it fit to be stored."""
    return isinstance(value, str)


def maybe(check: Check) -> Check:
    """It may be missing, or null."""
    return lambda value: value is None or value is MISSING or check(value)


def optional(check: Check) -> Check:
    """It may be missing, but not null."""
    return lambda value: value is MISSING or check(value)


def each(check: Check) -> Check:
    """A list of them."""
    return lambda value: isinstance(value, list) and all(check(one) for one in value)


def each_value(check: Check) -> Check:
    """An object of them, under any names that can be stored."""
    return lambda value: (
        isinstance(value, dict) and all(is_text(name) and check(one) for name, one in value.items())
    )


def either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def has(shape: Mapping[str, Check]) -> Check:
    """An object with at least these, and anything beside them."""
    return lambda value: (
        isinstance(value, dict) and all(check(value.get(name, MISSING)) for name, check in shape.items())
    )
