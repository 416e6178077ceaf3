"""Digests: who is due, once per person and local date, and what is sent."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from domain.identity.people import Profile
from domain.identity.preferences import DigestChoice, PreferencesParams
from domain.reports.digests import DigestOutcome
from domain.reports.reports import DayReport
from services.outbox.delivery import RateLimit, Rejection, Retry
from services.outbox.outbox import ATTEMPT
from storage.outbox import leases
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin

HOUR = timedelta(hours=1)


def make_digest_params(*, on: bool, at: time | None = None) -> PreferencesParams:
    return PreferencesParams(digest=DigestChoice(on=on, at=at))


async def run_jobs(cast: Cast) -> int:
    """What both jobs of the schedule do, until nothing is due; how many messages left."""
    before = len(cast.notifier.accepted)
    while await cast.services.digests.queue_due():
        pass
    while await cast.services.outbox.send_due():
        pass
    return len(cast.notifier.accepted) - before


async def list_outcomes(cast: Cast) -> list[tuple[str, str]]:
    async with cast.database.transaction(cast.workspace.id) as tx:
        rows = await tx.connection.fetch("select local_date, outcome from digests order by local_date")
    return [(str(row["local_date"]), row["outcome"]) for row in rows]


@pytest.fixture
def only_ada(clock: Clock) -> Clock:
    return clock


async def turn_off_other_digests(cast: Cast) -> None:
    """Only Ada wants digests."""
    for other in (BEN, CHIKA):
        await cast.services.settings.save(cast.request(other), make_digest_params(on=False))


async def test_each_person_gets_one_at_six_in_the_evening_of_their_own_zone(cast: Cast, clock: Clock) -> None:
    sent: list[tuple[str, str]] = []
    for _ in range(24):
        clock.now += HOUR
        before = len(cast.notifier.accepted)
        await run_jobs(cast)
        sent += [(one.channel, clock.now.isoformat()) for one in cast.notifier.accepted[before:]]
    assert sent == [
        ("U0ADA", "2026-11-18T17:40:00+00:00"),
        ("U0BEN", "2026-11-18T23:40:00+00:00"),
        ("U0CHIKA", "2026-11-19T09:40:00+00:00"),
    ]


async def test_it_tells_the_day_as_it_is_when_it_is_sent(cast: Cast, clock: Clock) -> None:
    await cast.start("docs", "api")
    clock.now += HOUR
    await cast.stop()
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 1
    report = cast.notifier.accepted[0].subject
    assert isinstance(report, DayReport)
    assert (report.total, len(report.lines), str(report.day)) == (HOUR, 1, "2026-11-18")


async def test_switching_off_holds_what_is_due_and_switching_on_brings_no_second(
    cast: Cast, clock: Clock
) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    await cast.services.digests.queue_due()
    await cast.services.settings.save(cast.request(), make_digest_params(on=False))
    assert await run_jobs(cast) == 0
    settings = await cast.services.settings.save(cast.request(), make_digest_params(on=True))
    assert settings.next_digest == datetime(2026, 11, 19, 17, 0, tzinfo=UTC)


async def test_moving_the_time_never_gives_two_for_a_date_nor_none(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime(2026, 11, 18, 16, 30, tzinfo=UTC)  # 17:30: today's is still to come
    moved = await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=time(17, 0)))
    assert moved.next_digest == clock.now  # it has passed: at once
    assert await run_jobs(cast) == 1
    again = await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=time(19, 0)))
    assert again.next_digest == datetime(2026, 11, 19, 18, 0, tzinfo=UTC)  # today's was sent
    clock.now = datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
    assert await run_jobs(cast) == 0


async def test_moving_to_another_zone_costs_no_day_and_doubles_none(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    tokyo = Profile(
        slack_user_id=ADA.slack_user_id, name="Ada", zone=ZoneInfo("Asia/Tokyo"), locale="", email=None
    )
    await cast.services.people.remember(cast.workspace.id, tokyo)  # 23:40 there: 18:00 has passed
    assert await run_jobs(cast) == 1
    await cast.services.people.remember(cast.workspace.id, ADA)  # and back, still the 18th in Berlin
    clock.now = datetime(2026, 11, 18, 18, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 0
    assert await list_outcomes(cast) == [("2026-11-18", "queued")]


async def test_down_for_days_sends_the_latest_and_records_the_others(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 1
    assert await list_outcomes(cast) == [
        ("2026-11-18", DigestOutcome.TOO_LATE),
        ("2026-11-19", DigestOutcome.TOO_LATE),
        ("2026-11-20", DigestOutcome.QUEUED),
    ]


async def test_a_weekend_without_work_is_quiet_unless_a_time_was_chosen(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # Friday
    await run_jobs(cast)
    clock.now = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 0
    await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=time(18, 0)))
    clock.now = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 1


@pytest.mark.parametrize(
    ("day", "zone", "at", "due"),
    [
        ("2026-03-29", "Europe/Berlin", time(2, 30), "2026-03-29T01:00"),  # skipped: the first valid moment
        ("2026-10-25", "Europe/Berlin", time(2, 30), "2026-10-25T00:30"),  # doubled: the first
        ("2026-04-24", "Africa/Cairo", time(0, 0), "2026-04-23T22:00"),  # a midnight that does not exist
    ],
)
async def test_clock_changes_give_exactly_one(
    cast: Cast, clock: Clock, day: str, zone: str, at: time, due: str
) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime.fromisoformat(day + "T00:00+00:00") - 26 * HOUR
    profile = Profile(slack_user_id="U0ADA", name="Ada", zone=ZoneInfo(zone), locale="", email=None)
    await cast.services.people.remember(cast.workspace.id, profile)
    await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=at))
    instant = datetime.fromisoformat(due + "+00:00")
    sent = []
    while clock.now < instant + 6 * HOUR:
        clock.now += timedelta(minutes=10)
        if await run_jobs(cast):
            sent.append(clock.now)
    assert [one for one in sent if one >= instant] == [instant]


@pytest.mark.parametrize("seed", range(3))
async def test_wherever_one_moves_and_whatever_one_chooses_no_date_has_two_nor_one_after_opting_out(
    cast: Cast, clock: Clock, seed: int
) -> None:
    await turn_off_other_digests(cast)
    chance, wanted, dates = Random(seed), True, []
    clock.now = datetime(
        2026, 10, 23, tzinfo=UTC
    )  # Berlin's clocks change on the 25th, New York's a week later
    while clock.now < datetime(2026, 11, 3, tzinfo=UTC):
        clock.now += timedelta(minutes=chance.choice((3, 40, 170, 400)))
        match chance.randrange(9):
            case 0:
                zone = ZoneInfo(
                    chance.choice(("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Apia"))
                )
                await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=zone))
            case 1:
                wanted, at = True, time(chance.randrange(24), chance.choice((0, 30)))
                await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=at))
            case 2:
                wanted = chance.random() < 0.7
                await cast.services.settings.save(cast.request(), make_digest_params(on=wanted))
        before = len(cast.notifier.accepted)
        assert not await run_jobs(cast) or wanted
        dates += [
            str(one.subject.day)
            for one in cast.notifier.accepted[before:]
            if isinstance(one.subject, DayReport)
        ]
    assert len(dates) == len(set(dates)) > 3


async def test_a_message_of_unknown_outcome_is_looked_up_and_never_doubled(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    cast.notifier.next_outcomes = [Retry(delay=timedelta(), why="cut", clearly=False)]
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 1
    clock.now += HOUR
    assert await run_jobs(cast) == 0
    assert len(cast.notifier.looked_up) == 1


async def test_a_rate_limit_is_obeyed_and_costs_neither_an_attempt_nor_a_look_up(
    cast: Cast, clock: Clock
) -> None:
    await turn_off_other_digests(cast)
    cast.notifier.next_outcomes = [RateLimit(delay=timedelta(seconds=30))]
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 0
    clock.now += timedelta(seconds=29)
    assert await run_jobs(cast) == 0
    clock.now += timedelta(seconds=2)
    assert await run_jobs(cast) == 1
    assert cast.notifier.looked_up == []
    async with cast.database.transaction(cast.workspace.id) as tx:
        assert await tx.connection.fetchval("select attempts from messages") == 1


async def test_a_permanent_refusal_ends_it_and_stays_visible(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    cast.notifier.next_outcomes = [Rejection(why="account_inactive")]
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    assert await run_jobs(cast) == 0
    clock.now += 5 * HOUR
    assert await run_jobs(cast) == 0
    async with cast.database.transaction(cast.workspace.id) as tx:
        row = await tx.connection.fetchrow("select status, problem from messages")
    assert row is not None
    assert (row["status"], row["problem"]) == ("failed", "account_inactive")


async def test_who_dies_with_a_claim_leaves_it_to_the_next_when_the_lease_ends(
    cast: Cast, clock: Clock
) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    await cast.services.digests.queue_due()
    async with cast.database.transaction(cast.workspace.id) as tx:
        (claimed,) = await leases.claim(tx, most=16, lasting=timedelta(seconds=30))
        assert await leases.mark_tried(tx, claimed, margin=timedelta(seconds=12))
    assert await run_jobs(cast) == 0
    clock.now += timedelta(seconds=31)
    assert (await run_jobs(cast), len(cast.notifier.looked_up)) == (
        0,
        0,
    )  # the attempt may be under way still
    clock.now += ATTEMPT
    assert await run_jobs(cast) == 1
    assert len(cast.notifier.looked_up) == 1
    async with cast.database.transaction(cast.workspace.id) as tx:
        assert not await leases.mark_tried(tx, claimed, margin=timedelta())


async def test_a_databases_clock_that_jumps_while_a_message_is_on_its_way_doubles_nothing(
    cast: Cast, clock: Clock
) -> None:
    await turn_off_other_digests(cast)
    clock.now = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    await cast.services.digests.queue_due()
    async with cast.database.transaction(cast.workspace.id) as tx:
        (claimed,) = await leases.claim(tx, most=16, lasting=timedelta(seconds=30))
        assert await leases.mark_tried(tx, claimed, margin=timedelta(seconds=12))
    clock.now += HOUR  # every lease has ended
    assert (await run_jobs(cast), len(cast.notifier.looked_up)) == (0, 0)
    async with cast.database.transaction(cast.workspace.id) as tx:
        await leases.mark_sent(tx, claimed, channel="D0", ts="1.0")
    clock.now += 2 * ATTEMPT
    assert (await run_jobs(cast), len(cast.notifier.looked_up)) == (0, 0)


async def test_a_digest_that_is_moved_to_a_time_long_past_comes_at_once(cast: Cast, clock: Clock) -> None:
    await turn_off_other_digests(cast)
    await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=time(23, 30)))
    clock.now = berlin("22:00")
    await cast.services.settings.save(cast.request(), make_digest_params(on=True, at=time(8, 0)))
    assert await run_jobs(cast) == 1
    assert await list_outcomes(cast) == [("2026-11-18", "queued")]


async def test_who_moves_to_where_it_is_tomorrow_gets_the_digest_of_the_day_they_had(
    cast: Cast, clock: Clock
) -> None:
    await turn_off_other_digests(cast)
    clock.now = berlin("16:30")
    await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=ZoneInfo("Asia/Tokyo")))
    assert await run_jobs(cast) == 1
    clock.now += 24 * HOUR
    assert await run_jobs(cast) == 1
    assert await list_outcomes(cast) == [("2026-11-18", "queued"), ("2026-11-19", "queued")]
