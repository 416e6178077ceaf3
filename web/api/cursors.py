"""Cursors: positions in a list as text. Any well-formed text is valid, even if no record has that position."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

InstantCursor = Annotated[
    str, Field(pattern=r"^[0-9]{1,17}-[0-9a-f]{32}$", description="`next_cursor` as it came.")
]
NameCursor = Annotated[str, Field(pattern=r"^([0-9a-f]{2}){1,200}$", description="`next_cursor` as it came.")]


def encode_instant_cursor(start: datetime, entry_id: UUID) -> str:
    """Encode the position of an entry."""
    return f"{(start - _EPOCH) // _MICROSECOND}-{entry_id.hex}"


def decode_instant_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Decode the position of an entry: its start and its id."""
    microseconds, _, entry_id = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), UUID(hex=entry_id)


def encode_name_cursor(name: str) -> str:
    """Encode a position in a list that is sorted by a name."""
    return name.encode().hex()


def decode_name_cursor(cursor: str) -> str:
    """Decode a position in a list that is sorted by a name."""
    return bytes.fromhex(cursor).decode(errors="replace").replace("\x00", "")
