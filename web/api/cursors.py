"""Places in a list, as text. Whatever has a cursor's form is one: a place need not be that of anything."""

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


def instant_cursor(start: datetime, entry_id: UUID) -> str:
    return f"{(start - _EPOCH) // _MICROSECOND}-{entry_id.hex}"


def instant_place(cursor: str) -> tuple[datetime, UUID]:
    microseconds, _, entry_id = cursor.partition("-")
    return _EPOCH + timedelta(microseconds=int(microseconds)), UUID(hex=entry_id)


def name_cursor(name: str) -> str:
    return name.encode().hex()


def name_place(cursor: str) -> str:
    return bytes.fromhex(cursor).decode(errors="replace").replace("\x00", "")
