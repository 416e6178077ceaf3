"""Making room: what was previewed is what is done, all of it or nothing, and Undo takes all of it back."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from domain.entries.entries import ProposedEntry, TimeEntry, TimerAnswer, TimerOutcome, Work
from domain.entries.overlaps import OverlapConflict, OverlapResolution, OverlapStrategy, adjustments
from domain.entries.params import EditParams, StartParams
from domain.errors import ChangedMeanwhile, NotFound, Refusal
from domain.projects.projects import ProjectMention
from domain.time.local_times import to_local_time
from tests.answers import act_id_of, entry_of, project_of, replaced_by
from tests.cast import ADA, BEN, Cast
from tests.conftest import Clock
from tests.records import (
    EntryRows,
    Row,
    berlin,
    drop_deleted,
    find_untrue_history,
    read_entries,
    read_history,
    record_entry,
)

MINUTE = timedelta(minutes=1)


@dataclass
class Day:
    """Ada's day until 15:40: 9–10 on API, 10–11, 11:30–12:30 with tags, and a timer since 14:00."""

    cast: Cast
    nine: TimeEntry
    ten: TimeEntry
    noon: TimeEntry
    running: TimeEntry

    async def asked(self, claim: "str | tuple[str, str, str]") -> OverlapConflict:
        """How the claim is refused: "10:30" is a timer since then, "9:00-10:00" an entry, and three words are an
        edit of the named entry."""
        with pytest.raises(OverlapConflict) as refused:
            await self._claimed(claim)
        return refused.value

    async def _claimed(self, claim: "str | tuple[str, str, str]") -> None:
        if isinstance(claim, tuple):
            await self.edited(*claim)
        elif "-" in claim:
            start, end = claim.split("-")
            await record_entry(self.cast, berlin(start), berlin(end), "new", tags=("t",))
        else:
            params = StartParams(work=Work(note="new", tags=("t",)), when=berlin(claim), link="https://x/p1")
            await self.cast.services.timers.start(self.cast.request(), params)

    async def edited(self, name: str, start: str, end: str) -> TimerAnswer:
        entry: TimeEntry = getattr(self, name)
        zone = ADA.zone
        params = EditParams(
            entry_id=entry.id,
            seen_version=entry.version,
            work=Work(note="grown", tags=("t",)),
            start=to_local_time(berlin(start), zone),
            end=to_local_time(berlin(end), zone) if end else None,
        )
        return await self.cast.services.timers.edit(self.cast.request(), params)

    async def pressed(self, taken: OverlapConflict, way: OverlapStrategy) -> TimerAnswer:
        request = self.cast.request()
        return await self.cast.services.timers.resolve(
            request,
            proposed=taken.proposed,
            resolution=OverlapResolution(strategy=way, seen=taken.fingerprint),
        )


@pytest.fixture
async def day(cast: Cast) -> Day:
    nine = await record_entry(cast, berlin("09:00"), berlin("10:00"), "nine", project="API")
    ten = await record_entry(cast, berlin("10:00"), berlin("11:00"), "ten")
    noon = await record_entry(cast, berlin("11:30"), berlin("12:30"), "noon", tags=("a", "b"))
    params = StartParams(work=Work(note="running"), when=berlin("14:00"), link="https://x/p0")
    running = entry_of(await cast.services.timers.start(cast.request(), params))
    return Day(cast, nine, ten, noon, running)


def list_preview(
    before: EntryRows, taken: OverlapConflict, way: OverlapStrategy, at: datetime
) -> tuple[EntryRows, list[Row]]:
    """The rows there will be, by the preview alone: those that were there, and those that are added."""
    claim = taken.proposed
    rows, added = {key: dict(row) for key, row in before.items()}, []
    for one in adjustments(way, taken.entries, start=claim.start, end=claim.end, at=taken.at):
        row = rows[one.entry.id]
        if not one.remainders:
            row |= {"deleted": True, "ended_at": row["ended_at"] or at}
            continue
        first, *rest = one.remainders
        row |= {"started_at": first.start, "ended_at": first.end}
        added += [{**row, "started_at": other.start, "ended_at": other.end} for other in rest]
    is_claimed = {
        "project_id": claim.project_id,
        "note": claim.note,
        "tags": list(claim.tags),
        "started_at": claim.start,
        "ended_at": claim.end,
    }
    if claim.entry_id:
        rows[claim.entry_id] |= is_claimed
    else:
        added.append({**is_claimed, "deleted": False, "zone": "Europe/Berlin", "link": claim.link})
    return rows, added


# A piece that is split off is another entry: made now, by this act, and known to its maker under no other id.
OF_ITS_OWN = {"id", "created_at", "source", "external_id", "person_id"}


