"""Who leaves Slack keeps nothing, and admins and people end tokens and links: by every door."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from domain.outbox.slack_methods import POST_MESSAGE
from local_slack.faults import Faults
from local_slack.web_api.people import user_object
from tests.bot.credentials import (
    PASSWORD,
    ask,
    check_membership,
    create_link_code,
    create_token,
    find_slack_person,
    log_in,
    sign_up,
    sign_up_and_link,
)
from tests.bot.reading import read_text
from tests.conftest import Clock
from tests.replica import Replica


async def test_who_is_deactivated_has_no_access_from_that_event_on(timed: Replica) -> None:
    await timed.type_command("log 1h old work", "U0BEN")
    token, reading = (
        await create_token(timed, "U0BEN"),
        await create_token(timed, "U0BEN", "token backup read"),
    )
    access, refresh = await sign_up_and_link(timed)
    open_code = await create_link_code(timed, "U0BEN")
    spare, _ = await sign_up(timed, "spare@home.example")
    assert "is a lead now" in (await timed.type_command("team lead @Ben Okafor")).text
    await timed.type_command("start new work", "U0BEN")
    await timed.type_command("digest now", "U0BEN")
    for bearer in (token, reading, access):
        assert (await ask(timed, "GET", "/me", bearer))[0] == 200
    answer = await timed.local_slack.change_person(replace(find_slack_person(timed, "U0BEN"), deleted=True))
    assert answer.status == 200
    for bearer in (token, reading, access):
        assert (await ask(timed, "GET", "/me", bearer))[0] == 401
        assert (await ask(timed, "POST", "/timer/stop", bearer))[0] == 401
    assert (await ask(timed, "POST", "/refresh", refresh_token=refresh))[0] == 401
    assert (await ask(timed, "POST", "/link", spare, code=open_code))[0] == 422
    # The account is its owner's own again, and is nobody in Slack.
    again, _ = await log_in(timed)
    _, me = await ask(timed, "GET", "/me", again)
    assert me["slack_user_id"] is None
    assert (await ask(timed, "GET", "/time-entries", again))[1]["items"] == []
    assert (await timed.receive_webhook("timer.start", "after", user="U0BEN")) == 422
    before = len(timed.list_direct_messages("U0BEN"))
    await timed.send_due_messages()
    assert len(timed.list_direct_messages("U0BEN")) == before  # the digest that waited is not sent
    team = read_text(await timed.type_command("team"))
    assert "new work" not in team  # it was ended at that instant
    admin = await create_token(timed, "U0ADA")
    _, people = await ask(timed, "GET", "/users", admin)
    gone = next(one for one in people["items"] if one["slack_user_id"] == "U0BEN")
    _, kept = await ask(timed, "GET", f"/time-entries?user_id={gone['id']}", admin)
    assert {one["description"] for one in kept["items"]} == {"old work", "new work"}
    assert "deactivated" in (await timed.type_command("team admin @Ben Okafor")).text


async def test_who_comes_back_can_use_it_again_and_old_credentials_stay_ended(timed: Replica) -> None:
    token = await create_token(timed, "U0BEN")
    await timed.local_slack.change_person(replace(find_slack_person(timed, "U0BEN"), deleted=True))
    assert "deactivated" in (await timed.type_command("start", "U0BEN")).text
    await timed.local_slack.change_person(replace(find_slack_person(timed, "U0BEN"), deleted=False))
    assert (await timed.type_command("start writing", "U0BEN")).text.startswith("Started: writing")
    assert (await ask(timed, "GET", "/me", token))[0] == 401
    assert (await ask(timed, "GET", "/me", await create_token(timed, "U0BEN")))[0] == 200


async def test_a_person_whose_event_was_lost_is_found_by_the_look_at_slack(timed: Replica) -> None:
    slack = timed.local_slack
    tokens = {user: await create_token(timed, user) for user in ("U0ADA", "U0BEN", "U0CHIKA")}

    async def let_in() -> set[str]:
        return {user for user, token in tokens.items() if (await ask(timed, "GET", "/me", token))[0] == 200}

    await check_membership(timed)
    assert await let_in() == {"U0ADA", "U0BEN", "U0CHIKA"}
    # Nothing that Slack does not say for certain ends anything.
    chika = slack.workspace.people.pop("U0CHIKA")
    slack.faults = Faults(refused={"users.info": "user_not_visible"})
    await check_membership(timed)
    slack.faults = Faults(rate_limited=1.0, methods={"users.list"})
    await check_membership(timed)
    slack.faults = Faults(server_error=1.0, server_error_accepted=0.0, methods={"users.info"})
    await check_membership(timed)
    assert await let_in() == {"U0ADA", "U0BEN", "U0CHIKA"}
    slack.faults = Faults()
    slack.workspace.add_person(replace(find_slack_person(timed, "U0BEN"), deleted=True))
    await check_membership(timed)
    await check_membership(timed)
    assert await let_in() == {"U0ADA"}
    slack.workspace.add_person(chika)
    slack.workspace.add_person(replace(find_slack_person(timed, "U0ADA"), bot=True))
    for word in ("unknown_method", "missing_scope"):
        slack.faults = Faults(refused={"users.list": word})
        await check_membership(timed)
        assert await let_in() == set()
    slack.faults = Faults()
    await check_membership(timed)
    assert (await timed.type_command("start writing", "U0CHIKA")).text.startswith("Started: writing")


async def test_an_uninstalled_app_ends_all_credentials_and_sends_nothing(timed: Replica) -> None:
    token = await create_token(timed, "U0BEN")
    access, _ = await sign_up_and_link(timed)
    for event in (
        {"type": "tokens_revoked", "tokens": {"oauth": ["U0BEN"]}},  # a user's own: none of ours
        {"type": "tokens_revoked", "tokens": {}},
    ):
        assert (await timed.local_slack.event(event)).status == 200
    assert (await ask(timed, "GET", "/me", token))[0] == 200
    await timed.send_due_messages()
    await timed.type_command("digest now", "U0BEN")
    before = len(timed.list_direct_messages("U0BEN"))
    assert (await timed.local_slack.event({"type": "app_uninstalled"})).status == 200
    assert (
        await timed.local_slack.event({"type": "tokens_revoked", "tokens": {"bot": ["U0TRACKER"]}})
    ).status == 200
    for bearer in (token, access):
        assert (await ask(timed, "GET", "/me", bearer))[0] == 401
    await timed.send_due_messages()
    assert len(timed.list_direct_messages("U0BEN")) == before
    # Installed again: who they are is known, and what waited goes on.
    await timed.service.services.slack_rate_limits.open(timed.service.workspace.id, {POST_MESSAGE: 300})
    await timed.send_due_messages()
    assert len(timed.list_direct_messages("U0BEN")) == before + 1
    assert (await ask(timed, "GET", "/me", await create_token(timed, "U0BEN")))[0] == 200


async def test_admins_see_and_end_what_lets_others_in_and_they_are_told(timed: Replica) -> None:
    token, backup = (
        await create_token(timed, "U0BEN"),
        await create_token(timed, "U0BEN", "token backup read"),
    )
    access, refresh = await sign_up_and_link(timed)
    assert "Only admins" in (await timed.type_command("team @Ada Park", "U0BEN")).text
    shown = await timed.type_command("team @Ben Okafor")
    assert shown.text == "Ben has 2 API tokens and a linked account."
    assert f"…{token[-4:]}" in read_text(shown)
    assert token not in read_text(shown)
    await timed.press_button(shown, "Revoke")  # the first: backup
    assert (await ask(timed, "GET", "/me", backup))[0] == 401
    assert (await ask(timed, "GET", "/me", token))[0] == 200
    await timed.press_button(timed.local_slack.current(shown) or shown, "End link")
    assert (await ask(timed, "GET", "/me", access))[0] == 401
    assert (await ask(timed, "POST", "/refresh", refresh_token=refresh))[0] == 401
    await timed.send_due_messages()
    said = " ".join(read_text(message) for message in timed.list_direct_messages("U0BEN"))
    assert "Ada has ended your API token “backup”" in said
    assert "Ada has ended the link" in said


async def test_admins_do_the_same_over_rest_within_their_workspace(timed: Replica) -> None:
    token = await create_token(timed, "U0BEN")
    ben_access, _ = await sign_up_and_link(timed)
    ada, _ = await sign_up_and_link(timed, "U0ADA", "ada@home.example")
    stranger, _ = await sign_up(timed, "else@home.example")
    _, me = await ask(timed, "GET", "/me", ben_access)
    path = f"/users/{me['id']}"
    status, found = await ask(timed, "GET", f"{path}/tokens", ada)
    assert status == 200
    assert found["linked_at"]
    (item,) = found["items"]
    one = f"{path}/tokens/{item['id']}"
    assert (await ask(timed, "GET", f"{path}/tokens", ben_access))[0] == 403
    assert (await ask(timed, "GET", f"{path}/tokens", token))[0] == 403  # a personal token is not enough
    for method, where in (("GET", f"{path}/tokens"), ("DELETE", one), ("DELETE", f"{path}/link")):
        assert (await ask(timed, method, where, stranger))[0] == 404
    assert (await ask(timed, "DELETE", one, ada))[0] == 204
    assert (await ask(timed, "DELETE", one, ada))[0] == 404
    assert (await ask(timed, "GET", "/me", token))[0] == 401
    assert (await ask(timed, "DELETE", f"{path}/link", ada))[0] == 204
    assert (await ask(timed, "DELETE", f"{path}/link", ada))[0] == 404
    assert (await ask(timed, "GET", "/me", ben_access))[0] == 401


async def test_a_link_is_undone_and_the_account_is_its_own_and_can_be_linked_again(
    timed: Replica, clock: Clock
) -> None:
    access, _ = await sign_up(timed)
    entry = {
        "description": "at home",
        "start_time": "2026-11-17T08:00:00Z",
        "end_time": "2026-11-17T09:00:00Z",
    }
    assert (await ask(timed, "POST", "/time-entries", access, **entry))[0] == 201
    first = await create_link_code(timed, "U0BEN")
    assert (await ask(timed, "POST", "/link", access, code=first))[1]["entries"] == 1
    token = await create_token(timed, "U0BEN")
    assert "No account is linked" in (await timed.type_command("link off", "U0CHIKA")).text
    clock.now += timedelta(minutes=1)
    assert "is no longer linked to you" in (await timed.type_command("link off", "U0BEN")).text
    assert "No account is linked" in (await timed.type_command("link off", "U0BEN")).text
    assert (await ask(timed, "GET", "/me", access))[0] == 401
    assert (await ask(timed, "GET", "/me", token))[0] == 200  # a token of the person, not of the account
    clock.now += timedelta(minutes=1)
    access, _ = await log_in(timed)
    assert (await ask(timed, "GET", "/me", access))[1]["slack_user_id"] is None
    later = {"description": "since", "start_time": "2026-11-17T10:00:00Z", "end_time": "2026-11-17T11:00:00Z"}
    assert (await ask(timed, "POST", "/time-entries", access, **later))[0] == 201
    assert (await ask(timed, "POST", "/link", access, code=first))[0] == 422
    status, joined = await ask(timed, "POST", "/link", access, code=await create_link_code(timed, "U0BEN"))
    assert (status, joined.get("entries")) == (200, 1)  # what came along before does not come twice
    _, found = await ask(timed, "GET", "/time-entries", token)
    assert [one["description"] for one in found["items"]] == ["since", "at home"]


async def test_a_new_password_ends_personal_tokens_where_that_is_asked(timed: Replica) -> None:
    token = await create_token(timed, "U0BEN")
    access, _ = await sign_up_and_link(timed)
    new = "another horse battery"
    body: dict[str, Any] = {"current_password": PASSWORD, "new_password": new}
    assert (await ask(timed, "POST", "/password", access, **body))[0] == 204
    assert (await ask(timed, "GET", "/me", token))[0] == 200
    body = {"current_password": new, "new_password": PASSWORD, "end_tokens": True}
    assert (await ask(timed, "POST", "/password", access, **body))[0] == 204
    assert (await ask(timed, "GET", "/me", token))[0] == 401
    assert (await ask(timed, "GET", "/me", access))[0] == 200


async def test_admins_are_told_which_secrets_of_endpoints_somebody_who_left_has_seen(timed: Replica) -> None:
    await timed.type_command("status", "U0BEN")
    await timed.type_command("team admin @Ben Okafor")
    await timed.type_command("connect deploys", "U0BEN")
    await timed.type_command("connect mine")
    await timed.local_slack.change_person(replace(find_slack_person(timed, "U0BEN"), deleted=True))
    await timed.send_due_messages()
    (said,) = [read_text(message) for message in timed.list_direct_messages("U0ADA")]
    assert "Ben has no access any more" in said
    assert "“deploys”. " in said
    assert "mine" not in said


async def test_an_event_that_comes_late_brings_nobody_back_and_makes_nobody_an_admin(timed: Replica) -> None:
    await timed.type_command("status", "U0BEN")
    workspace, before = timed.local_slack.workspace, find_slack_person(timed, "U0BEN")
    for now, stale in (
        (replace(before, deleted=True), before),
        (replace(before, guest=True), before),
        (before, replace(before, admin=True)),
    ):
        await timed.local_slack.change_person(now)
        late = user_object(workspace, stale, locale=True)
        assert (await timed.local_slack.event({"type": "user_change", "user": late})).status == 200
        posted = await timed.receive_webhook("message.post", f"late {now}"[:100], user="U0BEN", text="hello")
        assert posted == (422 if now.deleted else 202)
        assert "uests" in (await timed.type_command("projects", "U0BEN")).text or not now.guest
        assert "Only admins" in (await timed.type_command("connect list", "U0BEN")).text or now.deleted
