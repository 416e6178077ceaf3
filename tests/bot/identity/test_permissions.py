"""Who comes as a guest, a stranger or unverified gains nothing, and what is said of a clock is true."""

from dataclasses import replace
from datetime import timedelta

from local_slack.faults import Faults
from local_slack.workspace import Person
from tests.bot.credentials import ask, check_membership, create_token, find_slack_person
from tests.bot.reading import read_text
from tests.conftest import Clock
from tests.replica import Replica

GUEST = Person("U0GUS", "Gus Guest", "Europe/Berlin", guest=True, email="gus@example.com")
SINGLE = replace(GUEST, id="U0SIN", name="Sina Single", guest=False, single_channel=True, email="")
STRANGER = Person(
    "U0STR", "Stan Strange", "Europe/Berlin", team="T0ELSEWHERE", admin=True, email="stan@else.example"
)


async def test_a_guest_tracks_their_own_time_and_changes_nothing_shared(timed: Replica) -> None:
    for guest in (GUEST, SINGLE):
        timed.local_slack.workspace.add_person(guest)
    await timed.type_command("project new API")
    for user in (GUEST.id, SINGLE.id):
        started = await timed.type_command("start api review", user)
        assert started.text.startswith("Started: API, review")
        for command in (
            "projects", "project new Mine", "project rename api to Theirs", "project archive api",
            "connect", "connect list", "team lead @Ben Okafor", "team @Ada Park",
        ):  # fmt: skip
            refused = await timed.type_command(command, user)
            assert any(word in refused.text for word in ("uests", "admins")), (command, refused.text)
        assert "uests" in (await timed.type_command("here api", user, "C0API")).text
        unknown = await timed.type_command("start mine: review", user)
        assert "guests can't create one" in unknown.text
        assert "Make" not in read_text(unknown)
        assert "Make" not in read_text(await timed.type_command("log 5m mine review", user))
        assert "API" in (await timed.type_command("status", user)).text
        token = await create_token(timed, user)
        assert (await ask(timed, "GET", "/projects", token))[0] == 403
        assert (await ask(timed, "POST", "/projects", token, title="Mine"))[0] == 403
        assert (await ask(timed, "GET", "/users", token))[1]["items"][0]["role"] == "member"
        assert (
            "guest" in (await timed.type_command(f"team admin @{find_slack_person(timed, user).name}")).text
        )
    assert "API" in (await timed.type_command("projects")).text


async def test_somebody_whose_clock_nobody_knows_can_ask_the_api_who_they_are(timed: Replica) -> None:
    timed.local_slack.workspace.add_person(
        Person("U0KOL", "Kol Half", None, offset=19_800, email="kol@example.com")
    )
    await timed.type_command("start writing", "U0KOL")
    token = await create_token(timed, "U0KOL")
    status, me = await ask(timed, "GET", "/me", token)
    assert (status, me["name"], me["email"]) == (200, "Kol", "kol@example.com")


async def test_a_lead_who_becomes_a_guest_sees_others_no_more_until_they_are_a_member_again(
    timed: Replica,
) -> None:
    await timed.type_command("start plans", "U0CHIKA")
    await timed.type_command("start writing", "U0BEN")
    await timed.type_command("team lead @Ben Okafor")
    assert "plans" in read_text(await timed.type_command("team", "U0BEN"))
    await timed.local_slack.change_person(replace(find_slack_person(timed, "U0BEN"), guest=True))
    assert "plans" not in read_text(await timed.type_command("team", "U0BEN"))
    assert "uests" in (await timed.type_command("projects", "U0BEN")).text
    timed.local_slack.workspace.add_person(replace(find_slack_person(timed, "U0BEN"), guest=False))
    await check_membership(timed)
    assert "plans" in read_text(await timed.type_command("team", "U0BEN"))


async def test_a_stranger_is_refused_in_words_and_gains_nothing_through_whom_they_name(
    timed: Replica,
) -> None:
    timed.local_slack.workspace.add_person(STRANGER)
    for command in ("start", "projects", "token", "team", "link"):
        assert "you belong to another one" in (await timed.type_command(command, STRANGER.id)).text
    assert "have not used this yet" in (await timed.type_command("team admin @Stan Strange")).text
    for number, named in enumerate((STRANGER.id, STRANGER.email)):
        assert (await timed.receive_webhook("timer.start", f"stranger{number}", user=named)) == 422
        assert (await timed.receive_webhook("message.post", f"said{number}", user=named, text="hello")) == 422
    admin = await create_token(timed, "U0ADA")
    _, people = await ask(timed, "GET", "/users", admin)
    assert [one["slack_user_id"] for one in people["items"]] == ["U0ADA"]
    # Somebody of ours whom Slack now calls a stranger, an admin over there.
    token = await create_token(timed, "U0BEN")
    await timed.local_slack.change_person(
        replace(find_slack_person(timed, "U0BEN"), team="T0ELSEWHERE", admin=True)
    )
    assert (await ask(timed, "GET", "/me", token))[0] == 401
    assert "you belong to another one" in (await timed.type_command("team", "U0BEN")).text


