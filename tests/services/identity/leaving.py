"""A workspace on two replicas in which somebody leaves Slack, and a Slack that says what a test tells it to."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4

import pytest_asyncio

from domain.entries.entries import Work
from domain.entries.params import StartParams
from domain.errors import NotSaved, Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.accounts import SignUp
from domain.identity.people import Person, Profile, Standing
from services.outbox.notifier import MemberPage
from services.services import Services
from storage.postgres.database import Database
from tests.cast import ADA, BEN, CHIKA, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock
from tests.postgres import patient_pool

PASSWORD, HERE = "correct horse battery", "192.0.2.1"


GONE = replace(BEN, standing=Standing.GONE)


@dataclass
class SlackSays:
    """A list of members in pages of two, and what is said of one alone. None is somebody whom Slack does not know."""

    listed: list[Profile] = field(default_factory=lambda: [ADA, BEN, CHIKA])
    alone: Mapping[str, Profile | Exception | None] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    endless: bool = False

    async def page(self, cursor: str) -> MemberPage:
        at = int(cursor or 0)
        more = self.endless or at + 2 < len(self.listed)
        return MemberPage(members=tuple(self.listed[at : at + 2]), next_cursor=str(at + 2) if more else None)

    async def current(self, slack_user_id: str) -> Profile | None:
        self.asked.append(slack_user_id)
        said = self.alone.get(slack_user_id)
        if isinstance(said, Exception):
            raise said
        return said


@dataclass
class Stage:
    cast: Cast
    clock: Clock
    other: Services  # another replica

    async def leave(self, services: Services | None = None, profile: Profile = GONE) -> Person:
        """As Slack's event does, which comes again until it is taken."""
        while True:
            with contextlib.suppress(NotSaved):
                return await (services or self.cast.services).people.remember(self.cast.workspace.id, profile)

    async def leave_office(self) -> None:
        """Slack tells that Ben is an admin no more."""
        await self.leave(profile=BEN)

    async def standing(self, who: str = "U0BEN") -> tuple[str, str | None, datetime | None]:
        """What somebody is on record, why nothing is sent to them, and when their next digest is due."""
        async with self.cast.database.transaction(self.cast.workspace.id) as tx:
            row = await tx.connection.fetchrow(
                "select standing, unreachable, next_digest_at from people where slack_user_id = $1", who
            )
        assert row
        return row["standing"], row["unreachable"], row["next_digest_at"]

    async def linked(self) -> tuple[str, str]:
        """An access token and a refresh token of an account that is Ben."""
        services = self.cast.services
        await services.accounts.sign_up(
            SignUp(name="Ben", email="b@example.com", password=PASSWORD), address=HERE
        )
        given = await services.sessions.log_in("b@example.com", PASSWORD, address=HERE)
        await self.join(given.access_token, await self.code())
        return given.access_token, given.refresh_token

    async def code(self) -> str:
        return (await self.cast.services.links.issue(self.cast.request(BEN)))[0]

    async def join(self, access: str, code: str) -> None:
        bearer = await self.cast.services.authentication.find_caller(access)
        assert bearer
        assert bearer.session
        await self.cast.services.links.join(bearer.session, code)

    async def history(self, subject: str) -> list[str]:
        async with self.cast.database.transaction(self.cast.workspace.id) as tx:
            rows = await tx.connection.fetch(
                "select change, after from history where subject = $1 order by number", subject
            )
        return [row["change"] for row in rows]


@pytest_asyncio.fixture
async def stage(own_database_url: str, clock: Clock) -> AsyncIterator[Stage]:
    pool = await patient_pool(own_database_url, size=10)
    database = Database(pool, clock)
    other = patient_services(database, RecordingNotifier())
    yield Stage(cast := await Cast.create(database), clock, other)
    await cast.services.close()
    await other.close()
    pool.terminate()


async def outcome(work: Awaitable[object]) -> str:
    try:
        await work
    except Refusal as refusal:
        return type(refusal).__name__
    return "done"


def start(stage: Stage, number: int) -> Awaitable[object]:
    request = OperationRequest(
        workspace_id=stage.cast.workspace.id, source=Source.REST, key=f"s{number}:{uuid4()}", who="U0BEN"
    )
    services = stage.other if number % 2 else stage.cast.services
    return services.timers.start(request, StartParams(work=Work(note=f"{number}")))


class Nobody:
    async def profile(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
        return None

    async def profile_by_email(self, email: str) -> Profile | None:  # noqa: ARG002
        return None
