"""Weeks: handed to a lead, locked, approved or returned. What was approved never changes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from domain.entries.entries import TimeEntry, TimerAnswer, Work
from domain.entries.params import LogParams
from domain.errors import FieldErrors, NotFound, NotUnderstood, Refusal, WeekLocked
from domain.identity.people import Profile, Role
from domain.language.intervals import extract_interval
from domain.language.periods import parse_week
from domain.reports.timesheets import (
    Decision,
    DecisionParams,
    TimesheetOutcome,
    WeekReport,
    WeekState,
    days_of_week,
    resolve_week,
)
from tests.answers import sheet_of
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, find_entry_id, read_history, record_entry

THIS, LAST = date(2026, 11, 16), date(2026, 11, 9)
HOUR = timedelta(hours=1)


async def make_leads(cast: Cast, *whom: Profile) -> None:
    """Chika is an admin of the workspace, and makes leads."""
    await cast.services.people.remember(cast.workspace.id, replace(CHIKA, admin=True))
    for one in whom or (BEN,):
        await cast.services.team.give_role(cast.request(CHIKA), to=one.slack_user_id, role=Role.LEAD)


async def submit_week(cast: Cast, said: str = "last", *, empty_too: bool = False) -> WeekReport:
    return await cast.services.timesheets.submit(cast.request(), parse_week(said), empty_too=empty_too)


async def decide_week(cast: Cast, report: WeekReport, by: Profile = BEN, reason: str = "") -> WeekReport:
    """Returned where there is a reason, approved otherwise."""
    params = DecisionParams(
        timesheet_id=sheet_of(report).id,
        seen_version=sheet_of(report).version,
        decision=Decision.RETURN if reason else Decision.APPROVE,
        reason=reason,
    )
    return await cast.services.timesheets.decide(cast.request(by), params)


async def take_back_week(cast: Cast, report: WeekReport, by: Profile = ADA) -> WeekReport:
    return await cast.services.timesheets.take_back(
        cast.request(by), timesheet_id=sheet_of(report).id, seen_version=sheet_of(report).version
    )


async def log_text(cast: Cast, text: str) -> TimerAnswer:
    stretch, note = extract_interval(text)
    return await cast.services.timers.log(cast.request(), LogParams(work=Work(note=note), interval=stretch))


async def record_week(cast: Cast) -> TimeEntry:
    """Nine hours in the last week, on two projects and on none. Returns the first entry."""
    first = await record_entry(
        cast, berlin("09:00", "2026-11-09"), berlin("12:00", "2026-11-09"), project="API"
    )
    await record_entry(cast, berlin("13:00", "2026-11-09"), berlin("15:00", "2026-11-09"), project="Docs")
    await record_entry(cast, berlin("09:00", "2026-11-11"), berlin("13:00", "2026-11-11"), "mail")
    return first


@pytest.mark.parametrize(
    ("at", "monday"),
    [("11:59", LAST), ("12:00", THIS), ("23:59", THIS)],
)
def test_my_week_is_the_one_that_ends_from_friday_noon_on(at: str, monday: date) -> None:
    friday = berlin(at, "2026-11-20")
    assert resolve_week(None, at=friday, zone=ADA.zone, day_first=True) == monday
    sunday = berlin("23:59", "2026-11-22")
    assert resolve_week(None, at=sunday, zone=ADA.zone, day_first=True) == THIS
    assert resolve_week(None, at=sunday + timedelta(minutes=2), zone=ADA.zone, day_first=True) == THIS


@pytest.mark.parametrize(
    ("said", "monday"),
    [
        ("last", LAST), ("this", THIS), ("last week", LAST), ("2026-W47", THIS), ("week 46", LAST),
        ("16 nov", THIS), ("15 nov", LAST), ("2026-11-12", LAST), ("yesterday", THIS), ("mon", THIS),
        ("week of 11 nov", LAST), ("12/11", LAST),
    ],
)  # fmt: skip
def test_a_week_is_named_by_its_number_or_by_any_day_in_it(said: str, monday: date, clock: Clock) -> None:
    assert resolve_week(parse_week(said), at=clock(), zone=ADA.zone, day_first=True) == monday


@pytest.mark.parametrize("said", ["october", "last month", "1 nov to 12 nov", "2026", "3 weeks", "soon"])
def test_what_is_no_week_is_refused_with_what_would_work(said: str) -> None:
    with pytest.raises(NotUnderstood, match="this"):
        parse_week(said)


def test_a_week_that_has_not_come_is_refused(clock: Clock) -> None:
    for said in ("2026-W48", "next week", "tomorrow"):
        with pytest.raises(Refusal, match="not come yet"):
            resolve_week(parse_week(said), at=clock(), zone=ADA.zone, day_first=True)


async def test_what_is_submitted_is_kept_to_the_microsecond(cast: Cast) -> None:
    await record_week(cast)
    end = berlin("15:00", "2026-11-12") + timedelta(microseconds=1)
    await record_entry(cast, berlin("14:59:59", "2026-11-12"), end, project="API")
    report = await submit_week(cast)
    assert report.change is TimesheetOutcome.SUBMITTED
    assert sheet_of(report).span.start == berlin("00:00", "2026-11-09")
    assert sheet_of(report).span.end == berlin("00:00", "2026-11-16")
    told = [
        (line.day.day, line.project.title if line.project else "", line.length)
        for line in report.totals.lines
    ]
    little = timedelta(seconds=1, microseconds=1)
    assert told == [(9, "API", 3 * HOUR), (9, "Docs", 2 * HOUR), (11, "", 4 * HOUR), (12, "API", little)]
    assert report.totals.total == 9 * HOUR + little
    assert report.totals.gaps == 1
    again = await cast.services.timesheets.report_week(cast.workspace.id, "U0ADA", LAST)
    assert again.totals == report.totals


async def test_a_week_that_goes_on_can_be_handed_in_and_nothing_more_is_tracked_in_it(
    cast: Cast, clock: Clock
) -> None:
    await make_leads(cast)
    await log_text(cast, "9-12")
    report = await submit_week(cast, "this")
    assert not report.over
    with pytest.raises(WeekLocked, match="/track submit 2026-11-16"):
        await cast.start("more")
    assert (await take_back_week(cast, report)).change is TimesheetOutcome.TAKEN_BACK
    await cast.start("more")
    await cast.stop()
    await submit_week(cast, "this")
    clock.now = berlin("00:00", "2026-11-23")
    await cast.start("monday")


async def test_a_timer_that_runs_in_the_week_is_to_be_ended_first(cast: Cast, clock: Clock) -> None:
    clock.now = berlin("23:00", "2026-11-15")
    await cast.start("night shift")
    clock.now = berlin("02:00", "2026-11-16")
    with pytest.raises(Refusal, match="still running in the week of 9 Nov 2026, since Sun 15 Nov, 23:00"):
        await submit_week(cast)
    await cast.stop()
    report = await submit_week(cast)
    assert report.totals.total == HOUR
    await cast.start("a new one")  # began after it, and is in nobody's way
    assert (await submit_week(cast)).change is TimesheetOutcome.SHOWN


async def test_what_was_ended_without_its_person_is_to_be_confirmed_first(cast: Cast, clock: Clock) -> None:
    clock.now = berlin("09:00", "2026-11-13")
    await cast.start("left on")
    for hours in (12, 12, 12):
        clock.now += timedelta(hours=hours)
        while await cast.services.forgotten_timers.look_due():
            pass
    with pytest.raises(Refusal, match="began Fri 13 Nov, 09:00 was ended without you.*`/track 2026-11-13`"):
        await submit_week(cast, "13 nov")
    entry_id = await find_entry_id(cast, "left on")
    await cast.services.forgotten_timers.confirm(cast.request(), entry_id=entry_id)
    assert (await submit_week(cast, "13 nov")).state is WeekState.SUBMITTED


async def test_an_empty_week_is_asked_about(cast: Cast) -> None:
    asked = await submit_week(cast)
    assert (asked.change, asked.state) == (TimesheetOutcome.EMPTY, WeekState.OPEN)
    assert (await submit_week(cast, empty_too=True)).state is WeekState.SUBMITTED
    with pytest.raises(WeekLocked):
        await log_text(cast, "9-10 9 nov")


async def test_returned_mended_submitted_again_and_approved_is_all_on_record(cast: Cast) -> None:
    await make_leads(cast)
    entry = await record_week(cast)
    first = await submit_week(cast)
    with pytest.raises(FieldErrors) as wrong:
        await cast.services.timesheets.decide(
            cast.request(BEN),
            DecisionParams(
                timesheet_id=_get_sheet_id(first), seen_version=1, decision=Decision.RETURN, reason="  "
            ),
        )
    assert set(wrong.value.fields) == {"reason"}
    returned = await decide_week(cast, first, reason="the workshop  is missing")
    assert returned.state is WeekState.RETURNED
    assert sheet_of(returned).reason == "the workshop is missing"
    await cast.services.timers.delete(cast.request(), entry_id=entry.id)
    second = await submit_week(cast)
    assert second.totals.total == 6 * HOUR
    approved = await decide_week(cast, second)
    assert (approved.state, approved.decided_by) == (WeekState.APPROVED, "Ben Okafor")
    assert (await submit_week(cast)).change is TimesheetOutcome.SHOWN
    reopened = await decide_week(cast, approved, CHIKA, "one more thing")
    assert reopened.change is TimesheetOutcome.REOPENED
    told = [row for row in await read_history(cast) if row["subject"] == "timesheet"]
    assert [(row["change"], row["actor"]) for row in told] == [
        ("submitted", "U0ADA"), ("returned", "U0BEN"), ("submitted", "U0ADA"), ("approved", "U0BEN"),
        ("reopened", "U0CHIKA"),
    ]  # fmt: skip
    assert {row["subject_id"] for row in told} == {_get_sheet_id(first)}
    assert all(row["before"] == earlier["after"] for earlier, row in pairwise(told))


def _get_sheet_id(report: WeekReport) -> UUID:
    return sheet_of(report).id


async def test_what_was_taken_back_or_submitted_anew_can_not_be_decided_by_an_old_card(cast: Cast) -> None:
    await make_leads(cast)
    await record_week(cast)
    first = await submit_week(cast)
    await take_back_week(cast, first)
    assert (await decide_week(cast, first)).change is TimesheetOutcome.TOO_LATE
    second = await submit_week(cast)
    late = await decide_week(cast, first)
    assert (late.change, late.state) == (TimesheetOutcome.TOO_LATE, WeekState.SUBMITTED)
    await decide_week(cast, second)
    late = await take_back_week(cast, second)
    assert (late.change, late.state, late.decided_by) == (
        TimesheetOutcome.TOO_LATE,
        WeekState.APPROVED,
        "Ben Okafor",
    )
    with pytest.raises(NotFound):
        await take_back_week(cast, second, by=BEN)


async def test_leads_and_admins_decide_and_nobody_on_their_own(cast: Cast) -> None:
    await record_week(cast)
    report = await submit_week(cast)
    assert report.waits_for == ()
    with pytest.raises(Refusal, match="Leads and admins"):
        await decide_week(cast, report, BEN)
    with pytest.raises(Refusal, match="Leads and admins"):
        await decide_week(cast, report, ADA)
    await make_leads(cast, ADA)
    with pytest.raises(Refusal, match="nobody on their own"):
        await decide_week(cast, report, ADA)
    assert (await decide_week(cast, report, CHIKA)).state is WeekState.APPROVED


async def test_an_admin_who_is_alone_with_it_decides_on_their_own_week(cast: Cast) -> None:
    await cast.services.people.remember(cast.workspace.id, replace(ADA, admin=True))
    await record_week(cast)
    report = await submit_week(cast)
    assert (report.decides, report.waits_for) == (True, ("Ada Park",))
    await cast.services.team.give_role(cast.request(), to="U0BEN", role=Role.LEAD)
    with pytest.raises(Refusal, match="nobody on their own"):
        await decide_week(cast, report, ADA)
    await cast.services.team.give_role(cast.request(), to="U0BEN", role=Role.MEMBER)
    assert (await decide_week(cast, report, ADA)).state is WeekState.APPROVED


async def test_leads_are_told_and_admins_where_there_is_no_lead(cast: Cast) -> None:
    await record_week(cast)
    await cast.services.people.remember(cast.workspace.id, replace(CHIKA, admin=True))
    first = await submit_week(cast)
    assert await deliver_weeks(cast) == [("U0CHIKA", WeekState.SUBMITTED)]
    await make_leads(cast)
    await take_back_week(cast, first)
    second = await submit_week(cast)
    assert await deliver_weeks(cast) == [("U0BEN", WeekState.SUBMITTED)]
    await decide_week(cast, second)
    assert await deliver_weeks(cast) == [("U0ADA", WeekState.APPROVED)]


async def deliver_weeks(cast: Cast) -> list[tuple[str, WeekState]]:
    """What is delivered now, to whom."""
    cast.notifier.accepted.clear()
    await cast.services.outbox.send_due()
    weeks = [(one.channel, one.subject) for one in cast.notifier.accepted]
    return [(channel, week.state) for channel, week in weeks if isinstance(week, WeekReport)]


async def test_news_that_are_none_any_more_are_not_sent(cast: Cast) -> None:
    await make_leads(cast, BEN)
    await record_week(cast)
    await take_back_week(cast, await submit_week(cast))
    assert await deliver_weeks(cast) == []
    await submit_week(cast)
    await cast.services.team.give_role(cast.request(CHIKA), to="U0BEN", role=Role.MEMBER)
    assert await deliver_weeks(cast) == []
    assert await cast.services.outbox.send_due() == 0


async def test_another_workspaces_week_is_unknown(cast: Cast) -> None:
    await make_leads(cast)
    await record_week(cast)
    report = await submit_week(cast)
    other = await cast.create_other_workspace()
    await make_leads(other)
    with pytest.raises(NotFound):
        await decide_week(other, report)
    with pytest.raises(NotFound):
        await other.services.timesheets.report_timesheet(other.workspace.id, "U0BEN", _get_sheet_id(report))
    await cast.services.people.remember(cast.workspace.id, replace(CHIKA, admin=False))
    with pytest.raises(NotFound):  # nor is it for a colleague who may not see it
        await cast.services.timesheets.report_timesheet(cast.workspace.id, "U0CHIKA", _get_sheet_id(report))


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "Pacific/Apia"])
async def test_who_moves_between_zones_has_no_second_twice_and_none_left_over(
    cast: Cast, clock: Clock, zone: str
) -> None:
    clock.now = berlin("12:00", "2026-11-20")
    start = berlin("06:00", "2026-11-15")
    for number in range(40):  # around the clock, so that each second is somebody's
        await record_entry(cast, start + number * HOUR, start + (number + 1) * HOUR)
    first = await submit_week(cast, "9 nov")
    await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=ZoneInfo(zone)))
    clock.now = berlin("12:00", "2026-11-25")
    second = await submit_week(cast, "16 nov")
    assert sheet_of(first).span.end == sheet_of(second).span.start
    assert first.totals.total + second.totals.total == 40 * HOUR


def test_a_week_in_which_the_clocks_change_has_an_hour_less_or_more() -> None:
    def length(week: date) -> timedelta:
        return sum((span.length for _, span in days_of_week(week, ADA.zone)), timedelta())

    assert [length(date(2026, *week)) for week in ((3, 23), (10, 19), (11, 9))] == [
        167 * HOUR,
        169 * HOUR,
        168 * HOUR,
    ]
    apia = days_of_week(date(2011, 12, 26), ZoneInfo("Pacific/Apia"))
    assert len(apia) == 6  # the 30th was left out
