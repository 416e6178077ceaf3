"""Leaving beside whatever is under way: nothing gets through, on any number of replicas."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.errors import AccessEnded, LoginFailed
from domain.identity.accounts import SignUp
from domain.identity.people import Profile, Role, Standing
from domain.identity.tokens import TokenParams
from services.outbox.notifier import MemberPage, MethodRefused, Unreachable
from tests.cast import ADA, BEN, CHIKA
from tests.services.identity.leaving import HERE, PASSWORD, Nobody, SlackSays, Stage, outcome, stage, start

__all__ = ["stage"]  # a fixture


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
