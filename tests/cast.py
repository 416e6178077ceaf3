"""The people of the tests, and short ways to let them act."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from domain.entries.entries import TimerAnswer, Work
from domain.entries.params import StartParams
from domain.history.operations import OperationRequest, ResponseTarget, Source
from domain.identity.people import Profile, Workspace
from domain.outbox.slack_methods import POST_MESSAGE, PUBLISH, UPDATE
from domain.projects.projects import ProjectMention
from services.identity.passwords import HashCost
from services.outbox.delivery import (
    LiveMessageUpdate,
    OutgoingMessage,
    Retry,
    SendOutcome,
    SentMessage,
    UpdatedMessage,
    UpdateOutcome,
)
from services.outbox.notifier import Notifier
from services.outbox.outbox import ATTEMPT, LEASE
from services.services import Services
from storage.postgres.database import Database

ADA = Profile(
    slack_user_id="U0ADA",
    name="Ada Park",
    zone=ZoneInfo("Europe/Berlin"),
    locale="de-DE",
    email="ada@example.com",
)
BEN = Profile(
    slack_user_id="U0BEN",
    name="Ben Okafor",
    zone=ZoneInfo("America/New_York"),
    locale="en-US",
    email="ben@example.com",
)
CHIKA = Profile(
    slack_user_id="U0CHIKA",
    name="Chika Mori",
    zone=ZoneInfo("Asia/Tokyo"),
    locale="ja-JP",
    email="chika@example.com",
)
KEYS = (b"k" * 32,)
# Long, so that a test also passes on a busy machine. Slack's three seconds, and the deadline that follows from them,
# have tests of their own, which hand in a short one.
PATIENCE_SECONDS = 60.0
# The product's hash is slow on purpose, slower than most tests. Tests of it create `Services` of their own.
CHEAP_HASH = HashCost(passes=1, memory=8)
PACES = {POST_MESSAGE: 6000, PUBLISH: 6000, UPDATE: 6000}  # a hundred calls at once


def patient_services(
    database: Database,
    notifier: Notifier,
    keys: Sequence[bytes] = KEYS,
    *,
    lease: timedelta = LEASE,
    attempt: timedelta = ATTEMPT,
    deadline: float = PATIENCE_SECONDS,
    hash_cost: HashCost = CHEAP_HASH,
) -> Services:
    """The operations of another replica, for tests that are not about how long something may take."""
    return Services(
        database, notifier, keys, lease=lease, attempt=attempt, deadline=deadline, hash_cost=hash_cost
    )


@dataclass
class RecordingNotifier:
    """Records what it should send. Answers with `next_outcomes` first, and accepts everything after that."""

    accepted: list[OutgoingMessage] = field(default_factory=list)
    next_outcomes: list[SendOutcome] = field(default_factory=list)
    next_lookups: list[SendOutcome] = field(default_factory=list)
    looked_up: list[OutgoingMessage] = field(default_factory=list)
    rewritten: list[LiveMessageUpdate] = field(default_factory=list)
    unchanged: bool = False  # answer that a message which is to be rewritten already shows the same

    async def send(self, outgoing: OutgoingMessage, *, still_ours: Callable[[], bool]) -> SendOutcome:
        if not still_ours():
            return Retry(delay=timedelta(), why="the lease had ended", clearly=False)
        if self.next_outcomes:
            outcome = self.next_outcomes.pop(0)
            if isinstance(outcome, Retry) and not outcome.clearly:
                self.accepted.append(outgoing)  # accepted, and the reply was lost
            return outcome
        self.accepted.append(outgoing)
        return self._place(outgoing)

    async def update(self, update: LiveMessageUpdate, *, still_ours: Callable[[], bool]) -> UpdateOutcome:
        if not still_ours():
            return Retry(delay=timedelta(), why="the lease had ended", clearly=True)
        self.rewritten.append(update)
        return UpdatedMessage(shown=str(update.subject).encode(), called_slack=not self.unchanged)

    async def find(self, outgoing: OutgoingMessage, *, since: datetime) -> SendOutcome | None:  # noqa: ARG002
        self.looked_up.append(outgoing)
        if self.next_lookups:
            return self.next_lookups.pop(0)
        known = any(one.id == outgoing.id for one in self.accepted)
        return self._place(outgoing) if known else None

    def _place(self, outgoing: OutgoingMessage) -> SentMessage:
        return SentMessage(channel=outgoing.channel, ts=f"{len(self.accepted)}.000001")


@dataclass
class Cast:
    """A workspace with three people, the operations for them, and what was sent to them."""

    services: Services
    workspace: Workspace
    notifier: RecordingNotifier
    database: Database

    @classmethod
    async def create(
        cls,
        database: Database,
        clock: Callable[[], datetime] | None = None,
        *,
        deadline: float = PATIENCE_SECONDS,
    ) -> "Cast":
        """Create a workspace with the three people; an operation may take `deadline` seconds."""
        del clock  # the database's own
        notifier = RecordingNotifier()
        services = patient_services(database, notifier, deadline=deadline)
        workspace = await services.people.remember_workspace(enterprise_id="", team_id="T0TEST", name="Test")
        await services.slack_rate_limits.open(workspace.id, PACES)
        for profile in (ADA, BEN, CHIKA):
            await services.people.remember(workspace.id, profile)
        return cls(services, workspace, notifier, database)

    async def create_other_workspace(self) -> "Cast":
        """Create another workspace in the same database, whose people have the same Slack ids."""
        people = self.services.people
        workspace = await people.remember_workspace(enterprise_id="", team_id="T0OTHER", name="Other")
        await self.services.slack_rate_limits.open(workspace.id, PACES)
        for profile in (ADA, BEN, CHIKA):
            await people.remember(workspace.id, profile)
        return replace(self, workspace=workspace)

    def request(
        self, who: Profile = ADA, key: str | None = None, *, place: ResponseTarget | None = None
    ) -> OperationRequest:
        return OperationRequest(
            workspace_id=self.workspace.id,
            source=Source.SLACK,
            key=key or f"test:{uuid4()}",
            who=who.slack_user_id,
            place=place,
        )

    async def start(self, note: str = "", project: str | None = None, who: Profile = ADA) -> TimerAnswer:
        words = ProjectMention(name=project, required=True) if project else None
        params = StartParams(work=Work(project=words, note=note), make_project=True)
        return await self.services.timers.start(self.request(who), params)

    async def stop(self, who: Profile = ADA) -> TimerAnswer:
        return await self.services.timers.stop(self.request(who))
