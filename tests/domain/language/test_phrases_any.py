"""Whatever is typed: a value or a sentence, soon, and never a silent change of what was said."""

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from domain.errors import NotUnderstood, Refusal
from domain.language.days import parse_day
from domain.language.intervals import extract_interval
from domain.language.lengths import read_length
from domain.language.periods import parse_period
from domain.language.time_points import extract_time_point, parse_time_point, refuse_unread_time
from domain.time.calendar import Span
from domain.time.days import resolve_day
from domain.time.intervals import conflict_search_span, resolve_interval
from domain.time.periods import resolve_period
from domain.time.time_points import resolve_time_point
from tests.domain.language.phrase_book import BERLIN, NOW, TODAY, logged, started
from tests.growth import assert_takes_at_most
from tests.properties import try_examples

WORDS = (
    "at", "since", "from", "to", "until", "-", "–", "and", "or", "of", "the", "on", "in", "for", "last",
    "this", "next", "week", "month", "9", "17", "9:30", "14:15", "9am", "5pm", "noon", "midnight", "9-11",
    "13:00-14:00", "0900", "half", "past", "quarter", "an", "a", "one", "twenty", "five", "hour", "hours",
    "h", "1h", "1h30", "90m", "20", "min", "ago", "now", "yesterday", "today", "tomorrow", "monday", "fri",
    "12/11", "12", "nov", "12th", "2026-11-12", "0001-01-01", "9999-12-31", "24:00", "morning", "night",
    "last night", "½", "1.5", ",", "api", "fix", "+", "q3", "w46", "2025", "１",
)  # fmt: skip
TYPED = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
ZONES = st.sampled_from(
    [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe")]
)
NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@try_examples(50, 5_000, typed=TYPED, now=NOWS, zone=ZONES, day_first=st.booleans())
def test_whatever_is_logged_is_a_stretch_of_the_past_or_a_sentence(
    typed: str, now: datetime, zone: ZoneInfo, day_first: bool
) -> None:
    try:
        stretch, _ = extract_interval(typed)
    except NotUnderstood as refused:
        assert refused.sentence.endswith("Nothing was changed.")  # noqa: PT017 - either way out is right
        return
    with suppress(Refusal):
        assert conflict_search_span(stretch, now=now, zone=zone, day_first=day_first).end == now
        span = resolve_interval(stretch, now=now, zone=zone, day_first=day_first, tracked=[])
        assert isinstance(span, Span)
        assert span.end <= now
        assert span.length <= timedelta(hours=25)


@try_examples(50, 5_000, typed=TYPED, now=NOWS, zone=ZONES, day_first=st.booleans())
def test_whatever_a_start_or_a_stop_says_is_the_past_or_a_sentence(
    typed: str, now: datetime, zone: ZoneInfo, day_first: bool
) -> None:
    with suppress(Refusal):
        moment, rest = extract_time_point(typed)
        if moment is None:
            assert rest == typed
            refuse_unread_time(rest)
        else:
            assert resolve_time_point(moment, now=now, zone=zone, day_first=day_first) <= now
    with suppress(Refusal):
        assert resolve_time_point(parse_time_point(typed), now=now, zone=zone, day_first=day_first) <= now


@try_examples(50, 5_000, typed=TYPED, day_first=st.booleans())
def test_whatever_is_asked_for_is_days_that_have_come_or_a_sentence(typed: str, day_first: bool) -> None:
    with suppress(Refusal):
        if day := parse_day(typed):
            assert resolve_day(day, today=TODAY, day_first=day_first) <= TODAY
    with suppress(Refusal):
        if period := parse_period(typed):
            dates = resolve_period(period, today=TODAY, day_first=day_first)
            assert dates.first <= dates.last <= TODAY


def spellings(hours: int, minutes: int) -> list[str]:
    forms = [
        f"{hours}h{minutes:02}",
        f"{hours}h {minutes}m",
        f"{hours} hours {minutes} min",
        f"{hours} hr, {minutes} minutes",
        f"{hours}:{minutes:02}h",
        f"{60 * hours + minutes}m",
        f"{60 * hours + minutes} minutes",
    ]
    return [*forms, f"{hours + minutes / 60:.2f}h"] if minutes % 3 == 0 else forms


@try_examples(
    40,
    1_000,
    hours=st.integers(0, 23),
    minutes=st.integers(0, 59),
    which=st.integers(0, 7),
    upper=st.booleans(),
)
def test_an_amount_is_the_same_however_it_is_written(
    hours: int, minutes: int, which: int, upper: bool
) -> None:
    forms = spellings(hours, minutes)
    typed = forms[which % len(forms)]
    assert read_length(typed.upper() if upper else typed) == timedelta(hours=hours, minutes=minutes)


@try_examples(
    40, 1_000, begins=st.integers(0, 1439), lasting=st.integers(1, 16 * 60), dash=st.sampled_from("-–—")
)
def test_a_range_by_24_hours_is_what_it_says(begins: int, lasting: int, dash: str) -> None:
    first, last = (f"{at // 60 % 24:02}:{at % 60:02}" for at in (begins, begins + lasting))
    assert logged(f"{first}{dash}{last} 2 days ago api") == (f"11-16 {first}-{last}", "api")


@try_examples(40, 1_000, at=st.integers(0, 1439))
def test_a_time_with_am_or_pm_is_what_it_says(at: int) -> None:
    hour, minute = divmod(at, 60)
    typed = f"yesterday at {hour % 12 or 12}:{minute:02}{'pm' if hour >= 12 else 'am'} api"
    assert started(typed) == (f"11-17 {hour:02}:{minute:02}", "api")


@pytest.mark.parametrize(
    "piece",
    [
        "1", "1 ", "1h ", "1h", "9-", "9:00-", "1.1.", "12/11 ", "a ", "an hour and ", "half ", "twenty ",
        "one two ", "1h and a ", "at ", "since yesterday ", "monday ", "the ", "last ", "in the ",
        "from 9 to ", "nov 1 to ", "week of ", "9 am to ", "am ", "ago ", "or ", "- ", "—", "/", ", ", " ",
        "½", "+a ", "x", "é", "１", "yesterday, ", "1 nov 1 ",
    ],
)  # fmt: skip
def test_a_thousand_hostile_characters_take_no_time(piece: str) -> None:
    hostile = (piece * 1_000)[:1_000]

    def read_in_every_way(text: str) -> None:
        for typed in (text, text[:300], f"api {text}", f"{text} api", f"1h {text}"):
            for reads in (
                extract_time_point,
                parse_time_point,
                refuse_unread_time,
                extract_interval,
                parse_period,
                parse_day,
            ):
                with suppress(Refusal):
                    reads(typed)

    assert_takes_at_most(1.0, read_in_every_way, hostile)  # 30 readings, of a few milliseconds at most


def test_digits_of_other_scripts_are_not_ours() -> None:
    for typed in ("１h api", "at １4:15", "٣h api", "९ nov"):
        assert parse_day(typed) is None
        assert parse_period(typed) is None
        with pytest.raises(NotUnderstood):
            extract_interval(typed)
        with pytest.raises(NotUnderstood):
            parse_time_point(typed)


def test_the_same_words_mean_the_same_to_a_start_and_to_a_stop() -> None:
    for typed in ("at 14:15", "20 min ago", "since yesterday 16:00", "mon 5pm", "9 this morning"):
        moment, rest = extract_time_point(typed)
        assert (moment, rest) == (parse_time_point(typed), "")
        assert moment is not None
        assert resolve_time_point(moment, now=NOW, zone=BERLIN, day_first=True) <= NOW


@try_examples(
    40, 1_000, first=st.integers(0, 23), last=st.integers(0, 24), minutes=st.sampled_from(["", ":00", ":30"])
)
def test_a_range_that_is_asked_about_is_answered_by_either_answer(
    first: int, last: int, minutes: str
) -> None:
    try:
        logged(f"{first}{minutes}-{last}{minutes} 2 days ago")
    except Refusal as refused:
        if "Does that mean" in refused.sentence:
            answers = re.findall(r"`([^`]+)`", refused.sentence)
            meant = {logged(f"{answer} 2 days ago")[0] for answer in answers}
            assert meant == {f"11-16 {answer}" for answer in answers}
