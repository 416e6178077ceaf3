"""A time is wholly understood or refused: no word of it is left for the note. It is Saturday 2026-11-14, 15:40 in
Berlin."""

import re
from datetime import UTC, datetime

import pytest

from bot.features.reports import ReportParams
from bot.interaction.context import CommandTable
from bot.routes import COMMANDS
from domain.entries.params import LogParams, StartParams
from domain.errors import NotUnderstood, Refusal
from domain.time.intervals import resolve_interval
from tests.domain.language.test_phrases_generated import read_phrase
from tests.domain.language.time_maker import BERLIN

TABLE = CommandTable(COMMANDS)


def read_params(typed: str) -> object:
    _, params = TABLE.read(typed)
    return params


def read(typed: str) -> str:
    """ "11-13 09:00-11:00 | api fix": the local times, and the words that are left with the tags."""
    (start, end), words, tags = read_phrase(typed)
    when = f"{start:%m-%d %H:%M:%S}".removesuffix(":00") if start else "now"
    return " ".join(
        (when + (f"-{end:%H:%M}" if end else ""), "|", words, *(f"+{tag}" for tag in tags))
    ).strip()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        # a day that goes on
        ("log 1h the 1st of last month api", "10-01 09:00-10:00 | api"),
        ("log 1h 12th of this month api", "11-12 09:00-10:00 | api"),
        ("start the 1st of last month at 9:00 api", "10-01 09:00 | api"),
        ("log 1h a fortnight ago api", "10-31 09:00-10:00 | api"),
        ("log 2h api 3.11.2026", "11-03 09:00-11:00 | api"),
        # instants as programs write them
        ("start 2026-10-24T09:00+00:00 api", "10-24 11:00 | api"),
        ("start 2026-10-24T09:00Z api", "10-24 11:00 | api"),
        ("start 2026-10-24t09:00:30z api", "10-24 11:00:30 | api"),
        ("start 2026-10-24T09:00:30 api", "10-24 09:00:30 | api"),
        ("start 2026-10-24 09:00:30.250Z api", "10-24 11:00:30 | api"),
        ("start 2026-10-24T09:00+0200 api", "10-24 09:00 | api"),
        ("start 2026-10-24 09:00 +02 api", "10-24 09:00 | api"),
        ("start 2026-10-24T09:00-05:30 api", "10-24 16:30 | api"),
        ("start 2026-10-24 09:00 UTC api", "10-24 11:00 | api"),
        ("start api 2026-10-24T09:00Z", "10-24 11:00 | api"),
        ("log 2026-11-12T09:00Z-2026-11-12T10:00Z api", "11-12 10:00-11:00 | api"),
        ("log 2026-11-12T09:00Z/2026-11-12T10:00Z api", "11-12 10:00-11:00 | api"),
        ("log since 2026-11-14T13:00Z api", "11-14 14:00-15:40 | api"),
        # hours as they are written elsewhere
        ("start 0900 standup", "11-14 09:00 | standup"),
        ("start at 13h api", "11-14 13:00 | api"),
        ("start at 22h yesterday api", "11-13 22:00 | api"),
        ("start 13h15 api", "11-14 13:15 | api"),
        ("start yesterday 17h15 api", "11-13 17:15 | api"),
        ("log 13h-14h30 api", "11-14 13:00-14:30 | api"),
        ("log 1h at 13h api", "11-14 13:00-14:00 | api"),
        ("start twenty to nine api", "11-14 08:40 | api"),
        ("start api at twenty-five to nine", "11-14 08:35 | api"),
        ("start 10 minutes to 9 api", "11-14 08:50 | api"),
        # words are words, whatever they begin with
        ("log 5m day-care pickup", "11-14 15:35-15:40 | day-care pickup"),
        ("log 1h last-minute fix", "11-14 14:40-15:40 | last-minute fix"),
        ("log 1h one-on-one with Bob", "11-14 14:40-15:40 | one-on-one with Bob"),
        ("log 1h second-line support", "11-14 14:40-15:40 | second-line support"),
        ("log 2h m&a call", "11-14 13:40-15:40 | m&a call"),
        ("log 1h 9-to-5-job in v1.2", "11-14 14:40-15:40 | 9-to-5-job in v1.2"),
        ("log 1h last mile delivery", "11-14 14:40-15:40 | last mile delivery"),
        ("log 1h api review of last month's report", "11-14 14:40-15:40 | api review of last month's report"),
        # a colon ends the time
        ("log 30m: after hours support", "11-14 15:10-15:40 | after hours support"),
        ("log 1h yesterday: next week's plan", "11-13 09:00-10:00 | next week's plan"),
        ("start at 9: last week's bugs", "11-14 09:00 | last week's bugs"),
        # the day that was said, or now, is all the time there is
        ("log 1h today api in october", "11-14 14:40-15:40 | api in october"),
        ("start now api 9:00+2", "11-14 15:40 | api 9:00+2"),
        ("log for the last 2h api", "11-14 13:40-15:40 | api"),
    ],
)  # fmt: skip
def test_a_time_is_read_to_its_end(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        # a day that goes on
        "log 1h monday of last month api", "log 2h monday before last api", "log 2h the monday before last api",
        "log 2h api the monday before last", "log 1h yesterday of last week api", "log 1h monday november api",
        "log 2h yesterday after lunch api", "log 2h last friday of october api", "log 2h friday next week api",
        "log 1h 12 nov last year api", "log 2h yesterday 9 api", "log 2h mon eve api", "log 2h w46 api",
        "log 1h api last week", "log 1h api in october", "log 1h fortnight ago api", "log 2 hours back api",
        "log 1h api yesterday fix", "log 2h week of 9 nov api", "log 1h 2026-W46-3 api", "log 1h mon-fri api",
        "log api the day before 2h",
        # offsets, zones and letters beside or glued to a time
        "start 9:00+2 api", "start 9:00 +2 api", "start 9:00 +0200 api", "start 14:15x", "start 14:15x api",
        "start api 14:15x", "start api 9:00+2", "start 9:00Z api", "start 9:00 utc+1 api", "start at 9 ET api",
        "start 9am PST api", "start at 9 Berlin time api", "start 2026-10-24T09:00+00:00x api",
        "start 2026-10-24T09:00+25:00 api", "start 2026-10-24T09:61Z api", "start 2026-02-30T09:00Z api",
        "start 2027-10-24T09:00Z api", "log 9-11 PT api", "log 9:00-10:00+01:00 api",
        "log 2026-11-12T10:00Z-2026-11-12T09:00Z api", "log 1h5x api", "log 1h=2 api", "log 1h +9 api",
        "start 0900x standup",
        # hours that may be something else
        "start 1430 standup", "start 930 standup", "start ten to nine api", "start 20 to 9 api", "start 9.30 standup",
        "start since 3h45 api", "log since 3h45 api", "start 9 p m api", "start since lunch api",
        "start api since lunch", "start at 9 api yesterday", "start 20 min ago api yesterday", "start api yesterday",
        "start last week api", "log twenty to nine api", "log 1.5h30 api", "log 2x45m api", "log 1h 30m 20s api",
        "log 1h api 30m fix", "log 90 api",
    ],
)  # fmt: skip
def test_what_would_leave_a_part_of_the_time_in_the_note_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        read(typed)
    assert refused.value.sentence.endswith((" Nothing was changed.", "nearer day."))


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("log 11-1 api", "`23:00-01:00 yesterday` or `11:00-13:00 yesterday`"),
        ("log 11pm-1 api", "`23:00-01:00 yesterday`"),
        ("log 9-5 api", "`09:00-17:00 yesterday`"),
    ],
)
def test_after_midnight_the_night_that_has_passed_is_offered(typed: str, offered: str) -> None:
    params = read_params(typed)
    assert isinstance(params, LogParams)
    night = datetime(2026, 11, 14, 0, 30, tzinfo=UTC)
    with pytest.raises(Refusal) as refused:
        resolve_interval(params.interval, now=night, zone=BERLIN, day_first=True, tracked=[])
    assert f"Did you mean {offered}? Nothing was changed." in refused.value.sentence
    for said in re.findall("`([^`]+)`", offered):
        again = read_params(f"log {said} api")
        assert isinstance(again, LogParams)
        assert (
            resolve_interval(again.interval, now=night, zone=BERLIN, day_first=True, tracked=[]).end <= night
        )