def strip_identity(rows: list[Row]) -> list[Row]:
    plain = [{key: value for key, value in row.items() if key not in OF_ITS_OWN} for row in rows]
    return sorted(plain, key=lambda row: row["started_at"])


CLAIMS: dict[str, "str | tuple[str, str, str]"] = {
    "over a front": "08:30-09:20",
    "over a back": "12:00-13:00",
    "inside, the front longer": "09:30-09:45",
    "inside, the back longer": "09:15-09:30",
    "around": "11:15-12:45",
    "exactly": "11:30-12:30",
    "over several": "09:30-12:00",
    "over the front of a timer": "13:30-14:30",
    "inside a timer": "14:30-15:00",
    "a timer until now": "15:00-15:40",
    "everything": "08:00-15:40",
    "a timer that began before all": "10:30",
    "a timer that began first of all": "08:00",
    "an edit into its neighbors": ("noon", "09:30", "13:00"),
    "an edit into what runs": ("nine", "09:00", "14:30"),
    "an edit inside what runs": ("nine", "14:10", "14:20"),
    "an edit of what runs": ("running", "12:00", ""),
    "an edit that ends what runs": ("running", "09:20", "11:45"),
}


@pytest.mark.parametrize("way", list(OverlapStrategy))
@pytest.mark.parametrize("claim", CLAIMS.values(), ids=CLAIMS.keys())
async def test_each_way_does_exactly_what_was_previewed_in_one_act_and_undo_takes_it_all_back(
    day: Day, clock: Clock, claim: "str | tuple[str, str, str]", way: OverlapStrategy
) -> None:
    cast = day.cast
    before = await read_entries(cast)
    taken = await day.asked(claim)
    assert await read_entries(cast) == before
    clock.now += 3 * MINUTE  # between the question and the press
    rows, added = list_preview(before, taken, way, clock.now)
    answer = await day.pressed(taken, way)

    after = await read_entries(cast)
    assert {key: after[key] for key in before} == rows
    assert strip_identity([row for key, row in after.items() if key not in before]) == strip_identity(added)
    assert (entry_of(answer).started_at, entry_of(answer).ended_at) == (
        taken.proposed.start,
        taken.proposed.end,
    )
    assert answer.change is (TimerOutcome.EDITED if taken.proposed.entry_id else answer.change)
    changed = {key for key, row in after.items() if row != before.get(key)}
    assert {
        row["subject_id"] for row in await read_history(cast) if row["act_id"] == answer.act_id
    } == changed
    assert await find_untrue_history(cast) == []

    clock.now += MINUTE
    undone = await cast.services.timers.undo(cast.request(), act_id=act_id_of(answer))
    assert undone.change is TimerOutcome.UNDONE
    restored = await read_entries(cast)
    assert {key: restored[key] for key in before} == before
    assert drop_deleted(restored).keys() == drop_deleted(before).keys()
    running = await cast.services.timers.status(cast.request())
    assert (entry_of(running).id, entry_of(running).ended_at) == (day.running.id, None)
    assert await find_untrue_history(cast) == []


async def test_a_timer_ends_what_runs_and_makes_no_question_of_it(day: Day) -> None:
    params = StartParams(work=Work(note="new"), when=berlin("14:30"))
    started = await day.cast.services.timers.start(day.cast.request(), params)
    assert (replaced_by(started).id, replaced_by(started).ended_at) == (day.running.id, berlin("14:30"))


