"""Days of somebody who moved: no second is in two of them, and none in no day."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.reports.timesheets import days_of_week
from domain.time.calendar import Span, day_span
from domain.time.local_days import LocalDays, SubmittedWeek
from tests.properties import try_examples

ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati")]
)
MONDAY = date(2026, 10, 19)  # the clocks of Berlin and Los Angeles change within the next three weeks


def submitted_week(week: date, zone: ZoneInfo, after: datetime | None) -> SubmittedWeek:
    days = days_of_week(week, zone, after=after)
    return SubmittedWeek(week=week, span=Span(start=days[0][1].start, end=days[-1][1].end), zone=zone)


@try_examples(
    40, 1_000, ZONES, st.lists(ZONES, min_size=1, max_size=3), st.integers(0, 10), st.integers(1, 30)
)
def test_days_follow_each_other_whatever_was_handed_in_where(
    zone: ZoneInfo, then: list[ZoneInfo], begin: int, count: int
) -> None:
    weeks: list[SubmittedWeek] = []
    for number, one in enumerate(then):
        after = weeks[-1].span.end if weeks else None
        weeks.append(submitted_week(MONDAY + timedelta(weeks=number), one, after))
    days = [MONDAY - timedelta(days=5) + timedelta(days=begin + number) for number in range(count)]
    spans = LocalDays(zone=zone, submitted=tuple(weeks)).spans(days)
    assert all(earlier.end == later.start for (_, earlier), (_, later) in pairwise(spans))
    found = dict(spans)
    for week in weeks:
        if week.week in found:
            assert found[week.week].start == week.span.start
        if (last := week.week + timedelta(days=6)) in found:
            assert found[last].end == week.span.end


def test_without_a_move_they_are_the_days_of_the_zone() -> None:
    zone = ZoneInfo("Pacific/Apia")
    days = [date(2011, 12, 29), date(2011, 12, 30), date(2011, 12, 31)]
    assert LocalDays(zone=zone).spans(days) == [(day, day_span(day, zone)) for day in (days[0], days[2])]
    assert LocalDays(zone=zone).first_instants([days[1]]) == [datetime(2011, 12, 30, 10, tzinfo=UTC)]
