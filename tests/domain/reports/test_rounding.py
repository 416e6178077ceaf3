"""Shown lengths add up to the shown total, in lists and in tables, whatever the exact ones are."""

import random
from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import strategies as st

from domain.reports.reports import sum_by_key
from domain.reports.rounding import percentages, round_down, share_out, share_out_table, unit_of
from tests.properties import try_examples

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
MONDAY = date(2026, 11, 16)
LENGTHS = st.integers(0, 10 * 3_600 * 1_000_000).map(lambda number: timedelta(microseconds=number))
SHORT = st.integers(0, 40_000_000).map(lambda number: timedelta(microseconds=number))


def test_three_times_twenty_minutes_and_forty_seconds_add_up() -> None:
    parts = [timedelta(minutes=20, seconds=40)] * 3
    assert share_out(parts) == [21 * MINUTE, 21 * MINUTE, 20 * MINUTE]
    assert percentages(parts) == [34, 33, 33]


def test_below_a_minute_it_is_seconds_that_add_up() -> None:
    assert share_out([timedelta(seconds=10.7), timedelta(seconds=20.6)]) == [11 * SECOND, 20 * SECOND]
    assert share_out([timedelta(), timedelta()]) == [timedelta(), timedelta()]
    assert (share_out([]), percentages([]), percentages([timedelta()])) == ([], [], [0])


@try_examples(40, 1_000, st.lists(LENGTHS | SHORT, max_size=40))
def test_a_list_adds_up_and_nothing_in_it_is_a_whole_unit_off(parts: list[timedelta]) -> None:
    total = sum(parts, timedelta())
    shown, unit = share_out(parts), unit_of(total)
    assert sum(shown, timedelta()) == round_down(total)
    assert all(
        abs(one - exact) < unit and one % unit == timedelta() for one, exact in zip(shown, parts, strict=True)
    )
    assert share_out(parts) == shown
    for _, equal in groupby(sorted(zip(parts, shown, strict=True)), key=lambda pair: pair[0]):
        numbers = [one for _, one in equal]
        assert max(numbers) - min(numbers) <= unit


@try_examples(40, 1_000, st.lists(LENGTHS, max_size=40))
def test_shares_add_up_to_a_hundred(parts: list[timedelta]) -> None:
    total, shares = sum(parts, timedelta()), percentages(parts)
    assert sum(shares) == (100 if total else 0)
    assert all(
        abs(share - 100 * (part / total)) < 1 for share, part in zip(shares, parts, strict=True) if total
    )


def by_row(table: dict[tuple[str, date], timedelta]) -> dict[str, timedelta]:
    return sum_by_key((row, length) for (row, _), length in table.items())


def by_day(table: dict[tuple[str, date], timedelta]) -> dict[date, timedelta]:
    return sum_by_key((day, length) for (_, day), length in table.items())


PLACES = st.tuples(
    st.sampled_from(["", "API", "Docs", "Web", "Zoo"]),
    st.integers(0, 6).map(lambda number: MONDAY + timedelta(days=number)),
)


@try_examples(
    40, 1_000, st.dictionaries(PLACES, LENGTHS | SHORT, max_size=35), st.randoms(use_true_random=False)
)
def test_a_table_adds_up_in_both_directions(
    table: dict[tuple[str, date], timedelta], shuffle: random.Random
) -> None:
    total = sum(table.values(), timedelta())
    shown, unit = share_out_table(table), unit_of(total)
    assert sum(shown.values(), timedelta()) == round_down(total)
    assert shown.keys() == table.keys()
    for place, exact in table.items():
        assert abs(shown[place] - exact) < unit
    days, rows = by_day(table), by_row(table)
    assert all(abs(by_day(shown)[day] - exact) < unit for day, exact in days.items())
    assert all(abs(by_row(shown)[row] - exact) < 2 * unit for row, exact in rows.items())
    places = list(table)
    shuffle.shuffle(places)
    assert share_out_table({place: table[place] for place in places}) == shown
    # The last day is what a report of that day alone shows.
    if filled := [day for day, exact in days.items() if exact]:
        last = max(filled)
        of_it = sorted(
            ((place, exact) for place, exact in table.items() if place[1] == last),
            key=lambda one: (-one[1], one[0]),
        )
        alone = share_out([exact for _, exact in of_it], unit=unit)
        assert [shown[place] for place, _ in of_it] == alone


@pytest.mark.parametrize("days", [1, 7])
def test_equal_entries_on_every_day_of_a_week(days: int) -> None:
    table = {
        (title, MONDAY + timedelta(days=number)): timedelta(minutes=20, seconds=40)
        for title in ("API", "Docs", "Web")
        for number in range(days)
    }
    shown = share_out_table(table)
    assert sum(shown.values(), timedelta()) == days * 62 * MINUTE
    assert set(by_day(shown).values()) == {62 * MINUTE}
    assert set(shown.values()) == {20 * MINUTE, 21 * MINUTE}


@pytest.mark.parametrize("days", [92, pytest.param(366, marks=pytest.mark.exhaustive)])
def test_many_days_of_many_projects_are_rounded_at_once(days: int) -> None:
    draw = random.Random(7)
    table = {
        (f"project {row}", MONDAY + timedelta(days=day)): timedelta(seconds=draw.randrange(1, 20_000))
        for row in range(60)
        for day in range(days)
    }
    shown = share_out_table(table)
    assert sum(shown.values(), timedelta()) == round_down(sum(table.values(), timedelta()))
