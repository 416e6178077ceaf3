"""Who leaves Slack, or comes as a guest, a stranger or unverified, keeps and gains nothing: by every door."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp

from domain.messages import POST_MESSAGE
from sandbox.faults import Faults
from sandbox.workspace import Person
from tests.bot.kit import delivered, direct, hooked, pressed, typed, words
from tests.conftest import Clock
from tests.service import Replica

PASSWORD = "correct horse battery"
EMAIL = "ben@home.example"
GUEST = Person("U0GUS", "Gus Guest", "Europe/Berlin", guest=True, email="gus@example.com")
SINGLE = replace(GUEST, id="U0SIN", name="Sina Single", guest=False, single_channel=True, email="")
STRANGER = Person(
    "U0STR", "Stan Strange", "Europe/Berlin", team="T0ELSEWHERE", admin=True, email="stan@else.example"
)


def secret_in(shown: str) -> str:
    return next(word for word in shown.replace("`", " ").split() if word.startswith("tt_"))


async def token_of(app: Replica, user: str, words_: str = "token") -> str:
    return secret_in(words(await typed(app, words_, user)))


async def code_of(app: Replica, user: str) -> str:
    shown = words(await typed(app, "link", user))
    return next(word for word in shown.replace("`", " ").split() if word.count("-") == 2 and len(word) == 14)


async def asked(
    app: Replica, method: str, path: str, bearer: str | None = None, **body: object
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    url = f"{app.service.address}/api{path}"
    async with app.session.request(method, url, headers=headers, json=body or None) as answer:
        return answer.status, await _json(answer)


async def _json(answer: aiohttp.ClientResponse) -> Any:
    return await answer.json(content_type=None) if await answer.read() else {}


async def account(app: Replica, email: str = EMAIL) -> tuple[str, str]:
    """An access token and a refresh token of a new account."""
    await asked(app, "POST", "/signup", name="Ben", email=email, password=PASSWORD)
    return await logged_in(app, email)


async def logged_in(app: Replica, email: str = EMAIL, password: str = PASSWORD) -> tuple[str, str]:
    _, given = await asked(app, "POST", "/login", email=email, password=password)
    return str(given["token"]), str(given["refresh_token"])


async def linked(app: Replica, user: str = "U0BEN", email: str = EMAIL) -> tuple[str, str]:
    access, refresh = await account(app, email)
    status, _ = await asked(app, "POST", "/link", access, code=await code_of(app, user))
    assert status == 200
    return access, refresh


def person(app: Replica, user: str) -> Person:
    return app.sandbox.workspace.people[user]


async def look(app: Replica) -> None:
    """What the clock does every six hours."""
    await app.service.tracker.membership.look(app.service.workspace.id, app.service.members)


async def test_who_is_deactivated_has_no_access_from_that_event_on(timed: Replica) -> None:
    await typed(timed, "log 1h old work", "U0BEN")
    token, reading = await token_of(timed, "U0BEN"), await token_of(timed, "U0BEN", "token backup read")
    access, refresh = await linked(timed)
    open_code = await code_of(timed, "U0BEN")
    spare, _ = await account(timed, "spare@home.example")
    assert "is a lead now" in (await typed(timed, "team lead @Ben Okafor")).text
    await typed(timed, "start new work", "U0BEN")
    await typed(timed, "digest now", "U0BEN")
    for bearer in (token, reading, access):
        assert (await asked(timed, "GET", "/me", bearer))[0] == 200
    answer = await timed.sandbox.change_person(replace(person(timed, "U0BEN"), deleted=True))
    assert answer.status == 200
    for bearer in (token, reading, access):
        assert (await asked(timed, "GET", "/me", bearer))[0] == 401
        assert (await asked(timed, "POST", "/timer/stop", bearer))[0] == 401
    assert (await asked(timed, "POST", "/refresh", refresh_token=refresh))[0] == 401
    assert (await asked(timed, "POST", "/link", spare, code=open_code))[0] == 422
    # The account is its owner's own again, and is nobody in Slack.
    again, _ = await logged_in(timed)
    _, me = await asked(timed, "GET", "/me", again)
    assert me["slack_user_id"] is None
    assert (await asked(timed, "GET", "/time-entries", again))[1]["items"] == []
    assert (await hooked(timed, "timer.start", "after", user="U0BEN")) == 422
    before = len(direct(timed, "U0BEN"))
    await delivered(timed)
    assert len(direct(timed, "U0BEN")) == before  # the digest that waited is not sent
    team = words(await typed(timed, "team"))
    assert "new work" not in team  # it was ended at that instant
    admin = await token_of(timed, "U0ADA")
    _, people = await asked(timed, "GET", "/users", admin)
    gone = next(one for one in people["items"] if one["slack_user_id"] == "U0BEN")
    _, kept = await asked(timed, "GET", f"/time-entries?user_id={gone['id']}", admin)
    assert {one["description"] for one in kept["items"]} == {"old work", "new work"}
    assert "deactivated" in (await typed(timed, "team admin @Ben Okafor")).text


async def test_who_comes_back_can_use_it_again_and_old_credentials_stay_ended(timed: Replica) -> None:
    token = await token_of(timed, "U0BEN")
    await timed.sandbox.change_person(replace(person(timed, "U0BEN"), deleted=True))
    assert "deactivated" in (await typed(timed, "start", "U0BEN")).text
    await timed.sandbox.change_person(replace(person(timed, "U0BEN"), deleted=False))
    assert (await typed(timed, "start writing", "U0BEN")).text.startswith("Started: writing")
    assert (await asked(timed, "GET", "/me", token))[0] == 401
    assert (await asked(timed, "GET", "/me", await token_of(timed, "U0BEN")))[0] == 200


async def test_a_person_whose_event_was_lost_is_found_by_the_look_at_slack(timed: Replica) -> None:
    slack = timed.sandbox
    tokens = {user: await token_of(timed, user) for user in ("U0ADA", "U0BEN", "U0CHIKA")}

    async def let_in() -> set[str]:
        return {user for user, token in tokens.items() if (await asked(timed, "GET", "/me", token))[0] == 200}

    await look(timed)
    assert await let_in() == {"U0ADA", "U0BEN", "U0CHIKA"}
    # Nothing that Slack does not say for certain ends anything.
    chika = slack.workspace.people.pop("U0CHIKA")
    slack.faults = Faults(refused={"users.info": "user_not_visible"})
    await look(timed)
    slack.faults = Faults(rate_limited=1.0, methods={"users.list"})
    await look(timed)
    slack.faults = Faults(server_error=1.0, server_error_accepted=0.0, methods={"users.info"})
    await look(timed)
    assert await let_in() == {"U0ADA", "U0BEN", "U0CHIKA"}
    slack.faults = Faults()
    slack.workspace.add_person(replace(person(timed, "U0BEN"), deleted=True))
    await look(timed)
    await look(timed)
    assert await let_in() == {"U0ADA"}
    slack.workspace.add_person(chika)
    slack.workspace.add_person(replace(person(timed, "U0ADA"), bot=True))
    for word in ("unknown_method", "missing_scope"):
        slack.faults = Faults(refused={"users.list": word})
        await look(timed)
        assert await let_in() == set()
    slack.faults = Faults()
    await look(timed)
    assert (await typed(timed, "start writing", "U0CHIKA")).text.startswith("Started: writing")


async def test_an_uninstalled_app_ends_all_credentials_and_sends_nothing(timed: Replica) -> None:
    token = await token_of(timed, "U0BEN")
    access, _ = await linked(timed)
    for event in (
        {"type": "tokens_revoked", "tokens": {"oauth": ["U0BEN"]}},  # a user's own: none of ours
        {"type": "tokens_revoked", "tokens": {}},
    ):
        assert (await timed.sandbox.event(event)).status == 200
    assert (await asked(timed, "GET", "/me", token))[0] == 200
    await delivered(timed)
    await typed(timed, "digest now", "U0BEN")
    before = len(direct(timed, "U0BEN"))
    assert (await timed.sandbox.event({"type": "app_uninstalled"})).status == 200
    assert (
        await timed.sandbox.event({"type": "tokens_revoked", "tokens": {"bot": ["U0TRACKER"]}})
    ).status == 200
    for bearer in (token, access):
        assert (await asked(timed, "GET", "/me", bearer))[0] == 401
    await delivered(timed)
    assert len(direct(timed, "U0BEN")) == before
    # Installed again: who they are is known, and what waited goes on.
    await timed.service.tracker.lanes.open(timed.service.workspace.id, {POST_MESSAGE: 300})
    await delivered(timed)
    assert len(direct(timed, "U0BEN")) == before + 1
    assert (await asked(timed, "GET", "/me", await token_of(timed, "U0BEN")))[0] == 200


async def test_admins_see_and_end_what_lets_others_in_and_they_are_told(timed: Replica) -> None:
    token, backup = await token_of(timed, "U0BEN"), await token_of(timed, "U0BEN", "token backup read")
    access, refresh = await linked(timed)
    assert "Only admins" in (await typed(timed, "team @Ada Park", "U0BEN")).text
    shown = await typed(timed, "team @Ben Okafor")
    assert shown.text == "Ben has 2 API tokens and a linked account."
    assert f"…{token[-4:]}" in words(shown)
    assert token not in words(shown)
    await pressed(timed, shown, "Revoke")  # the first: backup
    assert (await asked(timed, "GET", "/me", backup))[0] == 401
    assert (await asked(timed, "GET", "/me", token))[0] == 200
    await pressed(timed, timed.sandbox.current(shown) or shown, "End link")
    assert (await asked(timed, "GET", "/me", access))[0] == 401
    assert (await asked(timed, "POST", "/refresh", refresh_token=refresh))[0] == 401
    await delivered(timed)
    said = " ".join(words(message) for message in direct(timed, "U0BEN"))
    assert "Ada has ended your API token “backup”" in said
    assert "Ada has ended the link" in said


async def test_admins_do_the_same_over_rest_within_their_workspace(timed: Replica) -> None:
    token = await token_of(timed, "U0BEN")
    ben_access, _ = await linked(timed)
    ada, _ = await linked(timed, "U0ADA", "ada@home.example")
    stranger, _ = await account(timed, "else@home.example")
    _, me = await asked(timed, "GET", "/me", ben_access)
    path = f"/users/{me['id']}"
    status, found = await asked(timed, "GET", f"{path}/tokens", ada)
    assert status == 200
    assert found["linked_at"]
    (item,) = found["items"]
    one = f"{path}/tokens/{item['id']}"
    assert (await asked(timed, "GET", f"{path}/tokens", ben_access))[0] == 403
    assert (await asked(timed, "GET", f"{path}/tokens", token))[0] == 403  # a personal token is not enough
    for method, where in (("GET", f"{path}/tokens"), ("DELETE", one), ("DELETE", f"{path}/link")):
        assert (await asked(timed, method, where, stranger))[0] == 404
    assert (await asked(timed, "DELETE", one, ada))[0] == 204
    assert (await asked(timed, "DELETE", one, ada))[0] == 404
    assert (await asked(timed, "GET", "/me", token))[0] == 401
    assert (await asked(timed, "DELETE", f"{path}/link", ada))[0] == 204
    assert (await asked(timed, "DELETE", f"{path}/link", ada))[0] == 404
    assert (await asked(timed, "GET", "/me", ben_access))[0] == 401


async def test_a_link_is_undone_and_the_account_is_its_own_and_can_be_linked_again(
    timed: Replica, clock: Clock
) -> None:
    access, _ = await account(timed)
    entry = {
        "description": "at home",
        "start_time": "2026-11-17T08:00:00Z",
        "end_time": "2026-11-17T09:00:00Z",
    }
    assert (await asked(timed, "POST", "/time-entries", access, **entry))[0] == 201
    first = await code_of(timed, "U0BEN")
    assert (await asked(timed, "POST", "/link", access, code=first))[1]["entries"] == 1
    token = await token_of(timed, "U0BEN")
    assert "No account is linked" in (await typed(timed, "link off", "U0CHIKA")).text
    clock.now += timedelta(minutes=1)
    assert "is not you any more" in (await typed(timed, "link off", "U0BEN")).text
    assert "No account is linked" in (await typed(timed, "link off", "U0BEN")).text
    assert (await asked(timed, "GET", "/me", access))[0] == 401
    assert (await asked(timed, "GET", "/me", token))[0] == 200  # a token of the person, not of the account
    clock.now += timedelta(minutes=1)
    access, _ = await logged_in(timed)
    assert (await asked(timed, "GET", "/me", access))[1]["slack_user_id"] is None
    later = {"description": "since", "start_time": "2026-11-17T10:00:00Z", "end_time": "2026-11-17T11:00:00Z"}
    assert (await asked(timed, "POST", "/time-entries", access, **later))[0] == 201
    assert (await asked(timed, "POST", "/link", access, code=first))[0] == 422
    status, joined = await asked(timed, "POST", "/link", access, code=await code_of(timed, "U0BEN"))
    assert (status, joined.get("entries")) == (200, 1)  # what came along before does not come twice
    _, found = await asked(timed, "GET", "/time-entries", token)
    assert [one["description"] for one in found["items"]] == ["since", "at home"]


async def test_a_new_password_ends_personal_tokens_where_that_is_asked(timed: Replica) -> None:
    token = await token_of(timed, "U0BEN")
    access, _ = await linked(timed)
    new = "another horse battery"
    body: dict[str, Any] = {"current_password": PASSWORD, "new_password": new}
    assert (await asked(timed, "POST", "/password", access, **body))[0] == 204
    assert (await asked(timed, "GET", "/me", token))[0] == 200
    body = {"current_password": new, "new_password": PASSWORD, "end_tokens": True}
    assert (await asked(timed, "POST", "/password", access, **body))[0] == 204
    assert (await asked(timed, "GET", "/me", token))[0] == 401
    assert (await asked(timed, "GET", "/me", access))[0] == 200


async def test_a_guest_tracks_their_own_time_and_changes_nothing_shared(timed: Replica) -> None:
    for guest in (GUEST, SINGLE):
        timed.sandbox.workspace.add_person(guest)
    await typed(timed, "project new API")
    for user in (GUEST.id, SINGLE.id):
        started = await typed(timed, "start api review", user)
        assert started.text.startswith("Started: API, review")
        for command in (
            "projects", "project new Mine", "project rename api to Theirs", "project archive api",
            "connect", "connect list", "team lead @Ben Okafor", "team @Ada Park",
        ):  # fmt: skip
            refused = await typed(timed, command, user)
            assert any(word in refused.text for word in ("uests", "admins")), (command, refused.text)
        assert "uests" in (await typed(timed, "here api", user, "C0API")).text
        unknown = await typed(timed, "start mine: review", user)
        assert "guests make none" in unknown.text
        assert "Make" not in words(unknown)
        assert "API" in (await typed(timed, "status", user)).text
        token = await token_of(timed, user)
        assert (await asked(timed, "GET", "/projects", token))[0] == 403
        assert (await asked(timed, "POST", "/projects", token, title="Mine"))[0] == 403
        assert (await asked(timed, "GET", "/users", token))[1]["items"][0]["role"] == "member"
        assert "guest" in (await typed(timed, f"team admin @{person(timed, user).name}")).text
    assert "API" in (await typed(timed, "projects")).text


async def test_a_lead_who_becomes_a_guest_sees_others_no_more_until_they_are_a_member_again(
    timed: Replica,
) -> None:
    await typed(timed, "start plans", "U0CHIKA")
    await typed(timed, "start writing", "U0BEN")
    await typed(timed, "team lead @Ben Okafor")
    assert "plans" in words(await typed(timed, "team", "U0BEN"))
    await timed.sandbox.change_person(replace(person(timed, "U0BEN"), guest=True))
    assert "plans" not in words(await typed(timed, "team", "U0BEN"))
    assert "uests" in (await typed(timed, "projects", "U0BEN")).text
    timed.sandbox.workspace.add_person(replace(person(timed, "U0BEN"), guest=False))
    await look(timed)
    assert "plans" in words(await typed(timed, "team", "U0BEN"))


async def test_a_stranger_is_refused_in_words_and_gains_nothing_through_whom_they_name(
    timed: Replica,
) -> None:
    timed.sandbox.workspace.add_person(STRANGER)
    for command in ("start", "projects", "token", "team", "link"):
        assert "you belong to another one" in (await typed(timed, command, STRANGER.id)).text
    assert "have not used this yet" in (await typed(timed, "team admin @Stan Strange")).text
    for number, named in enumerate((STRANGER.id, STRANGER.email)):
        assert (await hooked(timed, "timer.start", f"stranger{number}", user=named)) == 422
        assert (await hooked(timed, "message.post", f"said{number}", user=named, text="hello")) == 422
    admin = await token_of(timed, "U0ADA")
    _, people = await asked(timed, "GET", "/users", admin)
    assert [one["slack_user_id"] for one in people["items"]] == ["U0ADA"]
    # Somebody of ours whom Slack now calls a stranger, an admin over there.
    token = await token_of(timed, "U0BEN")
    await timed.sandbox.change_person(replace(person(timed, "U0BEN"), team="T0ELSEWHERE", admin=True))
    assert (await asked(timed, "GET", "/me", token))[0] == 401
    assert "you belong to another one" in (await typed(timed, "team", "U0BEN")).text


async def test_admins_are_told_which_secrets_of_endpoints_somebody_who_left_has_seen(timed: Replica) -> None:
    await typed(timed, "status", "U0BEN")
    await typed(timed, "team admin @Ben Okafor")
    await typed(timed, "connect deploys", "U0BEN")
    await typed(timed, "connect mine")
    await timed.sandbox.change_person(replace(person(timed, "U0BEN"), deleted=True))
    await delivered(timed)
    (said,) = [words(message) for message in direct(timed, "U0ADA")]
    assert "Ben has no access any more" in said
    assert "“deploys”. " in said
    assert "mine" not in said


async def test_in_an_organization_those_of_our_own_team_are_our_own(timed: Replica) -> None:
    ours = Person(
        "U0ORG", "Olga Org", "Europe/Berlin", team="T0OTHER", enterprise_teams=("T0OTHER", "T0LOCAL")
    )
    theirs = replace(ours, id="U0FAR", name="Fay Far", enterprise_teams=("T0OTHER",), admin=True)
    for one in (ours, theirs):
        timed.sandbox.workspace.add_person(one)
    assert (await typed(timed, "start writing", ours.id)).text.startswith("Started: writing")
    assert "you belong to another one" in (await typed(timed, "start writing", theirs.id)).text


async def test_a_first_command_acts_while_slack_does_not_say_who_it_is(timed: Replica, clock: Clock) -> None:
    slack = timed.sandbox
    slack.faults = Faults(slow={"users.info": 30.0})
    answer = await typed(timed, "start writing", "U0BEN")
    assert answer.text.startswith("Started: writing")
    assert "Slack has not told me your time zone yet" in words(answer)
    assert "since 14:40 UTC" in answer.text  # not as if it were their clock
    slack.faults = Faults(server_error=1.0, server_error_accepted=0.0, methods={"users.info"})
    for command in (
        "stop at 9", "start 9:00 api", "log 9-10", "yesterday", "week", "export", "token", "link",
        "projects", "project new Mine", "team", "submit", "off tomorrow", "digest now",
    ):  # fmt: skip
        assert "Slack has not told me yet" in (await typed(timed, command, "U0BEN")).text, command
    assert (await hooked(timed, "timer.stop", "stop", user="U0BEN")) == 422
    clock.now += timedelta(minutes=10)
    assert (await typed(timed, "stop 2 min ago", "U0BEN")).text.startswith("Stopped: writing, 8 min")
    assert (await typed(timed, "resume", "U0BEN")).text.startswith("Resumed: writing, since 14:50 UTC")
    slack.faults = Faults()
    await timed.service.tracker.membership.verify_waiting(timed.service.workspace.id, timed.service.members)
    assert "America/New_York" in words(await typed(timed, "settings", "U0BEN"))
    assert "There are no projects yet" in (await typed(timed, "projects", "U0BEN")).text


async def test_a_stranger_whom_slack_is_silent_about_gains_a_timer_at_most_and_not_for_long(
    timed: Replica,
) -> None:
    slack = timed.sandbox
    slack.workspace.add_person(STRANGER)
    slack.workspace.add_person(GUEST)
    slack.faults = Faults(server_error=1.0, server_error_accepted=0.0, methods={"users.info"})
    for user in (STRANGER.id, GUEST.id):
        assert (await typed(timed, "start", user)).text.startswith("Started")
        assert "Slack has not told me yet" in (await typed(timed, "project new Mine", user)).text
    slack.faults = Faults()
    assert "you belong to another one" in (await typed(timed, "token", STRANGER.id)).text
    assert "you belong to another one" in (await typed(timed, "stop", STRANGER.id)).text
    assert "uests" in (await typed(timed, "project new Mine", GUEST.id)).text


async def test_what_is_said_of_a_clock_is_true_whatever_slack_says_of_it(timed: Replica) -> None:
    people = {
        "behind": (None, -28_800, "Etc/GMT+8, 8 hours behind UTC"),
        "folder": ("Europe", 3_600, "Etc/GMT-1, 1 hour ahead of UTC"),
        "mars": ("Mars/Base", 0, "Etc/GMT, the same as UTC"),
        "india": (None, 19_800, "I don't guess one"),
        "silent": (None, None, "I don't guess one"),
        "old": ("US/Pacific", None, "US/Pacific, as in your Slack profile"),
    }
    for name, (tz, offset, said) in people.items():
        timed.sandbox.workspace.add_person(Person(f"U0{name.upper()}", name.title(), tz, offset=offset))
        answer = words(await typed(timed, "start writing", f"U0{name.upper()}"))
        assert said in answer, (name, answer)
        assert "UTC, as in your Slack profile" not in answer
    # Where nobody said a zone, nothing is guessed until somebody does.
    assert "`/track zone Europe/Berlin`" in (await typed(timed, "today", "U0INDIA")).text
    assert "Asia/Kolkata" in (await typed(timed, "zone kolkata", "U0INDIA")).text
    assert "Asia/Kolkata, as you set it" in words(await typed(timed, "zone Asia/Kolkata", "U0INDIA"))
    assert "Wed 18 Nov" in (await typed(timed, "today", "U0INDIA")).text
    assert "at 18:00 (Asia/Kolkata)" in words(await typed(timed, "settings", "U0INDIA"))
    assert "Your Slack profile says Europe/Berlin" in (await typed(timed, "zone Asia/Tokyo")).text
    # And what the profile names later is what counts.
    await timed.sandbox.change_person(replace(person(timed, "U0INDIA"), tz=None, offset=-28_800))
    assert "Asia/Kolkata" in words(await typed(timed, "zone", "U0INDIA"))
    await timed.sandbox.change_person(replace(person(timed, "U0INDIA"), tz="Asia/Dubai"))
    assert "Asia/Dubai, as in your Slack profile" in words(await typed(timed, "zone", "U0INDIA"))
    await timed.sandbox.change_person(replace(person(timed, "U0BEHIND"), tz="America/Los_Angeles"))
    assert "America/Los_Angeles, as in" in words(await typed(timed, "settings", "U0BEHIND"))
