"""Reading time entries for the person they belong to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries import Editable, TimeEntry
from domain.errors import NotFound
from storage import entries, people, timelines
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


MOST_CHOICES = 25


class Entries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, workspace_id: UUID, person_id: UUID, wanted: EntryFilter) -> EntryPage:
        async with self._database.transaction(workspace_id) as tx:
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

    async def editable(self, workspace_id: UUID, who: str, entry_id: UUID | None = None) -> Editable:
        """That entry of the person, or what runs, or their last one. Raises PersonUnknown or NotFound."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.known(tx, workspace_id, who)
            newest = await timelines.newest(tx, workspace_id, person.id, most=MOST_CHOICES)
            found = newest[0] if newest else None
            if entry_id:
                found = await entries.get(tx, workspace_id, person.id, entry_id)
            if found is None:
                raise NotFound("There is no entry to change. `/track log 1h api` records one.")
            return Editable(person=person, entry=found, others=tuple(newest), at=await tx.now())

    async def running(self, workspace_id: UUID, person_id: UUID) -> EntryPage:
        """What runs, as a page of one or none."""
        return await self.page(workspace_id, person_id, EntryFilter(running=True, limit=1))
