"""Undo: exactly the state before, each act once, and never over what changed since."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from domain.entries.entries import TimeEntry, TimerAnswer, TimerOutcome, Work
from domain.entries.overlaps import OverlapConflict, OverlapResolution, OverlapStrategy
from domain.entries.params import StartParams
from domain.errors import NotFound, Overlap, Refusal
from tests.answers import act_id_of, entry_of
from tests.cast import Cast
from tests.conftest import Clock
from tests.records import (
    EntryRows,
    berlin,
    drop_deleted,
    find_untrue_history,
    read_entries,
    read_history,
    record_entry,
)
from tests.services.entries.test_editing import edit_entry, make_form, run_timer

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


async def undo(cast: Cast, answer: TimerAnswer) -> TimerAnswer:
    return await cast.services.timers.undo(cast.request(), act_id=act_id_of(answer))


async def test_deleting_twice_is_once_and_undo_brings_it_back_as_it_was(cast: Cast, clock: Clock) -> None:
    entry = await run_timer(cast, clock)
    before = await read_entries(cast)
    deleted = await cast.services.timers.delete(cast.request(), entry_id=entry.id, seen_version=entry.version)
    assert (deleted.change, deleted.today) == (TimerOutcome.DELETED, timedelta())
    assert entry_of(deleted).deleted
    again = await cast.services.timers.delete(cast.request(), entry_id=entry.id, seen_version=entry.version)
    assert (again.change, again.act_id) == (TimerOutcome.DELETED, None)
    assert [row["change"] for row in await read_history(cast) if row["change"] == "deleted"] == ["deleted"]
    assert (await undo(cast, deleted)).change is TimerOutcome.UNDONE
    assert await read_entries(cast) == before


async def test_a_deleted_timer_runs_again_after_undo_unless_another_one_does(
    cast: Cast, clock: Clock
) -> None:
    started = entry_of(await cast.start("run"))
    before = await read_entries(cast)
    clock.now += 30 * MINUTE
    deleted = await cast.services.timers.delete(cast.request(), entry_id=started.id)
    assert (await cast.services.timers.status(cast.request())).entry is None
    clock.now += 5 * MINUTE
    other = await cast.start("other")
    with pytest.raises(Overlap, match="another entry has used this time"):
        await undo(cast, deleted)
    await undo(cast, other)
    undone = await undo(cast, deleted)
    assert (entry_of(undone).id, entry_of(undone).running) == (started.id, True)
    assert {key: row for key, row in (await read_entries(cast)).items() if key in before} == before


async def _every_kind(cast: Cast, clock: Clock) -> list[tuple[EntryRows, TimerAnswer]]:
    """One act of each kind that changes entries, each with the state before it."""
    kinds: list[tuple[EntryRows, TimerAnswer]] = []

    async def keep_answer(answer: TimerAnswer) -> TimeEntry:
        kinds.append((before, answer))
        clock.now += MINUTE
        return entry_of(answer)

    timers, before = cast.services.timers, await read_entries(cast)
    api = await keep_answer(await cast.start("api fix"))
    before = await read_entries(cast)
    await keep_answer(await timers.file_under(cast.request(), entry_id=api.id, title="api"))
    before = await read_entries(cast)
    await keep_answer(await cast.start("switch"))
    before = await read_entries(cast)
    stopped = await keep_answer(await cast.stop())
    before = await read_entries(cast)
    await keep_answer(
        await timers.edit(cast.request(), replace(make_form(stopped), work=Work(note="words", tags=("t",))))
    )
    before = await read_entries(cast)
    await keep_answer(await timers.delete(cast.request(), entry_id=stopped.id))
    before = await read_entries(cast)
    await keep_answer(await timers.resume(cast.request(), entry_id=api.id))
    before = await read_entries(cast)
    when = StartParams(work=Work(note="since"), when=clock.now - 30 * SECOND)
    await keep_answer(await timers.start(cast.request(), when))
    return kinds


async def test_each_kind_of_act_is_undone_to_exactly_the_state_before_it(cast: Cast, clock: Clock) -> None:
    for before, answer in reversed(await _every_kind(cast, clock)):
        assert (await undo(cast, answer)).change is TimerOutcome.UNDONE
        after = await read_entries(cast)
        assert {key: after[key] for key in before} == before
        assert all(after[key]["deleted"] for key in after.keys() - before.keys())
        assert await find_untrue_history(cast) == []


async def test_undo_goes_back_act_by_act_to_the_beginning_and_stays_there(cast: Cast, clock: Clock) -> None:
    for before, _ in reversed(await _every_kind(cast, clock)):
        await cast.services.timers.undo_last(cast.request())
        after = await read_entries(cast)
        assert {key: after[key] for key in before} == before
    before = await read_entries(cast)
    assert all(row["deleted"] for row in before.values())
    with pytest.raises(NotFound, match="nothing to undo"):
        await cast.services.timers.undo_last(cast.request())
    assert await read_entries(cast) == before


async def test_there_and_back_again_is_undone_once_each(cast: Cast, clock: Clock) -> None:
    """What was taken back looks, later on, as it looked when it was done: that does not make it done again."""
    entry = await run_timer(cast, clock)
    there = await edit_entry(cast, replace(make_form(entry), work=Work(note="there")))
    await edit_entry(cast, replace(make_form(there), work=make_form(entry).work))
    notes = []
    for _ in range(4):
        await cast.services.timers.undo_last(cast.request())
        row = (await read_entries(cast))[entry.id]
        notes.append((row["note"], row["ended_at"] is None, row["deleted"]))
    assert notes == [
        ("there", False, False),
        ("work", False, False),
        ("work", True, False),
        ("work", False, True),
    ]
    with pytest.raises(NotFound, match="nothing to undo"):
        await cast.services.timers.undo_last(cast.request())


async def test_undo_twice_of_one_act_acts_once_also_when_it_was_done_again(cast: Cast, clock: Clock) -> None:
    entry = await run_timer(cast, clock)
    params = replace(make_form(entry), work=Work(note="new"))
    changed = await cast.services.timers.edit(cast.request(), params)
    assert (await undo(cast, changed)).change is TimerOutcome.UNDONE
    assert (await undo(cast, changed)).change is TimerOutcome.ALREADY_UNDONE
    again = await edit_entry(cast, replace(params, seen_version=entry.version + 2))
    assert (await undo(cast, changed)).change is TimerOutcome.ALREADY_UNDONE
    assert (await read_entries(cast))[again.id]["note"] == "new"


async def test_undo_never_touches_what_changed_since_and_goes_on_behind_it(cast: Cast, clock: Clock) -> None:
    first = await run_timer(cast, clock, "first")
    second = await run_timer(cast, clock, "second")
    changed = await cast.services.timers.edit(cast.request(), replace(make_form(first), work=Work(note="a")))
    await edit_entry(cast, replace(make_form(entry_of(changed)), work=Work(note="b")))
    before = await read_entries(cast)
    with pytest.raises(Refusal, match="changed after that"):
        await undo(cast, changed)
    assert await read_entries(cast) == before
    await cast.services.timers.undo_last(cast.request())  # b
    await cast.services.timers.undo_last(cast.request())  # a
    await cast.services.timers.undo_last(cast.request())  # the second stop
    assert (await read_entries(cast))[first.id]["note"] == "first"
    assert (await read_entries(cast))[second.id]["ended_at"] is None


async def test_an_act_of_more_changes_than_are_looked_at_is_undone_whole(cast: Cast) -> None:
    for minute in range(60):
        await record_entry(cast, berlin("09:00") + minute * MINUTE, berlin("09:01") + minute * MINUTE)
    before = await read_entries(cast)
    with pytest.raises(OverlapConflict) as taken:
        await record_entry(cast, berlin("08:00"), berlin("11:00"))
    claim, seen = taken.value.proposed, taken.value.fingerprint
    await cast.services.timers.resolve(
        cast.request(),
        proposed=claim,
        resolution=OverlapResolution(strategy=OverlapStrategy.REPLACE, seen=seen),
    )
    assert len(drop_deleted(await read_entries(cast))) == 1
    await cast.services.timers.undo_last(cast.request())
    assert drop_deleted(await read_entries(cast)) == before


async def test_an_undo_is_no_change_to_be_undone(cast: Cast, clock: Clock) -> None:
    await run_timer(cast, clock)
    undone = await cast.services.timers.undo_last(cast.request())
    assert undone.act_id is None
    (act_id,) = {row["act_id"] for row in await read_history(cast) if row["change"] == "undone"}
    assert isinstance(act_id, UUID)
    with pytest.raises(NotFound):
        await cast.services.timers.undo(cast.request(), act_id=act_id)


async def test_an_undo_is_about_what_it_restored_whatever_else_runs(cast: Cast, clock: Clock) -> None:
    entry = await run_timer(cast, clock)
    deleted = await cast.services.timers.delete(cast.request(), entry_id=entry.id)
    await cast.start("other")
    undone = await undo(cast, deleted)
    assert (entry_of(undone).id, entry_of(undone).running) == (entry.id, False)
