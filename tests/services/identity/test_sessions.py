"""Logging in and staying logged in: rotation, copies that come back, guesses, and what the limits let through."""

import asyncio
from datetime import timedelta

import pytest

from domain.errors import LoginFailed, QuotaExceeded
from domain.identity.accounts import SignUp
from domain.quotas import Quota, address_block
from services.identity.quotas import PER_ACCOUNT_AND_ADDRESS, PER_ACCOUNT_FROM_ANYWHERE
from services.identity.sessions import GRACE, IDLE, SessionTokens
from services.services import Services
from storage.postgres.database import Database
from tests.cast import KEYS, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock
from tests.postgres import patient_pool

EMAIL, PASSWORD, WRONG, HERE = "eve@example.com", "correct horse battery", "not this one", "192.0.2.1"
SIGN_UP = SignUp(name="Eve Moreau", email=EMAIL, password=PASSWORD)


async def sign_up_and_log_in(cast: Cast) -> SessionTokens:
    await cast.services.accounts.sign_up(SIGN_UP, address=HERE)
    return await cast.services.sessions.log_in(EMAIL, PASSWORD, address=HERE)


async def is_accepted(services: Services, given: SessionTokens) -> bool:
    return await services.authentication.find_caller(given.access_token) is not None


async def is_refused(services: Services, token: str) -> bool:
    try:
        await services.sessions.refresh(token)
    except LoginFailed:
        return True
    return False


async def test_an_access_token_holds_a_quarter_of_an_hour_and_its_session_as_long_as_it_is_used(
    cast: Cast, clock: Clock
) -> None:
    given = await sign_up_and_log_in(cast)
    clock.now += timedelta(minutes=14, seconds=59)
    assert await is_accepted(cast.services, given)
    clock.now += timedelta(seconds=1)
    assert not await is_accepted(cast.services, given)
    for _ in range(3):
        clock.now += IDLE - timedelta(minutes=20)
        given = await cast.services.sessions.refresh(given.refresh_token)
        assert await is_accepted(cast.services, given)
    clock.now += IDLE
    assert await is_refused(cast.services, given.refresh_token)


async def test_a_used_refresh_token_that_comes_back_ends_the_session(cast: Cast, clock: Clock) -> None:
    first = await sign_up_and_log_in(cast)
    second = await cast.services.sessions.refresh(first.refresh_token)
    clock.now += GRACE + timedelta(seconds=1)
    assert await is_refused(cast.services, first.refresh_token)
    assert not await is_accepted(cast.services, second)
    assert await is_refused(cast.services, second.refresh_token)


async def test_a_lost_reply_is_given_again_until_somebody_used_what_was_in_it(
    cast: Cast, clock: Clock
) -> None:
    first = await sign_up_and_log_in(cast)
    second = await cast.services.sessions.refresh(first.refresh_token)
    clock.now += GRACE
    again = await cast.services.sessions.refresh(first.refresh_token)
    assert again.refresh_token == second.refresh_token
    third = await cast.services.sessions.refresh(second.refresh_token)
    assert third.refresh_token != second.refresh_token
    assert await is_refused(cast.services, first.refresh_token)
    assert await is_refused(cast.services, third.refresh_token)


async def test_a_session_goes_on_under_a_new_key_and_a_lost_reply_from_before_it_too(
    cast: Cast, database: Database
) -> None:
    first = await sign_up_and_log_in(cast)
    second = await cast.services.sessions.refresh(first.refresh_token)
    rotated = patient_services(database, RecordingNotifier(), (b"n" * 32, *KEYS))
    assert await is_accepted(rotated, second)
    assert (await rotated.sessions.refresh(first.refresh_token)).refresh_token == second.refresh_token
    third = await rotated.sessions.refresh(second.refresh_token)
    assert await is_accepted(rotated, third)
    assert not await is_accepted(cast.services, third)
    await rotated.close()


async def test_eight_that_refresh_at_once_get_the_same_one(own_database_url: str) -> None:
    pool = await patient_pool(own_database_url, size=8)
    services = patient_services(Database(pool), RecordingNotifier())
    await services.accounts.sign_up(SIGN_UP, address=HERE)
    first = await services.sessions.log_in(EMAIL, PASSWORD, address=HERE)
    given = await asyncio.gather(*(services.sessions.refresh(first.refresh_token) for _ in range(8)))
    assert len({one.refresh_token for one in given}) == 1
    assert await is_accepted(services, await services.sessions.refresh(given[0].refresh_token))
    await services.close()
    pool.terminate()


async def test_after_the_log_out_nothing_of_the_session_works(cast: Cast) -> None:
    given = await sign_up_and_log_in(cast)
    other = await cast.services.sessions.log_in(EMAIL, PASSWORD, address=HERE)
    bearer = await cast.services.authentication.find_caller(given.access_token)
    assert bearer
    assert bearer.session
    await cast.services.sessions.log_out(bearer.session)
    assert not await is_accepted(cast.services, given)
    assert await is_refused(cast.services, given.refresh_token)
    assert await is_accepted(cast.services, other)


@pytest.mark.parametrize(
    "token", ["", "ttr_", "ttr_" + "A" * 43, "tt_" + "1" * 42, "ttr_" + "é" * 43, "x" * 9_000]
)
async def test_what_is_no_refresh_token_is_refused(cast: Cast, token: str) -> None:
    given = await sign_up_and_log_in(cast)
    assert await is_refused(cast.services, token)
    assert await is_refused(cast.services, given.access_token)
    assert await is_accepted(cast.services, given)


