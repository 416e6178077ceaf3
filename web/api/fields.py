"""The kinds of values that go in and out, as bodies and queries declare them."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, TypeAdapter, WithJsonSchema

from domain.errors import FieldErrors
from domain.identity.people import Person
from domain.text import sanitize_text
from domain.time.calendar import Span, day_span
from web.http.instants import Instant


class Body(BaseModel):
    """What is sent: exact types, and no field that would be ignored without a word."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


# PostgreSQL stores no NUL. Other control characters become spaces, as in everything that people type.
STORABLE = (Field(pattern=r"^[^\x00]*$"), AfterValidator(sanitize_text))
Text = Annotated[str, *STORABLE]
# What an answer carries may be sent back with it, and changes nothing: so a record can be read, edited and put.
Ignored = Annotated[Any, Field(default=None, exclude=True, json_schema_extra={"readOnly": True})]


_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
# In a query a "+" stands for a space; whoever wrote it there meant the offset.
_BARE_PLUS = re.compile(r"([^ ]{1,10}[Tt ][^ ]{1,30}) (\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _day_or_instant(value: Any) -> date | datetime:  # noqa: ANN401 - pydantic hands over whatever was sent
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and (bare := _BARE_PLUS.fullmatch(value)):
        value = f"{bare[1]}+{bare[2]}"
    return _INSTANT.validate_python(value)


DayOrInstant = Annotated[
    date | datetime,
    PlainValidator(_day_or_instant),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
            "description": "A date of yours, all of it included; or an instant with an offset.",
        }
    ),
]


def start_of(given: date | datetime | None, person: Person) -> datetime | None:
    """The instant from which on it counts: that one, or the first one of the person's date."""
    return given if given is None or isinstance(given, datetime) else _span("from", given, person).start


def end_of(given: date | datetime | None, person: Person) -> datetime | None:
    """The instant up to which it counts: that one, or the one at which the person's date ends."""
    return given if given is None or isinstance(given, datetime) else _span("to", given, person).end


def _span(field: str, day: date, person: Person) -> Span:
    try:
        span = day_span(day, person.zone)
    except OverflowError:
        span = None
    if span is None:
        raise FieldErrors({field: f"{day} does not exist in {person.zone.key}."})
    return span