async def test_in_an_organization_those_of_our_own_team_are_our_own(timed: Replica) -> None:
    ours = Person(
        "U0ORG", "Olga Org", "Europe/Berlin", team="T0OTHER", enterprise_teams=("T0OTHER", "T0LOCAL")
    )
    theirs = replace(ours, id="U0FAR", name="Fay Far", enterprise_teams=("T0OTHER",), admin=True)
    for one in (ours, theirs):
        timed.local_slack.workspace.add_person(one)
    assert (await timed.type_command("start writing", ours.id)).text.startswith("Started: writing")
    assert "you belong to another one" in (await timed.type_command("start writing", theirs.id)).text


async def test_a_first_command_acts_while_slack_does_not_say_who_it_is(timed: Replica, clock: Clock) -> None:
    slack = timed.local_slack
    slack.faults = Faults(slow={"users.info": 30.0})
    answer = await timed.type_command("start writing", "U0BEN")
    assert answer.text.startswith("Started: writing")
    assert "Slack has not told me your time zone yet" in read_text(answer)
    assert "since 14:40 UTC" in answer.text  # not as if it were their clock
    slack.faults = Faults(server_error=1.0, server_error_accepted=0.0, methods={"users.info"})
    for command in (
        "stop at 9", "start 9:00 api", "log 9-10", "yesterday", "week", "export", "token", "link",
        "projects", "project new Mine", "team", "submit", "off tomorrow", "digest now",
    ):  # fmt: skip
        assert "Slack has not told me yet" in (await timed.type_command(command, "U0BEN")).text, command
    assert (await timed.receive_webhook("timer.stop", "stop", user="U0BEN")) == 422
    clock.now += timedelta(minutes=10)
    assert (await timed.type_command("stop 2 min ago", "U0BEN")).text.startswith("Stopped: writing, 8 min")
    assert (await timed.type_command("resume", "U0BEN")).text.startswith("Resumed: writing, since 14:50 UTC")
    slack.faults = Faults()
    await timed.service.services.membership.verify_unverified(
        timed.service.workspace.id, timed.service.members
    )
    assert "America/New_York" in read_text(await timed.type_command("settings", "U0BEN"))
    assert "There are no projects yet" in (await timed.type_command("projects", "U0BEN")).text


async def test_a_stranger_whom_slack_is_silent_about_gains_a_timer_at_most_and_not_for_long(
    timed: Replica,
) -> None:
    slack = timed.local_slack
    slack.workspace.add_person(STRANGER)
    slack.workspace.add_person(GUEST)
    slack.faults = Faults(server_error=1.0, server_error_accepted=0.0, methods={"users.info"})
    for user in (STRANGER.id, GUEST.id):
        assert (await timed.type_command("start", user)).text.startswith("Started")
        assert "Slack has not told me yet" in (await timed.type_command("project new Mine", user)).text
    slack.faults = Faults()
    assert "you belong to another one" in (await timed.type_command("token", STRANGER.id)).text
    assert "you belong to another one" in (await timed.type_command("stop", STRANGER.id)).text
    assert "uests" in (await timed.type_command("project new Mine", GUEST.id)).text


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
        timed.local_slack.workspace.add_person(Person(f"U0{name.upper()}", name.title(), tz, offset=offset))
        answer = read_text(await timed.type_command("start writing", f"U0{name.upper()}"))
        assert said in answer, (name, answer)
        assert "UTC, as in your Slack profile" not in answer
    # Where nobody said a zone, nothing is guessed until somebody does.
    assert "`/track zone Europe/Berlin`" in (await timed.type_command("today", "U0INDIA")).text
    assert "Asia/Kolkata" in (await timed.type_command("zone kolkata", "U0INDIA")).text
    assert "Asia/Kolkata, as you set it" in read_text(
        await timed.type_command("zone Asia/Kolkata", "U0INDIA")
    )
    assert "Wed 18 Nov" in (await timed.type_command("today", "U0INDIA")).text
    assert "at 18:00 (Asia/Kolkata)" in read_text(await timed.type_command("settings", "U0INDIA"))
    assert "Your Slack profile says Europe/Berlin" in (await timed.type_command("zone Asia/Tokyo")).text
    # And what the profile names later is what counts.
    await timed.local_slack.change_person(
        replace(find_slack_person(timed, "U0INDIA"), tz=None, offset=-28_800)
    )
    assert "Asia/Kolkata" in read_text(await timed.type_command("zone", "U0INDIA"))
    await timed.local_slack.change_person(replace(find_slack_person(timed, "U0INDIA"), tz="Asia/Dubai"))
    assert "Asia/Dubai, as in your Slack profile" in read_text(await timed.type_command("zone", "U0INDIA"))
    await timed.local_slack.change_person(
        replace(find_slack_person(timed, "U0BEHIND"), tz="America/Los_Angeles")
    )
    assert "America/Los_Angeles, as in" in read_text(await timed.type_command("settings", "U0BEHIND"))
