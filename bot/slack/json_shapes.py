"""Checks of JSON: what must stand where, so that its readers need not check again."""

from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]
MISSING = object()


def is_word(value: Any) -> bool:  # noqa: ANN401
    """Return whether it is an id, an address or an instant: printable, and not empty."""
    return isinstance(value, str) and value != "" and value.isprintable()


def is_text(value: Any) -> bool:  # noqa: ANN401
    """Return whether it is text that can be stored."""
    if not isinstance(value, str) or "\x00" in value:
        return False
    return not any("\ud800" <= character <= "\udfff" for character in value)


def is_string(value: Any) -> bool:  # noqa: ANN401
    """Return whether it is text of any kind: its reader makes it fit to be stored."""
    return isinstance(value, str)


def maybe(check: Check) -> Check:
    """Allow it to be missing, or null."""
    return lambda value: value is None or value is MISSING or check(value)


def optional(check: Check) -> Check:
    """Allow it to be missing, but not null."""
    return lambda value: value is MISSING or check(value)


def each(check: Check) -> Check:
    """Ask for a list of them."""
    return lambda value: isinstance(value, list) and all(check(one) for one in value)


def each_value(check: Check) -> Check:
    """Ask for an object of them, under any names that can be stored."""
    return lambda value: (
        isinstance(value, dict) and all(is_text(name) and check(one) for name, one in value.items())
    )


def either(*checks: Check) -> Check:
    return lambda value: any(check(value) for check in checks)


def has(shape: Mapping[str, Check]) -> Check:
    """Ask for an object with at least these, and anything beside them."""
    return lambda value: (
        isinstance(value, dict) and all(check(value.get(name, MISSING)) for name, check in shape.items())
    )
