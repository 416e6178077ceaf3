"""Works out what must be true after each step, without the code under test: plain rows, plain sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.entries.entries import ProposedEntry
from domain.entries.overlaps import Adjustment
from domain.time.calendar import Span
from tests.records import EntryRows, Row

MOST_LOOKED_AT = 50  # changes of a person that "undo" goes through


@dataclass
class Deed:
    """An operation that changed entries: each of them before (None where it was created) and after."""

    act_id: UUID
    who: str
    diff: dict[UUID, tuple[Row | None, Row]]
    undoing: bool
    undone: bool = False

    def stands(self, rows: EntryRows) -> bool:
        return not self.undone and all(rows[key] == after for key, (_, after) in self.diff.items())


def find_difference(before: EntryRows, after: EntryRows) -> dict[UUID, tuple[Row | None, Row]]:
    assert before.keys() <= after.keys(), "an entry was lost"
    return {key: (before.get(key), row) for key, row in after.items() if before.get(key) != row}


def select_inside(rows: EntryRows, person_id: UUID, span: Span) -> EntryRows:
    """Return the entries of that person that share time with the span and are not deleted."""
    return {
        key: row
        for key, row in rows.items()
        if row["person_id"] == person_id
        and not row["deleted"]
        and row["started_at"] < span.end
        and (row["ended_at"] is None or row["ended_at"] > span.start)
    }


def take_back(deed: Deed, rows: EntryRows, at: datetime) -> EntryRows:
    """Return the rows as undoing that deed leaves them: as they were before it, and what it created deleted."""
    back = dict(rows)
    for key, (before, after) in deed.diff.items():
        back[key] = before or delete_row(after, at)
    return back


def delete_row(row: Row, at: datetime) -> Row:
    ended = row["ended_at"] or max(at, row["started_at"] + timedelta(microseconds=1))
    return {**row, "deleted": True, "ended_at": ended}


def find_deed_to_undo(deeds: Iterable[Deed], who: str, rows: EntryRows) -> tuple[Deed | None, bool]:
    """Return the deed that "undo" takes back, and whether it is among the changes that "undo" looks at."""
    changes = 0
    for deed in reversed([one for one in deeds if one.who == who]):
        changes += len(deed.diff)
        if not deed.undoing and deed.stands(rows):
            return deed, changes <= MOST_LOOKED_AT
    return None, True


def find_overlapping(claim: ProposedEntry, rows: EntryRows, person_id: UUID) -> list[UUID]:
    """Return what overlaps the claim; a timer that ran before a new one does not, since the new one ends it."""
    begins = claim.end is None and claim.entry_id is None
    found = [
        row
        for key, row in rows.items()
        if row["person_id"] == person_id
        and not row["deleted"]
        and key != claim.entry_id
        and (claim.end is None or row["started_at"] < claim.end)
        and (row["ended_at"] is None or row["ended_at"] > claim.start)
        and not (begins and row["ended_at"] is None and row["started_at"] < claim.start)
    ]
    return [row["id"] for row in sorted(found, key=lambda row: row["started_at"])]


def make_room(
    claim: ProposedEntry, preview: Iterable[Adjustment], rows: EntryRows, at: datetime
) -> tuple[EntryRows, list[tuple[Any, ...]]]:
    """Return what becomes of the existing entries by that preview, and the stretches that are added to them."""
    there, added = dict(rows), []
    for one in preview:
        row = there[one.entry.id]
        if not one.remainders:
            there[one.entry.id] = delete_row(row, at)
            continue
        first, *rest = one.remainders
        there[one.entry.id] = {**row, "started_at": first.start, "ended_at": first.end}
        added += [(other.start, other.end, row["note"]) for other in rest]
    if claim.entry_id:
        there[claim.entry_id] = _claimed(there[claim.entry_id], claim)
    else:
        added.append((claim.start, claim.end, claim.note))
    return there, sorted(added)


def end_timer(rows: EntryRows, person_id: UUID, at: datetime) -> EntryRows:
    """End that person's running timer, as the start of another does."""
    return {
        key: {**row, "ended_at": at} if row["ended_at"] is None and row["person_id"] == person_id else row
        for key, row in rows.items()
    }


def _claimed(row: Row, claim: ProposedEntry) -> Row:
    said = {"note": claim.note, "tags": list(claim.tags), "project_id": claim.project_id}
    return {**row, **said, "started_at": claim.start, "ended_at": claim.end}


def add_up_days(rows: Iterable[Row], days: Iterable[date], zone: ZoneInfo, at: datetime) -> list[timedelta]:
    """Add up the tracked time of each local date; a running entry counts until `at`."""
    found = []
    for day in days:
        start, end = _midnight(day, zone), _midnight(day + timedelta(days=1), zone)
        found.append(sum((measure_shared(row, start, end, at) for row in rows), timedelta()))
    return found


def measure_length(row: Row, at: datetime) -> timedelta:
    lasted: timedelta = (row["ended_at"] or at) - row["started_at"]
    return max(lasted, timedelta())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """Read with the offset before the jump, a midnight that is skipped is the jump itself."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def measure_shared(row: Row, start: datetime, end: datetime, at: datetime) -> timedelta:
    length: timedelta = min(row["ended_at"] or at, end) - max(row["started_at"], start)
    return max(length, timedelta())


def has_overlap(rows: Iterable[Row]) -> bool:
    """Return whether any two of them overlap, which two running entries always do."""
    living = sorted((row for row in rows if not row["deleted"]), key=lambda row: row["started_at"])
    return any(
        earlier["ended_at"] is None or earlier["ended_at"] > later["started_at"]
        for earlier, later in pairwise(living)
    )
