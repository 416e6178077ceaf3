"""Instants in requests and responses, as RFC 3339."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def _check_rfc3339(value: Any) -> Any:  # noqa: ANN401 - pydantic hands over whatever was sent
    if isinstance(value, datetime) or (isinstance(value, str) and _RFC3339.fullmatch(value)):
        return value
    raise ValueError("an RFC 3339 date-time with an offset is needed, such as 2026-11-24T09:00:00+01:00")


def _check_year(value: datetime) -> datetime:
    if not 1970 <= value.year < 2100:
        raise ValueError("the years from 1970 to 2099 are possible")
    return value.astimezone(UTC)


# pydantic alone accepts 0 and "1711111111" as instants, hence the BeforeValidator. strict=False holds for this field
# only: behind a BeforeValidator a strict model would refuse the text.
Instant = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_check_rfc3339),
    AfterValidator(_check_year),
]


# An instant in a response, as `format_rfc3339` writes it.
InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


def format_rfc3339(instant: datetime) -> str:
    """Write an instant in UTC, with microseconds unless they are zero."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
