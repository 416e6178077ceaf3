"""Days and instants, against tables and against the zones' own arithmetic."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Span, day_of, day_span, due_instant, instants_of, next_due

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


@given(zone=zones, day=days)
@settings(max_examples=300, deadline=None)
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
        assert day_of(span.start, zone) == day_of(span.end - timedelta(microseconds=1), zone)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23.0),
        ("Europe/Berlin", date(2026, 10, 25), 25.0),
        ("Africa/Cairo", date(2026, 4, 24), 23.0),  # its midnight does not exist
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), None),  # nor does this date
        ("Pacific/Apia", date(2011, 12, 31), 24.0),
    ],
)
def test_a_day_is_as_long_as_it_was(zone: str, day: date, hours: float | None) -> None:
    span = day_span(day, ZoneInfo(zone))
    assert (span.length / timedelta(hours=1) if span else None) == hours


def scanned(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The due instant by looking at every minute around it."""
    wall = datetime.combine(day, at)
    instant = (datetime.combine(day, time(12), UTC) - timedelta(hours=40)).replace(second=0)
    local = [(instant + number * MINUTE, None) for number in range(80 * 60)]
    of_day = [
        (minute, shown)
        for minute, _ in local
        if (shown := minute.astimezone(zone).replace(tzinfo=None)).date() == day
    ]
    if not of_day:
        return None
    for minute, shown in of_day:
        if shown == wall:
            return minute
    later = [minute for minute, shown in of_day if shown > wall]
    return later[0] if later else of_day[-1][0] + MINUTE


@pytest.mark.parametrize(
    "name", [*ODD, "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]
)
def test_due_instants_agree_with_a_look_at_every_minute(name: str) -> None:
    zone = ZoneInfo(name)
    year = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]
    moving = [day for day in year if (span := day_span(day, zone)) and span.length != timedelta(days=1)]
    for day in [*moving, date(2026, 6, 1), date(2011, 12, 30)]:
        for at in (time(0), time(0, 30), time(1, 45), time(2), time(2, 15), time(2, 30), time(3), time(18)):
            assert due_instant(day, at, zone) == scanned(day, at, zone), (day, at)


@given(zone=zones, day=days, minutes=st.integers(0, 1439))
@settings(max_examples=300, deadline=None)
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
        lambda: day_of(naive, ZoneInfo("UTC")),
        lambda: Span(start=naive, end=aware),
        lambda: Span(start=aware, end=aware),
        lambda: instants_of(aware, ZoneInfo("UTC")),
    ):
        with pytest.raises(ValueError, match="zone|starts before"):
            wrong()
