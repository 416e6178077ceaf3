"""Points in time as people type them. Now is Wednesday 2026-11-18, 15:40 in Berlin."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from domain.errors import Refusal
from domain.language.time_points import extract_time_point, parse_time_point
from domain.time.time_points import resolve_time_point
from tests.properties import try_examples

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 18, 14, 40, tzinfo=UTC)

UNDERSTOOD = [
    # what is typed, the local instant, what is left for the note
    ("at 14:15 api x", "11-18 14:15", "api x"),
    ("at 14:15, api x", "11-18 14:15", "api x"),
    ("since 9 api", "11-18 09:00", "api"),
    ("from 9 api", "11-18 09:00", "api"),
    ("since 9:30am", "11-18 09:30", ""),
    ("9:30am standup", "11-18 09:30", "standup"),
    ("9am standup", "11-18 09:00", "standup"),
    ("12am wake", "11-18 00:00", "wake"),
    ("12pm lunch", "11-18 12:00", "lunch"),
    ("14:15", "11-18 14:15", ""),
    ("noon", "11-18 12:00", ""),
    ("since noon api", "11-18 12:00", "api"),
    ("midnight deploy", "11-18 00:00", "deploy"),
    ("since 3am night shift", "11-18 03:00", "night shift"),
    ("since 15:00 x", "11-18 15:00", "x"),
    ("since 4 x", "11-18 04:00", "x"),
    ("20 min ago api review", "11-18 15:20", "api review"),
    ("20m ago x", "11-18 15:20", "x"),
    ("half an hour ago", "11-18 15:10", ""),
    ("an hour ago x", "11-18 14:40", "x"),
    ("an hour and a half ago", "11-18 14:10", ""),
    ("a quarter of an hour ago", "11-18 15:25", ""),
    ("1h30 ago", "11-18 14:10", ""),
    ("1h 30m ago x", "11-18 14:10", "x"),
    ("1:30h ago", "11-18 14:10", ""),
    ("90m ago", "11-18 14:10", ""),
    ("1.5h ago", "11-18 14:10", ""),
    ("1,5 hours ago x", "11-18 14:10", "x"),
    ("2 hours 15 minutes ago x", "11-18 13:25", "x"),
    ("2 hours and 15 minutes ago x", "11-18 13:25", "x"),
    ("two hours ago", "11-18 13:40", ""),
    ("just now", "11-18 15:40", ""),
    ("now api", "11-18 15:40", "api"),
    ("since yesterday 16:00 api", "11-17 16:00", "api"),
    ("yesterday at 16:00 x", "11-17 16:00", "x"),
    ("yesterday 4pm x", "11-17 16:00", "x"),
    ("at 16:00 yesterday x", "11-17 16:00", "x"),
    ("16:00 yesterday x", "11-17 16:00", "x"),
    ("2 days ago at 9:00 x", "11-16 09:00", "x"),
    ("since monday 9", "11-16 09:00", ""),
    ("at 9 on monday", "11-16 09:00", ""),
    ("since wed 9:00", "11-18 09:00", ""),
    ("since last wednesday 9:00", "11-11 09:00", ""),
    ("since 12/11 14:00", "11-12 14:00", ""),
    ("12.11.2026 14:00 x", "11-12 14:00", "x"),
    ("13 nov at 9:00 foo", "11-13 09:00", "foo"),
    ("nov 13 9:00 foo", "11-13 09:00", "foo"),
    ("on the road", None, "on the road"),
    ("2026-11-12 09:00 foo", "11-12 09:00", "foo"),
    ("api fix since 9", "11-18 09:00", "api fix"),
    ("api fix 20 min ago", "11-18 15:20", "api fix"),
    ("look at 404 at 9:30", "11-18 09:30", "look at 404"),
    ("api review yesterday at 16:00", "11-17 16:00", "api review"),
    ("api since monday 9", "11-16 09:00", "api"),
    ("api since 9 on monday", "11-16 09:00", "api"),
    ("api since 12/11 14:00", "11-12 14:00", "api"),
    ("api on 12/11 at 14:00", "11-12 14:00", "api"),
    ("from 10 min ago api", "11-18 15:30", "api"),
    ("bug from 2 hours ago", "11-18 13:40", "bug"),
    # numbers of the note are not a date
    ("release 2.5 at 9:30", "11-18 09:30", "release 2.5"),
    ("look at 2/3 at 9:30", "11-18 09:30", "look at 2/3"),
    # notes stay notes
    ("fix login at scale", None, "fix login at scale"),
    ("meet at 3 with Bob", None, "meet at 3 with Bob"),
    ("look at 404", None, "look at 404"),
    ("look at 9", None, "look at 9"),
    ("release 2.5", None, "release 2.5"),
    ("sprint 42", None, "sprint 42"),
    ("long ago", None, "long ago"),
    ("days ago", None, "days ago"),
    ("v2.5", None, "v2.5"),
    ("look at 25:00", None, "look at 25:00"),
    ("call Ann at noon meeting", None, "call Ann at noon meeting"),
    ("3 fixes", None, "3 fixes"),
    ("1h fix", None, "1h fix"),
    ("10:30-ish x", None, "10:30-ish x"),
    ("nowhere to go", None, "nowhere to go"),
    ("may day work", None, "may day work"),
    ("half past", None, "half past"),
    ("at ９:30 x", None, "at ９:30 x"),  # other scripts' digits are not ours
    ("noonë x", None, "noonë x"),
    # half of something is not a time: a range, an afternoon, a longer length
    ("14:15-15:00 x", None, "14:15-15:00 x"),
    ("14:15–15:00 x", None, "14:15–15:00 x"),
    ("14:15 - 15:00 x", None, "14:15 - 15:00 x"),
    ("from 9 to noon x", None, "from 9 to noon x"),
    ("at 9:30 a.m. x", "11-18 09:30", "x"),
    ("since 8 weeks", None, "since 8 weeks"),
    ("since 10 minutes x", None, "since 10 minutes x"),
    ("twenty five minutes ago", "11-18 15:15", ""),
    ("three quarters of an hour ago", "11-18 14:55", ""),
    ("a hundred twenty minutes ago", None, "a hundred twenty minutes ago"),
    ("fix 2 days 3 hours ago", None, "fix 2 days 3 hours ago"),
    ("2 or 3 hours ago", None, "2 or 3 hours ago"),
]


@pytest.mark.parametrize(("typed", "meant", "rest"), UNDERSTOOD)
def test_a_phrase_is_wholly_understood_or_left_alone(typed: str, meant: str | None, rest: str) -> None:
    moment, left = extract_time_point(typed)
    instant = moment and resolve_time_point(moment, now=NOW, zone=BERLIN, day_first=True)
    assert (instant and instant.astimezone(BERLIN).strftime("%m-%d %H:%M"), left) == (meant, rest)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("17:30", "has not come yet today. Did you mean `yesterday 17:30`"),
        ("since 3", "3am` or `15:00"),
        ("tomorrow", "I didn't understand “tomorrow”"),
        ("9", "I didn't understand"),
        ("", "I didn't understand"),
        ("x" * 400, "I didn't understand"),
        ("31/02 9:00", "no such date"),
        ("30 feb 9:00", "no such date"),
        ("2025-02-30 9:00", "no such date"),
        ("0000-01-01 9:00", "no such date"),
        ("2027-01-01 9:00", "has not come yet on 1 Jan 2027"),
        ("2024-01-01 9:00", "more than a year ago"),
        ("400 days ago 9:00", "more than a year ago"),
        ("0001-01-01 00:00", "more than a year ago"),  # before the first instant there is, in Berlin
        ("9999-12-31 23:59", "has not come yet on 31 Dec 9999"),
        ("yesterday 3", "3am` or `15:00"),
    ],
)
def test_nonsense_and_the_future_are_refused_in_words(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        resolve_time_point(parse_time_point(typed), now=NOW, zone=BERLIN, day_first=True)
    assert reason in refused.value.sentence


def test_the_order_of_day_and_month_is_the_persons() -> None:
    moment = parse_time_point("11/12 9:00")
    german = resolve_time_point(moment, now=NOW, zone=BERLIN, day_first=True)
    american = resolve_time_point(moment, now=NOW, zone=BERLIN, day_first=False)
    assert (german.date().isoformat(), american.date().isoformat()) == ("2025-12-11", "2026-11-12")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("at 14:15", "2026-11-18 14:15"),
        ("since monday 9", "2026-11-16 09:00"),
        ("11/12 9:00", "2026-11-12 09:00"),
        ("12/25 9:00", "2025-12-25 09:00"),
        ("since 12/11 9:00", "2025-12-11 09:00"),
        ("11/12/2026 9:00", "2026-11-12 09:00"),
        ("20 min ago", "2026-11-18 15:20"),
    ],
)
def test_a_person_in_new_york_says_the_month_first(typed: str, meant: str) -> None:
    now = datetime(2026, 11, 18, 20, 40, tzinfo=UTC)
    instant = resolve_time_point(parse_time_point(typed), now=now, zone=NEW_YORK, day_first=False)
    assert f"{instant.astimezone(NEW_YORK):%Y-%m-%d %H:%M}" == meant


def test_the_last_day_there_is_has_not_come_in_new_york() -> None:
    with pytest.raises(Refusal, match="has not come yet on 31 Dec 9999"):
        resolve_time_point(parse_time_point("9999-12-31 23:59"), now=NOW, zone=NEW_YORK, day_first=False)


def test_this_very_minute_is_not_the_future() -> None:
    assert resolve_time_point(parse_time_point("at 15:40"), now=NOW, zone=BERLIN, day_first=True) == NOW


def test_a_length_is_an_hour_of_the_sun_in_the_night_that_has_one_more() -> None:
    now = datetime(2026, 10, 25, 2, tzinfo=UTC)  # 03:00 in Berlin, two hours after the first 02:00
    assert resolve_time_point(
        parse_time_point("3 h ago"), now=now, zone=BERLIN, day_first=True
    ) == now - timedelta(hours=3)


def test_an_hour_that_the_clock_skipped_is_refused_and_one_that_came_twice_is_asked_about() -> None:
    spring = datetime(2026, 3, 29, 12, tzinfo=UTC)
    with pytest.raises(Refusal, match="did not exist on 29 Mar 2026 in Europe/Berlin"):
        resolve_time_point(parse_time_point("at 02:30"), now=spring, zone=BERLIN, day_first=True)
    autumn = datetime(2026, 10, 25, 12, tzinfo=UTC)
    with pytest.raises(Refusal, match="came twice on 25 Oct 2026"):
        resolve_time_point(parse_time_point("at 02:30"), now=autumn, zone=BERLIN, day_first=True)
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # only the first 02:30 has come
    assert (
        resolve_time_point(parse_time_point("at 02:30"), now=between, zone=BERLIN, day_first=True).hour == 0
    )


WORDS = (
    "at",
    "since",
    "9",
    "9:30",
    "20",
    "min",
    "ago",
    "yesterday",
    "monday",
    "on",
    "api",
    "12/11",
    "noon",
    "half",
    "an",
    "hour",
    "0001-01-01",
    "9999-12-31",
    "00:00",
    "23:59",
    "to",
    "and",
)
words = st.sampled_from(WORDS)


@try_examples(
    50,
    4_000,
    text=st.one_of(st.text(max_size=80), st.lists(words, max_size=8).map(" ".join)),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
    zone=st.sampled_from([BERLIN, NEW_YORK, ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_nothing_that_is_typed_becomes_the_future_or_an_error(
    text: str, now: datetime, zone: ZoneInfo
) -> None:
    with suppress(Refusal):  # a sentence for the person is a good answer too
        moment, rest = extract_time_point(text)
        if moment is None:
            assert rest == text
        else:
            assert resolve_time_point(moment, now=now, zone=zone, day_first=True) <= now


@pytest.mark.parametrize(
    "hostile", ["1" * 10_000, "at " * 4_000, "a " * 6_000, "an hour and " * 1_000, "1 h" * 3_000]
)
def test_long_hostile_text_is_a_note(hostile: str) -> None:
    assert extract_time_point(hostile) == (None, hostile)
