"""Days and instants, against tables and against the zones' own arithmetic."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import strategies as st

from domain.time.calendar import Span, day_span, due_instant, instants_of, local_date, next_due
from tests.properties import try_examples

# Names that move on the days we look at, and some that stay; "localtime" and the like are not people's zones.
ZONES = sorted(
    name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "posix"))
)
ODD = [
    "Pacific/Apia",
    "Australia/Lord_Howe",
    "Africa/Cairo",
    "America/Santiago",
    "America/Sao_Paulo",
    "Asia/Beirut",
]
zones = st.sampled_from(ODD + ZONES).map(ZoneInfo)
days = st.dates(date(1990, 1, 1), date(2030, 12, 31))
MINUTE = timedelta(minutes=1)


@try_examples(40, 1_000, zone=zones, day=days)
def test_days_follow_each_other_without_gap_or_overlap(zone: ZoneInfo, day: date) -> None:
    following: date = day
    spans: list[Span] = []
    while len(spans) < 3:
        if span := day_span(following, zone):
            spans.append(span)
        following += timedelta(days=1)
    for before, after in pairwise(spans):
        assert before.end == after.start
    for span in spans:
        assert local_date(span.start, zone) == local_date(span.end - timedelta(microseconds=1), zone)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23.0),
        ("Europe/Berlin", date(2026, 10, 25), 25.0),
        ("Africa/Cairo", date(2026, 4, 24), 23.0),  # its midnight does not exist
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), None),  # nor does this date
        ("Pacific/Apia", date(2011, 12, 31), 24.0),
        ("Pacific/Kwajalein", date(1993, 8, 20), 24.0),
        ("Pacific/Kwajalein", date(1993, 8, 21), None),
    ],
)
def test_a_day_is_as_long_as_it_was(zone: str, day: date, hours: float | None) -> None:
    span = day_span(day, ZoneInfo(zone))
    assert (span.length / timedelta(hours=1) if span else None) == hours


def moves(zone: ZoneInfo) -> list[date]:
    """The days of 2026 on which its clocks change, by the length of the day in UTC."""
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    noons = [datetime.combine(day, time(12), zone).utcoffset() for day in [date(2025, 12, 31), *year]]
    return [day for day, (before, after) in zip(year, pairwise(noons), strict=True) if before != after]


# All zones that move take a minute, and to find them takes a while too.
MOVING = sorted({*ODD, *[name for name in ZONES[::20] if moves(ZoneInfo(name))]})


def scanned(day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Every minute from well before the day until well after it, and what the clocks show then."""
    first = datetime.combine(day, time(0), UTC) - timedelta(hours=16)
    minutes = [first + number * MINUTE for number in range(58 * 60)]
    return [(minute, minute.astimezone(zone).replace(tzinfo=None)) for minute in minutes]


def first_shown(wall: datetime, table: list[tuple[datetime, datetime]]) -> datetime | None:
    """The due instant, found by looking at every minute."""
    if all(shown.date() != wall.date() for _, shown in table):
        return None
    for minute, shown in table:
        if shown == wall:
            return minute
    return next(later for (_, shown), (later, shown_later) in pairwise(table) if shown < wall < shown_later)


def test_enough_zones_are_looked_at() -> None:
    assert len(MOVING) >= 12


@pytest.mark.parametrize("name", MOVING)
def test_due_instants_agree_with_a_look_at_every_minute(name: str) -> None:
    look_at_every_minute(ZoneInfo(name))


@pytest.mark.exhaustive
def test_due_instants_agree_with_a_look_at_every_minute_in_all_zones_that_move() -> None:
    zones = [zone for zone in map(ZoneInfo, ZONES) if moves(zone)]
    assert len(zones) >= 150
    for zone in zones:
        look_at_every_minute(zone)


def look_at_every_minute(zone: ZoneInfo) -> None:
    for day in [*moves(zone), date(2011, 12, 30)]:
        table = scanned(day, zone)
        for at in (time(0), time(0, 30), time(1, 45), time(2), time(2, 15), time(2, 30), time(3), time(18)):
            assert due_instant(day, at, zone) == first_shown(datetime.combine(day, at), table), (day, at)


@try_examples(40, 1_000, zone=zones, day=days, minutes=st.integers(0, 1439))
def test_the_next_due_instant_is_later_and_none_lies_between(zone: ZoneInfo, day: date, minutes: int) -> None:
    at = time(minutes // 60, minutes % 60)
    after = datetime.combine(day, time(11, 17), UTC)
    its_day, due = next_due(after, at, zone)
    assert due > after
    assert due == due_instant(its_day, at, zone)
    for earlier in range(1, 4):
        before = due_instant(its_day - timedelta(days=earlier), at, zone)
        assert before is None or before <= after


def test_a_doubled_time_is_two_instants_and_a_skipped_one_none() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first, second = instants_of(datetime(2026, 10, 25, 2, 30), berlin)
    assert second - first == timedelta(hours=1)
    assert instants_of(datetime(2026, 3, 29, 2, 30), berlin) == ()


def test_times_without_a_zone_and_empty_spans_are_refused() -> None:
    naive, aware = datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)
    for wrong in (
        lambda: local_date(naive, ZoneInfo("UTC")),
        lambda: Span(start=naive, end=aware),
        lambda: Span(start=aware, end=aware),
        lambda: instants_of(aware, ZoneInfo("UTC")),
    ):
        with pytest.raises(ValueError, match="zone|starts before"):
            wrong()


def test_a_span_within_the_doubled_hour_is_measured_in_utc() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 10, 25, 2, 45, tzinfo=berlin)
    second = datetime(2026, 10, 25, 2, 15, tzinfo=berlin, fold=1)  # shown earlier, half an hour later
    assert Span(start=first, end=second).length == timedelta(minutes=30)
    with pytest.raises(ValueError, match="starts before"):
        Span(start=second, end=first)


def test_a_part_of_a_span_is_what_both_share() -> None:
    noon = datetime(2026, 11, 18, 12, tzinfo=UTC)
    hour = timedelta(hours=1)
    morning, midday = Span(start=noon - 3 * hour, end=noon), Span(start=noon - hour, end=noon + hour)
    assert morning.clip(midday) == Span(start=noon - hour, end=noon)
    assert morning.clip(Span(start=noon, end=noon + hour)) is None  # they only touch
