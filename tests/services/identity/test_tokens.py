"""Personal tokens: several for a person, by name, each for what it may do."""

import pytest

from domain.errors import FieldErrors, NotFound, Refusal
from domain.identity.tokens import READING, READING_AND_WRITING, TokenParams
from services.identity.tokens import MOST
from storage.postgres.database import Database
from tests.cast import ADA, BEN, Cast


async def test_a_person_has_several_and_each_may_do_what_it_was_made_for(cast: Cast) -> None:
    tokens = cast.services.tokens
    usual, _ = await tokens.issue(cast.request(), TokenParams())
    backup, issued = await tokens.issue(cast.request(), TokenParams(name="Backup", scopes=READING))
    assert (issued.token.name, issued.replaced) == ("backup", False)
    for secret, scopes in ((usual, READING_AND_WRITING), (backup, READING)):
        bearer = await cast.services.authentication.find_caller(secret)
        assert bearer
        assert (bearer.scopes, bearer.person.name, bearer.session) == (scopes, "Ada Park", None)
    listed = await tokens.list_of_person(
        cast.workspace.id, (await cast.services.people.read_with_clock(cast.workspace.id, "U0ADA")).person.id
    )
    assert [token.name for token in listed] == ["backup", "slack"]
    assert all(token.last_used_at for token in listed)


async def test_one_of_the_same_name_takes_the_place_of_the_one_before(cast: Cast) -> None:
    tokens = cast.services.tokens
    request = cast.request()
    first, _ = await tokens.issue(request, TokenParams(name="ci"))
    assert (await tokens.issue(request, TokenParams(name="ci")))[0] == first
    other, _ = await tokens.issue(cast.request(), TokenParams(name="other"))
    bens, _ = await tokens.issue(cast.request(BEN), TokenParams(name="ci"))
    second, issued = await tokens.issue(cast.request(), TokenParams(name="ci"))
    assert issued.replaced
    working = [
        secret
        for secret in (first, second, other, bens)
        if await cast.services.authentication.find_caller(secret)
    ]
    assert working == [second, other, bens]


async def test_a_token_is_taken_back_by_its_owner_alone(cast: Cast) -> None:
    tokens = cast.services.tokens
    secret, issued = await tokens.issue(cast.request(), TokenParams(name="ci"))
    for name, token_id in (("ci", None), (None, issued.token.id)):
        with pytest.raises(NotFound, match="You have none"):
            await tokens.revoke(cast.request(BEN), name=name, token_id=token_id)
    neighbor = await cast.create_other_workspace()
    with pytest.raises(NotFound):
        await tokens.revoke(neighbor.request(ADA), token_id=issued.token.id)
    with pytest.raises(NotFound, match="You have: ci"):
        await tokens.revoke(cast.request(), name="no")
    assert await cast.services.authentication.find_caller(secret)
    assert (await tokens.revoke(cast.request(), token_id=issued.token.id)).name == "ci"
    assert await cast.services.authentication.find_caller(secret) is None
    with pytest.raises(NotFound):
        await tokens.revoke(cast.request(), token_id=issued.token.id)


@pytest.mark.parametrize("name", ["", " ", "off", "READ", "two words", "-x", "x" * 41, "ü", "a\x00", "<@U1>"])
async def test_a_name_that_can_not_be_typed_is_refused(cast: Cast, name: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        await cast.services.tokens.issue(cast.request(), TokenParams(name=name))
    assert set(refused.value.fields) == {"name"}


async def test_there_is_a_most_and_what_was_done_is_on_record(cast: Cast, database: Database) -> None:
    tokens = cast.services.tokens
    for number in range(MOST):
        await tokens.issue(cast.request(), TokenParams(name=f"n{number}"))
    with pytest.raises(Refusal, match="Take one back first"):
        await tokens.issue(cast.request(), TokenParams(name="one-more"))
    secret, _ = await tokens.issue(cast.request(), TokenParams(name="n0"))
    await tokens.revoke(cast.request(), name="n1")
    await tokens.issue(cast.request(), TokenParams(name="one-more"))
    async with database.transaction(cast.workspace.id) as tx:
        rows = await tx.connection.fetch("select change, before, after from history where subject = 'token'")
    changes = [row["change"] for row in rows]
    assert (changes.count("issued"), changes.count("revoked")) == (MOST + 2, 2)
    assert secret not in str([dict(row) for row in rows])
