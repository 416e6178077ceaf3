"""Editing: what the form says and nothing else, to the second, and never over what changed since."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from domain.entries.entries import TimeEntry, TimerOutcome, Work
from domain.entries.overlaps import OverlapConflict
from domain.entries.params import EditParams
from domain.errors import ChangedMeanwhile, FieldErrors, NotFound
from domain.identity.people import Profile
from domain.projects.projects import ProjectMention
from domain.time.local_times import LocalTime, to_local_time
from tests.answers import entry_of, project_of
from tests.cast import ADA, BEN, Cast
from tests.conftest import Clock
from tests.records import berlin, find_untrue_history, read_entries, read_history, record_entry

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def make_form(entry: TimeEntry, who: Profile = ADA) -> EditParams:
    """The form as it opens: sent like this it changes nothing."""
    return EditParams(
        entry_id=entry.id,
        seen_version=entry.version,
        work=Work(project_id=entry.project.id if entry.project else None, note=entry.note, tags=entry.tags),
        start=to_local_time(entry.started_at, who.zone),
        end=to_local_time(entry.ended_at, who.zone) if entry.ended_at else None,
    )


async def edit_entry(cast: Cast, params: EditParams, who: Profile = ADA) -> TimeEntry:
    answer = await cast.services.timers.edit(cast.request(who), params)
    assert answer.change in {TimerOutcome.EDITED, TimerOutcome.UNCHANGED}
    return entry_of(answer)


async def run_timer(cast: Cast, clock: Clock, note: str = "work", minutes: int = 30) -> TimeEntry:
    """An entry of a timer, whose ends have seconds and microseconds."""
    clock.now += timedelta(seconds=17, microseconds=123_456)
    await cast.start(note, "API")
    clock.now += minutes * MINUTE + timedelta(seconds=5, microseconds=7)
    return entry_of(await cast.stop())


async def list_wrong_fields(
    cast: Cast, params: EditParams, who: Profile = ADA
) -> tuple[set[str], frozenset[str]]:
    """Which fields are refused, and which of them came twice. Nothing may have changed."""
    before = await read_entries(cast)
    with pytest.raises(FieldErrors) as refused:
        await cast.services.timers.edit(cast.request(who), params)
    assert await read_entries(cast) == before
    assert all(sentence.endswith((".", "?")) for sentence in refused.value.fields.values())
    return set(refused.value.fields), refused.value.repeated_times


async def test_a_form_sent_as_it_was_opened_changes_nothing_not_even_seconds(
    cast: Cast, clock: Clock
) -> None:
    entry = await run_timer(cast, clock)
    before, lines = await read_entries(cast), await read_history(cast)
    answer = await cast.services.timers.edit(cast.request(), make_form(entry))
    assert (answer.entry, answer.act_id) == (entry, None)
    assert (await read_entries(cast), await read_history(cast)) == (before, lines)


async def test_project_note_and_tags_are_what_the_form_says(cast: Cast, clock: Clock) -> None:
    entry = await run_timer(cast, clock)
    other = await cast.services.projects.ensure(cast.workspace.id, "Docs")
    work = Work(project_id=other.id, note="  new   words ", tags=("b", "a", "b"))
    now = await edit_entry(cast, replace(make_form(entry), work=work))
    assert (now.project, now.note, now.tags) == (other, "new words", ("b", "a"))
    assert (now.started_at, now.ended_at, now.version) == (entry.started_at, entry.ended_at, 3)
    words = ProjectMention(name="Brand New", required=True)
    params = replace(make_form(now), work=Work(project=words), make_project=True)
    made = await edit_entry(cast, params)
    assert (project_of(made).title, made.note, made.tags) == ("Brand New", "", ())
    cleared = await edit_entry(cast, replace(make_form(made), work=Work(note="none")))
    assert cleared.project is None
    assert await find_untrue_history(cast) == []


async def test_an_entry_of_an_archived_project_can_still_be_edited_and_stays_there(
    cast: Cast, clock: Clock
) -> None:
    entry = await run_timer(cast, clock)
    await cast.services.projects.archive(cast.request(), "API")
    params = make_form(entry)
    now = await edit_entry(cast, replace(params, work=replace(params.work, note="words")))
    assert (now.project, now.note) == (entry.project, "words")
    other = await record_entry(cast, berlin("09:00"), berlin("10:00"))
    archived = replace(make_form(other), work=Work(project_id=project_of(entry).id))
    assert await list_wrong_fields(cast, archived) == ({"project"}, frozenset())


async def test_an_end_that_is_moved_leaves_the_start_its_seconds_and_the_other_way_round(
    cast: Cast, clock: Clock
) -> None:
    entry = await run_timer(cast, clock)
    params = make_form(entry)
    assert params.end is not None
    shorter = await edit_entry(cast, replace(params, end=replace(params.end, at=time(16, 0))))
    assert (shorter.started_at, shorter.ended_at) == (entry.started_at, berlin("16:00"))
    earlier = await edit_entry(cast, replace(make_form(shorter), start=replace(params.start, at=time(15, 0))))
    assert (earlier.started_at, earlier.ended_at) == (berlin("15:00"), berlin("16:00"))


async def test_a_running_entry_is_ended_by_giving_it_an_end_and_runs_on_without(
    cast: Cast, clock: Clock
) -> None:
    started = entry_of(await cast.start("run"))
    clock.now += 30 * MINUTE
    moved = await edit_entry(
        cast, replace(make_form(started), start=to_local_time(berlin("14:00"), ADA.zone))
    )
    assert (moved.started_at, moved.running) == (berlin("14:00"), True)
    ended = await edit_entry(cast, replace(make_form(moved), end=to_local_time(berlin("16:00"), ADA.zone)))
    assert (ended.started_at, ended.ended_at) == (berlin("14:00"), berlin("16:00"))
    assert (await cast.services.timers.status(cast.request())).today == timedelta(hours=2)
    assert await list_wrong_fields(cast, replace(make_form(ended), end=None)) == ({"end"}, frozenset())


async def test_what_another_change_made_of_it_meanwhile_is_never_overwritten(
    cast: Cast, clock: Clock
) -> None:
    entry = await run_timer(cast, clock)
    seen = replace(make_form(entry), work=Work(note="mine"))
    await edit_entry(cast, replace(make_form(entry), work=Work(note="theirs")))
    before = await read_entries(cast)
    with pytest.raises(ChangedMeanwhile, match="changed"):
        await cast.services.timers.edit(cast.request(), seen)
    with pytest.raises(ChangedMeanwhile, match="Nothing was deleted"):
        await cast.services.timers.delete(cast.request(), entry_id=entry.id, seen_version=entry.version)
    assert await read_entries(cast) == before
    await cast.services.timers.delete(cast.request(), entry_id=entry.id)
    before = await read_entries(cast)
    with pytest.raises(ChangedMeanwhile, match="deleted meanwhile"):
        await cast.services.timers.edit(cast.request(), seen)
    assert await read_entries(cast) == before


async def test_nobody_edits_or_deletes_another_persons_entry(cast: Cast, clock: Clock) -> None:
    entry, before = await run_timer(cast, clock), await read_entries(cast)
    with pytest.raises(NotFound):
        await cast.services.timers.edit(cast.request(BEN), make_form(entry))
    with pytest.raises(NotFound):
        await cast.services.timers.delete(cast.request(BEN), entry_id=entry.id)
    with pytest.raises(NotFound):
        await cast.services.entries.find_editable(cast.workspace.id, BEN.slack_user_id, entry.id)
    assert await read_entries(cast) == before


def at(day: str, clock_time: str, later: bool | None = None) -> LocalTime:
    return LocalTime(day=date.fromisoformat(day), at=time.fromisoformat(clock_time), later=later)


TODAY = "2026-11-18"


@pytest.mark.parametrize(
    ("start", "end", "fields"),
    [
        (at(TODAY, "15:41"), at(TODAY, "15:42"), {"start"}),
        (at(TODAY, "09:00"), at(TODAY, "15:41"), {"end"}),
        (at(TODAY, "09:00"), at("2026-11-19", "09:00"), {"end"}),
        (at(TODAY, "09:00"), at(TODAY, "08:59"), {"end"}),
        (at(TODAY, "09:00"), at(TODAY, "09:00"), {"end"}),
        (at("2026-03-29", "02:30"), at("2026-03-29", "04:00"), {"start"}),
        (at("2026-03-29", "01:00"), at("2026-03-29", "02:00"), {"end"}),
        (at("2026-03-29", "02:30"), at("2026-03-29", "02:59"), {"start", "end"}),
        (at("0001-01-01", "00:00"), at(TODAY, "09:00"), {"start"}),
        (at(TODAY, "09:00"), at("9999-12-31", "23:59"), {"end"}),
    ],
)
async def test_impossible_times_stand_at_their_fields(
    cast: Cast, start: LocalTime, end: LocalTime, fields: set[str]
) -> None:
    entry = await record_entry(cast, berlin("10:00"), berlin("11:00"))
    assert await list_wrong_fields(cast, replace(make_form(entry), start=start, end=end)) == (
        fields,
        frozenset(),
    )


async def test_an_hour_that_came_twice_is_asked_for_and_the_answer_is_meant(cast: Cast) -> None:
    entry = await record_entry(cast, berlin("10:00"), berlin("11:00"))
    night = "2026-10-25"
    params = replace(make_form(entry), start=at(night, "02:10"), end=at(night, "02:20"))
    assert await list_wrong_fields(cast, params) == ({"start", "end"}, frozenset({"start", "end"}))
    only_end = replace(params, start=at(night, "01:00"))
    assert await list_wrong_fields(cast, only_end) == ({"end"}, frozenset({"end"}))
    swapped = replace(params, start=at(night, "02:10", later=True), end=at(night, "02:20", later=False))
    assert await list_wrong_fields(cast, swapped) == ({"end"}, frozenset())
    across = replace(params, start=at(night, "02:10", later=False), end=at(night, "02:20", later=True))
    now = await edit_entry(cast, across)
    assert (now.started_at, now.ended_at) == (
        datetime(2026, 10, 25, 0, 10, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 20, tzinfo=UTC),
    )
    # The form shows which hour it is, and sent back it is the same.
    assert await edit_entry(cast, make_form(now)) == now


async def test_an_edit_into_other_entries_is_refused_with_what_is_there(cast: Cast) -> None:
    first = await record_entry(cast, berlin("09:00"), berlin("10:00"))
    second = await record_entry(cast, berlin("10:00"), berlin("11:00"))
    before = await read_entries(cast)
    with pytest.raises(OverlapConflict) as taken:
        await cast.services.timers.edit(cast.request(), replace(make_form(second), start=at(TODAY, "09:30")))
    assert taken.value.entries == (first,)
    assert await read_entries(cast) == before
