"""Nights on which the clocks are changed: an hour that is skipped, and one that comes twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import FieldErrors, Refusal
from domain.time.local_times import LocalTime, resolve_local_time, to_local_time
from tests.domain.language.phrase_book import logged, started

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # its clocks are changed by half an hour


def noon(zone: ZoneInfo, day: str) -> datetime:
    return datetime.fromisoformat(f"{day} 12:00").replace(tzinfo=zone).astimezone(UTC)


SPRING = [
    (BERLIN, "2026-03-29", "02:00", "02:59", "01:59", "03:00"),
    (NEW_YORK, "2026-03-08", "02:00", "02:59", "01:59", "03:00"),
    (LORD_HOWE, "2026-10-04", "02:00", "02:29", "01:59", "02:30"),
]
AUTUMN = [
    (BERLIN, "2026-10-25", "02:00", "02:59", "01:59", "03:00"),
    (NEW_YORK, "2026-11-01", "01:00", "01:59", "00:59", "02:00"),
    (LORD_HOWE, "2026-04-05", "01:30", "01:59", "01:29", "02:00"),
]


@pytest.mark.parametrize(("zone", "day", "first", "last", "before", "after"), SPRING)
def test_a_time_that_the_clocks_skip_is_refused_with_the_reason(
    zone: ZoneInfo, day: str, first: str, last: str, before: str, after: str
) -> None:
    now = noon(zone, day)
    for skipped in (first, last):
        with pytest.raises(Refusal, match=f"{skipped} did not exist on .* in {zone.key}"):
            started(f"at {skipped} api", now=now, zone=zone)
        with pytest.raises(Refusal, match=f"{skipped} on .* in {zone.key} did not exist"):
            logged(f"{skipped}-11:00 api", now=now, zone=zone)
        with pytest.raises(Refusal, match=f"{skipped} did not exist"):
            logged(f"1h from {skipped} api", now=now, zone=zone)
    for there in (before, after):
        assert started(f"at {there} api", now=now, zone=zone) == (f"{day[5:]} {there}", "api")


@pytest.mark.parametrize(("zone", "day", "first", "last", "before", "after"), AUTUMN)
def test_a_time_that_comes_twice_is_asked_about(
    zone: ZoneInfo, day: str, first: str, last: str, before: str, after: str
) -> None:
    now = noon(zone, day)
    for doubled in (first, last):
        with pytest.raises(Refusal, match=f"{doubled} came twice on .* in {zone.key}.* how long ago"):
            started(f"at {doubled} api", now=now, zone=zone)
        with pytest.raises(Refusal, match=f"{doubled} on .* in {zone.key} came twice"):
            logged(f"00:10-{doubled} api", now=now, zone=zone)
        with pytest.raises(Refusal, match="came twice"):
            logged(f"since {doubled} api", now=now, zone=zone)
    for there in (before, after):
        assert started(f"at {there} api", now=now, zone=zone) == (f"{day[5:]} {there}", "api")


def test_a_range_over_the_change_keeps_its_ends_and_loses_or_wins_the_hour() -> None:
    assert logged("01:00-04:00", now=noon(BERLIN, "2026-03-29"))[0] == "03-29 01:00-04:00"
    assert logged("22:00-04:00 yesterday", now=noon(BERLIN, "2026-10-25"))[0] == "10-24 22:00-04:00"


def test_an_amount_that_begins_before_the_change_is_so_much_time_and_not_so_much_clock() -> None:
    assert logged("2h from 01:30", now=noon(BERLIN, "2026-03-29"))[0] == "03-29 01:30-04:30"
    assert logged("2h from 01:30", now=noon(BERLIN, "2026-10-25"))[0] == "10-25 01:30-02:30"
    assert logged("3h", now=datetime(2026, 10, 25, 3, tzinfo=UTC))[0] == "10-25 02:00-04:00"


@pytest.mark.parametrize(("zone", "day", "first", "last", "before", "after"), SPRING)
def test_a_form_refuses_a_skipped_time_at_its_field(
    zone: ZoneInfo, day: str, first: str, last: str, before: str, after: str
) -> None:
    for skipped in (first, last):
        with pytest.raises(FieldErrors) as refused:
            resolve_local_time("start", local(day, skipped), zone)
        assert "did not exist" in refused.value.fields["start"]
        assert not refused.value.repeated_times
    for there in (before, after):
        assert to_local_time(resolve_local_time("start", local(day, there), zone), zone) == local(day, there)


@pytest.mark.parametrize(("zone", "day", "first", "last", "before", "after"), AUTUMN)
def test_a_form_asks_which_of_two_is_meant_and_shows_the_one_it_was(
    zone: ZoneInfo, day: str, first: str, last: str, before: str, after: str
) -> None:
    for doubled in (first, last):
        with pytest.raises(FieldErrors) as refused:
            resolve_local_time("end", local(day, doubled), zone)
        assert refused.value.repeated_times == {"end"}
        earlier, later = (
            resolve_local_time("end", local(day, doubled, later=later), zone) for later in (False, True)
        )
        assert later - earlier == (timedelta(minutes=30) if zone is LORD_HOWE else timedelta(hours=1))
        assert [to_local_time(one, zone).later for one in (earlier, later)] == [False, True]
    for there in (before, after):
        assert to_local_time(resolve_local_time("end", local(day, there), zone), zone).later is None


def test_a_form_keeps_the_seconds_of_a_minute_that_was_not_changed() -> None:
    kept = datetime(2026, 11, 18, 8, 15, 42, 123456, tzinfo=UTC)
    assert resolve_local_time("start", local("2026-11-18", "09:15"), BERLIN, shown=kept) == kept
    changed = resolve_local_time("start", local("2026-11-18", "09:16"), BERLIN, shown=kept)
    assert changed == datetime(2026, 11, 18, 8, 16, tzinfo=UTC)
    doubled = datetime(2026, 10, 25, 1, 30, 7, tzinfo=UTC)  # the later 02:30
    assert resolve_local_time("start", local("2026-10-25", "02:30"), BERLIN, shown=doubled) == doubled
    assert (
        resolve_local_time("start", local("2026-10-25", "02:30", later=False), BERLIN, shown=doubled).hour
        == 0
    )


def local(day: str, at: str, *, later: bool | None = None) -> LocalTime:
    return LocalTime(day=date.fromisoformat(day), at=time.fromisoformat(at), later=later)
