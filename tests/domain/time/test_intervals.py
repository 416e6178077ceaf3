"""Amounts and ranges as people type them. Now is Wednesday 2026-11-18, 15:40 in Berlin; 9 to 12 is taken."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.language.intervals import extract_interval
from domain.time.calendar import Span
from domain.time.intervals import resolve_interval
from tests.properties import try_examples

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 18, 14, 40, tzinfo=UTC)
TAKEN = [Span(start=datetime(2026, 11, 18, 8, tzinfo=UTC), end=datetime(2026, 11, 18, 11, tzinfo=UTC))]


def read(
    typed: str, taken: list[Span] = TAKEN, now: datetime = NOW, zone: ZoneInfo = BERLIN
) -> tuple[str, str]:
    stretch, rest = extract_interval(typed)
    span = resolve_interval(stretch, now=now, zone=zone, day_first=True, tracked=taken)
    start, end = (instant.astimezone(zone) for instant in (span.start, span.end))
    return f"{start:%m-%d %H:%M}-{end:%H:%M}", rest


@pytest.mark.parametrize(
    ("typed", "meant", "rest"),
    [
        ("1h30 api fix", "11-18 14:10-15:40", "api fix"),
        ("90m", "11-18 14:10-15:40", ""),
        ("1.5h x", "11-18 14:10-15:40", "x"),
        ("1,5h x", "11-18 14:10-15:40", "x"),
        ("1h 30m x", "11-18 14:10-15:40", "x"),
        ("1:30h x", "11-18 14:10-15:40", "x"),
        ("45 min standup", "11-18 14:55-15:40", "standup"),
        ("half an hour x", "11-18 15:10-15:40", "x"),
        ("an hour and a half x", "11-18 14:10-15:40", "x"),
        ("2 hours 15 minutes x", "11-18 13:25-15:40", "x"),
        ("for 20 min x", "11-18 15:20-15:40", "x"),
        ("api review 30 min", "11-18 15:10-15:40", "api review"),
        ("4h x", "11-18 05:00-09:00", "x"),  # now is not free for so long: the latest stretch that is
        ("12-14 lunch talk", "11-18 12:00-14:00", "lunch talk"),
        ("12:15-13:45 x", "11-18 12:15-13:45", "x"),
        ("12:15 to 13:45 x", "11-18 12:15-13:45", "x"),
        ("12:15–13:45 x", "11-18 12:15-13:45", "x"),
        ("from 12 to 1pm x", "11-18 12:00-13:00", "x"),
        ("1-3pm x", "11-18 13:00-15:00", "x"),
        ("between 13:00 and 14:20 x", "11-18 13:00-14:20", "x"),
        ("13h30-14h x", "11-18 13:30-14:00", "x"),
        ("noon to 1pm x", "11-18 12:00-13:00", "x"),
        ("api fix 13:00-14:00", "11-18 13:00-14:00", "api fix"),
        ("9-5 yesterday x", "11-17 09:00-17:00", "x"),
        ("9 to 5pm yesterday x", "11-17 09:00-17:00", "x"),
        ("9-11am yesterday", "11-17 09:00-11:00", ""),
        ("11-1pm yesterday", "11-17 11:00-13:00", ""),
        ("9am-noon mon x", "11-16 09:00-12:00", "x"),
        ("yesterday 14:00-15:30 x", "11-17 14:00-15:30", "x"),
        ("22:00-02:00 yesterday", "11-17 22:00-02:00", ""),
        ("mon 9-12 x", "11-16 09:00-12:00", "x"),
        ("2026-11-12 10:00-11:00 x", "11-12 10:00-11:00", "x"),
        ("12/11 10-11:30 x", "11-12 10:00-11:30", "x"),
        ("1h yesterday x", "11-17 09:00-10:00", "x"),
        ("yesterday 1h30 x", "11-17 09:00-10:30", "x"),
        ("2h on monday x", "11-16 09:00-11:00", "x"),
        ("last friday 2h x", "11-13 09:00-11:00", "x"),
        ("13 nov 3h x", "11-13 09:00-12:00", "x"),
        ("2 days ago 1h x", "11-16 09:00-10:00", "x"),
        ("today 2h x", "11-18 13:40-15:40", "x"),
    ],
)
def test_a_stretch_is_wholly_understood_and_laid_where_it_says(typed: str, meant: str, rest: str) -> None:
    assert read(typed) == (meant, rest)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("api fix", "I need an amount or a range"),
        ("", "I need an amount or a range"),
        ("25:00-26:00", "I need an amount"),
        ("9:75-10", "I need an amount"),
        ("sprint 42", "I need an amount"),
        ("0m x", "between a minute and 24 hours"),
        ("30h x", "between a minute and 24 hours"),
        ("9-9 x", "begins where it ends"),
        ("9:00-03:00 x", "longer than 16 hours"),
        ("31/02 1h", "no such date"),
        ("13pm-14 x", "no 13 o'clock"),
        ("16h x", "no free time of 16 h on 18 Nov 2026: the longest is 9 h"),
    ],
)
def test_nonsense_is_refused_in_words(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(typed)
    assert reason in refused.value.sentence


def test_an_amount_avoids_what_is_taken_on_an_earlier_day() -> None:
    monday = [Span(start=datetime(2026, 11, 16, 8, tzinfo=UTC), end=datetime(2026, 11, 16, 11, tzinfo=UTC))]
    assert read("2h mon x", taken=monday)[0] == "11-16 12:00-14:00"


def test_hours_that_the_clock_skips_or_repeats_are_refused() -> None:
    with pytest.raises(Refusal, match="did not exist"):
        read("29/03 02:30-04:00", now=datetime(2026, 3, 30, 12, tzinfo=UTC))
    with pytest.raises(Refusal, match="came twice"):
        read("25/10 02:30-04:00", now=datetime(2026, 10, 26, 12, tzinfo=UTC))


@try_examples(
    40,
    1_000,
    minutes=st.integers(1, 600),
    taken=st.lists(st.tuples(st.integers(0, 900), st.integers(1, 200)), max_size=8),
)
def test_an_amount_never_overlaps_and_keeps_its_length(minutes: int, taken: list[tuple[int, int]]) -> None:
    midnight = datetime(2026, 11, 17, 23, tzinfo=UTC)
    spans = [
        Span(start=midnight + timedelta(minutes=at), end=midnight + timedelta(minutes=at + length))
        for at, length in taken
    ]
    stretch, _ = extract_interval(f"{minutes}m x")
    try:
        span = resolve_interval(stretch, now=NOW, zone=BERLIN, day_first=True, tracked=spans)
    except Refusal:
        return
    assert span.length == timedelta(minutes=minutes)
    assert span.end <= NOW
    assert not any(span.clip(one) for one in spans)
