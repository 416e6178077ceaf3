"""Anything, in any order, by several people in several zones, over midnights and clock changes: the numbers stay true.

`INVARIANTS=2000` plays so many random games instead of the few that every run plays alike.
"""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from domain.entries.entries import NewEntry, TimerAnswer, TimerOutcome, Work
from domain.entries.overlaps import OverlapResolution, OverlapStrategy, adjustments
from domain.entries.params import EditParams, LogParams, StartParams
from domain.identity.people import Profile
from domain.projects.projects import ProjectMention
from domain.reports.period_reports import DayTotal, Dimension
from domain.time.intervals import Amount, ClockRange
from domain.time.local_times import to_local_time
from domain.time.periods import LastDays, Period
from domain.webhooks.events import EntryCreate, TimerStart, TimerStop, WebhookEvent
from tests.invariants import model
from tests.invariants.game import MINUTE, PEOPLE, GameService, RandomGame
from tests.invariants.model import Deed
from tests.records import Row, find_untrue_history, read_entries

GAMES = int(os.environ.get("INVARIANTS", "0"))
ZONES = [
    ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo")
]
WHOLE = 40  # days: all that a game can reach

people = st.sampled_from(PEOPLE)
picks = st.integers(0, 30)
notes = st.sampled_from(["", "api", "write", "api call"])
projects = st.sampled_from([None, "API", "Docs"])
tags = st.sampled_from([(), ("a",), ("a", "b")])
ago = st.sampled_from([-5, 0, 1, 17, 60, 95, 240, 700])  # minutes; before now but for the first


