"""Whole payloads: signed, through the app, answered as Slack would show it."""

import re

import pytest

from local_slack.judge.blocks import find_problems
from local_slack.requests.encoding import encode_form, encode_interaction
from local_slack.server import LocalSlack
from tests.replica import Replica, run_replica


def read_all(message: object) -> str:
    """All the words of a message."""
    return re.sub(r"<!date[^|]*\|([^>]*)>", r"\1", str(message))


async def test_the_main_job_works_over_signed_http(app: Replica) -> None:
    started = await app.type_command("start api fix login")
    assert started.text.startswith("Started: api fix login, since ")
    stopped = await app.press_button(started, "Stop")
    assert stopped.text.startswith("Stopped: api fix login, 0 s. Today 0 s.")
    today = await app.type_command("today")
    assert "api fix login" in read_all(today.blocks)
    preview = await app.type_command("digest now")
    assert "direct messages" in preview.text
    assert await app.service.services.outbox.send_due() == 1
    (digest,) = app.local_slack.workspace.messages(app.local_slack.workspace.dm("U0ADA"))
    assert "api fix login" in read_all(digest.blocks)
    kinds = {block["type"] for block in digest.blocks}
    assert "table" in kinds
    assert "data_visualization" not in kinds, "hundredths of a minute are no chart"


async def test_the_main_job_works_in_socket_mode(empty_database_url: str, local_slack: LocalSlack) -> None:
    local_slack.transport = "socket"
    async with run_replica(empty_database_url, local_slack, socket=True) as app:
        started = await app.type_command("start api fix login")
        assert started.text.startswith("Started: api fix login")
        assert (await app.press_button(started, "Stop")).text.startswith("Stopped: api fix login")
        answer = await local_slack.event({"type": "user_change", "user": {"id": "U0ADA", "tz": "Asia/Tokyo"}})
        assert answer.status == 200


async def test_a_word_that_is_no_project_becomes_one_with_a_press(app: Replica) -> None:
    started = await app.type_command("start api fix login")
    assert "No project is called" in read_all(started.blocks)
    filed = await app.press_button(started, "Make “api” a project")
    assert filed.text.startswith("Running: api, fix login")
    again = await app.type_command("start api write tests")
    assert again.text.startswith("Started: api, write tests")


async def test_a_project_named_with_a_colon_is_offered_when_it_is_unknown(app: Replica) -> None:
    offered = await app.type_command("start 20 min ago billing: invoices for May +client")
    assert "There is no project called “billing”" in offered.text
    started = await app.press_button(offered, "Make “billing” and start")
    assert started.text.startswith("Started: billing, invoices for May")
    assert "20 min so far" in read_all(started.blocks)
    assert "+client" in read_all(started.blocks)


async def test_a_known_project_is_found_behind_on_and_nothing_else_is_offered(app: Replica) -> None:
    await app.type_command("project new api")
    await app.type_command("project new onboarding")
    logged = await app.type_command("log 2 hours on api yesterday")
    assert logged.text.startswith("Recorded: api, 2 h")
    assert (await app.type_command("log 10m for api review")).text.startswith("Recorded: api, review")
    unknown = await app.type_command("log 20m on call")
    assert unknown.text.startswith("Recorded: on call")
    assert "a project" not in read_all(unknown.blocks)


async def test_a_switch_says_what_it_ended(app: Replica) -> None:
    await app.type_command("start one")
    second = await app.type_command("start two")
    assert "ended one after 0 s" in read_all(second.blocks)


async def test_resume_starts_the_last_work_again_and_undo_takes_it_back(app: Replica) -> None:
    await app.type_command("start api docs")
    await app.type_command("stop")
    resumed = await app.type_command("resume")
    assert resumed.text.startswith("Resumed: api docs")
    undone = await app.press_button(resumed, "Undo")
    assert undone.text.startswith("Undone, taken back: api docs")


async def test_undoing_a_record_says_what_was_taken_back_and_nothing_of_what_runs(app: Replica) -> None:
    await app.type_command("start mail")
    logged = await app.type_command("log 9-11:30 yesterday review")
    undone = await app.press_button(logged, "Undo")
    assert undone.text.startswith("Undone, taken back: review, 2 h 30 min.")
    assert (await app.type_command("status")).text.startswith("Running: mail")


