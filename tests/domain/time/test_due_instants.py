"""Due instants against a table that was made another way: nothing but the clocks of each zone, read at every minute at
which they might have changed, from UTC to the wall and never back."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from domain.time.calendar import due_instant

TIMES = (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(9), time(18), time(23, 59))
EPOCH = date(1970, 1, 1)
DAY = 24 * 60  # in minutes, as everything here
# Clocks that change at midnight, by half an hour, by two hours, twice around Ramadan; and some that never do.
TELLING = (
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/New_York",
    "America/Nuuk",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Kathmandu",
    "Atlantic/Azores",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/Dublin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Kiritimati",
)


def offset(minute: int, zone: ZoneInfo) -> int:
    """How far the clocks of the zone are ahead of UTC in that minute since 1970."""
    ahead = datetime.fromtimestamp(minute * 60, zone).utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds()) // 60


def stretches(zone: ZoneInfo, first: int, last: int) -> list[tuple[int, int, int]]:
    """From when to when the clocks keep an offset, and which. Looked at each quarter of an hour, and where that differs
    at each minute in between."""
    found, begin, ahead = [], first, offset(first, zone)
    for minute in range(first + 15, last, 15):
        now = offset(minute, zone)
        if now != ahead:
            change = next(one for one in range(minute - 14, minute + 1) if offset(one, zone) == now)
            found.append((begin, change, ahead))
            begin, ahead = change, now
    return [*found, (begin, last, ahead)]


def table(kept: list[tuple[int, int, int]], day: date, at: time) -> int | None:
    """The minute at which the clocks show it: the first where they do twice, the first after the jump where they never
    do, none where they show no minute of that date."""
    midnight = (day - EPOCH).days * DAY
    if not any(begin + ahead < midnight + DAY and end + ahead > midnight for begin, end, ahead in kept):
        return None
    wall = midnight + at.hour * 60 + at.minute
    shown = [wall - ahead for begin, end, ahead in kept if begin + ahead <= wall < end + ahead]
    return min(shown or [begin for begin, _, ahead in kept if begin + ahead > wall])


def near_a_change(kept: list[tuple[int, int, int]], day: date) -> bool:
    """Whether the clocks change within two days of it."""
    noon = (day - EPOCH).days * DAY + DAY // 2
    return any(abs(begin - noon) < 2 * DAY for begin, _, _ in kept)


def differences(names: list[str], year: int, *, every: int = 1) -> Iterator[str]:
    """`every`: how many of the days around which no clock changes are looked at, one of so many."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    first, last = (
        (day - EPOCH).days * DAY for day in (days[0] - timedelta(days=3), days[-1] + timedelta(days=4))
    )
    for name in names:
        zone = ZoneInfo(name)
        kept = stretches(zone, first, last)
        looked_at = (day for day in days if day.toordinal() % every == 0 or near_a_change(kept, day))
        for day in looked_at:
            for at in TIMES:
                minute, found = table(kept, day, at), due_instant(day, at, zone)
                expected = None if minute is None else datetime.fromtimestamp(minute * 60, UTC)
                if found != expected:
                    yield f"{name} {day} {at}: {found}, not {expected}"


def test_a_sample_of_zones_has_no_difference_in_a_year() -> None:
    assert list(differences(list(TELLING), 2026, every=20)) == []


def test_a_date_that_a_zone_left_out_has_none() -> None:
    assert list(differences(["Pacific/Apia"], 2011, every=5)) == []
    assert due_instant(date(2011, 12, 30), time(18), ZoneInfo("Pacific/Apia")) is None


@pytest.mark.exhaustive
@pytest.mark.parametrize("year", [2026, 2011])
def test_no_zone_has_a_difference_on_any_date_of_a_year(year: int) -> None:
    names = sorted(available_timezones())
    assert len(names) > 590
    assert list(differences(names, year)) == []
