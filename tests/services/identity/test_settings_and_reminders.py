"""What people choose for themselves, on record; and reminders: of working days without entries, once, in time."""

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.identity.people import Profile
from domain.identity.preferences import DigestChoice, Preferences, PreferencesParams, ReminderChoice
from domain.outbox.messages import ReminderContent
from services.outbox.delivery import Retry
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, read_history, record_entry

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")


async def save_preferences(
    cast: Cast,
    *,
    digest: DigestChoice | None = None,
    reminder: ReminderChoice | None = None,
    who: Profile = ADA,
) -> Preferences:
    params = PreferencesParams(digest=digest, reminder=reminder)
    return await cast.services.settings.save(cast.request(who), params)


async def ask_for_reminders(cast: Cast, at: time | None, who: Profile = ADA) -> datetime | None:
    """Asks for reminders; returns when the next one comes."""
    return (await save_preferences(cast, reminder=ReminderChoice(at=at), who=who)).next_reminder


async def queue_reminders(cast: Cast) -> None:
    while await cast.services.reminders.queue_due():
        pass


async def run_jobs(cast: Cast) -> list[tuple[str, str]]:
    """Whom both jobs of the schedule remind of which day, until nothing is due."""
    before = len(cast.notifier.accepted)
    await queue_reminders(cast)
    while await cast.services.outbox.send_due():
        pass
    new = cast.notifier.accepted[before:]
    return [(one.channel, str(one.subject.day)) for one in new if isinstance(one.subject, ReminderContent)]


async def list_statuses(cast: Cast) -> list[str]:
    async with cast.database.transaction(cast.workspace.id) as tx:
        return [row["status"] for row in await tx.connection.fetch("select status from messages")]


async def pass_time(
    cast: Cast, clock: Clock, until: datetime, step: timedelta = 30 * MINUTE
) -> list[datetime]:
    """The instants at which a reminder came."""
    came = []
    while clock.now < until:
        clock.now += step
        came += [clock.now for _ in await run_jobs(cast)]
    return came


async def change_zone(cast: Cast, zone: ZoneInfo) -> None:
    await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=zone))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


async def test_a_reminder_comes_once_on_each_working_day_without_entries(cast: Cast, clock: Clock) -> None:
    assert await ask_for_reminders(cast, time(16)) == at("2026-11-18T15:00")
    assert await pass_time(cast, clock, at("2026-11-24T20:00")) == [
        at("2026-11-18T15:10"),  # a Wednesday
        at("2026-11-19T15:10"),
        at("2026-11-20T15:10"),
        at("2026-11-23T15:10"),  # the Monday after the weekend
        at("2026-11-24T15:10"),
    ]


async def test_each_person_is_reminded_of_their_own_day_at_their_own_time(cast: Cast, clock: Clock) -> None:
    for who in (ADA, BEN, CHIKA):
        await ask_for_reminders(cast, time(16), who)
    came = []
    for _ in range(48):
        clock.now += 30 * MINUTE
        came += await run_jobs(cast)
    assert came == [("U0ADA", "2026-11-18"), ("U0BEN", "2026-11-18"), ("U0CHIKA", "2026-11-19")]


async def test_who_tracked_anything_that_day_is_not_reminded(cast: Cast, clock: Clock) -> None:
    await ask_for_reminders(cast, time(16))
    await record_entry(cast, berlin("09:00"), berlin("09:01"))
    assert await pass_time(cast, clock, at("2026-11-18T20:00")) == []
    clock.now = at("2026-11-19T22:50")  # 23:50 in Berlin
    await run_jobs(cast)
    await cast.start("over midnight")
    clock.now = at("2026-11-20T14:00")
    assert await pass_time(cast, clock, at("2026-11-20T16:00")) == []
    await cast.stop()
    await cast.services.timers.undo_last(cast.request())  # it runs on
    await cast.services.timers.undo_last(cast.request())  # and was never started
    clock.now = at("2026-11-23T14:00")
    assert len(await pass_time(cast, clock, at("2026-11-23T16:00"))) == 1


async def test_what_was_tracked_between_the_question_and_the_sending_makes_it_untrue_and_it_stays(
    cast: Cast, clock: Clock
) -> None:
    await ask_for_reminders(cast, time(16))
    clock.now = at("2026-11-18T15:00")
    await queue_reminders(cast)
    await record_entry(cast, berlin("09:00"), berlin("10:00"))
    assert await run_jobs(cast) == []


async def test_a_reminder_that_does_not_get_through_in_time_is_none_any_more(
    cast: Cast, clock: Clock
) -> None:
    await ask_for_reminders(cast, time(16))
    clock.now = at("2026-11-18T15:00")
    cast.notifier.next_outcomes = [Retry(delay=3 * HOUR, why="down", clearly=True)]
    assert await run_jobs(cast) == []
    clock.now += 3 * HOUR + MINUTE
    assert await run_jobs(cast) == []
    assert await list_statuses(cast) == ["canceled"]


@pytest.mark.parametrize(("late", "comes"), [(2 * HOUR, True), (2 * HOUR + MINUTE, False)])
async def test_after_the_grace_it_is_too_late_and_the_next_day_is_as_always(
    cast: Cast, clock: Clock, late: timedelta, comes: bool
) -> None:
    await ask_for_reminders(cast, time(16))
    clock.now = at("2026-11-18T15:00") + late
    assert bool(await run_jobs(cast)) is comes
    clock.now = at("2026-11-19T15:00")
    assert await run_jobs(cast) == [("U0ADA", "2026-11-19")]


