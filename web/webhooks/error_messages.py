"""Explanations of why a signed event was refused, for the person who connected its sender."""

from collections.abc import Iterator, Sequence
from itertools import islice

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from web.webhooks.native import TYPES

MAX_NAMED_FIELDS = 3
MAX_QUOTED = 60  # characters of the sender's text
# Plain words for pydantic's types of errors. Names in braces are filled in from the error's context.
_WORDS = {
    "missing": "is missing",
    "string_type": "has to be text",
    "string_too_short": "is empty",
    "string_too_long": "is too long: {max_length} characters at most",
    "string_pattern_mismatch": "is not a web address",
    "timezone_aware": "needs an offset, such as +01:00",
}
_OBJECT_TYPES = ("model_type", "model_attributes_type", "dict_type")
_INSTANT_FIELDS = ("timestamp", "at", "start_time", "end_time")


def describe_error(error: ValidationError) -> str:
    """Describe what is wrong with an event, naming the first MAX_NAMED_FIELDS fields."""
    found = error.errors(include_url=False, include_input=False)
    reasons = list(islice(_describe_errors(found), MAX_NAMED_FIELDS))
    more = len(found) - len(reasons)
    rest = f" {more} more of its fields {'is' if more == 1 else 'are'} wrong as well." if more else ""
    return f"The event could not be used: {'; '.join(reasons)}.{rest}"


def _describe_errors(errors: Sequence[ErrorDetails]) -> Iterator[str]:
    for error in errors:
        kind, context = error["type"], error.get("ctx", {})
        if kind == "union_tag_not_found":
            yield f"it has no `type`; those we take are {_join_names(TYPES)}"
        elif kind == "union_tag_invalid":
            yield f"its type `{_shorten(context.get('tag'))}` is none of {_join_names(TYPES)}"
        else:
            yield _describe_field(error)


def _describe_field(error: ErrorDetails) -> str:
    # The first part of a location is the event's type, which selected the model.
    place = [str(part) for part in error["loc"] if part not in TYPES]
    name, context = ".".join(place) or "the event", error.get("ctx", {})
    field = f"`{_shorten(name)}`" if place else name
    if place and place[-1] in _INSTANT_FIELDS and error["type"] != "missing":
        return f"{field} has to be an instant with an offset, such as 2026-11-24T09:00:00+01:00"
    if error["type"] in _OBJECT_TYPES:
        return f"{field} has to be an object"
    if words := _WORDS.get(error["type"]):
        return f"{field} {words.format(**context)}"
    reason = context.get("error")
    return f"{field}: {reason}" if isinstance(reason, ValueError) else f"{field} can not be used"


def _join_names(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _shorten(text: object) -> str:
    quoted = " ".join(str(text).split())
    return quoted if len(quoted) <= MAX_QUOTED else f"{quoted[:MAX_QUOTED]}…"
