"""Looking back on a week: once, in the morning of the first working day after it; the team's for leads alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.errors import Refusal
from domain.identity.people import Profile, Role
from domain.identity.preferences import PreferencesParams, TeamChoice, WeekChoice
from domain.language.days_off import parse_days_off
from domain.reports.weekly import TeamWeeklySummary, WeeklySummary, next_weekly_summary
from domain.time.workdays import WorkWeek
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, read_history, record_entry

HOUR = timedelta(hours=1)


async def run_jobs(cast: Cast) -> list[tuple[str, WeeklySummary | TeamWeeklySummary]]:
    """What both jobs of the schedule say to whom, until nothing is due."""
    before = len(cast.notifier.accepted)
    while await cast.services.weekly.queue_due():
        pass
    while await cast.services.outbox.send_due():
        pass
    said = [(one.channel, one.subject) for one in cast.notifier.accepted[before:]]
    return [(channel, one) for channel, one in said if isinstance(one, WeeklySummary | TeamWeeklySummary)]


async def pass_time(cast: Cast, clock: Clock, until: datetime) -> list[tuple[str, datetime]]:
    came = []
    while clock.now < until:
        clock.now += HOUR
        came += [(channel, clock.now) for channel, _ in await run_jobs(cast)]
    return came


async def save_preferences(cast: Cast, who: Profile = ADA, **params: object) -> datetime | None:
    told = await cast.services.settings.save(cast.request(who), PreferencesParams(**params))  # type: ignore[arg-type]
    return told.next_weekly


async def make_lead(cast: Cast, who: Profile = ADA) -> None:
    async with cast.database.transaction(cast.workspace.id) as tx:
        await tx.connection.execute(
            "update people set role = $1 where slack_user_id = $2", Role.LEAD.value, who.slack_user_id
        )


async def test_each_person_looks_back_once_on_monday_at_nine_of_their_own_clock(
    cast: Cast, clock: Clock
) -> None:
    clock.now = datetime(2026, 11, 22, 12, 40, tzinfo=UTC)
    assert await pass_time(cast, clock, datetime(2026, 11, 29, 20, tzinfo=UTC)) == [
        ("U0CHIKA", datetime(2026, 11, 23, 0, 40, tzinfo=UTC)),
        ("U0ADA", datetime(2026, 11, 23, 8, 40, tzinfo=UTC)),
        ("U0BEN", datetime(2026, 11, 23, 14, 40, tzinfo=UTC)),
    ]


async def test_it_says_what_was_tracked_against_the_target_and_which_days_are_open(
    cast: Cast, clock: Clock
) -> None:
    for other in (BEN, CHIKA):
        await save_preferences(cast, other, weekly=False)
    for day in ("16", "18"):
        clock.now = berlin("20:00", f"2026-11-{day}")
        await record_entry(
            cast, berlin("09:00", f"2026-11-{day}"), berlin("16:30", f"2026-11-{day}"), project="API"
        )
    off = parse_days_off("fri")
    assert off is not None
    await cast.services.days_off.take_off(cast.request(), off)
    clock.now = berlin("09:00", "2026-11-23")
    ((channel, told),) = await run_jobs(cast)
    assert isinstance(told, WeeklySummary)
    assert (channel, told.period.total, told.target) == ("U0ADA", 15 * HOUR, 32 * HOUR)
    assert told.open == (date(2026, 11, 17), date(2026, 11, 19))
    assert [(group.name, group.length) for group in told.period.groups] == [("API", 15 * HOUR)]
    assert await run_jobs(cast) == []


async def test_it_waits_for_the_first_day_they_work_and_never_comes_twice(cast: Cast, clock: Clock) -> None:
    for other in (BEN, CHIKA):
        await save_preferences(cast, other, weekly=False)
    assert await save_preferences(cast, week=WeekChoice(days=(3, 4))) == berlin("09:00", "2026-11-25")
    clock.now = berlin("09:00", "2026-11-25")
    assert len(await run_jobs(cast)) == 1
    west = Profile(
        slack_user_id="U0ADA", name="Ada", zone=ZoneInfo("America/New_York"), locale="", email=None
    )
    await cast.services.people.remember(cast.workspace.id, west)  # nine in the morning is still to come there
    clock.now += 8 * HOUR
    assert await run_jobs(cast) == []
    assert await save_preferences(cast, weekly=False) is None
    assert await save_preferences(cast, weekly=True) == datetime(2026, 12, 2, 14, tzinfo=UTC)
    assert await save_preferences(cast, week=WeekChoice(days=())) is None


async def test_down_for_long_it_is_too_late_and_off_holds_what_is_due(cast: Cast, clock: Clock) -> None:
    for other in (BEN, CHIKA):
        await save_preferences(cast, other, weekly=False)
    clock.now = berlin("10:00", "2026-11-25")  # two days and an hour
    assert await run_jobs(cast) == []
    clock.now = berlin("09:00", "2026-11-30")
    assert await cast.services.weekly.queue_due() == 1
    await save_preferences(cast, weekly=False)
    assert await run_jobs(cast) == []


async def test_a_lead_sees_everybodys_week_and_who_is_none_any_more_does_not(
    cast: Cast, clock: Clock
) -> None:
    clock.now = berlin("20:00")
    await record_entry(cast, berlin("09:00"), berlin("12:00"), project="API", who=BEN)
    await record_entry(cast, berlin("13:00"), berlin("14:00"), who=BEN)
    await record_entry(cast, berlin("09:00"), berlin("10:00"))
    with pytest.raises(Refusal, match="for leads and admins"):
        await save_preferences(cast, team=TeamChoice(on=True))
    await make_lead(cast)
    for who in (ADA, BEN, CHIKA):
        await save_preferences(cast, who, weekly=False)
    assert await save_preferences(cast, team=TeamChoice(on=True, here=True, channel="C0API")) == berlin(
        "09:00", "2026-11-23"
    )
    clock.now = berlin("09:00", "2026-11-23")
    ((channel, told),) = await run_jobs(cast)
    assert isinstance(told, TeamWeeklySummary)
    assert (channel, told.total) == ("C0API", 5 * HOUR)
    assert [(one.name, one.length, one.target, len(one.open)) for one in told.lines] == [
        ("Ben Okafor", 4 * HOUR, 40 * HOUR, 4),
        ("Ada Park", HOUR, 40 * HOUR, 4),
    ]
    assert [(group.name, group.length) for group in told.lines[0].groups] == [("API", 3 * HOUR), ("", HOUR)]
    words = [row["after"] for row in await read_history(cast) if row["subject"] == "person"]
    assert any('"C0API"' in said for said in words)
    clock.now = berlin("09:00", "2026-11-30")
    await cast.services.weekly.queue_due()
    async with cast.database.transaction(cast.workspace.id) as tx:
        await tx.connection.execute("update people set role = 'member'")
    assert await run_jobs(cast) == []


async def test_another_workspace_is_not_in_it(cast: Cast, clock: Clock) -> None:
    other = await cast.create_other_workspace()
    clock.now = berlin("20:00")
    await record_entry(other, berlin("09:00"), berlin("12:00"), who=BEN)
    await make_lead(cast)
    await save_preferences(cast, team=TeamChoice(on=True), weekly=False)
    clock.now = berlin("09:00", "2026-11-23")
    told = [one for _, one in await run_jobs(cast) if isinstance(one, TeamWeeklySummary)]
    assert [one.lines for one in told] == [()]


@pytest.mark.parametrize(
    ("after", "days", "off", "monday", "due"),
    [
        ("2026-11-18T12:00", (1, 2, 3, 4, 5), "", "2026-11-16", "2026-11-23T09:00"),
        ("2026-11-23T08:59", (1, 2, 3, 4, 5), "", "2026-11-16", "2026-11-23T09:00"),
        ("2026-11-23T09:00", (1, 2, 3, 4, 5), "", "2026-11-23", "2026-11-30T09:00"),
        ("2026-11-18T12:00", (1, 2, 3, 4, 5), "2026-11-23", "2026-11-16", "2026-11-24T09:00"),
        ("2026-11-18T12:00", (7,), "", "2026-11-09", "2026-11-22T09:00"),
    ],
)
def test_when_a_week_is_looked_back_on(
    after: str, days: tuple[int, ...], off: str, monday: str, due: str
) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ADA.zone).astimezone(UTC)

    off_days = frozenset({date.fromisoformat(off)} if off else ())
    found = next_weekly_summary(local(after), ADA.zone, WorkWeek(days=days), off_days)
    assert found == (date.fromisoformat(monday), local(due))


async def turn_off_other_summaries(cast: Cast) -> None:
    for other in (BEN, CHIKA):
        await save_preferences(cast, other, weekly=False)


async def test_who_moves_past_nine_on_a_monday_looks_back_at_once(cast: Cast, clock: Clock) -> None:
    await turn_off_other_summaries(cast)
    await record_entry(cast, berlin("09:00"), berlin("11:00"))
    clock.now = berlin("01:30", "2026-11-23")
    await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=ZoneInfo("Asia/Tokyo")))
    ((channel, told),) = await run_jobs(cast)
    assert isinstance(told, WeeklySummary)
    assert (channel, told.period.total) == ("U0ADA", 2 * HOUR)


async def test_the_last_week_before_a_week_off_is_looked_back_on_after_it(cast: Cast, clock: Clock) -> None:
    await turn_off_other_summaries(cast)
    await record_entry(cast, berlin("09:00"), berlin("11:00"))
    off = parse_days_off("23 nov to 29 nov")
    assert off is not None
    await cast.services.days_off.take_off(cast.request(), off)
    assert await pass_time(cast, clock, berlin("20:00", "2026-12-07")) == [
        ("U0ADA", berlin("09:40", "2026-11-30")),
        ("U0ADA", berlin("09:40", "2026-12-07")),
    ]


async def test_saving_settings_before_the_clock_has_come_by_loses_no_week(cast: Cast, clock: Clock) -> None:
    await turn_off_other_summaries(cast)
    clock.now = berlin("09:00:05", "2026-11-23")
    await save_preferences(cast, weekly=True, team=TeamChoice(on=False))
    assert len(await run_jobs(cast)) == 1