class Game(RandomGame):
    # What can be done

    @rule(minutes=st.sampled_from([0, 1, 20, 61, 200, 700]), seconds=st.sampled_from([0, 0.000001, 31.5]))
    def time_passes(self, minutes: int, seconds: float) -> None:
        self.clock.now += minutes * MINUTE + timedelta(seconds=seconds)

    @rule(who=people, zone=st.sampled_from(ZONES))
    def travel(self, who: Profile, zone: ZoneInfo) -> None:
        self.run(self.world.services.people.remember(self.cast.workspace.id, replace(who, zone=zone)))
        self.zones[who.slack_user_id] = zone

    @rule(who=people, note=notes, project=projects, tags=tags, back=st.none() | ago)
    def start(
        self, who: Profile, note: str, project: str | None, tags: tuple[str, ...], back: int | None
    ) -> None:
        words = ProjectMention(name=project, required=True) if project else None
        when = None if back is None else self.clock.now - back * MINUTE
        params = StartParams(work=Work(project=words, note=note, tags=tags), when=when, make_project=True)
        self.request(who, lambda request: self.timers.start(request, params))

    @rule(who=people, back=st.none() | ago)
    def stop(self, who: Profile, back: int | None) -> None:
        when = None if back is None else self.clock.now - back * MINUTE
        self.request(who, lambda request: self.timers.stop(request, when=when))

    @rule(who=people, number=st.none() | picks)
    def resume(self, who: Profile, number: int | None) -> None:
        entry_id = None if number is None else self.pick(who, number)
        self.request(who, lambda request: self.timers.resume(request, entry_id=entry_id))

    @rule(who=people, length=st.sampled_from([1, 45, 300]), note=notes, tags=tags)
    def log_an_amount(self, who: Profile, length: int, note: str, tags: tuple[str, ...]) -> None:
        stretch = Amount(length=length * MINUTE, day=None)
        self.request(
            who,
            lambda request: self.timers.log(
                request, LogParams(work=Work(note=note, tags=tags), interval=stretch)
            ),
        )

    @rule(who=people, back=ago, length=st.sampled_from([5, 70, 200]), note=notes)
    def log_a_range(self, who: Profile, back: int, length: int, note: str) -> None:
        start = (self.clock.now - (back + length) * MINUTE).astimezone(self.zones[who.slack_user_id])
        stretch = ClockRange(
            start=start.time().replace(second=0, microsecond=0), wall_length=length * MINUTE, day=None
        )
        self.request(
            who, lambda request: self.timers.log(request, LogParams(work=Work(note=note), interval=stretch))
        )

    @rule(
        who=people,
        kind=st.sampled_from(["start", "stop", "create"]),
        back=ago,
        length=st.sampled_from([1, 90]),
    )
    def a_webhook_comes(self, who: Profile, kind: str, back: int, length: int) -> None:
        user, at = who.slack_user_id, self.clock.now - back * MINUTE
        entry = NewEntry(work=Work(note="hook"), started_at=at - length * MINUTE, ended_at=at)
        events: dict[str, WebhookEvent] = {
            "start": TimerStart(user=user, work=Work(note="hook"), at=at if back else None),
            "stop": TimerStop(user=user, at=at if back else None),
            "create": EntryCreate(user=user, entry=entry),
        }
        self.comes(who, events[kind])

    @rule(
        who=people, number=picks, start=st.sampled_from([-90, -7, 0, 0, 33]), end=st.sampled_from([-40, 0, 0, 9, 200]),
        later=st.sampled_from([None, False, True]), note=notes, tags=tags, stale=st.integers(0, 5),
    )  # fmt: skip
    def edit(
        self, who: Profile, number: int, start: int, end: int, later: bool | None, note: str,
        tags: tuple[str, ...], stale: int,
    ) -> None:  # fmt: skip
        if (entry_id := self.pick(who, number)) is None:
            return
        seen = self.run(
            self.world.services.entries.find_editable(self.cast.workspace.id, who.slack_user_id, entry_id)
        )
        entry, zone = seen.entry, self.zones[who.slack_user_id]
        begins = to_local_time(entry.started_at + start * MINUTE, zone)
        ends = to_local_time(entry.ended_at + end * MINUTE, zone) if entry.ended_at else None
        if entry.running and end:
            ends = to_local_time(self.clock.now + (end - 100) * MINUTE, zone)
        params = EditParams(
            entry_id=entry_id,
            seen_version=entry.version - (stale == 0),
            work=Work(project_id=entry.project.id if entry.project else None, note=note, tags=tags),
            start=replace(begins, later=later) if start else begins,
            end=replace(ends, later=later) if ends and end else ends,
        )
        self.request(who, lambda request: self.timers.edit(request, params))

    @rule(who=people, number=picks)
    def delete(self, who: Profile, number: int) -> None:
        if entry_id := self.pick(who, number):
            locked = self.is_locked(self.rows[entry_id])
            answer = self.request(who, lambda request: self.timers.delete(request, entry_id=entry_id))
            assert (answer is None) == locked
            assert self.rows[entry_id]["deleted"] != locked

    @rule(who=people, number=picks)
    def file_under(self, who: Profile, number: int) -> None:
        if entry_id := self.pick(who, number):
            self.request(who, lambda request: self.timers.file_under(request, entry_id=entry_id, title="api"))

    @precondition(lambda self: self.asked is not None)
    @rule(way=st.sampled_from(OverlapStrategy), keep=st.integers(0, 4))
    def make_room(self, way: OverlapStrategy, keep: int) -> None:
        assert self.asked is not None
        (who, taken), before = self.asked, self.rows
        answer = self.request(
            who,
            lambda request: self.timers.resolve(
                request,
                proposed=taken.proposed,
                resolution=OverlapResolution(strategy=way, seen=taken.fingerprint),
            ),
        )
        if answer is not None:
            claim, mine = taken.proposed, self.ids[who.slack_user_id]
            there = model.find_overlapping(claim, before, mine)
            assert there in ([], [one.id for one in taken.entries]), "there was more than the person saw"
            seen = taken.entries if there else ()
            preview = adjustments(way, seen, start=claim.start, end=claim.end, at=taken.at)
            rows, added = model.make_room(claim, preview, before, self.clock.now)
            if claim.entry_id is None and claim.end is None:
                rows = model.end_timer(rows, mine, claim.start)
            new = [row for key, row in self.rows.items() if key not in before]
            assert {key: self.rows[key] for key in before} == rows
            assert sorted((row["started_at"], row["ended_at"], row["note"]) for row in new) == added
        if keep and self.asked == (who, taken):
            self.asked = None

    @precondition(lambda self: bool(self.deeds))
    @rule(number=picks)
    def undo(self, number: int) -> None:
        deed = self.deeds[-1 - number % len(self.deeds)]
        who = next(one for one in PEOPLE if one.slack_user_id == deed.who)
        before, stands = self.rows, deed.stands(self.rows) and not deed.undoing
        answer = self.request(who, lambda request: self.timers.undo(request, act_id=deed.act_id))
        if answer is None or not stands:
            assert self.rows == before
            assert answer is None or answer.change is TimerOutcome.ALREADY_UNDONE
            assert (answer is not None) == (deed.undone and not deed.undoing) or stands
            return
        assert answer.change is TimerOutcome.UNDONE
        assert self.rows == model.take_back(deed, before, self.clock.now)
        deed.undone = True

    @precondition(lambda self: bool(self.deeds))
    @rule(who=people)
    def undo_last(self, who: Profile) -> None:
        before = self.rows
        deed, near = model.find_deed_to_undo(self.deeds, who.slack_user_id, before)
        answer = self.request(who, self.timers.undo_last)
        if answer is None:
            assert self.rows == before
            assert deed is None or not near or self.blocked(deed) or self.is_touching_a_locked_week(deed)
            return
        assert deed is not None
        assert self.rows == model.take_back(deed, before, self.clock.now)
        deed.undone = True

    def blocked(self, deed: Deed) -> bool:
        """Whether what it gave up is used by another entry by now."""
        back = model.take_back(deed, self.rows, self.clock.now)
        return model.has_overlap(row for row in back.values() if row["person_id"] == self.ids[deed.who])

    @rule(who=people, said=st.sampled_from([Period.LAST_WEEK, Period.LAST_WEEK, Period.THIS_WEEK]))
    def submit(self, who: Profile, said: Period) -> None:
        self.hand_in(who, said)

    @precondition(lambda self: bool(self.locked))
    @rule(number=picks)
    def take_back(self, number: int) -> None:
        self.open_again(number)

    def is_locked(self, row: Row) -> bool:
        return any(
            model.select_inside({row["id"]: row}, row["person_id"], sheet.span)
            for who, sheet, _ in self.locked.values()
            if self.ids[who.slack_user_id] == row["person_id"]
        )

    def is_touching_a_locked_week(self, deed: Deed) -> bool:
        states = [row for pair in deed.diff.values() for row in pair if row]
        return any(self.is_locked(row) for row in states)

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_same_comes_again(self) -> None:
        assert self.last is not None
        ask, answer = self.last
        assert self.run(_awaited(ask)) == answer
        assert self.run(read_entries(self.cast)) == self.rows

    # What must hold

    @invariant()
    def no_entry_of_a_locked_week_ever_changes(self) -> None:
        for who, sheet, kept in self.locked.values():
            assert model.select_inside(self.rows, self.ids[who.slack_user_id], sheet.span) == kept
            shared = (
                model.measure_shared(row, sheet.span.start, sheet.span.end, self.clock.now)
                for row in kept.values()
            )
            assert sheet.totals.total == sum(shared, timedelta())

    @invariant()
    def the_numbers_are_true(self) -> None:
        assert self.run(find_untrue_history(self.cast)) == []
        who = PEOPLE[self.turn % 3]
        by = [Dimension.PROJECT, Dimension.DAY, Dimension.TAG, Dimension.PERSON][self.turn % 4]
        self.turn += 1
        mine = [
            row
            for row in self.rows.values()
            if row["person_id"] == self.ids[who.slack_user_id] and not row["deleted"]
        ]
        assert not model.has_overlap(mine)
        assert all(row["ended_at"] is None or row["ended_at"] > row["started_at"] for row in mine)
        report = self.run(
            self.world.services.reports.period(self.cast.request(who), LastDays(days=WHOLE), by)
        )
        counted = sum((one.length for one in report.groups), timedelta())
        if by in {Dimension.PROJECT, Dimension.PERSON}:
            assert counted == report.total
        today = self.run(self.world.services.reports.today(self.cast.request(who)))
        status = self.run(self.timers.status(self.cast.request(who)))
        assert status.today == today.total
        lengths = [one.length for one in report.days]
        zone = self.zones[who.slack_user_id]
        if self.are_days_as_handed_in(who, zone, report.days):
            assert report.total == sum(lengths, timedelta())
            return
        assert lengths == model.add_up_days(mine, [one.day for one in report.days], zone, self.clock.now)
        whole = sum((model.measure_length(row, self.clock.now) for row in mine), timedelta())
        assert report.total == sum(lengths, timedelta()) == whole
        assert today.total == lengths[-1]

    def are_days_as_handed_in(self, who: Profile, zone: ZoneInfo, days: Sequence[DayTotal]) -> bool:
        """Whether somebody handed in a week in another zone than they are in. Its days are as they were then, to the
        microsecond, and so not all the others are from midnight to midnight where they are now."""
        elsewhere = [
            sheet
            for one, sheet, _ in self.locked.values()
            if one.slack_user_id == who.slack_user_id and sheet.totals.zone != zone.key
        ]
        for sheet in elsewhere:
            for shown in days:
                if sheet.week <= shown.day < sheet.week + timedelta(days=7):
                    handed_in = (line.length for line in sheet.totals.lines if line.day == shown.day)
                    assert shown.length == sum(handed_in, timedelta())
        return bool(elsewhere)


async def _awaited(ask: Callable[[], Awaitable[TimerAnswer | None]]) -> TimerAnswer | None:
    return await ask()


@pytest.mark.parametrize("games", [3, pytest.param(40, marks=pytest.mark.exhaustive)])
def test_the_numbers_stay_true_whatever_is_done_in_whatever_order(own_database_url: str, games: int) -> None:
    world = GameService(own_database_url)
    try:
        run_state_machine_as_test(
            type("GameHere", (Game,), {"world": world}),
            settings=settings(
                max_examples=GAMES or games,
                stateful_step_count=100 if GAMES else 40,
                derandomize=not GAMES,
                database=None,
                deadline=None,
                print_blob=True,
                # To make a failure small takes minutes: not in passing.
                phases=[Phase.generate, Phase.shrink] if GAMES else [Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        world.close()
