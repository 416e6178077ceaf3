"""Days and periods as people type them. Today is Wednesday 2026-11-18."""

from datetime import date

import pytest

from domain.errors import Refusal
from domain.language.days import parse_day
from domain.language.periods import parse_period
from domain.time.days import resolve_day
from domain.time.periods import resolve_period
from tests.domain.language.phrase_book import TODAY


def day(typed: str, *, day_first: bool = True, today: date = TODAY) -> str:
    said = parse_day(typed)
    assert said is not None, f"{typed} was not understood"
    return resolve_day(said, today=today, day_first=day_first).isoformat()


def days(typed: str, *, day_first: bool = True, today: date = TODAY) -> str:
    said = parse_period(typed)
    assert said is not None, f"{typed} was not understood"
    dates = resolve_period(said, today=today, day_first=day_first)
    assert dates.days[0] == dates.first
    assert dates.days[-1] == dates.last
    return f"{dates.first}..{dates.last}"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", "2026-11-18"),
        ("Yesterday", "2026-11-17"),
        ("the day before yesterday", "2026-11-16"),
        ("day before yesterday", "2026-11-16"),
        ("2 days ago", "2026-11-16"),
        ("two days ago", "2026-11-16"),
        ("a day ago", "2026-11-17"),
        ("a week ago", "2026-11-11"),
        ("3 weeks ago", "2026-10-28"),
        ("mon", "2026-11-16"),
        ("on monday", "2026-11-16"),
        ("Thurs", "2026-11-12"),
        ("wednesday", "2026-11-18"),
        ("last wednesday", "2026-11-11"),
        ("last friday", "2026-11-13"),
        ("past friday", "2026-11-13"),
        ("this past friday", "2026-11-13"),
        ("previous monday", "2026-11-16"),
        ("this monday", "2026-11-16"),
        ("friday last week", "2026-11-13"),
        ("monday of last week", "2026-11-09"),
        ("last week tuesday", "2026-11-10"),
        ("last week's tuesday", "2026-11-10"),
        ("tuesday this week", "2026-11-17"),
        ("12/11", "2026-11-12"),
        ("12/11/2026", "2026-11-12"),
        ("13/11/26", "2026-11-13"),
        ("12.11.", "2026-11-12"),
        ("12.11.2026", "2026-11-12"),
        ("12-11-2026", "2026-11-12"),
        ("25/12", "2025-12-25"),
        ("13 nov", "2026-11-13"),
        ("13th nov", "2026-11-13"),
        ("13nov", "2026-11-13"),
        ("13. nov", "2026-11-13"),
        ("13-nov-2026", "2026-11-13"),
        ("Nov 12th", "2026-11-12"),
        ("nov. 12", "2026-11-12"),
        ("november 13, 2026", "2026-11-13"),
        ("12th of November", "2026-11-12"),
        ("the 12th of nov", "2026-11-12"),
        ("the 12th", "2026-11-12"),
        ("the 18th", "2026-11-18"),
        ("on the 31st", "2026-10-31"),
        ("1 jan", "2026-01-01"),
        ("1 dec", "2025-12-01"),
        ("2026-11-12", "2026-11-12"),
        ("2026/11/12", "2026-11-12"),
        ("2026-1-5", "2026-01-05"),
        ("mon 16 nov", "2026-11-16"),
        ("Monday, 16 November", "2026-11-16"),
        ("thu 12/11", "2026-11-12"),
        ("  12   nov . ", "2026-11-12"),
    ],
)
def test_a_day_is_the_nearest_one_that_has_come(typed: str, meant: str) -> None:
    assert day(typed) == meant


@pytest.mark.parametrize(
    ("typed", "german", "american"),
    [
        ("11/12", "2025-12-11", "2026-11-12"),
        ("11.12.", "2025-12-11", "2026-11-12"),
        ("11-12-2025", "2025-12-11", None),
        ("wed 11/11", "2026-11-11", "2026-11-11"),
        ("2/10", "2026-10-02", "2026-02-10"),
    ],
)
def test_two_numbers_are_read_in_the_order_of_the_person(
    typed: str, german: str, american: str | None
) -> None:
    assert day(typed) == german
    if american:
        assert day(typed, day_first=False) == american


