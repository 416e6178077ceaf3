"""Answers of Slack that are older than what the service knows: they give nobody their access back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from domain.errors import NotSaved
from domain.identity.people import Profile, Role, Standing
from services.outbox.notifier import MemberPage, Unreachable
from storage.identity import offboarding, people
from storage.postgres.database import Database, open_pool
from tests.cast import ADA, BEN, CHIKA, RecordingNotifier, patient_services
from tests.postgres import PATIENT
from tests.services.identity.leaving import GONE, Nobody, SlackSays, Stage, stage

__all__ = ["stage"]  # a fixture


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