async def test_a_stale_stop_button_tells_what_became_of_its_timer_and_touches_no_other(app: Replica) -> None:
    first = await app.type_command("start first")
    await app.type_command("start second")
    told = await app.press_button(first, "Stop")
    assert told.text.startswith("Already stopped: first")
    assert "second" in (await app.type_command("status")).text


async def test_two_presses_of_one_button_act_once(app: Replica) -> None:
    await app.type_command("start docs")
    stopped = await app.type_command("stop")
    once = await app.press_button(stopped, "Resume")
    (twice,) = [await app.local_slack.press("U0ADA", stopped, "Resume")]
    assert twice.status == 200
    assert once.text.startswith("Resumed: docs")
    now = app.reload(stopped)
    assert now.text.startswith("Already running: docs")


async def test_a_card_can_only_be_acted_on_by_its_owner(app: Replica) -> None:
    started = await app.type_command("start secret work")
    left = await app.press_button(started, "Stop", user="U0BEN")
    assert left.text == started.text
    told = app.local_slack.workspace.messages("C0GENERAL")[-1]
    assert "somebody else's card" in told.text
    assert told.ephemeral_for == "U0BEN"
    assert "secret work" in (await app.type_command("status")).text


async def test_the_word_payload_is_not_lost(app: Replica) -> None:
    assert (await app.type_command("start payload parser")).text.startswith("Started: payload parser")


async def test_a_time_in_the_past_is_repeated_and_the_future_is_refused(app: Replica) -> None:
    started = await app.type_command("start 20 min ago review")
    assert "20 min so far" in read_all(started.blocks)
    refused = await app.type_command("stop tomorrow")
    assert "I didn't understand “tomorrow” as a time" in refused.text


async def test_an_overlap_is_refused_with_the_entry_that_is_in_the_way(app: Replica) -> None:
    await app.type_command("start 50 min ago api")
    await app.type_command("stop 20 min ago")
    refused = await app.type_command("start 30 min ago other")
    assert "You already tracked" in refused.text
    assert "(30 min)" in refused.text
    assert "Nothing was changed" in refused.text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "Nothing is running"),
        ("stop", "Nothing is running"),
        ("resume", "There is nothing to resume yet"),
        ("strat api", "Did you mean /track start api?"),
        ("blargh", "I don't know"),
        ("fix the login page", "Did you mean /track start fix the login page?"),
        ("help", "/track start, switch, stop, log, resume"),
        ("undo", "There is nothing to undo"),
        ("yesterday", "nothing tracked"),
        ("last friday", "nothing tracked"),
        ("2026-02-30", "There is no such date"),
        ("2030-01-01", "has not come yet"),
        ("help start", "Start a timer"),
        ("digest off", "Daily digest is off"),
        ("digest 25:00", "I know"),
        ("digest 17:30", "Daily digest is on, at 17:30 (Europe/Berlin), every day"),
        ("status please", "stands alone"),
        ("start " + "x" * 600, "too long"),
        ("start " + "x" * 2000, "too long"),
    ],
)
async def test_every_command_answers_in_words(app: Replica, typed: str, expected: str) -> None:
    message = await app.type_command(typed)
    assert expected in message.text
    assert find_problems(list(message.blocks)) == []


async def test_a_suggestion_can_be_pressed(app: Replica) -> None:
    suggested = await app.type_command("strat api")
    assert (await app.press_button(suggested, "/track start api")).text.startswith("Started: api")


async def test_a_token_is_shown_once_reads_the_api_and_replaces_the_one_before(app: Replica) -> None:
    await app.type_command("start api fix login")
    trigger = "1.repeated.trigger"
    first = await app.local_slack.command("U0ADA", "token", trigger_id=trigger)
    again = await app.local_slack.command("U0ADA", "token", trigger_id=trigger)
    assert first.body == again.body
    assert first.message is not None
    token = re.search(r"tt_\w{42}", str(first.message.blocks))
    assert token
    assert token[0] not in first.message.text
    url = f"{app.service.address}/api/timer"
    async with app.session.get(url, headers={"Authorization": f"Bearer {token[0]}"}) as response:
        assert (await response.json())["running"]["description"] == "api fix login"
    assert "stopped working" in read_all((await app.type_command("token")).blocks)
    async with app.session.get(url, headers={"Authorization": f"Bearer {token[0]}"}) as response:
        assert response.status == 401


