"""Readers of button values. They raise Refusal for any value that this bot does not write."""

from datetime import date, datetime
from uuid import UUID

from domain.entries.entries import to_utc
from domain.errors import Refusal

OUT_OF_DATE = "That button is out of date. `/track` shows what is true now."


def read_id(value: str) -> UUID:
    """Read an id. Raises Refusal."""
    try:
        return UUID(value)
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None


def read_ids(value: str) -> tuple[UUID, UUID]:
    """Read two ids with a space between them. Raises Refusal."""
    first, _, second = value.partition(" ")
    return read_id(first), read_id(second)


def read_version(value: str) -> tuple[UUID, int | None]:
    """Read an id, and the version of the entry or timesheet that the person saw. Raises Refusal."""
    row_id, _, version = value.partition(" ")
    return read_id(row_id), int(version) if version.isascii() and version.isdigit() else None


def read_day(value: str) -> date:
    """Read a date. Raises Refusal."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None


def read_instant(value: str) -> datetime:
    """Read an aware instant. Raises Refusal."""
    try:
        return to_utc(datetime.fromisoformat(value))
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None
