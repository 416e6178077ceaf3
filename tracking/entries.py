"""Reading time entries for the person they belong to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries import TimeEntry
from storage import timelines
from storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """`start` and `end` bound what shares time with [start, end); `after` continues behind an entry's place."""

    start: datetime | None = None
    end: datetime | None = None
    project_id: UUID | None = None
    running: bool | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """Newest first. `at` is the instant of the reading, for the length of what runs."""

    entries: tuple[TimeEntry, ...]
    more: bool
    at: datetime


class Entries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, workspace_id: UUID, person_id: UUID, wanted: EntryFilter) -> EntryPage:
        async with self._database.transaction() as tx:
            found = await timelines.newest(
                tx,
                workspace_id,
                person_id,
                start=wanted.start,
                end=wanted.end,
                project_id=wanted.project_id,
                running=wanted.running,
                after=wanted.after,
                most=wanted.limit + 1,
            )
            at = await tx.now()
        return EntryPage(entries=tuple(found[: wanted.limit]), more=len(found) > wanted.limit, at=at)

    async def running(self, workspace_id: UUID, person_id: UUID) -> EntryPage:
        """What runs, as a page of one or none."""
        return await self.page(workspace_id, person_id, EntryFilter(running=True, limit=1))