async def test_a_press_that_comes_twice_makes_room_once(day: Day) -> None:
    cast, taken = day.cast, await day.asked("09:15-09:30")
    request = cast.request()
    answers = [
        await cast.services.timers.resolve(
            request,
            proposed=taken.proposed,
            resolution=OverlapResolution(strategy=OverlapStrategy.SPLIT, seen=taken.fingerprint),
        )
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(drop_deleted(await read_entries(cast))) == 6


@pytest.mark.parametrize("meanwhile", ["edited", "grown into it", "new", "one gone"])
async def test_a_preview_that_is_not_true_any_more_is_asked_again_and_changes_nothing(
    day: Day, meanwhile: str
) -> None:
    cast, taken = day.cast, await day.asked("09:30-11:20")
    if meanwhile == "edited":
        await day.edited("nine", "09:00", "10:00")
    elif meanwhile == "grown into it":
        await day.edited("noon", "11:10", "12:30")
    elif meanwhile == "new":
        await record_entry(cast, berlin("11:00"), berlin("11:10"))
    else:
        await cast.services.timers.delete(cast.request(), entry_id=day.ten.id)
    before, request = await read_entries(cast), cast.request()
    with pytest.raises(OverlapConflict, match="changed since I asked") as refused:
        await cast.services.timers.resolve(
            request,
            proposed=taken.proposed,
            resolution=OverlapResolution(strategy=OverlapStrategy.TRIM, seen=taken.fingerprint),
        )
    assert await read_entries(cast) == before
    assert refused.value.fingerprint != taken.fingerprint
    again = refused.value
    answer = await cast.services.timers.resolve(
        request,
        proposed=again.proposed,
        resolution=OverlapResolution(strategy=OverlapStrategy.TRIM, seen=again.fingerprint),
    )
    assert answer.change is TimerOutcome.RECORDED


async def test_time_that_has_become_free_is_simply_taken(day: Day) -> None:
    cast, taken = day.cast, await day.asked("11:30-12:30")
    await cast.services.timers.delete(cast.request(), entry_id=day.noon.id)
    before = await read_entries(cast)
    await day.pressed(taken, OverlapStrategy.REPLACE)
    after = await read_entries(cast)
    assert {key: after[key] for key in before} == before
    assert len(after) == len(before) + 1


async def test_an_entry_that_was_changed_or_deleted_since_the_question_is_left_alone(day: Day) -> None:
    cast = day.cast
    taken = await day.asked(("noon", "09:30", "13:00"))
    await day.edited("noon", "11:30", "12:20")
    before = await read_entries(cast)
    with pytest.raises(ChangedMeanwhile):
        await day.pressed(taken, OverlapStrategy.REPLACE)
    assert await read_entries(cast) == before
    await cast.services.timers.delete(cast.request(), entry_id=day.noon.id)
    before = await read_entries(cast)
    with pytest.raises(NotFound):
        await day.pressed(taken, OverlapStrategy.REPLACE)
    assert await read_entries(cast) == before


async def test_nobody_claims_with_another_persons_entry(day: Day) -> None:
    cast, before = day.cast, await read_entries(day.cast)
    claim = ProposedEntry(
        start=berlin("09:30"),
        end=berlin("10:30"),
        note="mine?",
        tags=(),
        entry_id=day.noon.id,
        seen_version=1,
    )
    with pytest.raises(NotFound):
        await cast.services.timers.resolve(
            cast.request(BEN),
            proposed=claim,
            resolution=OverlapResolution(strategy=OverlapStrategy.REPLACE, seen=""),
        )
    assert await read_entries(cast) == before


async def test_a_project_that_a_claim_makes_is_made_with_it_and_not_before(day: Day) -> None:
    cast = day.cast
    work = Work(project=ProjectMention(name="Fresh", required=True), note="new")
    params = StartParams(work=work, when=berlin("10:30"), make_project=True)
    with pytest.raises(OverlapConflict) as refused:
        await cast.services.timers.start(cast.request(), params)
    assert [one.title for one in (await cast.services.projects.list_live(cast.request())).projects] == ["API"]
    answer = await day.pressed(refused.value, OverlapStrategy.TRIM)
    assert project_of(entry_of(answer)).title == "Fresh"
    made = [
        row
        for row in await read_history(cast)
        if row["act_id"] == answer.act_id and row["subject"] == "project"
    ]
    assert [row["change"] for row in made] == ["made"]


async def test_a_project_that_was_archived_since_the_question_is_said_and_not_silently_lost(day: Day) -> None:
    cast = day.cast
    with pytest.raises(OverlapConflict) as refused:
        await record_entry(cast, berlin("10:30"), berlin("10:45"), "new", project="API")
    await cast.services.projects.archive(cast.request(), "API")
    before = await read_entries(cast)
    with pytest.raises(Refusal, match="archived"):
        await day.pressed(refused.value, OverlapStrategy.TRIM)
    assert await read_entries(cast) == before


async def test_a_piece_that_is_split_off_belongs_to_the_zone_where_its_work_was_done(day: Day) -> None:
    cast, taken = day.cast, await day.asked("09:15-09:30")
    await cast.services.people.remember(cast.workspace.id, replace(ADA, zone=BEN.zone))
    before = await read_entries(cast)
    await day.pressed(taken, OverlapStrategy.SPLIT)
    zones = {
        row["started_at"]: row["zone"] for key, row in (await read_entries(cast)).items() if key not in before
    }
    assert zones == {berlin("09:15"): "America/New_York", berlin("09:30"): "Europe/Berlin"}


async def test_undo_of_making_room_is_refused_whole_where_any_part_changed_since(day: Day) -> None:
    cast = day.cast
    answer = await day.pressed(await day.asked("09:30-12:00"), OverlapStrategy.TRIM)
    await _deleted(cast, entry_of(answer).id)  # the room that was made for it is still trimmed off the others
    before = await read_entries(cast)
    with pytest.raises(Refusal, match="changed after that"):
        await cast.services.timers.undo(cast.request(), act_id=act_id_of(answer))
    assert await read_entries(cast) == before


async def _deleted(cast: Cast, entry_id: UUID) -> None:
    await cast.services.timers.delete(cast.request(), entry_id=entry_id)
