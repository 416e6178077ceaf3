"""Starting, stopping, resuming: the rules, on a real PostgreSQL with a clock that is handed in."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from domain.entries.entries import NewEntry, TimerOutcome, Work
from domain.entries.params import StartParams
from domain.errors import Overlap, PersonUnknown, Refusal, UnknownProject
from domain.history.operations import Source
from domain.identity.people import Profile, zone_or_utc
from domain.projects.projects import ProjectMention
from domain.time.days import CalendarDate, DaysAgo
from domain.time.time_points import Ago, At
from storage.history import changes
from tests.answers import act_id_of, entry_of, project_of, replaced_by
from tests.cast import ADA, BEN, Cast
from tests.conftest import Clock

MINUTE = timedelta(minutes=1)


async def test_a_start_runs_from_the_databases_clock(cast: Cast, clock: Clock) -> None:
    started = await cast.start("fix login", "api")
    assert started.change is TimerOutcome.STARTED
    assert started.entry is not None
    assert started.entry.started_at == clock.now
    assert started.entry.running
    assert started.entry.project is not None
    assert started.entry.project.slug == "api"
    assert started.entry.zone == "Europe/Berlin"


async def test_a_switch_ends_what_runs_at_that_same_instant(cast: Cast, clock: Clock) -> None:
    await cast.start("one")
    clock.now += 30 * MINUTE
    switched = await cast.start("two")
    assert replaced_by(switched).ended_at == entry_of(switched).started_at
    assert switched.today == 30 * MINUTE


async def test_starts_at_one_instant_never_make_an_empty_entry(cast: Cast) -> None:
    for number in range(5):
        await cast.start(f"note {number}")
    stopped = await cast.stop()
    assert timedelta() < entry_of(stopped).length(stopped.at) < timedelta(seconds=1)


async def test_people_do_not_see_each_others_timers(cast: Cast) -> None:
    await cast.start("mine")
    status = await cast.services.timers.status(cast.request(BEN))
    assert status.entry is None


async def test_stop_with_a_time_that_has_passed_ends_it_then(cast: Cast, clock: Clock) -> None:
    await cast.start("docs")
    clock.now += 60 * MINUTE
    stopped = await cast.services.timers.stop(cast.request(), when=Ago(length=20 * MINUTE))
    assert entry_of(stopped).length(clock.now) == 40 * MINUTE


async def test_a_stop_before_the_start_is_refused_and_spends_no_key(cast: Cast, clock: Clock) -> None:
    await cast.start("docs")
    clock.now += 5 * MINUTE
    request = cast.request()
    with pytest.raises(Refusal, match="started at 15:40"):
        await cast.services.timers.stop(request, when=Ago(length=60 * MINUTE))
    assert (await cast.services.timers.stop(request)).change is TimerOutcome.STOPPED


async def test_a_start_in_the_past_ends_what_ran_then(cast: Cast, clock: Clock) -> None:
    await cast.start("one")
    clock.now += 60 * MINUTE
    params = StartParams(work=Work(note="two"), when=At(at=time(16, 10), day=None, sure=True))
    switched = await cast.services.timers.start(cast.request(), params)
    assert replaced_by(switched).length(clock.now) == 30 * MINUTE


async def test_a_start_before_what_runs_began_is_an_overlap(cast: Cast, clock: Clock) -> None:
    clock.now += 60 * MINUTE
    await cast.start("one")
    clock.now += 60 * MINUTE
    params = StartParams(work=Work(note="two"), when=Ago(length=90 * MINUTE))
    with pytest.raises(Overlap, match="entries never overlap"):
        await cast.services.timers.start(cast.request(), params)
    assert (await cast.services.timers.status(cast.request())).entry is not None


async def test_a_repeat_gets_the_stored_answer_even_when_the_world_moved_on(cast: Cast, clock: Clock) -> None:
    request = cast.request()
    first = await cast.services.timers.start(request, StartParams(work=Work(note="once")))
    clock.now += 60 * MINUTE
    await cast.stop()
    assert await cast.services.timers.start(request, StartParams(work=Work(note="once"))) == first
    assert (await cast.services.timers.status(cast.request())).today == 60 * MINUTE


async def test_two_equal_commands_are_two_commands(cast: Cast, clock: Clock) -> None:
    await cast.start("same")
    clock.now += MINUTE
    assert (await cast.start("same")).replaced is not None


async def test_resume_takes_the_last_work_and_is_itself_undone(cast: Cast, clock: Clock) -> None:
    await cast.start("docs", "api")
    clock.now += 10 * MINUTE
    await cast.stop()
    clock.now += 10 * MINUTE
    resumed = await cast.services.timers.resume(cast.request())
    assert resumed.change is TimerOutcome.RESUMED
    assert (entry_of(resumed).note, entry_of(resumed).started_at) == ("docs", clock.now)
    undone = await cast.services.timers.undo(cast.request(), act_id=act_id_of(resumed))
    assert (entry_of(undone).id, entry_of(undone).deleted) == (entry_of(resumed).id, True)
    assert undone.today == 10 * MINUTE


async def test_undo_of_a_switch_restores_the_exact_state_before(cast: Cast, clock: Clock) -> None:
    first = await cast.start("one")
    clock.now += 10 * MINUTE
    switch = await cast.start("two")
    clock.now += 10 * MINUTE
    undone = await cast.services.timers.undo(cast.request(), act_id=act_id_of(switch))
    assert undone.change is TimerOutcome.UNDONE
    assert (entry_of(undone).id, entry_of(undone).started_at, entry_of(undone).ended_at) == (
        entry_of(first).id,
        entry_of(first).started_at,
        None,
    )
    again = await cast.services.timers.undo(cast.request(), act_id=act_id_of(switch))
    assert again.change is TimerOutcome.ALREADY_UNDONE


async def test_undo_refuses_when_something_changed_since(cast: Cast, clock: Clock) -> None:
    started = await cast.start("one")
    clock.now += 10 * MINUTE
    await cast.stop()
    with pytest.raises(Refusal, match="changed after that"):
        await cast.services.timers.undo(cast.request(), act_id=act_id_of(started))


async def test_undo_of_a_stop_is_refused_once_another_timer_runs(cast: Cast, clock: Clock) -> None:
    await cast.start("one")
    clock.now += 10 * MINUTE
    stopped = await cast.stop()
    await cast.start("two")
    with pytest.raises(Overlap, match="another entry has used this time"):
        await cast.services.timers.undo(cast.request(), act_id=act_id_of(stopped))


async def test_nobody_undoes_what_another_person_did(cast: Cast) -> None:
    started = await cast.start("mine")
    with pytest.raises(Refusal, match="nothing to undo"):
        await cast.services.timers.undo(cast.request(BEN), act_id=act_id_of(started))


async def test_every_change_is_on_record_with_before_and_after(cast: Cast, clock: Clock) -> None:
    await cast.start("one")
    clock.now += 10 * MINUTE
    switch = await cast.start("two")
    async with cast.database.transaction(cast.workspace.id) as tx:
        request = await changes.find_operation(
            tx, cast.workspace.id, act_id_of(switch), actor=ADA.slack_user_id
        )
    assert request is not None
    assert [change.change for change in request.changes] == ["stopped", "started"]
    ended, begun = request.changes
    assert ended.before is not None
    assert (ended.before.ended_at, ended.after.ended_at) == (None, clock.now)
    assert begun.before is None


async def test_a_project_is_named_by_slug_title_or_unique_beginning(cast: Cast) -> None:
    await cast.start("", "Web Shop")
    await cast.start("", "Website")
    for typed, meant in (("web-shop", "Web Shop"), ("website", "Website"), ("webs", "Website")):
        params = StartParams(work=Work(project=ProjectMention(name=typed, required=False)))
        started = await cast.services.timers.start(cast.request(), params)
        assert project_of(entry_of(started)).title == meant
    ambiguous = StartParams(work=Work(project=ProjectMention(name="web", required=False), note="things"))
    unsure = await cast.services.timers.start(cast.request(), ambiguous)
    assert (entry_of(unsure).project, entry_of(unsure).note, unsure.unknown_project) == (
        None,
        "web things",
        "web",
    )
    with pytest.raises(UnknownProject):
        await cast.services.timers.start(
            cast.request(), StartParams(work=Work(project=ProjectMention(name="web", required=True)))
        )


async def test_somebody_new_is_unknown_and_nothing_is_kept(cast: Cast) -> None:
    stranger = Profile(slack_user_id="U0NEW", name="New", zone=zone_or_utc("UTC"), locale="", email=None)
    request = cast.request(stranger)
    with pytest.raises(PersonUnknown):
        await cast.services.timers.status(request)
    await cast.services.people.remember(cast.workspace.id, stranger)
    assert (await cast.services.timers.status(request)).entry is None


async def test_today_counts_the_local_day_only(cast: Cast, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-11-18T22:30:00+00:00")  # 23:30 in Berlin
    await cast.start("late")
    clock.now += 60 * MINUTE
    stopped = await cast.stop()
    assert entry_of(stopped).length(clock.now) == 60 * MINUTE
    assert stopped.today == 30 * MINUTE


@pytest.mark.parametrize(
    ("began", "ended", "hours"),
    [
        ("2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00", 23),  # the day the clocks went forward
        ("2026-10-24T22:00:00+00:00", "2026-10-25T23:00:00+00:00", 25),  # and back
    ],
)
async def test_a_whole_day_is_as_long_as_it_was(
    cast: Cast, clock: Clock, began: str, ended: str, hours: int
) -> None:
    clock.now = datetime.fromisoformat(began)
    await cast.start("all day")
    clock.now = datetime.fromisoformat(ended) - timedelta(microseconds=1)
    assert (await cast.stop()).today == timedelta(hours=hours) - timedelta(microseconds=1)


async def test_what_was_settled_as_not_saved_is_said_once_and_can_be_asked_for_again(cast: Cast) -> None:
    request = cast.request()
    for _ in range(2):
        await cast.services.runner.settler.settle(request)
    await cast.services.outbox.send_due()
    assert ["*not* saved" in str(one.subject) for one in cast.notifier.accepted] == [True]
    assert (await cast.services.timers.status(request)).entry is None
    await cast.services.runner.settler.settle(request)  # now it was


async def test_nobody_is_told_what_became_of_what_a_machine_asked_for(cast: Cast) -> None:
    await cast.services.runner.settler.settle(replace(cast.request(), source=Source.WEBHOOK))
    assert await cast.services.outbox.send_due() == 0


async def test_an_act_without_an_answer_is_repeated_as_any_other(cast: Cast) -> None:
    request = cast.request()
    for _ in range(2):
        await cast.services.imports.decline(request, "That file can't be read.")
    assert await cast.services.outbox.send_due() == 1


async def test_a_finished_entry_is_recorded_where_its_time_is_free(cast: Cast, clock: Clock) -> None:
    async def recorded(start: datetime, end: datetime) -> TimerOutcome:
        new = NewEntry(work=Work(note="meeting"), started_at=start, ended_at=end)
        return (await cast.services.timers.record(cast.request(), new)).change

    now = clock.now
    assert await recorded(now - 60 * MINUTE, now - 30 * MINUTE) is TimerOutcome.RECORDED
    assert await recorded(now - 30 * MINUTE, now) is TimerOutcome.RECORDED  # touching is no overlap
    with pytest.raises(Overlap):
        await recorded(now - 40 * MINUTE, now - 20 * MINUTE)
    with pytest.raises(Refusal, match="future"):
        await recorded(now, now + MINUTE)
    with pytest.raises(Refusal, match="after it starts"):
        await recorded(now, now - MINUTE)


async def test_a_clock_that_is_set_back_neither_refuses_nor_loses_nor_overlaps(
    cast: Cast, clock: Clock
) -> None:
    await cast.start("before")
    clock.now += 30 * MINUTE
    stopped = await cast.stop()
    clock.now -= 60 * MINUTE
    again = await cast.start("after the step")
    assert entry_of(again).started_at == entry_of(stopped).ended_at
    ended = await cast.stop()
    assert entry_of(ended).length(ended.at) > timedelta()


async def test_undo_goes_back_change_by_change_and_then_says_that_there_is_nothing(
    cast: Cast, clock: Clock
) -> None:
    await cast.start("one")
    clock.now += 10 * MINUTE
    await cast.start("two")
    clock.now += 10 * MINUTE
    await cast.stop()
    seen = []
    for _ in range(3):
        undone = await cast.services.timers.undo_last(cast.request())
        seen.append(undone.entry.note if undone.entry and undone.entry.running else None)
    assert seen == ["two", "one", None]
    with pytest.raises(Refusal, match="nothing to undo"):
        await cast.services.timers.undo_last(cast.request())
    report = await cast.services.reports.today(cast.request())
    assert report.lines == ()


async def test_another_day_is_shown_as_it_was(cast: Cast, clock: Clock) -> None:
    await cast.start("yesterday's work")
    clock.now += 30 * MINUTE
    await cast.stop()
    clock.now += timedelta(days=1)
    report = await cast.services.reports.today(cast.request(), DaysAgo(days=1))
    assert (str(report.day), report.total) == ("2026-11-18", 30 * MINUTE)
    with pytest.raises(Refusal, match="has not come yet"):
        await cast.services.reports.today(cast.request(), CalendarDate(day=1, month=1, year=2027))
