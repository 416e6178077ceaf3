"""Reading time entries for the person they belong to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.entries.entries import EditableEntry, TagUse, TimeEntry
from domain.errors import NotFound
from domain.history.changes import EntryHistoryItem
from domain.identity.people import Person
from storage.entries import entries, person_entries
from storage.history import changes
from storage.identity import people
from storage.postgres.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFilter:
    """`start` and `end` bound what shares time with [start, end); `after` continues behind an entry's place. `of` is
    whose time it is, where that is not whoever asks."""

    of: UUID | None = None
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
MOST_CHANGES = 500


class Entries:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, workspace_id: UUID, reader: Person, wanted: EntryFilter) -> EntryPage:
        """Of a colleague nothing, unless the reader sees others: their time is private."""
        person_id = wanted.of or reader.id
        if not _may_see(reader, person_id):
            async with self._database.transaction(workspace_id) as tx:
                return EntryPage(entries=(), more=False, at=await tx.now())
        async with self._database.transaction(workspace_id) as tx:
            found = await person_entries.find_newest(
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

    async def owner(self, workspace_id: UUID, reader: Person, of: UUID | None) -> Person:
        """Whose entries are asked for, and so whose dates are meant; the reader where they do not see that person."""
        if of is None or of == reader.id or not reader.sees_others:
            return reader
        async with self._database.transaction(workspace_id) as tx:
            return await people.find_by_id(tx, workspace_id, of) or reader

    async def one(self, workspace_id: UUID, reader: Person, entry_id: UUID) -> EntryPage:
        """That entry, as a page of one. Raises NotFound also where it is somebody's whom the reader does not see."""
        async with self._database.transaction(workspace_id) as tx:
            found = await entries.find_in_workspace(tx, workspace_id, entry_id)
            at = await tx.now()
        if found is None or not _may_see(reader, found.person_id):
            raise NotFound("There is no such time entry.")
        return EntryPage(entries=(found,), more=False, at=at)

    async def history(self, workspace_id: UUID, reader: Person, entry_id: UUID) -> list[EntryHistoryItem]:
        """Everything that was done to it, the oldest first, also once it is deleted. Raises NotFound as `one` does."""
        async with self._database.transaction(workspace_id) as tx:
            found = await entries.find_in_workspace(tx, workspace_id, entry_id, deleted_too=True)
            if found is None or not _may_see(reader, found.person_id):
                raise NotFound("There is no such time entry.")
            return await changes.find_by_entry(tx, workspace_id, entry_id, most=MOST_CHANGES)

    async def editable(self, workspace_id: UUID, who: str, entry_id: UUID | None = None) -> EditableEntry:
        """That entry of the person, or what runs, or their last one. Raises PersonUnknown or NotFound."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who)
            newest = await person_entries.find_newest(tx, workspace_id, person.id, most=MOST_CHOICES)
            found = newest[0] if newest else None
            if entry_id:
                found = await entries.find(tx, workspace_id, person.id, entry_id)
            if found is None:
                raise NotFound("There is no entry to change. `/track log 1h api` records one.")
            return EditableEntry(person=person, entry=found, others=tuple(newest), at=await tx.now())

    async def tags(self, workspace_id: UUID, reader: Person) -> list[TagUse]:
        """The tags of the reader's own entries, by name."""
        async with self._database.transaction(workspace_id) as tx:
            return await person_entries.sum_by_tag(tx, workspace_id, reader.id, at=await tx.now())


def _may_see(reader: Person, person_id: UUID) -> bool:
    return person_id == reader.id or reader.sees_others
