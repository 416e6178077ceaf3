"""Reports: days that add up to the total, whatever the clocks do, and groups that are what they are called."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.entries.entries import Work
from domain.entries.params import LogParams, StartParams
from domain.projects.projects import ProjectMention
from domain.reports.period_reports import Dimension, PeriodReport
from domain.time.days import CalendarDate
from domain.time.intervals import Amount
from domain.time.periods import LastDays, MonthPeriod, Period, PeriodPhrase, PeriodRange
from domain.time.time_points import At
from tests.answers import entry_of, project_of
from tests.cast import ADA, BEN, Cast
from tests.conftest import Clock
from tests.records import berlin, read_history, record_entry

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def read_report(
    cast: Cast, said: PeriodPhrase = Period.THIS_WEEK, by: Dimension = Dimension.PROJECT
) -> PeriodReport:
    return await cast.services.reports.period(cast.request(), said, by)


def list_groups(told: PeriodReport) -> list[tuple[str, timedelta]]:
    return [(group.name, group.length) for group in told.groups]


async def record_week(cast: Cast) -> None:
    """Monday to Wednesday noon: 3 h on API, 2 h on Docs, half an hour on nothing."""
    await record_entry(
        cast, berlin("09:00", "2026-11-16"), berlin("11:00", "2026-11-16"), project="API", tags=("a",)
    )
    await record_entry(
        cast, berlin("09:00", "2026-11-17"), berlin("11:00", "2026-11-17"), project="Docs", tags=("a", "b")
    )
    await record_entry(cast, berlin("09:00"), berlin("10:00"), project="API")
    await record_entry(cast, berlin("11:00"), berlin("11:30"), tags=("b",))
    await record_entry(cast, berlin("09:00", "2026-11-15"), berlin("10:00", "2026-11-15"), project="Sunday")


async def test_by_project_the_longest_first_and_what_has_none_is_one_of_them(cast: Cast) -> None:
    await record_week(cast)
    told = await read_report(cast)
    assert list_groups(told) == [("API", 3 * HOUR), ("Docs", 2 * HOUR), ("", HOUR / 2)]
    assert told.total == timedelta(hours=5, minutes=30)
    assert [str(day.day) for day in told.days] == ["2026-11-16", "2026-11-17", "2026-11-18"]
    assert [day.length for day in told.days] == [2 * HOUR, 2 * HOUR, 1.5 * HOUR]


async def test_by_tag_an_entry_with_two_counts_in_both_and_the_total_counts_it_once(cast: Cast) -> None:
    await record_week(cast)
    told = await read_report(cast, by=Dimension.TAG)
    assert list_groups(told) == [("a", 4 * HOUR), ("b", 2.5 * HOUR), ("", HOUR)]
    assert told.total == timedelta(hours=5, minutes=30)


async def test_by_day_and_by_person_tell_the_same_time(cast: Cast) -> None:
    await record_week(cast)
    by_day, by_person = (
        await read_report(cast, by=Dimension.DAY),
        await read_report(cast, by=Dimension.PERSON),
    )
    assert (by_day.total, by_day.groups) == (timedelta(hours=5, minutes=30), ())
    assert list_groups(by_person) == [("Ada Park", by_day.total)]


@pytest.mark.parametrize(
    ("said", "total", "first", "last"),
    [
        (Period.TODAY, 1.5, "2026-11-18", "2026-11-18"),
        (Period.YESTERDAY, 2, "2026-11-17", "2026-11-17"),
        (Period.LAST_WEEK, 1, "2026-11-09", "2026-11-15"),
        (Period.THIS_MONTH, 6.5, "2026-11-01", "2026-11-18"),
        (Period.LAST_MONTH, 0, "2026-10-01", "2026-10-31"),
        (Period.THIS_YEAR, 6.5, "2026-01-01", "2026-11-18"),
        (MonthPeriod(month=11, year=None), 6.5, "2026-11-01", "2026-11-18"),
        (LastDays(days=2), 3.5, "2026-11-17", "2026-11-18"),
        (CalendarDate(day=15, month=11, year=2026), 1, "2026-11-15", "2026-11-15"),
        (
            PeriodRange(first=CalendarDate(day=15, month=11, year=2026), last=None),
            6.5,
            "2026-11-15",
            "2026-11-18",
        ),
    ],
)
async def test_each_period_has_its_days_and_their_time(
    cast: Cast, said: PeriodPhrase, total: float, first: str, last: str
) -> None:
    await record_week(cast)
    told = await read_report(cast, said)
    assert told.total == total * HOUR
    assert (str(told.dates.first), str(told.dates.last)) == (first, last)
    assert sum((group.length for group in told.groups), timedelta()) == told.total


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 23.0),
        ("Europe/Berlin", "2026-10-25", 25.0),
        ("America/New_York", "2026-03-08", 23.0),
        ("America/New_York", "2026-11-01", 25.0),
        ("Australia/Lord_Howe", "2026-10-04", 23.5),
        ("Australia/Lord_Howe", "2026-04-05", 24.5),
        ("Africa/Cairo", "2026-04-24", 23.0),  # whose midnight does not exist
        ("Africa/Cairo", "2026-10-29", 25.0),  # whose last hour comes twice
    ],
)
async def test_days_add_up_to_the_total_over_the_nights_when_clocks_change(
    cast: Cast, clock: Clock, zone: str, night: str, hours: float
) -> None:
    """Without a pause from the noon before to the noon after, in pieces of many lengths."""
    there, day = ZoneInfo(zone), date.fromisoformat(night)
    await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=there))
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=there).astimezone(UTC)
    now = begin = (noon.astimezone(there) - timedelta(days=1)).astimezone(UTC)
    end = (noon.astimezone(there) + timedelta(days=1)).astimezone(UTC)
    clock.now = end
    while now < end:
        until = min(now + 97 * MINUTE, end)
        await record_entry(cast, now, until, tags=("odd",) if now.minute % 2 else ())
        now = until
    lengths = {
        str(one.day): one.length for one in (await read_report(cast, LastDays(days=3), Dimension.DAY)).days
    }
    assert lengths[night] == hours * HOUR
    assert sum(lengths.values(), timedelta()) == end - begin
    by_tag = await read_report(cast, LastDays(days=3), Dimension.TAG)
    assert sum((length for _, length in list_groups(by_tag)), timedelta()) == by_tag.total == end - begin
    one_day = await cast.services.reports.read_day(cast.workspace.id, ADA.slack_user_id, day)
    assert one_day.total == hours * HOUR


async def test_an_entry_over_the_new_year_is_cut_at_its_midnight(cast: Cast, clock: Clock) -> None:
    clock.now = berlin("12:00", "2027-01-02")
    await record_entry(cast, berlin("22:00", "2026-12-31"), berlin("01:30", "2027-01-01"), project="Party")
    assert (await read_report(cast, Period.THIS_YEAR)).total == 1.5 * HOUR
    assert (await read_report(cast, MonthPeriod(month=12, year=2026))).total == 2 * HOUR
    week = await read_report(cast, Period.THIS_WEEK, Dimension.DAY)
    assert [one.length for one in week.days if one.length] == [2 * HOUR, 1.5 * HOUR]


async def test_what_runs_counts_until_now_on_each_of_its_days(cast: Cast, clock: Clock) -> None:
    clock.now = berlin("23:00", "2026-11-17")
    await cast.start("over midnight", "API")
    clock.now = berlin("00:45")
    told = await read_report(cast)
    assert [one.length for one in told.days] == [timedelta(), HOUR, 45 * MINUTE]
    assert list_groups(told) == [("API", HOUR + 45 * MINUTE)]


async def test_what_was_deleted_counts_nowhere(cast: Cast) -> None:
    entry = await record_entry(cast, berlin("09:00"), berlin("10:00"), project="API", tags=("a",))
    await cast.services.timers.delete(cast.request(), entry_id=entry.id)
    for by in Dimension:
        assert (await read_report(cast, by=by)).total == timedelta()


CHANNEL = "C0TEAM"


async def start_in_channel(
    cast: Cast, words: ProjectMention | None, channel: str | None = CHANNEL
) -> tuple[str, str]:
    """The project and the note of what is started in a channel."""
    params = StartParams(work=Work(project=words, note="note"), channel=channel)
    entry = entry_of(await cast.services.timers.start(cast.request(), params))
    return entry.project.title if entry.project else "", entry.note


async def test_the_channels_project_is_meant_only_when_none_is_named(cast: Cast) -> None:
    await cast.services.projects.ensure(cast.workspace.id, "Docs")
    bound = await cast.services.projects.bind(cast.request(), CHANNEL, "Team Work", make=True)
    assert (bound.changed, bound.before) == (True, None)
    assert await start_in_channel(cast, None) == ("Team Work", "note")
    assert await start_in_channel(cast, ProjectMention(name="docs", required=False)) == ("Docs", "note")
    assert await start_in_channel(cast, ProjectMention(name="unknown", required=False)) == (
        "Team Work",
        "unknown note",
    )
    assert await start_in_channel(cast, None, channel="C0OTHER") == ("", "note")
    assert await start_in_channel(cast, None, channel=None) == ("", "note")
    log = LogParams(work=Work(note="log"), interval=Amount(length=HOUR, day=None), channel=CHANNEL)
    logged = entry_of(await cast.services.timers.log(cast.request(), log))
    assert project_of(logged).title == "Team Work"
    since = StartParams(
        work=Work(note="x"), when=At(at=berlin("06:00").time(), day=None, sure=True), channel=CHANNEL
    )
    ben = entry_of(await cast.services.timers.start(cast.request(BEN), since))
    assert ben.project == project_of(logged)  # a channel's project is everybody's


async def test_an_archived_project_is_no_channels_project_and_neither_is_one_that_was_taken_away(
    cast: Cast,
) -> None:
    await cast.services.projects.bind(cast.request(), CHANNEL, "Team", make=True)
    await cast.services.projects.archive(cast.request(), "team")
    assert await start_in_channel(cast, None) == ("", "note")
    assert (await cast.services.projects.show_of_channel(cast.request(), CHANNEL)).project is None
    await cast.services.projects.make(cast.request(), "Team")
    assert await start_in_channel(cast, None) == ("Team", "note")
    unbound = await cast.services.projects.unbind(cast.request(), CHANNEL)
    assert (unbound.changed, unbound.project) == (True, None)
    assert await start_in_channel(cast, None) == ("", "note")
    again = await cast.services.projects.unbind(cast.request(), CHANNEL)
    assert not again.changed
    told = [row["after"] for row in await read_history(cast) if row["subject"] == "channel"]
    assert told == [f'{{"channel": "{CHANNEL}", "project": "{name}"}}' for name in ("Team", "")]
