"""The smaller rules: projects, lengths in words, tokens, text, days."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import strategies as st

from domain.entries.entries import TimeEntry
from domain.errors import Refusal
from domain.identity.people import DigestSettings, Person, zone_or_utc
from domain.identity.tokens import derive_token, is_well_formed
from domain.projects.projects import Project, make_slug, validate_title
from domain.reports.period_reports import Dimension, build_period_report
from domain.reports.reports import build_day_report
from domain.text import sanitize_text
from domain.time.calendar import day_span
from domain.time.durations import format_duration
from domain.time.periods import DateRange, Period, resolve_period
from tests.properties import try_examples

BERLIN = ZoneInfo("Europe/Berlin")
ADA = Person(
    id=UUID(int=1),
    slack_user_id="U0ADA",
    name="Ada",
    zone=BERLIN,
    locale="",
    email=None,
    digest=DigestSettings(),
)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_599, "59 min"),
        (3_600, "1 h"),
        (5_430, "1 h 30 min"),
        (90_000, "25 h"),
    ],
)
def test_lengths_are_spoken_in_hours_and_minutes(seconds: int, words: str) -> None:
    assert format_duration(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("title", "slug"),
    [("API", "api"), ("Café Site!", "cafe-site"), ("  Web   Shop ", "web-shop"), ("研究", "研究")],
)
def test_a_title_becomes_a_slug_that_can_be_typed(title: str, slug: str) -> None:
    assert make_slug(title) == slug


def test_a_title_is_neither_empty_nor_endless() -> None:
    for wrong in ("", "   ", "x" * 81):
        with pytest.raises(Refusal):
            validate_title(wrong)


@try_examples(40, 1_000, purpose=st.text(max_size=40))
def test_a_token_has_its_form_and_a_slip_of_the_finger_is_noticed(purpose: str) -> None:
    token = derive_token(b"k" * 32, purpose)
    assert is_well_formed(token)
    assert derive_token(b"k" * 32, purpose) == token
    assert not is_well_formed(token[:-1] + ("1" if token[-1] != "1" else "2"))
    assert derive_token(b"x" * 32, purpose) != token


@try_examples(40, 1_000, text=st.text())
def test_what_is_kept_can_be_kept(text: str) -> None:
    kept = sanitize_text(text)
    kept.encode()
    assert "\x00" not in kept


def test_an_unknown_zone_is_utc() -> None:
    assert [zone_or_utc(name).key for name in (None, "", "Mars/Base", "../etc/passwd", "Asia/Tokyo")] == [
        "UTC", "UTC", "UTC", "UTC", "Asia/Tokyo",
    ]  # fmt: skip


def entry(start: datetime, end: datetime | None, project: Project | None = None) -> TimeEntry:
    return TimeEntry(
        id=uuid4(), person_id=ADA.id, project=project, note="", tags=(), started_at=start, ended_at=end,
        zone="Europe/Berlin", source="slack", version=1, deleted=False, created_at=start, updated_at=start,
    )  # fmt: skip


def test_a_report_clips_sums_and_finds_gaps() -> None:
    day = date(2026, 11, 18)
    span = day_span(day, BERLIN)
    assert span is not None
    api = Project(id=uuid4(), slug="api", title="API")
    hour = timedelta(hours=1)
    entries = [
        entry(span.start - hour, span.start + hour),  # an hour of it was yesterday
        entry(span.start + 9 * hour, span.start + 11 * hour, api),
        entry(span.start + 11 * hour, None),
    ]
    report = build_day_report(person=ADA, day=day, span=span, entries=entries, at=span.start + 12 * hour)
    assert report.total == 4 * hour
    assert [(one.project, one.length) for one in report.by_project] == [(None, 2 * hour), (api, 2 * hour)]
    assert [(gap.start, gap.end) for gap in report.gaps] == [(span.start + hour, span.start + 9 * hour)]
    assert report.running == entries[2]


@try_examples(40, 1_000, st.lists(st.integers(1, 500), max_size=12), st.integers(0, 2_000))
def test_the_parts_of_two_days_add_up_to_the_whole(lengths: list[int], offset: int) -> None:
    days = [span for number in (24, 25, 26) if (span := day_span(date(2026, 10, number), BERLIN))]
    at, entries = days[0].start + timedelta(minutes=offset), []
    for length in lengths:
        entries.append(entry(at, at + timedelta(minutes=length)))
        at += timedelta(minutes=length)
    inside = [one for one in entries if one.ended_at and one.ended_at <= days[-1].end]
    now = datetime(2026, 12, 1, tzinfo=UTC)
    totals = [
        build_day_report(person=ADA, day=date(2026, 10, 24 + number), span=span, entries=inside, at=now).total
        for number, span in enumerate(days)
    ]
    assert sum(totals, timedelta()) == sum((one.length(now) for one in inside), timedelta())


def test_periods_begin_on_monday_or_the_first_and_never_reach_over_today() -> None:
    wednesday = date(2026, 11, 18)
    periods = {period: resolve_period(period, today=wednesday, day_first=True) for period in Period}
    assert {period: (dates.first, dates.last) for period, dates in periods.items()} == {
        Period.TODAY: (wednesday, wednesday),
        Period.YESTERDAY: (date(2026, 11, 17), date(2026, 11, 17)),
        Period.THIS_WEEK: (date(2026, 11, 16), wednesday),
        Period.LAST_WEEK: (date(2026, 11, 9), date(2026, 11, 15)),
        Period.THIS_MONTH: (date(2026, 11, 1), wednesday),
        Period.LAST_MONTH: (date(2026, 10, 1), date(2026, 10, 31)),
        Period.THIS_YEAR: (date(2026, 1, 1), wednesday),
        Period.LAST_YEAR: (date(2025, 1, 1), date(2025, 12, 31)),
    }


def test_a_period_is_the_sum_of_its_days_across_a_clock_change() -> None:
    days = [
        (day, span) for number in range(19, 26) if (span := day_span(day := date(2026, 10, number), BERLIN))
    ]
    api = Project(id=uuid4(), slug="api", title="API")
    whole = entry(days[0][1].start, days[-1][1].end, api)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    dates = DateRange(first=days[0][0], last=days[-1][0], name="Week 43")
    report = build_period_report(
        person=ADA, dates=dates, by=Dimension.PROJECT, days=days, entries=[whole], at=now
    )
    assert report.total == timedelta(hours=7 * 24 + 1)
    assert report.days[-1].length == timedelta(hours=25)
    assert sum((one.length for one in report.groups), timedelta()) == report.total