@pytest.mark.parametrize(
    ("typed", "name", "stays"),
    [
        ("log 2 hours on api yesterday", "api", "on api"),
        ("log 2h for api fix", "api", "for api"),
        ("log 2h in “Web site” footer", "Web site", "in “Web site”"),
        ("log 2h of api: fix", "api", "of api:"),
        ("start at api", "api", "at api"),
        ("start on api fix", "api", "on api"),
    ],
)
def test_a_word_before_a_project_may_lead_to_it(typed: str, name: str, stays: str) -> None:
    params = read_params(typed)
    assert isinstance(params, LogParams | StartParams)
    words = params.work.project
    assert words is not None
    assert (words.name, words.typed, words.required, words.whole) == (name, stays, False, True)


@pytest.mark.parametrize(
    "typed",
    [
        "report last month before", "report october 2025 by tag by day", "week october", "week yesterday",
        "month last week", "month 2025", "report last 2h", "off tomorrow afternoon", "submit last week before",
        "export last month before csv", "digest 18:00 PST", "remind 11:00x", "stop 9:00+2", "stop 9:00 before",
    ],
)  # fmt: skip
def test_days_and_hours_of_other_commands_are_wholly_understood_too(typed: str) -> None:
    with pytest.raises(NotUnderstood):
        read_params(typed)


def test_a_week_and_a_month_are_what_they_are_called() -> None:
    assert read_params("week 16 nov") == read_params("report week of 16 nov")
    assert read_params("week last") == read_params("report last week")
    assert read_params("month october by tag") == read_params("report october by tag")
    assert isinstance(read_params("report the 1st of last month"), ReportParams)