async def test_tokens_have_names_and_are_taken_back_by_them(app: Replica) -> None:
    made = await app.type_command("token Backup read")
    assert "It may only read" in read_all(made.blocks)
    assert "/track token off backup" in read_all(made.blocks)
    assert "You have: backup" in (await app.type_command("token off")).text
    assert (await app.type_command("token off backup")).text.startswith("The token backup (…")
    assert "A token's name is one word" in (await app.type_command("token ⭐")).text


async def test_a_code_for_joining_is_shown_once_and_the_same_to_a_repeat(app: Replica) -> None:
    first = await app.local_slack.command("U0ADA", "link", trigger_id="2.repeated.trigger")
    again = await app.local_slack.command("U0ADA", "link", trigger_id="2.repeated.trigger")
    assert first.body == again.body
    assert first.message is not None
    code = re.search(r"```([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})```", read_all(first.message.blocks))
    assert code
    assert code[1] not in first.message.text
    assert code[1] not in read_all((await app.type_command("link")).blocks)


async def test_the_same_trigger_on_two_replicas_acts_once_and_is_answered_alike(
    empty_database_url: str, local_slack: LocalSlack
) -> None:
    async with (
        run_replica(empty_database_url, local_slack) as one,
        run_replica(empty_database_url, local_slack) as two,
    ):
        bodies = []
        for each in (one, two, one):
            url = f"{each.service.address}/slack/events"
            answer = await local_slack.command("U0ADA", "start api", trigger_id="7.same", request_url=url)
            bodies.append(answer.body)
        assert len(set(bodies)) == 1
    async with run_replica(empty_database_url, local_slack) as restarted:
        url = f"{restarted.service.address}/slack/events"
        answer = await local_slack.command("U0ADA", "start api", trigger_id="7.same", request_url=url)
        assert answer.body == bodies[0]
        today = await restarted.type_command("today")
        assert str(today.blocks).count("start") <= 1


async def test_news_about_a_member_are_kept_and_strangers_stay_strangers(app: Replica) -> None:
    await app.type_command("status")
    news = {"id": "U0ADA", "tz": "Asia/Tokyo", "locale": "ja-JP", "profile": {"display_name": "Ada"}}
    assert (await app.local_slack.event({"type": "user_change", "user": news})).status == 200
    assert "(Asia/Tokyo)" in (await app.type_command("digest on")).text
    stranger = {"id": "U0NEW", "tz": "UTC", "profile": {}}
    assert (await app.local_slack.event({"type": "user_change", "user": stranger})).status == 200


async def test_an_event_that_nobody_handles_and_one_of_another_workspace_are_answered_200(
    app: Replica,
) -> None:
    assert (await app.local_slack.event({"type": "reaction_added"})).status == 200
    form = app.local_slack.command_form("U0ADA", "start api") | {"team_id": "T0OTHER"}
    answer = await app.local_slack.deliver(encode_form(form))
    assert answer.status == 200
    assert b"not connected" in answer.body


@pytest.mark.parametrize(
    "hostile",
    [
        "<!channel> <!here> <!everyone>",
        "<@U0BEN> <#C0GENERAL> <!subteam^S1>",
        "<https://evil.example|https://good.example>",
        "&lt;!channel&gt; &amp;lt;!channel&amp;gt;",
        "a\u202eb\u200bc\u2066d\ufeff",
        "x" * 450,
        "```code``` *bold* `tick`",
    ],
)
async def test_hostile_text_is_inert_in_blocks_and_fallback(app: Replica, hostile: str) -> None:
    for message in (
        await app.type_command(f"start {hostile}"),
        await app.type_command("today"),
        await app.type_command("stop"),
    ):
        assert find_problems(list(message.blocks)) == []
        everything = re.sub(r"<!date\^\d+\^[^|<>]*\|[^<>]*>", "", f"{message.text} {message.blocks}")
        assert "<" not in everything
        assert not set(everything) & set("\u202e\u200b\u2066\ufeff")


