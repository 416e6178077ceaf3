"""Types of fields in bodies and queries, and the models that bodies and queries derive from."""

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
    """The body of a request. Types are exact, and unknown fields are errors instead of being ignored."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


# PostgreSQL stores no NUL. Other control characters become spaces, as in everything that people type.
STORABLE = (Field(pattern=r"^[^\x00]*$"), AfterValidator(sanitize_text))
Text = Annotated[str, *STORABLE]
# A read-only field of a record. It may be sent back and is ignored, so that clients can read a record, edit it and
# send it with PUT.
Ignored = Annotated[Any, Field(default=None, exclude=True, json_schema_extra={"readOnly": True})]


_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
# In a query an unescaped "+" means a space, so an offset such as "+01:00" arrives with a space.
_BARE_PLUS = re.compile(r"([^ ]{1,10}[Tt ][^ ]{1,30}) (\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _parse_day_or_instant(value: Any) -> date | datetime:  # noqa: ANN401 - pydantic hands over whatever was sent
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    if isinstance(value, str) and (bare := _BARE_PLUS.fullmatch(value)):
        value = f"{bare[1]}+{bare[2]}"
    return _INSTANT.validate_python(value)


DayOrInstant = Annotated[
    date | datetime,
    PlainValidator(_parse_day_or_instant),
    WithJsonSchema(
        {
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
            "description": "A date of yours, all of it included; or an instant with an offset.",
        }
    ),
]


def resolve_start(value: date | datetime | None, person: Person) -> datetime | None:
    """Return the start of a period: the instant, or the first instant of the person's date."""
    return value if value is None or isinstance(value, datetime) else _day_span("from", value, person).start


def resolve_end(value: date | datetime | None, person: Person) -> datetime | None:
    """Return the end of a period: the instant, or the end of the person's date."""
    return value if value is None or isinstance(value, datetime) else _day_span("to", value, person).end


def _day_span(field: str, day: date, person: Person) -> Span:
    try:
        span = day_span(day, person.zone)
    except OverflowError:
        span = None
    if span is None:
        raise FieldErrors({field: f"{day} does not exist in {person.zone.key}."})
    return span