@pytest.mark.parametrize(
    ("typed", "today", "meant"),
    [
        ("29 feb", date(2026, 11, 18), None),
        ("29 feb", date(2028, 11, 18), "2028-02-29"),
        ("the 31st", date(2026, 3, 1), "2026-01-31"),
        ("the 30th", date(2026, 1, 5), "2025-12-30"),
        ("last week monday", date(2026, 1, 1), "2025-12-22"),
        ("yesterday", date(2026, 1, 1), "2025-12-31"),
    ],
)
def test_days_reach_over_months_and_years(typed: str, today: date, meant: str | None) -> None:
    if meant is None:
        with pytest.raises(Refusal, match="more than a year ago"):
            day(typed, today=today)
    else:
        assert day(typed, today=today) == meant


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("tomorrow", "has not come yet"),
        ("the day after tomorrow", "has not come yet"),
        ("next friday", "has not come yet"),
        ("this friday", "20 Nov 2026 has not come yet"),
        ("in 2 days", "has not come yet"),
        ("a week from now", "has not come yet"),
        ("2027-01-01", "1 Jan 2027 has not come yet"),
        ("tue 18 nov", "18 Nov 2026 is a Wednesday"),
        ("31/02", "no such date"),
        ("12/13", "no such date"),
        ("32 nov", "no such date"),
        ("the 32nd", "no such date"),
        ("0 nov", "no such date"),
        ("2024-01-01", "more than a year ago"),
    ],
)
def test_days_to_come_and_days_that_are_none_are_refused(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        day(typed)
    assert reason in refused.value.sentence


@pytest.mark.parametrize(
    "typed",
    ["", "12", "12th", "nov", "12-11", "20261112", "yesterdays", "monday morning", "１２ nov", "x" * 400],
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert parse_day(typed) is None


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("today", "2026-11-18..2026-11-18"),
        ("this week", "2026-11-16..2026-11-18"),
        ("the week", "2026-11-16..2026-11-18"),
        ("week", "2026-11-16..2026-11-18"),
        ("last week", "2026-11-09..2026-11-15"),
        ("week last", "2026-11-09..2026-11-15"),
        ("previous week", "2026-11-09..2026-11-15"),
        ("this month", "2026-11-01..2026-11-18"),
        ("mtd", "2026-11-01..2026-11-18"),
        ("LAST MONTH", "2026-10-01..2026-10-31"),
        ("this year", "2026-01-01..2026-11-18"),
        ("year to date", "2026-01-01..2026-11-18"),
        ("last year", "2025-01-01..2025-12-31"),
        ("2025", "2025-01-01..2025-12-31"),
        ("last 7 days", "2026-11-12..2026-11-18"),
        ("the past 7 days", "2026-11-12..2026-11-18"),
        ("last seven days", "2026-11-12..2026-11-18"),
        ("30 days", "2026-10-20..2026-11-18"),
        ("last 2 weeks", "2026-11-05..2026-11-18"),
        ("october", "2026-10-01..2026-10-31"),
        ("in october", "2026-10-01..2026-10-31"),
        ("oct 2025", "2025-10-01..2025-10-31"),
        ("2025-10", "2025-10-01..2025-10-31"),
        ("10/2025", "2025-10-01..2025-10-31"),
        ("december", "2025-12-01..2025-12-31"),
        ("week 46", "2026-11-09..2026-11-15"),
        ("w47", "2026-11-16..2026-11-18"),
        ("kw 48", "2025-11-24..2025-11-30"),
        ("week 46 2025", "2025-11-10..2025-11-16"),
        ("2026-W46", "2026-11-09..2026-11-15"),
        ("week of 11 nov", "2026-11-09..2026-11-15"),
        ("1-12 nov", "2026-11-01..2026-11-12"),
        ("1st to 12th of november 2026", "2026-11-01..2026-11-12"),
        ("nov 1-12", "2026-11-01..2026-11-12"),
        ("1 nov–12 nov", "2026-11-01..2026-11-12"),
        ("from 1 nov to 12 nov", "2026-11-01..2026-11-12"),
        ("between 1 nov and 12 nov", "2026-11-01..2026-11-12"),
        ("nov 1 - nov 12", "2026-11-01..2026-11-12"),
        ("1/11-12/11", "2026-11-01..2026-11-12"),
        ("2026-11-01 to 2026-11-12", "2026-11-01..2026-11-12"),
        ("2026-11-01..2026-11-12", "2026-11-01..2026-11-12"),
        ("1 nov to 12 nov 2025", "2025-11-01..2025-11-12"),
        ("28 dec to 3 jan", "2025-12-28..2026-01-03"),
        ("28 dec to 3 jan 2026", "2025-12-28..2026-01-03"),
        ("1 nov until now", "2026-11-01..2026-11-18"),
        ("monday to today", "2026-11-16..2026-11-18"),
        ("mon-wed", "2026-11-16..2026-11-18"),
        ("sep to oct", "2026-09-01..2026-10-31"),
        ("sep-oct 2025", "2025-09-01..2025-10-31"),
        ("since monday", "2026-11-16..2026-11-18"),
        ("since october", "2026-10-01..2026-11-18"),
        ("since last week", "2026-11-09..2026-11-18"),
        ("from 1 nov", "2026-11-01..2026-11-18"),
        ("tuesday last week", "2026-11-10..2026-11-10"),
    ],
)
def test_a_period_is_its_days_and_none_that_has_not_come(typed: str, meant: str) -> None:
    assert days(typed) == meant


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("past week", "`last 7 days`"),
        ("the past month", "`last 30 days`"),
        ("last few days", "`last 7 days`"),
        ("2 weeks ago", "`week 46`"),
        ("week before last", "`week 46`"),
        ("q3", "both ends"),
        ("last quarter", "both ends"),
        ("last 3 months", "both ends"),
        ("weekend", "both days"),
        ("last weekend", "both days"),
        ("last october", "name the year"),
        ("all time", "a year at most"),
        ("next 7 days", "days that have come"),
        ("next week", "has not come yet"),
        ("tomorrow", "has not come yet"),
        ("december 2026", "has not come yet"),
        ("week 50 2026", "has not come yet"),
        ("2022", "more than three years ago"),
        ("week 60", "no such week"),
        ("last 0 days", "between one day and a year"),
        ("last 400 days", "between one day and a year"),
        ("2024 to 2025", "a year at most"),
        ("12 nov to 1 nov", "lies before 12 Nov 2026"),
        ("mon to fri", "13 Nov 2026 lies before 16 Nov 2026"),
        ("1 nov to 30 nov", "`since 1 Nov`"),
        ("31/02 to 3/3", "no such date"),
    ],
)
def test_periods_that_could_be_two_or_have_not_come_are_refused(typed: str, reason: str) -> None:
    with pytest.raises(Refusal) as refused:
        days(typed)
    assert reason in refused.value.sentence
    assert refused.value.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12-11",
        "1-12",
        "api",
        "last",
        "from",
        "to",
        "1 nov to",
        "last １ days",
        "last 24 hours",
        "x" * 400,
    ],
)
def test_what_is_no_period_is_none(typed: str) -> None:
    assert parse_period(typed) is None