async def test_only_hashes_of_what_opens_a_session_are_in_the_database(
    cast: Cast, database: Database
) -> None:
    given = await sign_up_and_log_in(cast)
    found = await cast.services.authentication.find_caller(given.access_token)
    assert found
    async with database.transaction(found.workspace_id) as tx:
        for table in ("accounts", "sessions", "refresh_tokens", "acts", "people", "history"):
            for row in await tx.connection.fetch(f"select t::text as all from {table} t"):
                assert not {given.refresh_token, given.access_token, PASSWORD, HERE} & set(
                    row["all"].split(",")
                ), table
                assert PASSWORD not in row["all"]
                assert given.refresh_token not in row["all"]


async def try_logins(cast: Cast, count: int, *, address: str, password: str = WRONG) -> list[type]:
    seen: list[type] = []
    for _ in range(count):
        try:
            await cast.services.sessions.log_in(EMAIL, password, address=address)
            seen.append(SessionTokens)
        except (LoginFailed, QuotaExceeded) as error:
            seen.append(type(error))
    return seen


async def test_guesses_are_few_and_keep_nobody_out_who_knows_the_password(cast: Cast, clock: Clock) -> None:
    await sign_up_and_log_in(cast)
    burst = PER_ACCOUNT_AND_ADDRESS.burst
    thief = "203.0.113.7"
    assert await try_logins(cast, burst + 3, address=thief) == [LoginFailed] * burst + [QuotaExceeded] * 3
    # Elsewhere, and at home, the owner gets in at once.
    assert await try_logins(cast, 1, address="198.51.100.9", password=PASSWORD) == [SessionTokens]
    assert await try_logins(cast, 1, address=HERE, password=PASSWORD) == [SessionTokens]
    # From so many addresses that they use up what all strangers have together: the owner gets in where they did before.
    for number in range(PER_ACCOUNT_FROM_ANYWHERE.burst):
        await try_logins(cast, 1, address=f"203.0.113.{100 + number}")
    assert await try_logins(cast, 1, address="203.0.113.200", password=PASSWORD) == [QuotaExceeded]
    assert await try_logins(cast, 2, address=HERE, password=PASSWORD) == [SessionTokens] * 2
    # In no minute are there more than ten from one place.
    tried = 0
    for _ in range(60):
        clock.now += timedelta(seconds=1)
        tried += (await try_logins(cast, 1, address=thief)).count(LoginFailed)
    assert burst + tried <= 10


async def test_an_unknown_account_is_limited_like_a_known_one_and_answered_like_it(cast: Cast) -> None:
    await sign_up_and_log_in(cast)
    told = []
    for email in (EMAIL, "nobody@example.com"):
        said = []
        for _ in range(PER_ACCOUNT_AND_ADDRESS.burst + 2):
            with pytest.raises((LoginFailed, QuotaExceeded)) as error:
                await cast.services.sessions.log_in(email, WRONG, address="203.0.113.7")
            said.append((type(error.value), error.value.sentence))
        told.append(said)
    assert told[0] == told[1]


async def test_two_hundred_at_once_are_let_through_exactly_as_often_as_allowed(
    own_database_url: str, clock: Clock
) -> None:
    limit = Quota(name="test", burst=10, every=6)
    pool = await patient_pool(own_database_url, size=8)
    # As many replicas, so that what is remembered in one process does not do the database's work.
    replicas = [patient_services(Database(pool, clock), RecordingNotifier()) for _ in range(5)]
    taken = await asyncio.gather(
        *(replicas[number % 5].quotas.take(limit, "somebody") for number in range(200))
    )
    allowed = [one for one in taken if one.allowed]
    assert sorted(one.remaining for one in allowed) == list(range(10))
    assert {one.retry_after for one in taken if not one.allowed} <= {5, 6}
    assert await replicas[0].quotas.delete_expired() == 0
    assert (await replicas[0].quotas.take(limit, "somebody else")).remaining == 9
    await replicas[0].quotas.give_back(limit, "somebody")
    assert (await replicas[0].quotas.take(limit, "somebody")).remaining == 9
    for services in replicas:
        await services.close()
    pool.terminate()


async def test_what_was_taken_comes_back_bit_by_bit(cast: Cast, clock: Clock) -> None:
    limit = Quota(name="test", burst=3, every=10)

    async def take() -> tuple[bool, int, int, int]:
        one = await cast.services.quotas.take(limit, "somebody")
        return one.allowed, one.remaining, one.reset, one.retry_after

    assert [await take() for _ in range(4)] == [
        (True, 2, 10, 0), (True, 1, 20, 0), (True, 0, 30, 0), (False, 0, 30, 10),
    ]  # fmt: skip
    clock.now += timedelta(seconds=7)
    assert await take() == (False, 0, 23, 3)
    clock.now += timedelta(seconds=3)
    assert await take() == (True, 0, 30, 0)
    assert await cast.services.quotas.delete_expired() == 0
    clock.now += timedelta(seconds=31)
    assert await cast.services.quotas.delete_expired() == 1
    assert await take() == (True, 2, 10, 0)


def test_a_customer_with_a_network_of_their_own_is_one_neighbor() -> None:
    assert address_block("2001:db8:1:2:3:4:5:6") == address_block("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert address_block("2001:db8:1:3::9") != address_block("2001:db8:1:2::9")
    assert address_block("::ffff:192.0.2.1") == address_block("192.0.2.1") == "192.0.2.1"
    assert address_block("fe80::1%eth0") == "fe80::/64"
    assert address_block("a socket") == "a socket"
