"""Joining an account to a person in Slack: codes, what comes along, and what is refused as a whole."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio

from domain.entries.entries import NewEntry, Work
from domain.entries.params import StartParams
from domain.errors import NotFound, Overlap, PersonUnknown, Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.accounts import SignUp
from domain.identity.callers import Caller
from domain.identity.links import LinkResult, format_link_code
from domain.identity.people import Profile
from domain.identity.tokens import TokenParams
from domain.projects.projects import ProjectMention
from domain.time.periods import Period
from services.entries.entries import EntryFilter
from services.identity.links import LIFE, MOST_ENTRIES
from services.identity.quotas import LINKS_PER_ACCOUNT
from services.services import Services
from storage.postgres.database import Database
from tests.answers import sheet_of
from tests.cast import ADA, BEN, KEYS, Cast
from tests.conftest import Clock
from tests.postgres import patient_pool

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)
PASSWORD, HERE = "correct horse battery", "192.0.2.1"


@dataclass
class Stage:
    """A join holds two connections: so there are some, on a database of its own."""

    cast: Cast
    clock: Clock

    async def account(self, email: str = "ada@home.example") -> str:
        services = self.cast.services
        await services.accounts.sign_up(SignUp(name="Ada", email=email, password=PASSWORD), address=HERE)
        return (await services.sessions.log_in(email, PASSWORD, address=HERE)).access_token

    async def bearer(self, token: str) -> Caller:
        found = await self.cast.services.authentication.find_caller(token)
        assert found
        return found

    async def code(self, who: Profile = ADA) -> str:
        return (await self.cast.services.links.issue(self.cast.request(who)))[0]

    async def join(self, token: str, code: str) -> LinkResult:
        session = (await self.bearer(token)).session
        assert session
        return await self.cast.services.links.join(session, code)

    async def tracked(
        self, bearer: Caller, start: datetime, note: str, project: str | None = None, minutes: int = 60
    ) -> None:
        words = ProjectMention(name=project, required=True) if project else None
        new = NewEntry(
            work=Work(project=words, note=note, tags=("home",)),
            started_at=start,
            ended_at=start + timedelta(minutes=minutes),
        )
        await self.cast.services.timers.record(act_of(bearer), new, make=True)

    async def entries(self, bearer: Caller) -> list[tuple[str, str | None, datetime]]:
        page = await self.cast.services.entries.page(
            bearer.workspace_id, bearer.person, EntryFilter(limit=200)
        )
        return [
            (one.note, one.project.title if one.project else None, one.started_at) for one in page.entries
        ]


def act_of(bearer: Caller) -> OperationRequest:
    return OperationRequest(
        workspace_id=bearer.workspace_id,
        source=Source.REST,
        key=f"test:{uuid4()}",
        who=bearer.person.slack_user_id,
    )


@pytest_asyncio.fixture
async def stage(own_database_url: str, clock: Clock) -> AsyncIterator[Stage]:
    pool = await patient_pool(own_database_url, size=6)
    cast = await Cast.create(Database(pool, clock))
    yield Stage(cast, clock)
    await cast.services.close()
    pool.terminate()


async def test_an_account_becomes_the_person_in_slack_and_its_time_comes_along(stage: Stage) -> None:
    cast, services = stage.cast, stage.cast.services
    token = await stage.account()
    before = await stage.bearer(token)
    await stage.tracked(before, NOON, "invoices", "Billing")
    await stage.tracked(before, NOON + timedelta(hours=2), "review", "api")
    await cast.services.timers.start(
        cast.request(),
        StartParams(work=Work(project=ProjectMention(name="API", required=True)), make_project=True),
    )
    personal, _ = await services.tokens.issue(act_of(before), TokenParams())
    joined = await stage.join(token, format_link_code(await stage.code()).lower())
    assert (joined.name, joined.entries, joined.projects) == ("Ada Park", 2, 1)
    now = await stage.bearer(token)
    assert (now.workspace_id, now.person.slack_user_id) == (cast.workspace.id, "U0ADA")
    assert (await stage.entries(now))[1:] == [
        ("review", "API", NOON + timedelta(hours=2)), ("invoices", "Billing", NOON),
    ]  # fmt: skip
    # By a new log-in too; and what was the account's own is reached by nobody.
    again = await services.sessions.log_in("ada@home.example", PASSWORD, address=HERE)
    assert (await stage.bearer(again.access_token)).person == now.person
    assert await services.authentication.find_caller(personal) is None
    with pytest.raises(PersonUnknown):
        await services.timers.start(act_of(before), StartParams(work=Work(note="too late")))
    await services.outbox.send_due()
    (told,) = cast.notifier.accepted
    assert told.channel == "U0ADA"
    assert "Its 2 entries came along." in str(told.subject)


async def test_a_repeated_join_gets_the_same_answer_and_another_person_is_refused(stage: Stage) -> None:
    token = await stage.account()
    await stage.tracked(await stage.bearer(token), NOON, "invoices")
    code = await stage.code()
    first, *others = await asyncio.gather(*(stage.join(token, code) for _ in range(4)))
    assert others == [first] * 3
    assert len(await stage.entries(await stage.bearer(token))) == 1
    with pytest.raises(Refusal, match="joined a person in Slack already"):
        await stage.join(token, await stage.code(BEN))
    with pytest.raises(Refusal, match="does not work"):
        await stage.join(await stage.account("other@home.example"), code)


async def test_a_code_works_once_for_ten_minutes_until_the_next_one(stage: Stage) -> None:
    token = await stage.account()
    request = stage.cast.request()
    old, issued = await stage.cast.services.links.issue(request)
    assert await stage.cast.services.links.issue(request) == (old, issued)
    new = await stage.code()
    for wrong in (old, "", "ABCD-EFGH-JKLM", "x" * 1_000, "\x00", old[:-1]):
        with pytest.raises(Refusal, match="does not work"):
            await stage.join(token, wrong)
    stage.clock.now += LIFE
    with pytest.raises(Refusal, match="does not work"):
        await stage.join(token, new)
    stage.clock.now += timedelta(days=31)
    await stage.code()
    assert await stage.cast.services.links.delete_expired() == 2


async def test_guesses_of_codes_are_few(stage: Stage) -> None:
    token = await stage.account()
    said = [await _refusal(stage.join(token, "ABCD-EFGH-JKMN")) for _ in range(LINKS_PER_ACCOUNT.burst + 2)]
    assert ["Too many codes" in one for one in said] == [False] * LINKS_PER_ACCOUNT.burst + [True] * 2


async def _refusal(asked: Awaitable[LinkResult]) -> str:
    with pytest.raises(Refusal) as refused:
        await asked
    return refused.value.sentence


async def test_time_tracked_in_both_is_named_and_nothing_comes_along(stage: Stage) -> None:
    cast = stage.cast
    token = await stage.account()
    bearer = await stage.bearer(token)
    for hour in range(3):
        await stage.tracked(bearer, NOON + timedelta(hours=hour), f"at home {hour}", "Garden")
    here = Caller(
        workspace_id=cast.workspace.id,
        person=(await cast.services.people.read_with_clock(cast.workspace.id, "U0ADA")).person,
        scopes=bearer.scopes,
    )
    await stage.tracked(here, NOON + timedelta(minutes=90), "printer", "Support", minutes=5)
    await stage.tracked(here, NOON + timedelta(hours=5), "later", minutes=5)
    code = await stage.code()
    with pytest.raises(Overlap, match=r"Support, printer, since .*14:30"):
        await stage.join(token, code)
    assert (await stage.bearer(token)).person.id == bearer.person.id
    assert len(await stage.entries(here)) == 2
    assert [one.title for one in (await cast.services.projects.list_live(cast.request())).projects] == [
        "Support"
    ]
    await cast.services.timers.undo_last(cast.request())
    await cast.services.timers.undo_last(cast.request())
    joined = await stage.join(token, code)
    assert joined.entries == 3
    # What came along is not "the last change", which a slip of the finger would take back.
    with pytest.raises(NotFound):
        await cast.services.timers.undo_last(cast.request())


async def test_what_lies_in_a_week_that_was_handed_in_does_not_come_along(stage: Stage) -> None:
    token = await stage.account()
    home = await stage.bearer(token)
    await stage.tracked(home, NOON, "now")
    await stage.tracked(home, NOON - timedelta(days=7), "last week")
    request = stage.cast.request()
    report = await stage.cast.services.timesheets.submit(request, Period.LAST_WEEK, empty_too=True)
    code = await stage.code()
    assert "a week that you have handed in" in await _refusal(stage.join(token, code))
    assert len(await stage.entries(home)) == 2
    await stage.cast.services.timesheets.take_back(
        stage.cast.request(), timesheet_id=sheet_of(report).id, seen_version=sheet_of(report).version
    )
    assert (await stage.join(token, code)).entries == 2


async def test_a_running_timer_is_stopped_first_on_either_side_only_where_it_is_in_the_way(
    stage: Stage,
) -> None:
    cast = stage.cast
    token = await stage.account()
    bearer = await stage.bearer(token)
    await stage.tracked(bearer, NOON, "finished")
    await cast.services.timers.start(act_of(bearer), StartParams(work=Work(note="running")))
    code = await stage.code()
    with pytest.raises(Refusal, match="Stop it first"):
        await stage.join(token, code)
    await cast.start("in Slack")
    stage.clock.now += timedelta(minutes=5)
    await cast.services.timers.stop(act_of(bearer))
    with pytest.raises(Overlap, match="in Slack"):
        await stage.join(token, code)
    await cast.services.timers.undo_last(act_of(bearer))
    await cast.services.timers.undo_last(act_of(bearer))
    assert await stage.join(token, code)


@pytest.mark.parametrize("most", [300, pytest.param(MOST_ENTRIES, marks=pytest.mark.exhaustive)])
async def test_so_many_entries_come_along_and_not_one_more(stage: Stage, most: int) -> None:
    cast = stage.cast
    stage.cast = replace(cast, services=Services(cast.database, cast.notifier, KEYS, most_joining=most))
    try:
        await bring_along_at_most(stage, most)
    finally:
        await stage.cast.services.close()
        stage.cast = cast


async def bring_along_at_most(stage: Stage, most: int) -> None:
    token = await stage.account()
    bearer = await stage.bearer(token)
    await fill(stage, bearer, most + 1)
    code = await stage.code()
    with pytest.raises(Refusal, match=f"more than {most:,} entries"):
        await stage.join(token, code)
    await drop_one(stage, bearer)
    joined = await stage.join(token, code)
    assert joined.entries == most
    async with stage.cast.database.transaction(stage.cast.workspace.id) as tx:
        assert await tx.connection.fetchval("select count(*) from history where change = 'brought'") == most


async def fill(stage: Stage, bearer: Caller, count: int) -> None:
    async with stage.cast.database.transaction(bearer.workspace_id) as tx:
        await tx.connection.execute(
            "insert into time_entries (workspace_id, person_id, note, started_at, ended_at, zone, source)"
            " select $1, $2, 'n', at, at + interval '5 minutes', 'UTC', 'rest'"
            " from generate_series($3::timestamptz - $4::int * interval '10 minutes', $3, interval '10 minutes') at"
            " limit $4",
            bearer.workspace_id, bearer.person.id, NOON, count,
        )  # fmt: skip


async def drop_one(stage: Stage, bearer: Caller) -> None:
    async with stage.cast.database.transaction(bearer.workspace_id) as tx:
        await tx.connection.execute(
            "update time_entries set deleted = true where id = (select id from time_entries limit 1)"
        )