async def test_switching_off_cancels_what_is_queued_and_on_again_waits_for_the_next_time(
    cast: Cast, clock: Clock
) -> None:
    await ask_for_reminders(cast, time(16))
    clock.now = at("2026-11-18T15:00")
    await queue_reminders(cast)
    assert await ask_for_reminders(cast, None) is None
    assert await list_statuses(cast) == ["canceled"]
    assert await run_jobs(cast) == []
    assert await pass_time(cast, clock, at("2026-11-19T20:00")) == []
    assert await ask_for_reminders(cast, time(16)) == at("2026-11-20T15:00")


async def test_moving_the_time_never_gives_two_for_a_date(cast: Cast, clock: Clock) -> None:
    await ask_for_reminders(cast, time(16))
    clock.now = at("2026-11-18T15:00")
    assert len(await run_jobs(cast)) == 1
    await ask_for_reminders(cast, time(17))
    assert await pass_time(cast, clock, at("2026-11-18T20:00")) == []
    assert len(await pass_time(cast, clock, at("2026-11-19T20:00"))) == 1


async def test_moving_to_another_zone_never_gives_two_for_a_date(cast: Cast, clock: Clock) -> None:
    await ask_for_reminders(cast, time(16))
    await change_zone(cast, NEW_YORK)
    assert (await cast.services.settings.show(cast.request())).next_reminder == at("2026-11-18T21:00")
    await change_zone(cast, ADA.zone)
    clock.now = at("2026-11-18T15:00")
    assert await run_jobs(cast) == [("U0ADA", "2026-11-18")]
    await change_zone(cast, NEW_YORK)  # four in the afternoon of the 18th is still to come there
    assert await pass_time(cast, clock, at("2026-11-18T23:00")) == []
    await change_zone(cast, TOKYO)
    clock.now = at("2026-11-19T07:00")
    assert await run_jobs(cast) == [("U0ADA", "2026-11-19")]


@pytest.mark.parametrize(
    ("day", "wanted", "due"),
    [
        ("2026-04-24", time(0, 30), "2026-04-23T22:00"),  # skipped: the first valid moment, a Friday
        ("2026-10-29", time(23, 30), "2026-10-29T20:30"),  # doubled: the first, a Thursday
    ],
)
async def test_clock_changes_give_exactly_one(
    cast: Cast, clock: Clock, day: str, wanted: time, due: str
) -> None:
    instant = at(due)
    clock.now = instant - 12 * HOUR
    await change_zone(cast, ZoneInfo("Africa/Cairo"))
    assert await ask_for_reminders(cast, wanted) == instant
    assert await pass_time(cast, clock, instant + 6 * HOUR) == [instant]
    content = cast.notifier.accepted[-1].subject
    assert isinstance(content, ReminderContent)
    assert str(content.day) == day


async def test_the_local_hour_stays_when_the_clocks_change(cast: Cast, clock: Clock) -> None:
    clock.now = at("2026-03-27T12:00")
    assert await ask_for_reminders(cast, time(16)) == at("2026-03-27T15:00")
    assert await pass_time(cast, clock, at("2026-03-30T20:00")) == [
        at("2026-03-27T15:00"),
        at("2026-03-30T14:00"),
    ]


async def test_every_setting_is_on_record_with_before_and_after_and_no_change_is_none(cast: Cast) -> None:
    await save_preferences(
        cast, digest=DigestChoice(on=True, at=time(17)), reminder=ReminderChoice(at=time(16))
    )
    await save_preferences(
        cast, digest=DigestChoice(on=True, at=time(17)), reminder=ReminderChoice(at=time(16))
    )
    await save_preferences(cast, digest=DigestChoice(on=False))
    await cast.services.settings.show(cast.request())
    words = [(row["subject"], row["change"], row["before"], row["after"]) for row in await read_history(cast)]
    assert [one[:2] for one in words] == [("person", "settings")] * 2
    others = {"week": "Mon–Fri, 8 h", "weekly": "on", "team": "off"}
    assert [(json.loads(one[2]), json.loads(one[3])) for one in words] == [
        (
            {"digest": "18:00", "reminder": "off", **others},
            {"digest": "17:00 daily", "reminder": "16:00", **others},
        ),
        (
            {"digest": "17:00 daily", "reminder": "16:00", **others},
            {"digest": "off", "reminder": "16:00", **others},
        ),
    ]


async def test_what_is_not_named_stays_as_it_was(cast: Cast) -> None:
    await save_preferences(cast, reminder=ReminderChoice(at=time(16)))
    told = await save_preferences(cast, digest=DigestChoice(on=True, at=time(17)))
    assert told.person.remind_at == time(16)
    assert told.next_reminder == at("2026-11-18T15:00")
    told = await save_preferences(cast, reminder=ReminderChoice(at=None))
    assert (told.person.digest.at, told.next_digest) == (time(17), at("2026-11-18T16:00"))
    assert await cast.services.settings.show(cast.request()) == told


async def test_only_a_time_that_was_chosen_makes_the_digest_come_on_free_days_too(cast: Cast) -> None:
    untouched = await save_preferences(cast, digest=DigestChoice(on=True))
    assert (untouched.person.digest.daily, untouched.person.digest.at) == (False, time(18))
    off = await save_preferences(cast, digest=DigestChoice(on=False))
    on = await save_preferences(cast, digest=DigestChoice(on=True))
    assert (off.next_digest, on.person.digest.daily, on.person.digest.at) == (None, False, time(18))
    assert (await save_preferences(cast, digest=DigestChoice(on=True, at=time(18)))).person.digest.daily
    again = await save_preferences(cast, digest=DigestChoice(on=True))
    assert (again.person.digest.daily, again.person.digest.at) == (True, time(18))
