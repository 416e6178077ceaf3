"""A person's days are those of their own zone, whoever looks: one number for one person's week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.identity.people import Person, Role
from domain.reports.period_reports import Dimension
from domain.reports.summaries import Summary, SummaryBounds, SummaryDimension
from domain.time.periods import Period
from services.reports.reports import SummaryParams
from services.reports.weekly import read_team_look_back
from tests.answers import sheet_of
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, find_person_id, record_entry

HOUR = timedelta(hours=1)
LAST_WEEK = date(2026, 11, 9), date(2026, 11, 15)


def tokyo(at: str, day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=ZoneInfo("Asia/Tokyo")).astimezone(UTC)


async def make_lead(cast: Cast) -> Person:
    async with cast.database.transaction(cast.workspace.id) as tx:
        await tx.connection.execute(
            "update people set role = $1 where slack_user_id = 'U0ADA'", Role.LEAD.value
        )
    return (await cast.services.people.read_with_clock(cast.workspace.id, ADA.slack_user_id)).person


async def record_week(cast: Cast, clock: Clock) -> None:
    """Three hours in Chika's last week, and one on her Monday morning, which is Sunday night in Berlin."""
    clock.now = berlin("12:00", "2026-11-16")
    await record_entry(
        cast, tokyo("09:00", "2026-11-12"), tokyo("12:00", "2026-11-12"), project="API", who=CHIKA
    )
    await record_entry(
        cast, tokyo("07:00", "2026-11-16"), tokyo("08:00", "2026-11-16"), project="API", who=CHIKA
    )


async def read_summary(
    cast: Cast, reader: Person, *by: SummaryDimension, start: date = LAST_WEEK[0], end: date = LAST_WEEK[1]
) -> Summary:
    params = SummaryParams(
        bounds=SummaryBounds(start=start, end=end), by=by, person_id=await find_person_id(cast, CHIKA)
    )
    return await cast.services.reports.read_summary(cast.workspace.id, reader, params)


async def test_a_lead_elsewhere_is_told_of_a_week_what_its_person_handed_in(cast: Cast, clock: Clock) -> None:
    ada = await make_lead(cast)
    await record_week(cast, clock)
    handed_in = await cast.services.timesheets.submit(cast.request(CHIKA), Period.LAST_WEEK)
    own = await cast.services.reports.period(cast.request(CHIKA), Period.LAST_WEEK, Dimension.PROJECT)
    by_person = await cast.services.reports.period(cast.request(), Period.LAST_WEEK, Dimension.PERSON)
    looked_at = await cast.services.timesheets.report_timesheet(
        cast.workspace.id, "U0ADA", sheet_of(handed_in).id
    )
    async with cast.database.transaction(cast.workspace.id) as tx:
        team = await read_team_look_back(tx, cast.workspace.id, ada, LAST_WEEK[0], at=clock.now)
    assert handed_in.totals.total == looked_at.totals.total == own.total == 3 * HOUR
    assert [(group.name, group.length) for group in by_person.groups] == [("Chika Mori", 3 * HOUR)]
    assert [(line.name, line.length) for line in team.lines] == [("Chika Mori", 3 * HOUR)]
    assert team.lines[0].open == tuple(date(2026, 11, day) for day in (9, 10, 11, 13))
    assert (await read_summary(cast, ada, SummaryDimension.USER)).total == 3 * HOUR
    by_day = await read_summary(cast, ada, SummaryDimension.DAY, SummaryDimension.PROJECT)
    assert [(line.day, line.length) for line in by_day.lines] == [(date(2026, 11, 12), 3 * HOUR)]
    chika = (await cast.services.people.read_with_clock(cast.workspace.id, CHIKA.slack_user_id)).person
    assert (await read_summary(cast, chika, SummaryDimension.DAY)).lines == (
        await read_summary(cast, ada, SummaryDimension.DAY)
    ).lines


async def test_the_monday_of_a_person_further_east_is_in_their_new_week(cast: Cast, clock: Clock) -> None:
    ada = await make_lead(cast)
    await record_week(cast, clock)
    this_week = await cast.services.reports.period(cast.request(), Period.THIS_WEEK, Dimension.PERSON)
    assert [(group.name, group.length) for group in this_week.groups] == [("Chika Mori", HOUR)]
    on_monday = await read_summary(
        cast, ada, SummaryDimension.DAY, start=date(2026, 11, 16), end=date(2026, 11, 16)
    )
    assert [(line.day, line.length) for line in on_monday.lines] == [(date(2026, 11, 16), HOUR)]
    async with cast.database.transaction(cast.workspace.id) as tx:
        team = await read_team_look_back(tx, cast.workspace.id, ada, date(2026, 11, 16), at=clock.now)
    assert [(line.name, line.length) for line in team.lines] == [("Chika Mori", HOUR)]


