"""Reading what a button carries. Buttons come back as we sent them; any other value is refused."""

from datetime import date, datetime
from uuid import UUID

from domain.entries.entries import to_utc
from domain.errors import Refusal

OUT_OF_DATE = "That button is from another time. `/track` shows what is true now."


def read_id(value: str) -> UUID:
    """Raises Refusal."""
    try:
        return UUID(value)
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None


def read_ids(value: str) -> tuple[UUID, UUID]:
    """Two ids with a space between them. Raises Refusal."""
    first, _, second = value.partition(" ")
    return read_id(first), read_id(second)


def read_version(value: str) -> tuple[UUID, int | None]:
    """An id, and the version of its entry or timesheet that the person saw. Raises Refusal."""
    row_id, _, version = value.partition(" ")
    return read_id(row_id), int(version) if version.isascii() and version.isdigit() else None


def read_day(value: str) -> date:
    """Raises Refusal."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None


def read_instant(value: str) -> datetime:
    """An aware instant. Raises Refusal."""
    try:
        return to_utc(datetime.fromisoformat(value))
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None
