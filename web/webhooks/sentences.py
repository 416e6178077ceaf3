"""Why a signed event was refused, as a sentence for whoever connected its sender."""

from collections.abc import Iterator, Sequence
from itertools import islice

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from web.webhooks.native import TYPES

MOST_NAMED = 3
LONGEST_NAME = 60  # of what the sender wrote
# What pydantic calls an error, and what is wrong in plain words. `{name}` are parts of the error's context.
_WORDS = {
    "missing": "is missing",
    "string_type": "has to be text",
    "string_too_short": "is empty",
    "string_too_long": "is too long: {max_length} characters at most",
    "string_pattern_mismatch": "is not a web address",
    "timezone_aware": "needs an offset, such as +01:00",
}
_ANY = ("model_type", "model_attributes_type", "dict_type")
_INSTANTS = ("timestamp", "at", "start_time", "end_time")


def sentence_of(error: ValidationError) -> str:
    """Say what is wrong with an event, and name its first MOST_NAMED fields."""
    found = error.errors(include_url=False, include_input=False)
    said = list(islice(_sentences(found), MOST_NAMED))
    more = len(found) - len(said)
    rest = f" {more} more of its fields {'is' if more == 1 else 'are'} wrong as well." if more else ""
    return f"The event could not be used: {'; '.join(said)}.{rest}"


def _sentences(errors: Sequence[ErrorDetails]) -> Iterator[str]:
    for error in errors:
        kind, context = error["type"], error.get("ctx", {})
        if kind == "union_tag_not_found":
            yield f"it has no `type`; those we take are {_listed(TYPES)}"
        elif kind == "union_tag_invalid":
            yield f"its type `{_short(context.get('tag'))}` is none of {_listed(TYPES)}"
        else:
            yield _about_field(error)


def _about_field(error: ErrorDetails) -> str:
    # The first part of a place is the event's type, which chose the model.
    place = [str(part) for part in error["loc"] if part not in TYPES]
    name, context = ".".join(place) or "the event", error.get("ctx", {})
    field = f"`{_short(name)}`" if place else name
    if place and place[-1] in _INSTANTS and error["type"] != "missing":
        return f"{field} has to be an instant with an offset, such as 2026-11-24T09:00:00+01:00"
    if error["type"] in _ANY:
        return f"{field} has to be an object"
    if words := _WORDS.get(error["type"]):
        return f"{field} {words.format(**context)}"
    reason = context.get("error")
    return f"{field}: {reason}" if isinstance(reason, ValueError) else f"{field} can not be used"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _short(text: object) -> str:
    said = " ".join(str(text).split())
    return said if len(said) <= LONGEST_NAME else f"{said[:LONGEST_NAME]}…"