async def test_instants_are_the_same_for_everybody_and_only_the_days_in_them_differ(
    cast: Cast, clock: Clock
) -> None:
    ada = await make_lead(cast)
    await record_week(cast, clock)
    await record_entry(cast, berlin("22:00", "2026-11-15"), berlin("23:30", "2026-11-15"))
    bounds = SummaryBounds(start=berlin("23:00", "2026-11-15"), end=berlin("00:00", "2026-11-16"))
    params = SummaryParams(bounds=bounds, by=(SummaryDimension.DAY, SummaryDimension.USER))
    told = await cast.services.reports.read_summary(cast.workspace.id, ada, params)
    assert [(line.day, line.person, line.length) for line in told.lines] == [
        (date(2026, 11, 15), "Ada Park", HOUR / 2),
        (date(2026, 11, 16), "Chika Mori", HOUR),
    ]
    assert told.total == 1.5 * HOUR


async def test_a_date_and_an_instant_together_bound_nothing_where_the_date_begins_later(
    cast: Cast, clock: Clock
) -> None:
    ada = await make_lead(cast)
    await record_week(cast, clock)
    await record_entry(cast, berlin("01:00", "2026-11-16"), berlin("02:00", "2026-11-16"))
    await record_entry(cast, berlin("01:00", "2026-11-16"), berlin("03:00", "2026-11-16"), who=BEN)
    bounds = SummaryBounds(start=date(2026, 11, 16), end=berlin("05:00", "2026-11-16"))
    told = await cast.services.reports.read_summary(
        cast.workspace.id, ada, SummaryParams(bounds=bounds, by=(SummaryDimension.USER,))
    )
    assert [(line.person, line.length) for line in told.lines] == [("Ada Park", HOUR), ("Chika Mori", HOUR)]


async def test_a_date_that_a_zone_left_out_is_everybody_elses_as_always(cast: Cast, clock: Clock) -> None:
    """Samoa went from Thursday, 29 December 2011, to Saturday."""
    ada = await make_lead(cast)
    await cast.services.people.remember(cast.workspace.id, replace(CHIKA, zone=ZoneInfo("Pacific/Apia")))
    night = datetime(2011, 12, 30, 9, tzinfo=UTC), datetime(2011, 12, 30, 11, tzinfo=UTC)
    clock.now = datetime(2012, 1, 9, tzinfo=UTC)
    await record_entry(cast, *night, who=CHIKA)
    await record_entry(cast, *night)
    bounds = SummaryBounds(start=date(2011, 12, 28), end=date(2012, 1, 1))
    told = await cast.services.reports.read_summary(
        cast.workspace.id, ada, SummaryParams(bounds=bounds, by=(SummaryDimension.DAY, SummaryDimension.USER))
    )
    assert [(line.day, line.person, line.length) for line in told.lines] == [
        (date(2011, 12, 29), "Chika Mori", HOUR),
        (date(2011, 12, 30), "Ada Park", 2 * HOUR),
        (date(2011, 12, 31), "Chika Mori", HOUR),
    ]


async def test_a_handed_in_week_keeps_its_days_when_its_person_moves(cast: Cast, clock: Clock) -> None:
    ada = await make_lead(cast)
    await record_week(cast, clock)
    await record_entry(
        cast, tokyo("00:30", "2026-11-10"), tokyo("02:00", "2026-11-10"), project="Docs", who=CHIKA
    )
    handed_in = await cast.services.timesheets.submit(cast.request(CHIKA), Period.LAST_WEEK)
    await cast.services.people.remember(cast.workspace.id, replace(CHIKA, zone=ZoneInfo("Europe/Berlin")))
    shown = await cast.services.timesheets.report_week(cast.workspace.id, "U0CHIKA", LAST_WEEK[0])
    assert shown.totals == handed_in.totals
    own = await cast.services.reports.period(cast.request(CHIKA), Period.LAST_WEEK, Dimension.PROJECT)
    tracked = {one.day.day: one.length for one in own.days if one.length}
    assert tracked == {10: 1.5 * HOUR, 12: 3 * HOUR}
    by_person = await cast.services.reports.period(cast.request(), Period.LAST_WEEK, Dimension.PERSON)
    assert [group.length for group in by_person.groups] == [4.5 * HOUR]
    by_day = await read_summary(cast, ada, SummaryDimension.DAY)
    assert {line.day and line.day.day: line.length for line in by_day.lines} == tracked
    async with cast.database.transaction(cast.workspace.id) as tx:
        team = await read_team_look_back(tx, cast.workspace.id, ada, LAST_WEEK[0], at=clock.now)
    assert [line.length for line in team.lines] == [4.5 * HOUR]
    assert team.lines[0].open == tuple(date(2026, 11, day) for day in (9, 11, 13))
    tuesday = await cast.services.reports.read_day(cast.workspace.id, "U0CHIKA", date(2026, 11, 10))
    assert tuesday.total == 1.5 * HOUR
    # What lies behind that week is in the next one, from its very end on.
    month = await cast.services.reports.period(cast.request(CHIKA), Period.THIS_MONTH, Dimension.DAY)
    assert month.total == 5.5 * HOUR
    assert next(one.length for one in month.days if one.day == date(2026, 11, 16)) == HOUR
