"""Leaving beside whatever is under way: nothing gets through, on any number of replicas."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from domain.entries.entries import Work
from domain.entries.params import StartParams
from domain.errors import AccessEnded, LoginFailed, NotSaved, Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.accounts import SignUp
from domain.identity.people import Person, Profile, Role, Standing
from domain.identity.tokens import TokenParams
from services.outbox.notifier import MemberPage, MethodRefused, Unreachable
from services.services import Services
from storage.identity import offboarding, people
from storage.postgres.database import Database, open_pool
from tests.cast import ADA, BEN, CHIKA, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock
from tests.postgres import PATIENT, patient_pool

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


async def test_whatever_is_under_way_ends_with_the_person_whoever_is_first(stage: Stage) -> None:
    cast, services = stage.cast, stage.cast.services
    access, refresh = await stage.linked()
    spare = await services.sessions.log_in("b@example.com", PASSWORD, address=HERE)
    code = await stage.code()
    await services.accounts.sign_up(SignUp(name="E", email="e@example.com", password=PASSWORD), address=HERE)
    else_ = await services.sessions.log_in("e@example.com", PASSWORD, address=HERE)
    tasks = [
        *(start(stage, number) for number in range(8)),
        stage.leave(),
        stage.leave(stage.other),
        services.sessions.refresh(refresh),
        stage.other.sessions.refresh(spare.refresh_token),
        stage.join(else_.access_token, code),
        services.tokens.issue(cast.request(BEN), TokenParams(name="late")),
        services.links.issue(cast.request(BEN)),
    ]
    said = await asyncio.gather(*(outcome(task) for task in tasks))
    assert said[8:10] == ["done", "done"]
    assert set(said) <= {"done", "AccessEnded", "FieldErrors", "LoginFailed", "NotSaved"}
    # And now nothing does anything, nothing runs, and nothing lets anybody in.
    with pytest.raises(AccessEnded, match="deactivated"):
        await start(stage, 9)
    assert (await services.team.report(cast.request(ADA))).lines[0].entry is None
    for bearer in (access, spare.access_token, else_.access_token):
        found = await services.authentication.find_caller(bearer)
        assert found is None or not found.person.in_slack
    for token in (refresh, spare.refresh_token):
        with pytest.raises(LoginFailed):
            await services.sessions.refresh(token)
    async with cast.database.transaction(cast.workspace.id) as tx:
        left = await tx.connection.fetchrow(
            "select (select count(*) from api_tokens where revoked_at is null) as tokens,"
            " (select count(*) from account_links) as links,"
            " (select count(*) from link_codes where used_by is null and expires_at > $1) as codes,"
            " (select count(*) from time_entries where ended_at is null) as running,"
            " (select count(*) from people where standing = 'gone' and next_digest_at is null"
            "  and next_week_at is null) as gone",
            stage.clock(),
        )
    assert left
    assert dict(left) == {"tokens": 0, "links": 0, "codes": 0, "running": 0, "gone": 1}
    assert (await stage.history("person")).count("standing") == 1  # two replicas, one leaving


async def test_what_a_lead_could_see_and_approve_ends_and_comes_back_with_them(stage: Stage) -> None:
    cast = stage.cast
    await cast.services.people.remember(cast.workspace.id, replace(ADA, admin=True))
    await cast.services.team.give_role(cast.request(ADA), to="U0BEN", role=Role.LEAD)
    for standing, role, access in (
        (Standing.GUEST, Role.MEMBER, True),
        (Standing.MEMBER, Role.LEAD, True),
        (Standing.STRANGER, Role.MEMBER, False),
        (Standing.MEMBER, Role.LEAD, True),
        (Standing.GONE, Role.MEMBER, False),
    ):
        person = await stage.leave(
            profile=replace(BEN, standing=standing, admin=standing is Standing.STRANGER)
        )
        async with cast.database.transaction(cast.workspace.id) as tx:
            row = await tx.connection.fetchrow(
                "select role, standing from people where slack_user_id = 'U0BEN'"
            )
        assert row
        assert (row["role"], row["standing"]) == ("lead", standing.value)
        assert person.has_access is access
        reader = await cast.services.people.introduce(cast.workspace.id, "U0BEN", Nobody())
        everybody = await cast.services.people.list_visible(cast.workspace.id, reader, after="", limit=9)
        assert len(everybody) == (3 if role is Role.LEAD else 1)
    assert (await stage.history("person")).count("standing") == 5


class Nobody:
    async def profile(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
        return None

    async def profile_by_email(self, email: str) -> Profile | None:  # noqa: ARG002
        return None


async def test_a_look_asks_for_whoever_is_missing_and_believes_only_a_plain_answer(stage: Stage) -> None:
    cast, services = stage.cast, stage.cast.services

    async def gone() -> set[str]:
        async with cast.database.transaction(cast.workspace.id) as tx:
            rows = await tx.connection.fetch("select slack_user_id from people where standing = 'gone'")
        return {row["slack_user_id"] for row in rows}

    async def look(slack: SlackSays) -> list[str]:
        await asyncio.gather(
            *(one.membership.compare(cast.workspace.id, slack) for one in (services, stage.other))
        )
        return sorted(set(slack.asked))

    assert await look(SlackSays()) == []
    assert await look(SlackSays(listed=[ADA, CHIKA], alone={"U0BEN": BEN})) == ["U0BEN"]
    assert await look(SlackSays(listed=[ADA, CHIKA], alone={"U0BEN": MethodRefused()})) == ["U0BEN"]
    assert await look(SlackSays(listed=[], alone=dict.fromkeys(("U0ADA", "U0BEN"), Unreachable()))) == [
        "U0ADA"
    ]
    assert await look(SlackSays(endless=True, alone={"U0BEN": None})) == []
    assert await gone() == set()
    # Who can not be asked about holds up nobody.
    said = {"U0ADA": MethodRefused(), "U0BEN": None, "U0CHIKA": replace(CHIKA, standing=Standing.GONE)}
    assert await look(SlackSays(listed=[], alone=said)) == ["U0ADA", "U0BEN", "U0CHIKA"]
    assert await gone() == {"U0BEN", "U0CHIKA"}
    assert (await stage.history("person")).count("standing") == 2
    # Somebody new here is found to be gone in the same breath as the list says that Ben is back.
    assert await look(SlackSays(listed=[replace(ADA, name="Ada P"), BEN], alone={"U0BEN": BEN})) == ["U0BEN"]
    assert await gone() == {"U0CHIKA"}
    assert (await services.people.find_names(cast.workspace.id, ["U0ADA"])) == {"U0ADA": "Ada P"}


class SlowSlack:
    """A list of one member a page, of which Slack hands out so many pages before it asks for silence."""

    def __init__(self, listed: list[Profile], pages: int) -> None:
        self._listed = listed
        self._pages = pages
        self.given: list[str] = []

    async def page(self, cursor: str) -> MemberPage:
        if self._pages == 0:
            raise Unreachable
        self._pages -= 1
        number = int(cursor or 0)
        self.given.append(self._listed[number].slack_user_id)
        last = number + 1 == len(self._listed)
        return MemberPage(members=(self._listed[number],), next_cursor=None if last else str(number + 1))

    async def current(self, slack_user_id: str) -> Profile | None:
        return None if slack_user_id == "U0BEN" else ADA

    def speak_again(self, pages: int) -> None:
        self._pages = pages


async def test_a_look_at_more_members_than_slack_lists_in_a_minute_goes_on_where_it_was(
    stage: Stage,
) -> None:
    cast, look = stage.cast, stage.cast.services.membership
    others = [replace(CHIKA, slack_user_id=f"U0NEW{number}") for number in range(3)]
    slack = SlowSlack([ADA, *others, CHIKA], pages=2)
    assert await look.compare(cast.workspace.id, slack) == 0
    assert await look.continue_comparison(cast.workspace.id, slack) == 0  # it is still to be silent
    slack.speak_again(2)
    assert await look.continue_comparison(cast.workspace.id, slack) == 0
    slack.speak_again(2)
    assert await look.continue_comparison(cast.workspace.id, slack) == 1
    assert slack.given == ["U0ADA", "U0NEW0", "U0NEW1", "U0NEW2", "U0CHIKA"]
    assert (await stage.history("person")).count("standing") == 1
    slack.speak_again(9)
    assert await look.continue_comparison(cast.workspace.id, slack) == 0  # it has come to its end
    assert len(slack.given) == 5


async def test_what_slack_said_before_somebody_left_does_not_bring_them_back(stage: Stage) -> None:
    cast = stage.cast
    late = SlackSays(listed=[ADA, replace(BEN, name="Ben L"), CHIKA], alone={"U0BEN": GONE})
    for _ in range(3):
        await stage.leave(profile=BEN)
        await asyncio.gather(
            *(stage.leave(stage.other if number % 2 else None) for number in range(3)),
            *(stage.cast.services.membership.compare(cast.workspace.id, late) for _ in range(3)),
        )
        async with cast.database.transaction(cast.workspace.id) as tx:
            await people.upsert_profile(
                tx, cast.workspace.id, replace(BEN, name="Ben B")
            )  # a page of the list that was read before
        assert await stage.standing() == ("gone", "gone", None)


class LateSlack:
    """Says `first` of Ben, and while that is on its way something happens; whoever asks again is told `then`."""

    def __init__(self, first: Profile, happens: Callable[[], Awaitable[object]], then: Profile) -> None:
        self._first = first
        self._happens = happens
        self._then = then
        self.silent = False  # after its first page
        self.answers = 0

    async def current(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
        self.answers += 1
        if self.answers > 1:
            return self._then
        await self._happens()
        return self._first

    async def profile(self, slack_user_id: str) -> Profile | None:
        return await self.current(slack_user_id)

    async def profile_by_email(self, email: str) -> Profile | None:
        return await self.current(email)

    async def page(self, cursor: str) -> MemberPage:
        if cursor:
            if self.silent:
                raise Unreachable
            return MemberPage(members=(ADA, CHIKA), next_cursor=None)
        said = await self.current(BEN.slack_user_id)
        assert said
        return MemberPage(members=(said,), next_cursor="more")


async def test_who_leaves_while_slack_lists_its_members_stays_gone(stage: Stage) -> None:
    cast, said = stage.cast, replace(BEN, name="Ben L")
    slack = LateSlack(said, stage.leave, GONE)
    await cast.services.membership.compare(cast.workspace.id, slack)
    assert await stage.standing() == ("gone", "gone", None)
    assert (await stage.history("person")).count("standing") == 1


async def test_a_look_goes_on_with_the_next_person_where_somebody_else_holds_a_lock(
    stage: Stage, own_database_url: str
) -> None:
    workspace = stage.cast.workspace.id
    pool = await open_pool(own_database_url, size=2, settings=PATIENT | {"lock_timeout": "100"})
    hurried = patient_services(Database(pool, stage.clock), RecordingNotifier())
    slack = SlackSays(listed=[ADA, replace(BEN, name="Ben L"), replace(CHIKA, name="Chika L")])
    async with stage.cast.database.transaction(workspace) as tx:
        await offboarding.lock_person(tx, workspace, BEN.slack_user_id)
        assert await hurried.membership.compare(workspace, slack) == 1
    names = [BEN.slack_user_id, CHIKA.slack_user_id]
    assert await hurried.people.find_names(workspace, names) == dict(
        zip(names, ("Ben Okafor", "Chika L"), strict=True)
    )
    assert await hurried.membership.compare(workspace, slack) == 1
    assert (await hurried.people.find_names(workspace, names))[BEN.slack_user_id] == "Ben L"
    await hurried.close()
    pool.terminate()


@pytest.mark.parametrize("before", [Standing.GUEST, Standing.STRANGER, Standing.GONE])
async def test_who_leaves_while_slack_is_asked_about_them_stays_gone(stage: Stage, before: Standing) -> None:
    cast = stage.cast
    await stage.leave(profile=replace(BEN, standing=before))

    async def leave() -> None:
        await stage.cast.services.people.update_known(cast.workspace.id, GONE, SlackSays())

    slack = LateSlack(BEN, leave, GONE)
    await cast.services.people.update_known(cast.workspace.id, BEN, slack)
    ended = Standing.GONE if before is Standing.GUEST else before
    assert await stage.standing() == (ended.value, ended.value, None)
    assert slack.answers == 2  # the first was older than their leaving


async def test_who_comes_back_while_slack_is_asked_about_them_keeps_their_access(stage: Stage) -> None:
    slack = LateSlack(GONE, lambda: stage.leave(profile=replace(BEN, name="Ben L")), BEN)
    await stage.cast.services.people.verify(stage.cast.workspace.id, "U0BEN", slack)
    assert (await stage.standing())[0] == "member"
    assert await stage.history("person") == []


async def test_who_slack_changes_its_mind_about_at_each_answer_stays_what_they_are(stage: Stage) -> None:
    class Restless(LateSlack):
        async def current(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
            self.answers += 1
            await stage.leave(profile=GONE)
            return BEN

    slack = Restless(BEN, stage.leave, BEN)
    with pytest.raises(NotSaved):
        await stage.cast.services.people.verify(stage.cast.workspace.id, "U0BEN", slack)
    assert await stage.standing() == ("gone", "gone", None)
    assert slack.answers < 9


async def test_who_is_met_and_leaves_while_slack_is_asked_who_they_are_stays_gone(stage: Stage) -> None:
    cast, new = stage.cast, replace(BEN, slack_user_id="U0NEW", email="new@example.com")

    async def come_and_go() -> None:
        await stage.leave(stage.other, profile=new)
        await stage.leave(profile=replace(new, standing=Standing.GONE))

    for who in ("U0NEW", "new@example.com"):
        slack = LateSlack(new, come_and_go, replace(new, standing=Standing.GONE))
        person = await cast.services.people.introduce(cast.workspace.id, who, slack)
        assert person.standing is Standing.GONE
        assert await stage.standing("U0NEW") == ("gone", "gone", None)


async def test_who_administers_slack_no_more_is_no_admin_by_an_older_list_of_members(stage: Stage) -> None:
    cast, admin = stage.cast, replace(BEN, admin=True)

    async def is_admin() -> bool:
        reader = await cast.services.people.introduce(cast.workspace.id, "U0BEN", Nobody())
        return reader.role is Role.ADMIN

    for silent in (False, True):
        await stage.leave(profile=admin)
        assert await is_admin()
        slack = LateSlack(replace(admin, name="Ben L"), stage.leave_office, BEN)
        slack.silent = silent
        await cast.services.membership.compare(cast.workspace.id, slack)
        slack.silent = False
        await cast.services.membership.continue_comparison(cast.workspace.id, slack)
        assert not await is_admin()
        assert slack.answers == 2


async def test_entries_of_who_left_stay_and_come_back_to_them_with_the_end_still_to_be_confirmed(
    stage: Stage,
) -> None:
    cast = stage.cast
    await cast.start("writing", who=BEN)
    stage.clock.now += timedelta(hours=1)
    await stage.leave()
    stage.clock.now += timedelta(days=1)
    await stage.leave(profile=BEN)
    back = await cast.services.timers.show(cast.request(BEN))
    assert back.entry
    assert back.entry.unconfirmed
    assert back.entry.ended_at
    assert back.entry.ended_at - back.entry.started_at == timedelta(hours=1)
    async with cast.database.transaction(cast.workspace.id) as tx:
        due = await tx.connection.fetchval("select next_digest_at from people where slack_user_id = 'U0BEN'")
    assert due > stage.clock()
