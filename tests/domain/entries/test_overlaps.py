"""Making room: nothing is left in the claim's time, and nothing outside of it is lost that the way does not name."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st

from domain.entries.entries import TimeEntry
from domain.entries.overlaps import Adjustment, OverlapStrategy, Remainder, adjustments, overlap_fingerprint
from tests.properties import try_examples

ZERO, DAY = datetime(2026, 11, 18, tzinfo=UTC), 24 * 60
MINUTE = timedelta(minutes=1)
NOW = ZERO + DAY * MINUTE


def entry(number: int, start: int, end: int | None) -> TimeEntry:
    return TimeEntry(
        id=UUID(int=number),
        person_id=UUID(int=0),
        project=None,
        note=str(number),
        tags=(),
        started_at=ZERO + start * MINUTE,
        ended_at=None if end is None else ZERO + end * MINUTE,
        zone="UTC",
        source="slack",
        version=1,
        deleted=False,
        created_at=ZERO,
        updated_at=ZERO,
    )


@st.composite
def crowds(draw: st.DrawFn) -> tuple[datetime, datetime | None, list[TimeEntry]]:
    """A claim's time and the entries of one person that share it: in order, none over another, the last may run."""
    start, length = draw(st.integers(0, DAY - 1)), draw(st.integers(1, DAY))
    end = None if draw(st.booleans()) and draw(st.booleans()) else min(start + length, DAY)
    marks = draw(st.lists(st.integers(0, DAY), min_size=2, max_size=12, unique=True).map(sorted))
    pairs: list[tuple[int, int | None]] = list(zip(marks[::2], marks[1::2], strict=False))
    if len(marks) % 2:
        pairs.append((marks[-1], None))
    sharing = [
        (low, high) for low, high in pairs if (end is None or low < end) and (high is None or high > start)
    ]
    claimed_end = None if end is None else ZERO + end * MINUTE
    found = [entry(number, low, high) for number, (low, high) in enumerate(sharing, 1)]
    return ZERO + start * MINUTE, claimed_end, found


def minutes(start: datetime, end: datetime | None) -> set[int]:
    """What runs fills the day to its end and one minute more, so that it is seen whether it runs on."""
    last = DAY + 1 if end is None else int((end - ZERO) / MINUTE)
    return set(range(int((start - ZERO) / MINUTE), last))


def kept_of(change: Adjustment) -> set[int]:
    parts = [minutes(rest.start, rest.end) for rest in change.remainders]
    assert all(parts), "nothing that is left is empty"
    assert sum(map(len, parts)) == len(set().union(*parts)), "no two parts overlap"
    return set().union(*parts)


@try_examples(40, 1_000, crowds(), st.sampled_from(OverlapStrategy))
def test_what_is_kept_is_a_part_of_what_was_and_never_of_the_claim(
    crowd: tuple[datetime, datetime | None, list[TimeEntry]], way: OverlapStrategy
) -> None:
    start, end, taken = crowd
    claimed, changes = minutes(start, end), adjustments(way, taken, start=start, end=end, at=NOW)
    assert [change.entry for change in changes] == taken
    for change in changes:
        kept, whole = kept_of(change), minutes(change.entry.started_at, change.entry.ended_at)
        assert kept <= whole - claimed
        assert [rest.start for rest in change.remainders] == sorted(rest.start for rest in change.remainders)


@try_examples(40, 1_000, crowds())
def test_splitting_loses_nothing_outside_of_the_claim(
    crowd: tuple[datetime, datetime | None, list[TimeEntry]],
) -> None:
    start, end, taken = crowd
    for change in adjustments(OverlapStrategy.SPLIT, taken, start=start, end=end, at=NOW):
        whole = minutes(change.entry.started_at, change.entry.ended_at)
        assert kept_of(change) == whole - minutes(start, end)
        assert change.entry.ended_at is not None or end is None or change.remainders[-1].end is None


@try_examples(40, 1_000, crowds())
def test_trimming_keeps_one_side_the_longer_one_and_what_runs_running(
    crowd: tuple[datetime, datetime | None, list[TimeEntry]],
) -> None:
    start, end, taken = crowd
    both = adjustments(OverlapStrategy.SPLIT, taken, start=start, end=end, at=NOW)
    for change, split in zip(
        adjustments(OverlapStrategy.TRIM, taken, start=start, end=end, at=NOW), both, strict=True
    ):
        assert len(change.remainders) == min(len(split.remainders), 1)
        assert set(change.remainders) <= set(split.remainders)
        if change.entry.running and end is not None:
            assert change.remainders[0].end is None
        elif change.remainders:
            assert change.remainders[0].length(NOW) == max(rest.length(NOW) for rest in split.remainders)


@try_examples(40, 1_000, crowds())
def test_replacing_leaves_nothing_of_them(
    crowd: tuple[datetime, datetime | None, list[TimeEntry]],
) -> None:
    start, end, taken = crowd
    changes = adjustments(OverlapStrategy.REPLACE, taken, start=start, end=end, at=NOW)
    assert [change.remainders for change in changes] == [()] * len(taken)


def test_of_two_sides_that_are_equally_long_the_earlier_one_is_kept() -> None:
    (change,) = adjustments(
        OverlapStrategy.TRIM, [entry(1, 0, 30)], start=ZERO + 10 * MINUTE, end=ZERO + 20 * MINUTE, at=NOW
    )
    assert change.remainders == (Remainder(start=ZERO, end=ZERO + 10 * MINUTE),)


def test_a_preview_is_known_by_its_entries_their_order_and_their_versions() -> None:
    one, other = entry(1, 0, 10), entry(2, 10, 20)
    seen = {overlap_fingerprint(taken) for taken in ([], [one], [other], [one, other], [other, one])}
    assert len(seen) == 5
    assert overlap_fingerprint([one, other]) == overlap_fingerprint([entry(1, 0, 10), entry(2, 10, 20)])
