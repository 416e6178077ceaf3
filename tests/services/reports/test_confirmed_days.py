"""Days that their person confirmed, days off, and what both mean for digests and reminders."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.entries.params import AmendParams
from domain.errors import ChangedMeanwhile, Refusal
from domain.identity.preferences import DigestChoice, PreferencesParams, ReminderChoice, WeekChoice
from domain.language.days_off import parse_days_off, resolve_days_off
from domain.time.workdays import WorkWeek
from tests.cast import BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.records import berlin, read_history, record_entry
from tests.services.reports.test_digests import list_outcomes, make_digest_params, run_jobs

WEDNESDAY = date(2026, 11, 18)


async def is_confirmed(cast: Cast, day: date = WEDNESDAY) -> bool:
    """As it stands now."""
    return (await cast.services.reports.read_day(cast.workspace.id, "U0ADA", day)).is_confirmed


async def confirm_day(cast: Cast, day: date = WEDNESDAY) -> None:
    seen = await cast.services.reports.read_day(cast.workspace.id, "U0ADA", day)
    assert (await cast.services.days.confirm(cast.request(), day, seen=seen.state)).is_confirmed


async def take_days_off(cast: Cast, text: str) -> tuple[date, ...]:
    params = parse_days_off(text)
    assert params is not None
    return (await cast.services.days_off.take_off(cast.request(), params)).days_off


async def test_a_confirmation_holds_for_the_state_that_was_confirmed_and_is_on_record(cast: Cast) -> None:
    entry = await record_entry(cast, berlin("09:00"), berlin("10:00"), "docs")
    await confirm_day(cast)
    await confirm_day(cast)  # twice is once
    await cast.services.timers.amend(cast.request(), AmendParams(entry_id=entry.id, end=berlin("10:30")))
    assert not await is_confirmed(cast)
    await cast.services.timers.undo_last(cast.request())
    assert await is_confirmed(cast)
    await cast.services.days.reopen(cast.request(), WEDNESDAY)
    await cast.services.days.reopen(cast.request(), WEDNESDAY)
    assert not await is_confirmed(cast)
    said = [
        (row["change"], json.loads(row["after"]))
        for row in await read_history(cast)
        if row["subject"] == "day"
    ]
    assert said == [
        ("confirmed", {"2026-11-18": "confirmed, 1 h"}),
        ("reopened", {"2026-11-18": "open"}),
    ]


async def test_what_somebody_did_not_see_is_not_confirmed(cast: Cast, clock: Clock) -> None:
    seen = await cast.services.reports.read_day(cast.workspace.id, "U0ADA", WEDNESDAY)
    await record_entry(cast, berlin("09:00"), berlin("10:00"))
    with pytest.raises(ChangedMeanwhile):
        await cast.services.days.confirm(cast.request(), WEDNESDAY, seen=seen.state)
    await cast.start("goes on")
    clock.now += timedelta(minutes=1)
    running = await cast.services.reports.read_day(cast.workspace.id, "U0ADA", WEDNESDAY)
    with pytest.raises(Refusal, match="still runs"):
        await cast.services.days.confirm(cast.request(), WEDNESDAY, seen=running.state)
    with pytest.raises(Refusal, match="has not come"):
        await cast.services.days.confirm(cast.request(), WEDNESDAY + timedelta(days=1), seen="")
    assert not await is_confirmed(cast)


async def test_a_day_off_has_no_target_no_reminder_and_no_digest_unless_something_was_tracked(
    cast: Cast, clock: Clock
) -> None:
    for other in (BEN, CHIKA):
        await cast.services.settings.save(cast.request(other), make_digest_params(on=False))
    params = PreferencesParams(
        digest=DigestChoice(on=True, at=time(18)), reminder=ReminderChoice(at=time(16))
    )
    await cast.services.settings.save(cast.request(), params)  # every day, by a time of their own
    assert await take_days_off(cast, "today to fri") == tuple(WEDNESDAY + timedelta(days=n) for n in range(3))
    told = await cast.services.settings.show(cast.request())
    assert told.next_reminder == datetime(2026, 11, 23, 15, tzinfo=UTC)
    report = await cast.services.reports.read_day(cast.workspace.id, "U0ADA", WEDNESDAY)
    assert (report.off, report.expected, report.target) == (True, False, timedelta())
    clock.now = datetime(2026, 11, 18, 18, tzinfo=UTC)
    assert await run_jobs(cast) == 0
    clock.now = datetime(2026, 11, 19, 18, tzinfo=UTC)
    await record_entry(cast, berlin("09:00", "2026-11-19"), berlin("10:00", "2026-11-19"))
    assert await run_jobs(cast) == 1
    assert await list_outcomes(cast) == [("2026-11-18", "nothing_tracked"), ("2026-11-19", "queued")]
    assert await take_days_off(cast, "cancel fri") == (date(2026, 11, 19),)
    told = await cast.services.settings.show(cast.request())
    assert told.next_reminder == datetime(2026, 11, 20, 15, tzinfo=UTC)


async def test_working_days_decide_when_a_reminder_and_a_digest_of_an_empty_day_come(
    cast: Cast, clock: Clock
) -> None:
    for other in (BEN, CHIKA):
        await cast.services.settings.save(cast.request(other), make_digest_params(on=False))
    params = PreferencesParams(week=WeekChoice(days=(6, 7)), reminder=ReminderChoice(at=time(16)))
    told = await cast.services.settings.save(cast.request(), params)
    assert told.next_reminder == datetime(2026, 11, 21, 15, tzinfo=UTC)  # a Saturday
    sent = []
    while clock.now < datetime(2026, 11, 24, 0, tzinfo=UTC):
        clock.now += timedelta(hours=6)
        sent += [f"{clock.now:%a}" for _ in range(await run_jobs(cast))]
    assert sent == ["Sat", "Sun"]
    told = await cast.services.settings.save(cast.request(), PreferencesParams(week=WeekChoice(days=())))
    assert told.next_reminder is None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("", "2026-11-18", "2026-11-18"),
        ("tomorrow", "2026-11-19", "2026-11-19"),
        ("mon", "2026-11-23", "2026-11-23"),
        ("wed", "2026-11-18", "2026-11-18"),
        ("next wed", "2026-11-25", "2026-11-25"),
        ("24 dec to 2 jan", "2026-12-24", "2027-01-02"),
        ("24 dec - 31 dec", "2026-12-24", "2026-12-31"),
        ("fri to mon", "2026-11-20", "2026-11-23"),
        ("17 nov", "2027-11-17", "2027-11-17"),
        ("yesterday", "2026-11-17", "2026-11-17"),
        ("the 1st", "2026-12-01", "2026-12-01"),
        ("next week", "2026-11-23", "2026-11-29"),
        ("in 2 weeks", "2026-12-02", "2026-12-02"),
        ("fri, 25 dec", "2026-12-25", "2026-12-25"),
        ("1/12", "2026-12-01", "2026-12-01"),
    ],
)
def test_days_off_lie_ahead_where_nothing_else_is_said(text: str, first: str, last: str) -> None:
    params = parse_days_off(text)
    assert params is not None
    days = resolve_days_off(params, today=WEDNESDAY, day_first=True)
    assert (str(days[0]), str(days[-1])) == (first, last)


@pytest.mark.parametrize(
    "text", ["1 jan to 1 aug", "2029-01-01", "next year", "mon, 25 dec", "2026-12-31 to 2026-12-01"]
)
def test_days_off_that_are_too_many_too_far_or_none_are_refused(text: str) -> None:
    params = parse_days_off(text)
    assert params is not None
    with pytest.raises(Refusal):
        resolve_days_off(params, today=WEDNESDAY, day_first=True)


def test_words_that_are_no_days_are_none() -> None:
    assert [parse_days_off(text) for text in ("soon", "the office", "9-11")] == [None] * 3


def test_a_week_is_told_in_words() -> None:
    weeks = {
        (): "no days",
        (1, 2, 3, 4, 5): "Mon–Fri",
        (1, 2, 4): "Mon, Tue, Thu",
        (7, 6, 5, 1): "Mon, Fri–Sun",
    }
    assert {days: WorkWeek(days=days).day_names for days in weeks} == weeks
