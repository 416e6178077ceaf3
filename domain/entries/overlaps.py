"""Overlaps: the entries that overlap a proposed entry, and what each strategy would leave of them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.entries.entries import ProposedEntry, TimeEntry
from domain.errors import Overlap
from domain.identity.people import Person


class OverlapStrategy(StrEnum):
    """The strategies for entries that overlap a proposed one. `adjustments` computes the effect of each strategy."""

    TRIM = "trim"  # keep the longer side; a timer keeps running
    SPLIT = "split"  # keep both sides
    REPLACE = "replace"  # delete it


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlapResolution:
    """The person's choice of a strategy. `seen` is the fingerprint of the entries in the preview that they saw."""

    strategy: OverlapStrategy
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """A part that remains of an entry, [start, end); `end` is None for a timer that keeps running."""

    start: datetime
    end: datetime | None

    def length(self, at: datetime) -> timedelta:
        return max((self.end or at) - self.start, timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An entry with the parts that a strategy leaves of it: none, one or two, the earlier one first."""

    entry: TimeEntry
    remainders: tuple[Remainder, ...]


class OverlapConflict(Overlap):
    """Other entries overlap the proposed entry `proposed`. `entries` are the other entries, oldest first, at the
    instant `at`."""

    def __init__(
        self,
        sentence: str,
        *,
        proposed: ProposedEntry,
        entries: Sequence[TimeEntry],
        person: Person,
        at: datetime,
    ) -> None:
        super().__init__(sentence)
        self.proposed = proposed
        self.entries = tuple(entries)
        self.person = person
        self.at = at

    @property
    def fingerprint(self) -> str:
        return overlap_fingerprint(self.entries)


def adjustments(
    strategy: OverlapStrategy,
    entries: Sequence[TimeEntry],
    *,
    start: datetime,
    end: datetime | None,
    at: datetime,
) -> tuple[Adjustment, ...]:
    """Return what the strategy leaves of each entry. `end` is None for a timer that is to start."""
    return tuple(
        Adjustment(
            entry=entry, remainders=_choose_remainders(strategy, _remainders(entry, start, end), entry, at)
        )
        for entry in entries
    )


def overlap_fingerprint(entries: Sequence[TimeEntry]) -> str:
    """Return a digest that is equal for the same entries at the same versions."""
    seen = ",".join(f"{entry.id}:{entry.version}" for entry in entries)
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def _remainders(entry: TimeEntry, start: datetime, end: datetime | None) -> list[Remainder]:
    sides = []
    if entry.started_at < start:
        sides.append(Remainder(start=entry.started_at, end=start))
    if end is not None and (entry.ended_at is None or entry.ended_at > end):
        sides.append(Remainder(start=end, end=entry.ended_at))
    return sides


def _choose_remainders(
    strategy: OverlapStrategy, sides: list[Remainder], entry: TimeEntry, at: datetime
) -> tuple[Remainder, ...]:
    if strategy is OverlapStrategy.REPLACE:
        return ()
    if strategy is OverlapStrategy.SPLIT or len(sides) < 2:
        return tuple(sides)
    before, after = sides
    return (after,) if entry.running or after.length(at) > before.length(at) else (before,)
