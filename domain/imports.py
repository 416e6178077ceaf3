"""Entries from a file: what was read in it, and what would become of it here. It is seen before anything is written."""

import hashlib
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.calendar import Span
from domain.entries import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS
from domain.errors import Refusal
from domain.people import Person
from domain.project_names import fold_title
from domain.projects import Project

# Entries. Half a second on two cores for so many, and as long again for the undo: an act keeps its deadline
# (tracking.acts) on a machine that has four times as much to do.
MOST_IMPORTED = 3_000
LARGEST_FILE = 2 * 1024 * 1024  # bytes


class ImportFormat(StrEnum):
    OWN_CSV = "our own CSV"
    OWN_JSON = "our own JSON"
    TOGGL = "Toggl's detailed report"
    CLOCKIFY = "Clockify's detailed report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry as the file has it, on the line of that number. `own_id` is the entry's id here, where the file is ours.
    `zone` is where its person was, if that is known. Instants are UTC; `end` is later than `start`."""

    number: int
    start: datetime
    end: datetime
    project: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    zone: str | None = None
    own_id: UUID | None = None
    whose: str = ""

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def external_id(self) -> str | None:
        """By which it is known again once it was imported."""
        return f"export:{self.own_id}" if self.own_id else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A line that is no entry, and why: the end of a sentence."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DateOrder:
    """How the file's dates were read. `example` is one that could be read the other way too; empty where none can."""

    day_first: bool
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """`order` is None where dates are written so that there is only one way to read them."""

    format: ImportFormat
    lines: tuple[Line, ...]
    unread: tuple[Unread, ...]
    order: DateOrder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """An entry that is here already. `end` is None while it runs."""

    id: UUID
    external_id: str | None
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an import would do. `makes` are the titles of projects that there are not yet."""

    takes: tuple[Line, ...]
    duplicates: tuple[Line, ...]
    overlaps: tuple[Line, ...]
    locked: tuple[Line, ...]
    unread: tuple[Unread, ...]
    makes: tuple[str, ...]

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.takes), timedelta())

    @property
    def fingerprint(self) -> str:
        """Tells whether another plan would do the same with the same file."""
        said = repr(
            [
                [line.number for line in part]
                for part in (self.takes, self.duplicates, self.overlaps, self.locked, self.unread)
            ]
        )
        return hashlib.sha256(f"{said}{self.makes}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """A plan put before its person at the instant `at` (UTC)."""

    import_id: UUID
    person: Person
    name: str
    format: ImportFormat
    order: DateOrder | None
    plan: Plan
    at: datetime


class Imported(StrEnum):
    """What became of a file."""

    DONE = "imported"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer:
    """`act_id` names the import for Undo."""

    outcome: Imported
    name: str
    entries: int = 0
    total: timedelta = timedelta()
    made: tuple[str, ...] = ()
    act_id: UUID | None = None


class ImportChanged(Refusal):
    """What the preview said is not what would happen now; `preview` is."""

    def __init__(self, preview: ImportPreview) -> None:
        super().__init__("Something has changed since that preview. Nothing was imported.")
        self.preview = preview


def planned(
    file: ImportFile,
    *,
    present: Sequence[Present],
    projects: Mapping[str, Project],
    locked: Sequence[Span] = (),
    at: datetime,
) -> Plan:
    """`present` is what shares time with the file or is named in it, `projects` are those there are, by folded title,
    `locked` the weeks that are submitted or approved."""
    ids = {one.id for one in present}
    external_ids = {one.external_id for one in present if one.external_id}
    stretches = {(one.start, one.end) for one in present}
    taken = sorted((one.start, one.end or _FOREVER) for one in present)
    takes: list[Line] = []
    duplicates: list[Line] = []
    overlaps: list[Line] = []
    shut: list[Line] = []
    unread = list(file.unread)
    for line in sorted(file.lines, key=lambda one: (one.start, one.number)):
        named = line.external_id
        if line.end > at:
            unread.append(Unread(number=line.number, reason="it ends in the future"))
        elif line.own_id in ids or named in external_ids or (line.start, line.end) in stretches:
            duplicates.append(line)
        elif any(line.start < week.end and week.start < line.end for week in locked):
            shut.append(line)
        elif _meets(line, taken):
            overlaps.append(line)
        else:
            takes.append(line)
            insort(taken, (line.start, line.end))
            stretches.add((line.start, line.end))
            external_ids |= {named} if named else set()
    titles = {fold_title(title): title for title in {line.project for line in takes if line.project}}
    return Plan(
        takes=tuple(takes),
        duplicates=tuple(duplicates),
        overlaps=tuple(overlaps),
        locked=tuple(shut),
        unread=tuple(sorted(unread, key=lambda one: one.number)),
        makes=tuple(
            sorted((title for folded, title in titles.items() if folded not in projects), key=str.casefold)
        ),
    )


_FOREVER = datetime.max.replace(tzinfo=UTC)


def _meets(line: Line, taken: Sequence[tuple[datetime, datetime]]) -> bool:
    """Whether the line shares time with one of those, which are in order and share none with each other."""
    at = bisect_left(taken, (line.start, line.start))
    before, after = taken[at - 1 : at], taken[at : at + 1]
    return bool(before and before[0][1] > line.start) or bool(after and after[0][0] < line.end)


def of_one_person(file: ImportFile, names: frozenset[str]) -> ImportFile:
    """A file about several people without the lines of the others; `names` are whoever imports it, in lower case."""
    people = {line.whose for line in file.lines if line.whose}
    if len(people) < 2:
        return file
    others = [line for line in file.lines if line.whose.casefold() not in names]
    reasons = tuple(
        Unread(number=line.number, reason=f"it is not yours but of {line.whose or 'nobody named'}")
        for line in others
    )
    mine = tuple(line for line in file.lines if line.whose.casefold() in names)
    return replace(file, lines=mine, unread=(*file.unread, *reasons))


def checked_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Each once. Raises ValueError with the reason why they can not be kept."""
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags):
        raise ValueError(f"it has more than {MOST_TAGS} tags, or one longer than {LONGEST_TAG} characters")
    return tuple(dict.fromkeys(tags))


def checked_words(note: str) -> str:
    """On one line. Raises ValueError with the reason why it can not be kept."""
    note = " ".join(note.split())
    if len(note) > LONGEST_NOTE:
        raise ValueError(f"its note is longer than {LONGEST_NOTE} characters")
    return note
