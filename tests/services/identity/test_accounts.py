"""Accounts of the REST API: signing up, passwords, and that nothing is ever sent to who is not in Slack."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from uuid import uuid4

import asyncpg
import pytest
from argon2 import PasswordHasher

from domain.entries.entries import Work
from domain.entries.params import LogParams, StartParams
from domain.errors import Busy, EmailTaken, FieldErrors, LoginFailed, QuotaExceeded
from domain.history.operations import OperationRequest, Source
from domain.identity.accounts import SignUp
from domain.identity.callers import Caller
from domain.identity.people import Role
from domain.identity.preferences import DigestChoice, PreferencesParams, ReminderChoice
from domain.time.intervals import Amount
from services.identity.passwords import OWASP_COST
from services.identity.quotas import SIGN_UPS_PER_ADDRESS
from services.services import Services
from storage.postgres.database import Database
from tests.cast import Cast, RecordingNotifier, patient_services
from tests.conftest import Clock
from tests.postgres import patient_pool

HERE = "192.0.2.1"
PASSWORD = "correct horse battery"


def params(email: str = "eve@example.com", password: str = PASSWORD, **more: str) -> SignUp:
    return SignUp(name="Eve Moreau", email=email, password=password, **more)


async def bearer(services: Services, email: str = "eve@example.com", password: str = PASSWORD) -> Caller:
    logged_in = await services.sessions.log_in(email, password, address=HERE)
    found = await services.authentication.find_caller(logged_in.access_token)
    assert found
    return found


def act_of(who: Caller) -> OperationRequest:
    return OperationRequest(
        workspace_id=who.workspace_id, source=Source.REST, key=f"test:{uuid4()}", who=who.person.slack_user_id
    )


async def test_a_sign_up_makes_a_workspace_of_its_own_with_its_person_as_the_admin(cast: Cast) -> None:
    account = await cast.services.accounts.sign_up(params(zone="Europe/Paris"), address=HERE)
    other = await cast.services.accounts.sign_up(params("zoe@example.com"), address=HERE)
    assert len({account.workspace_id, other.workspace_id, cast.workspace.id}) == 3
    eve = await bearer(cast.services)
    assert (eve.workspace_id, eve.person.id) == (account.workspace_id, account.person_id)
    assert (eve.person.role, eve.person.zone.key, eve.person.in_slack) == (Role.ADMIN, "Europe/Paris", False)
    started = await cast.services.timers.start(act_of(eve), StartParams(work=Work(note="hers")))
    assert started.entry
    assert started.entry.source == "rest"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        (params(""), {"email"}),
        (params("eve"), {"email"}),
        (params("eve@localhost"), {"email"}),
        (params("eve @example.com"), {"email"}),
        (params("e@" + "x" * 250 + ".com"), {"email"}),
        (params("eve\x00@example.com"), {"email"}),
        (params("eve@@example.com"), {"email"}),
        (params(password="seven77"), {"password"}),
        (params(password="x" * 129), {"password"}),
        (params(password="\ud800" * 9), {"password"}),
        (params(password="\ufdfa" * 100), {"password"}),  # 1,800 characters once it is normal
        (params(zone="Mars/Olympus"), {"zone"}),
        (params(zone="../../etc/passwd"), {"zone"}),
        (SignUp(name=" \x00 ", email="x", password=""), {"name", "email", "password"}),
    ],
)
async def test_what_can_not_be_kept_is_refused_at_its_field(
    cast: Cast, given: SignUp, fields: set[str]
) -> None:
    with pytest.raises(FieldErrors) as refused:
        await cast.services.accounts.sign_up(given, address=HERE)
    assert set(refused.value.fields) == fields


async def test_an_address_is_one_accounts_whatever_its_letters_case(cast: Cast) -> None:
    await cast.services.accounts.sign_up(params("Eve@Example.com"), address=HERE)
    with pytest.raises(EmailTaken):
        await cast.services.accounts.sign_up(params("eve@example.COM"), address=HERE)
    eve = await bearer(cast.services, " EVE@example.com ")
    assert eve.person.email is None  # not for who looks across workspaces
    known = await cast.services.people.read_with_clock(eve.workspace_id, eve.person.slack_user_id)
    assert known.person.email == "eve@example.com"


async def test_of_many_sign_ups_with_one_address_at_once_one_is_made(own_database_url: str) -> None:
    pool = await patient_pool(own_database_url, size=8)
    services = patient_services(Database(pool), RecordingNotifier(), hash_cost=OWASP_COST)
    outcomes = await asyncio.gather(
        *(services.accounts.sign_up(params(), address=HERE) for _ in range(8)), return_exceptions=True
    )
    made = [one for one in outcomes if not isinstance(one, BaseException)]
    # Eight passwords take a while to hash: whoever can not wait for their turn is told so, and has nothing.
    assert len(made) == 1
    assert {type(one) for one in outcomes if one not in made} <= {EmailTaken, Busy}
    async with Database(pool).across_workspaces() as tx:
        assert await tx.connection.fetchval("select count(*) from workspaces") == 1
    await services.close()
    pool.terminate()


async def test_passwords_are_the_same_in_every_way_of_typing_them_and_whole_to_the_last_character(
    cast: Cast,
) -> None:
    long = ("correct horse battery " * 6)[:127]
    await cast.services.accounts.sign_up(params(password=long + "é"), address=HERE)
    assert await bearer(cast.services, password=long + "é")
    # Nothing is made of more characters than any password has, and their count is what the person typed.
    with pytest.raises(LoginFailed):
        await cast.services.sessions.log_in("eve@example.com", long + "e", address=HERE)
    await cast.services.accounts.sign_up(params("zoe@example.com", "pa\u0308sswort \u2460"), address=HERE)
    assert await bearer(cast.services, "zoe@example.com", "p\u00e4sswort 1")


async def test_a_hash_is_argon2id_and_made_anew_when_it_was_made_more_weakly(
    cast: Cast, database: Database
) -> None:
    services = patient_services(database, cast.notifier, hash_cost=OWASP_COST)
    account = await services.accounts.sign_up(params(), address=HERE)

    async def kept() -> str:
        async with database.transaction(account.workspace_id) as tx:
            return str(await tx.connection.fetchval("select password_hash from accounts"))

    assert (await kept()).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    weak = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    async with database.transaction(account.workspace_id) as tx:
        await tx.connection.execute("update accounts set password_hash = $1", weak)
    eve = await bearer(services)
    assert (await kept()).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert eve.session
    assert await bearer(services)
    await services.close()


async def test_a_new_password_ends_the_other_sessions_and_the_old_password(cast: Cast) -> None:
    services = cast.services
    await services.accounts.sign_up(params(), address=HERE)
    elsewhere = await services.sessions.log_in("eve@example.com", PASSWORD, address=HERE)
    eve = await bearer(services)
    assert eve.session
    with pytest.raises(FieldErrors) as refused:
        await services.accounts.change_password(eve.session, current="not this one", new="another password")
    assert set(refused.value.fields) == {"current_password"}
    done = await services.accounts.change_password(eve.session, current=PASSWORD, new="another password")
    assert done.ended == 1
    assert await services.authentication.find_caller(elsewhere.access_token) is None
    with pytest.raises(LoginFailed):
        await services.sessions.refresh(elsewhere.refresh_token)
    with pytest.raises(LoginFailed):
        await services.sessions.log_in("eve@example.com", PASSWORD, address=HERE)
    again = await bearer(services, password="another password")
    assert again.session != eve.session


async def test_a_queue_of_hashes_has_an_end(cast: Cast) -> None:
    tried = [
        cast.services.sessions.log_in(f"nobody{number}@example.com", PASSWORD, address=f"192.0.2.{number}")
        for number in range(120)
    ]
    outcomes = await asyncio.gather(*tried, return_exceptions=True)
    kinds = {type(one) for one in outcomes}
    assert kinds == {LoginFailed, Busy}
    assert all(one.retry_after > 0 for one in outcomes if isinstance(one, Busy))


async def test_sign_ups_from_one_address_are_so_many_and_no_more(cast: Cast, clock: Clock) -> None:
    for _ in range(SIGN_UPS_PER_ADDRESS.burst):
        await cast.services.quotas.take(SIGN_UPS_PER_ADDRESS, HERE)
    with pytest.raises(QuotaExceeded) as refused:
        await cast.services.accounts.sign_up(params(), address=HERE)
    await cast.services.accounts.sign_up(params(), address="192.0.2.2")
    clock.now += timedelta(seconds=refused.value.allowance.retry_after)
    await cast.services.accounts.sign_up(params("zoe@example.com"), address=HERE)


async def test_nothing_is_ever_sent_to_who_is_not_in_slack(
    cast: Cast, database: Database, clock: Clock
) -> None:
    services = cast.services
    await services.accounts.sign_up(params(), address=HERE)
    eve = await bearer(services)
    await services.timers.log(
        act_of(eve), LogParams(interval=Amount(length=timedelta(hours=1), day=None), work=Work(note="hers"))
    )
    three = time(15, 0)
    preferences = PreferencesParams(digest=DigestChoice(on=True, at=three), reminder=ReminderChoice(at=three))
    await services.settings.save(act_of(eve), preferences)
    await services.digests.preview(act_of(eve))
    await services.timers.start(replace(act_of(eve), by_message=True), StartParams(work=Work(note="hers")))
    for _ in range(3):
        clock.now += timedelta(hours=9)
        await services.digests.queue_due()
        await services.reminders.queue_due()
        await services.outbox.send_due()
        await services.live_messages.refresh_due()
    told = {outgoing.channel for outgoing in cast.notifier.accepted}
    assert told <= {"U0ADA", "U0BEN", "U0CHIKA"}
    async with database.transaction(eve.workspace_id) as tx:
        for table in ("messages", "digests", "surfaces"):
            assert await tx.connection.fetchval(f"select count(*) from {table}") == 0, table
        due = await tx.connection.fetchrow("select next_digest_at, next_reminder_at from people")
        assert due is not None
        assert tuple(due) == (None, None)


async def test_the_database_refuses_a_message_to_who_is_not_in_slack(cast: Cast, database: Database) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="channel_is_in_slack"):
        async with database.transaction(cast.workspace.id) as tx:
            await tx.connection.execute(
                "insert into messages (workspace_id, key, channel, content, due_at)"
                " values ($1, 'k', 'account:1', '{}', now())",
                cast.workspace.id,
            )
