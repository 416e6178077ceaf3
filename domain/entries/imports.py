"""Imports: the plan of what a file would add. The person sees it before anything is written."""

import hashlib
from bisect import bisect_left, insort
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from domain.entries.import_files import ImportFile, ImportLine, ImportOptions, UnreadableLine
from domain.errors import Refusal
from domain.identity.people import Person
from domain.projects.project_names import fold_title
from domain.projects.projects import Project
from domain.time.calendar import Span
from domain.time.zones import find_zone

# Writing that many entries takes half a second on two cores, and so does their undo. An operation then meets its
# deadline (services.operations) even on a machine that is four times slower.
MOST_IMPORTED = 3_000
LARGEST_FILE = 2 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ExistingEntry:
    """A stored entry of the person. `end` is None while it runs; `zone` is the person's zone when it began."""

    id: UUID
    external_id: str | None
    start: datetime
    end: datetime | None
    zone: str = "UTC"
    note: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """The plan of an import: its effect on each line of the file.

    `takes` would be written. `duplicates` are stored already. `shifted` are stored already at other instants: they
    were read in another zone, or moved since. `overlaps` share time with other entries, `locked` lie in locked
    weeks. `makes` are titles of projects that the import would create, `renamed` are pairs of former and present
    ones, `archived` are titles of archived projects.
    """

    takes: tuple[ImportLine, ...]
    duplicates: tuple[ImportLine, ...]
    overlaps: tuple[ImportLine, ...]
    locked: tuple[ImportLine, ...]
    unread: tuple[UnreadableLine, ...]
    makes: tuple[str, ...]
    shifted: tuple[ImportLine, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    archived: tuple[str, ...] = ()

    @property
    def total(self) -> timedelta:
        return sum((line.length for line in self.takes), timedelta())

    @property
    def fingerprint(self) -> str:
        """Return a digest that is equal for plans that would write the same times, words and projects."""
        left_out = (self.duplicates, self.overlaps, self.locked, self.shifted, self.unread)
        said = repr(
            (self.takes, [[line.number for line in part] for part in left_out], self.makes, self.renamed)
        )
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """A plan, as the person sees it at the instant `at` (UTC). `options` are their choices for `file` so far."""

    import_id: UUID
    person: Person
    name: str
    file: ImportFile
    options: ImportOptions
    plan: ImportPlan
    at: datetime


class ImportOutcome(StrEnum):
    """The result of an import."""

    DONE = "imported"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportAnswer:
    """The result of an import, or of canceling one. `act_id` names the operation for Undo."""

    outcome: ImportOutcome
    name: str
    entries: int = 0
    total: timedelta = timedelta()
    made: tuple[str, ...] = ()
    act_id: UUID | None = None


class ImportChanged(Refusal):
    """The plan has changed since the person saw it. `preview` is the plan of now."""

    def __init__(self, preview: ImportPreview) -> None:
        super().__init__("Something has changed since that preview. Nothing was imported.")
        self.preview = preview


def plan_import(
    file: ImportFile,
    *,
    present: Sequence[ExistingEntry],
    projects: Mapping[str, Project],
    archived: Collection[str] = (),
    locked: Sequence[Span] = (),
    at: datetime,
) -> ImportPlan:
    """Decide what to do with each line of the file.

    `present` are the person's entries that share time with the file, or an id with one of its lines. `projects`
    maps folded titles, present and former ones, to projects; `archived` are the folded titles of archived projects.
    `locked` are the spans of submitted or approved weeks.
    """

    def called(line: ImportLine) -> str:
        project = projects.get(fold_title(line.project)) if line.project else None
        return project.title if project else line.project

    ids = {one.id for one in present}
    external_ids = {one.external_id for one in present if one.external_id}
    on_clocks = {key for one in present if (key := _local_identity(one))}
    intervals = {(one.start, one.end) for one in present}
    taken = sorted((one.start, one.end or _FOREVER) for one in present)
    takes: list[ImportLine] = []
    duplicates: list[ImportLine] = []
    shifted: list[ImportLine] = []
    overlaps: list[ImportLine] = []
    shut: list[ImportLine] = []
    unread = list(file.unread)
    for line in sorted(file.lines, key=lambda one: (one.start, one.number)):
        named = line.external_id
        if line.own_id in ids or (line.start, line.end) in intervals:
            duplicates.append(line)
        elif named in external_ids or (line.wall and (*line.wall, line.note, called(line)) in on_clocks):
            (shifted if line.wall else duplicates).append(line)
        elif line.end > at:
            unread.append(UnreadableLine(number=line.number, reason="it ends in the future"))
        elif any(line.start < week.end and week.start < line.end for week in locked):
            shut.append(line)
        elif _overlaps(line, taken):
            overlaps.append(line)
        else:
            takes.append(line)
            insort(taken, (line.start, line.end))
            intervals.add((line.start, line.end))
            external_ids |= {named} if named else set()
    titles = {fold_title(title): title for title in {line.project for line in takes if line.project}}
    return ImportPlan(
        takes=tuple(takes),
        duplicates=tuple(duplicates),
        overlaps=tuple(overlaps),
        locked=tuple(shut),
        shifted=tuple(shifted),
        unread=tuple(sorted(unread, key=lambda one: one.number)),
        makes=tuple(
            sorted((title for folded, title in titles.items() if folded not in projects), key=str.casefold)
        ),
        renamed=tuple(
            (title, projects[folded].title)
            for folded, title in sorted(titles.items())
            if folded in projects and fold_title(projects[folded].title) != folded
        ),
        archived=tuple(title for folded, title in sorted(titles.items()) if folded in archived),
    )


def _local_identity(one: ExistingEntry) -> tuple[datetime, datetime, str, str] | None:
    """Return the entry's start and end in local time, its note and its project; None while it runs. These identify
    an entry when the file is read again in another zone."""
    zone = find_zone(one.zone)
    if zone is None or one.end is None:
        return None
    start, end = (instant.astimezone(zone).replace(tzinfo=None) for instant in (one.start, one.end))
    return start, end, one.note, one.project


_FOREVER = datetime.max.replace(tzinfo=UTC)


def _overlaps(line: ImportLine, taken: Sequence[tuple[datetime, datetime]]) -> bool:
    """Return whether the line shares time with one of the sorted intervals `taken`, which do not overlap."""
    at = bisect_left(taken, (line.start, line.start))
    before, after = taken[at - 1 : at], taken[at : at + 1]
    return bool(before and before[0][1] > line.start) or bool(after and after[0][0] < line.end)