async def test_when_slack_can_not_say_who_it_is_nothing_that_needs_it_is_done(app: Replica) -> None:
    app.local_slack.faults.methods = {"users.info"}
    app.local_slack.faults.server_error = 1.0
    assert "Slack has not told me yet who you are" in (await app.type_command("projects")).text
    app.local_slack.faults.server_error = 0.0
    assert (await app.type_command("start api")).text.startswith("Started")


async def test_an_answer_that_can_not_be_rewritten_is_said_anew(app: Replica) -> None:
    started = await app.type_command("start api")
    payload = app.local_slack.press_payload("U0ADA", started, "Stop")
    payload["response_url"] = f"{app.local_slack.url}/response/unknown"
    assert (await app.local_slack.deliver(encode_interaction(payload))).status == 200
    said = app.local_slack.workspace.messages("C0GENERAL")[-1]
    assert said.text.startswith("Stopped: api")
    assert said.ephemeral_for == "U0ADA"


async def test_time_that_has_passed_is_logged_where_it_is_free(app: Replica) -> None:
    logged = await app.type_command("log 9-11:30 yesterday api review +client")
    assert logged.text.startswith("Recorded: api review, 2 h 30 min.")
    assert "+client" in read_all(logged.blocks)
    second = await app.type_command("log 1h yesterday other")
    assert "11:30–" in read_all(second.blocks)
    refused = await app.type_command("log 10-12 yesterday third")
    assert "You already tracked" in refused.text
    assert "I need an amount or a range" in (await app.type_command("log api fix")).text
    day = await app.type_command("yesterday")
    assert "3 h 30 min" in day.text
    undone = await app.press_button(logged, "Undo")
    assert undone.text.startswith("Undone")
    assert "1 h" in (await app.type_command("yesterday")).text
    assert "no project called" in (offered := await app.type_command("log 30m billing: invoices")).text
    assert (await app.press_button(offered, "Make “billing” and log")).text.startswith(
        "Recorded: billing, invoices, 30 min"
    )


async def test_projects_are_made_renamed_listed_and_archived(app: Replica) -> None:
    assert "no projects yet" in (await app.type_command("projects")).text
    assert (await app.type_command("project new Web Shop")).text.startswith("Web Shop is a project now")
    await app.type_command("project new API")
    assert (await app.type_command("projects")).text == "Projects: API, Web Shop"
    assert (await app.type_command("start web-shop checkout")).text.startswith("Started: Web Shop, checkout")
    assert "is called Shop now" in (await app.type_command("project rename web to Shop")).text
    assert (await app.type_command("status")).text.startswith("Running: Shop, checkout")
    assert (
        "There is a project called “API” already"
        in (await app.type_command('project rename shop to "API"')).text
    )
    assert "is archived" in (await app.type_command("project archive shop")).text
    assert (await app.type_command("projects")).text == "Projects: API"
    assert "is archived already" in (await app.type_command("project archive shop")).text
    assert "I know" in (await app.type_command("project explode api")).text
    async with app.database.transaction(app.service.workspace.id) as tx:
        rows = await tx.connection.fetch(
            "select change from history where subject = 'project' order by number"
        )
    assert [row["change"] for row in rows] == ["made", "made", "renamed", "archived"]


async def test_a_week_adds_up_by_day_and_by_project(app: Replica) -> None:
    await app.type_command("log 9-11 yesterday api review")
    await app.type_command("log 13-14:30 yesterday website footer")
    for typed in ("week", "week last", "last week", "this month", "month", "month last"):
        message = await app.type_command(typed)
        assert find_problems(list(message.blocks)) == []
        assert message.text.startswith(("This ", "Last "))
    both = (await app.type_command("month")).text + (await app.type_command("month last")).text
    assert "3 h 30 min" in both
    assert "I know" in (await app.type_command("week next")).text
