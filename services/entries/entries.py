"""Reads time entries, for their person and for readers who may see others."""

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
    """Which entries to read: those that share time with [`start`, `end`), and with `after` those behind that position
    in the list. `person_id` is the id of their person; None means the reader."""

    person_id: UUID | None = None
    start: datetime | None = None
    end: datetime | None = None
    project_id: UUID | None = None
    running: bool | None = None
    after: tuple[datetime, UUID] | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage:
    """A page of entries, newest first. `at` is the instant at which they were read; a running timer counts until
    then."""

    entries: tuple[TimeEntry, ...]
    more: bool
    at: datetime


MOST_CHOICES = 25
MOST_CHANGES = 500


class Entries:
    """Reads time entries, each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, workspace_id: UUID, reader: Person, wanted: EntryFilter) -> EntryPage:
        """Read a page of entries. It is empty if the entries are somebody else's and the reader may not see others."""
        person_id = wanted.person_id or reader.id
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

    async def find_owner(self, workspace_id: UUID, reader: Person, person_id: UUID | None) -> Person:
        """Return the person whose entries are asked for, and whose zone decides on local dates. Return the reader if
        they may not see that person."""
        if person_id is None or person_id == reader.id or not reader.sees_others:
            return reader
        async with self._database.transaction(workspace_id) as tx:
            return await people.find_by_id(tx, workspace_id, person_id) or reader

    async def find(self, workspace_id: UUID, reader: Person, entry_id: UUID) -> EntryPage:
        """Return a page with only that entry. Raises NotFound, also if the reader may not see its person."""
        async with self._database.transaction(workspace_id) as tx:
            found = await entries.find_in_workspace(tx, workspace_id, entry_id)
            at = await tx.now()
        if found is None or not _may_see(reader, found.person_id):
            raise NotFound("There is no such time entry.")
        return EntryPage(entries=(found,), more=False, at=at)

    async def history(self, workspace_id: UUID, reader: Person, entry_id: UUID) -> list[EntryHistoryItem]:
        """Return every change of the entry, oldest first, also of a deleted entry. Raises NotFound as `find` does."""
        async with self._database.transaction(workspace_id) as tx:
            found = await entries.find_in_workspace(tx, workspace_id, entry_id, include_deleted=True)
            if found is None or not _may_see(reader, found.person_id):
                raise NotFound("There is no such time entry.")
            return await changes.find_by_entry(tx, workspace_id, entry_id, most=MOST_CHANGES)

    async def find_editable(
        self, workspace_id: UUID, who: str, entry_id: UUID | None = None
    ) -> EditableEntry:
        """Return the person's entry with that id, or without an id the running or the last one. Raises PersonUnknown
        or NotFound."""
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
        """Return the tags of the reader's own entries, by name."""
        async with self._database.transaction(workspace_id) as tx:
            return await person_entries.sum_by_tag(tx, workspace_id, reader.id, at=await tx.now())


def _may_see(reader: Person, person_id: UUID) -> bool:
    return person_id == reader.id or reader.sees_others
