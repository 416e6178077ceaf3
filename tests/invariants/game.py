"""A game of random operations: the services on a database of their own, and a record of it to compare with."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from domain.entries.entries import NewEntry, TimerAnswer, Work
from domain.entries.overlaps import OverlapConflict
from domain.errors import Refusal
from domain.history.operations import OperationRequest
from domain.identity.people import Profile
from domain.reports.timesheets import Timesheet, TimesheetOutcome
from domain.time.periods import WeekPhrase
from domain.webhooks.events import EntryCreate, WebhookEvent
from storage.postgres.database import Database
from tests.cast import ADA, BEN, CHIKA, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock
from tests.invariants import model
from tests.invariants.model import Deed
from tests.postgres import patient_pool
from tests.records import EntryRows, Row, read_entries, read_history, receive_event

Result = TypeVar("Result")
PEOPLE = [ADA, BEN, CHIKA]
MINUTE = timedelta(minutes=1)
NIGHTS = [  # each is the noon before a night on which one of these zones changes its clocks, or its year
    "2026-03-28", "2026-10-24", "2026-03-07", "2026-10-31", "2026-04-04", "2026-10-03", "2026-04-23", "2026-10-29",
    "2026-12-31",
]  # fmt: skip


class GameService:
    """The services of all games, on a database of their own; each game has a workspace of its own."""

    def __init__(self, url: str) -> None:
        self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
        self.clock = Clock(datetime(2026, 1, 1, tzinfo=UTC))
        self.pool = self.run(patient_pool(url, size=2))
        self.database = Database(self.pool, self.clock)
        self.services = patient_services(self.database, RecordingNotifier())

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self.runner.run(coroutine)

    def close(self) -> None:
        self.run(self.services.close())
        self.run(self.pool.close())
        self.runner.close()


class RandomGame(RuleBasedStateMachine):
    """Plays operations, records what each changed, and checks that the history says the same."""

    world: GameService

    @initialize(night=st.sampled_from(NIGHTS), hours=st.integers(0, 16))
    def introduce(self, night: str, hours: int) -> None:
        self.clock = self.world.clock
        self.clock.now = datetime.fromisoformat(f"{night}T12:00:00+00:00") + timedelta(
            hours=hours, seconds=13
        )
        self.cast = self.run(self._cast())
        self.timers = self.world.services.timers
        self.zones = {profile.slack_user_id: profile.zone for profile in PEOPLE}
        self.ids: dict[str, UUID] = {
            who: self.run(self.world.services.people.read_with_clock(self.cast.workspace.id, who)).person.id
            for who in self.zones
        }
        self.rows: EntryRows = {}
        self.deeds: list[Deed] = []
        self.asked: tuple[Profile, OverlapConflict] | None = None
        self.last: tuple[Callable[[], Awaitable[TimerAnswer | None]], TimerAnswer | None] | None = None
        self.seen_changes = 0
        self.locked: dict[UUID, tuple[Profile, Timesheet, EntryRows]] = {}  # weeks, with what was in them
        self.turn = 0
        for who in PEOPLE:  # something that is there already, for others to be in the way of
            for begin, end in ((300, 190), (120, 30)):
                work, now = Work(note="before", tags=("a",)), self.clock.now
                new = NewEntry(work=work, started_at=now - begin * MINUTE, ended_at=now - end * MINUTE)
                self.comes(who, EntryCreate(user=who.slack_user_id, entry=new))

    async def _cast(self) -> Cast:
        services = self.world.services
        workspace = await services.people.remember_workspace(
            enterprise_id="", team_id=str(uuid4()), name="Game"
        )
        for profile in PEOPLE:
            await services.people.remember(workspace.id, profile)
        return Cast(services, workspace, RecordingNotifier(), self.world.database)

    def run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return self.world.run(coroutine)

    def request(
        self, who: Profile, ask: Callable[[OperationRequest], Coroutine[Any, Any, TimerAnswer]]
    ) -> TimerAnswer | None:
        """Ask for an operation; return None when it was refused, after checking that nothing changed."""
        request = self.cast.request(who)
        return self.attempt(who, lambda: ask(request))

    def comes(self, who: Profile, event: WebhookEvent) -> None:
        """Receive an event by a webhook, and check the same."""
        delivery_id = str(uuid4())
        self.attempt(who, lambda: receive_event(self.cast, event, who, delivery_id))

    def attempt(
        self, who: Profile, ask: Callable[[], Coroutine[Any, Any, TimerAnswer | None]]
    ) -> TimerAnswer | None:
        before, answer, refused = self.rows, None, False
        try:
            answer = self.run(ask())
            self.last = ask, answer
        except OverlapConflict as taken:
            self.asked, refused = (who, taken), True
        except Refusal:
            refused = True
        self.rows = self.run(read_entries(self.cast))
        diff = model.find_difference(before, self.rows)
        assert not (refused and diff), "a refusal changed something"
        self.remember(who, diff)
        return answer

    def remember(self, who: Profile, diff: dict[UUID, tuple[Row | None, Row]]) -> None:
        """Check that the history has these changes, as one operation of that person."""
        told = self.run(read_history(self.cast))
        new, self.seen_changes = told[self.seen_changes :], len(told)
        new = [row for row in new if row["subject"] == "time_entry"]
        assert sorted(row["subject_id"] for row in new) == sorted(diff)
        assert {row["actor"] for row in new} <= {who.slack_user_id}
        assert all(row["person_id"] == self.ids[who.slack_user_id] for _, row in diff.values())
        acts = {row["act_id"] for row in new}
        assert len(acts) <= 1
        for act_id in acts:
            undoing = {row["change"] for row in new} == {"undone"}
            self.deeds.append(Deed(act_id, who.slack_user_id, diff, undoing))

    def hand_in(self, who: Profile, said: WeekPhrase) -> None:
        """Submit a week, or have it refused without a change."""
        try:
            report = self.run(self.world.services.timesheets.submit(self.cast.request(who), said))
        except Refusal:
            return
        sheet, mine = report.sheet, self.ids[who.slack_user_id]
        if sheet and report.change is TimesheetOutcome.SUBMITTED:
            self.locked[sheet.id] = who, sheet, model.select_inside(self.rows, mine, sheet.span)

    def open_again(self, number: int) -> None:
        who, sheet, _ = self.locked.pop(list(self.locked)[number % len(self.locked)])
        request, weeks = self.cast.request(who), self.world.services.timesheets
        report = self.run(weeks.take_back(request, timesheet_id=sheet.id, seen_version=sheet.version))
        assert report.change is TimesheetOutcome.TAKEN_BACK

    def pick(self, who: Profile, number: int) -> UUID | None:
        mine = [
            row
            for row in self.rows.values()
            if row["person_id"] == self.ids[who.slack_user_id] and not row["deleted"]
        ]
        mine.sort(key=lambda row: row["started_at"], reverse=True)
        return mine[number % len(mine)]["id"] if mine else None
