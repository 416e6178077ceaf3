"""Forms to start, to log, for projects and settings: from every place, with what is there, once."""

import asyncio
from datetime import timedelta

from local_slack.requests.encoding import encode_interaction
from local_slack.requests.interactions import view_submission
from tests.bot.reading import list_buttons, read_errors, read_fields, read_text
from tests.conftest import Clock
from tests.replica import Replica, run_replica

START_NOTE, LOG_NOTE = "What are you working on?", "What did you work on?"
LENGTH = "How long, or from when to when"


async def test_the_start_form_comes_up_from_a_card_and_its_outcome_takes_the_cards_place(
    timed: Replica, clock: Clock
) -> None:
    card = await timed.type_command("")
    view = await timed.open_form(card, "Start…")
    assert (view.title, view.definition["submit"]["text"]) == ("Start a timer", "Start")
    assert read_fields(view) == {"Project": None, START_NOTE: None, "Tags": None, "Since": None}
    await timed.submit_form(view)
    assert timed.has_no_form()
    assert timed.reload(card).text.startswith("Started: no project, no note, since 15:40.")
    clock.now += timedelta(minutes=20)
    view = await timed.open_form(timed.reload(card), "Switch…")
    assert (view.title, view.definition["submit"]["text"]) == ("Switch", "Switch")
    await timed.submit_form(view, {START_NOTE: "mail", "Tags": "+Client, urgent", "Since": "15:50"})
    assert await timed.list_entries() == ["15:40–15:50 no project", "15:50–now mail · `+client` `+urgent`"]
    assert timed.reload(card).text.startswith("Started: mail, since 15:50.")


async def test_switch_alone_and_the_buttons_on_home_open_the_same_form(timed: Replica) -> None:
    card = await timed.type_command("switch")
    assert card.text.startswith("Nothing is running")
    await timed.submit_form(timed.find_form(), {START_NOTE: "docs", "Since": "20 min ago"})
    assert timed.list_messages()[-1].text.startswith("Started: docs, since 15:20.")
    await timed.open_home()
    view = await timed.open_form(timed.find_home(), "Switch…")
    before = len(timed.list_messages())
    await timed.submit_form(view, {START_NOTE: "from Home"})
    assert "from Home" in read_text(timed.find_home())
    assert len(timed.list_messages()) == before
    assert timed.list_direct_messages() == []


async def test_a_form_from_the_global_shortcut_answers_by_direct_message_exactly_once(
    timed: Replica,
) -> None:
    view = await timed.open_shortcut("start_timer", "U0BEN")
    assert view.title == "Start a timer"
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    for _ in range(2):
        assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    await timed.send_due_messages()
    (told,) = timed.list_direct_messages("U0BEN")
    assert told.text.startswith("Running: no project, no note, since 09:40.")
    assert timed.list_messages() == []
    await timed.press_button(told, "Stop", "U0BEN")
    assert timed.reload(told).text.startswith("Stopped: no project, no note")


async def test_room_made_in_a_form_from_the_global_shortcut_is_told_by_direct_message_too(
    timed: Replica,
) -> None:
    await timed.type_command("log 15:00-15:30 docs")
    view = await timed.open_shortcut("start_timer")
    await timed.submit_form(view, {START_NOTE: "call", "Since": "15:20"})
    assert timed.find_form().title == "That time is taken"
    await timed.submit_form(timed.find_form(), {"What shall I do?": "Trim"})
    await timed.send_due_messages()
    assert [one.text.split(".")[0] for one in timed.list_direct_messages()] == ["Running: call, since 15:20"]
    assert await timed.list_entries() == ["15:00–15:20 docs", "15:20–now call"]


async def test_the_log_form_is_about_the_day_or_the_gap_that_it_was_opened_for(timed: Replica) -> None:
    await timed.type_command("log")
    assert read_fields(timed.find_form()) == {
        LENGTH: None,
        "Day": "2026-11-18",
        "Project": None,
        LOG_NOTE: None,
        "Tags": None,
    }
    assert "Europe/Berlin" in read_text(timed.find_form())
    await timed.submit_form(timed.find_form(), {LENGTH: "9-11", LOG_NOTE: "api review"})
    assert timed.list_messages()[-1].text.startswith("Recorded: api review, 2 h.")
    await timed.type_command("log 13-14 docs")
    today = await timed.type_command("today")
    view = await timed.open_form(today, "Fill 11:00–13:00…")
    assert (read_fields(view)[LENGTH], read_fields(view)["Day"]) == ("11:00-13:00", "2026-11-18")
    await timed.submit_form(view)
    assert await timed.list_entries() == [
        "09:00–11:00 api review",
        "11:00–13:00 no project",
        "13:00–14:00 docs",
    ]
    assert read_text(timed.reload(today)).startswith("Today, Wed 18 Nov: 5 h.")
    view = await timed.open_form(await timed.type_command("yesterday"), "Log…")
    assert read_fields(view)["Day"] == "2026-11-17"
    await timed.submit_form(view, {LENGTH: "8-9"})
    assert await timed.list_entries("yesterday") == ["08:00–09:00 no project"]


async def test_a_gap_is_filled_beside_an_entry_that_ended_within_a_minute(
    timed: Replica, clock: Clock
) -> None:
    await timed.type_command("start docs")
    clock.now += timedelta(minutes=10, seconds=37)
    await timed.type_command("stop")
    clock.now += timedelta(minutes=34, seconds=35)
    await timed.type_command("start api")
    clock.now += timedelta(minutes=1)
    await timed.submit_form(await timed.open_form(await timed.type_command("today"), "Fill 15:50–16:25…"))
    assert "15:50–16:25 no project" in await timed.list_entries()


async def test_the_days_message_goes_on_showing_its_day_after_a_form(timed: Replica) -> None:
    await timed.type_command("log 9-10 yesterday api")
    shown = await timed.type_command("yesterday")
    view = await timed.open_form(shown, "Log…")
    await timed.submit_form(view, {LENGTH: "14-15", LOG_NOTE: "docs"})
    after = read_text(timed.reload(shown))
    assert after.startswith("Your day, Tue 17 Nov: 2 h.")
    assert "Recorded: docs, 1 h" in after


async def test_what_is_wrong_in_the_log_form_stands_at_its_field(timed: Replica) -> None:
    await timed.type_command("log")
    view = timed.find_form()
    untouched = {"Day": "2026-11-18", "Tags": ""}
    wrong: list[tuple[dict[str, str], str, str]] = [
        ({LENGTH: "soon"}, LENGTH, "an amount or a range"),
        ({LENGTH: "1h api"}, LENGTH, "but not “api”"),
        ({LENGTH: "17-18"}, LENGTH, "has not come yet"),
        ({LENGTH: "11-9"}, LENGTH, ""),
        ({LENGTH: "9-10 yesterday", "Day": "2026-11-10"}, "Day", "leave one of them"),
        ({LENGTH: "1h", "Day": "2026-11-19"}, LENGTH, "has not come yet"),
        ({LENGTH: "1h", "Tags": " ".join(f"t{n}" for n in range(11))}, "Tags", "At most 10 tags"),
        ({LENGTH: "1h", "Tags": "x" * 41}, "Tags", "At most 10 tags"),
    ]
    for given, field, said in wrong:
        await timed.submit_form(view, untouched | given)
        assert list(read_errors(view)) == [field]
        assert said in read_errors(view)[field]
        assert "`" not in read_errors(view)[field]
    assert await timed.list_entries() == []
    # A refusal spends no key: the same form can be sent again.
    await timed.submit_form(view, untouched | {LENGTH: "9-10"})
    assert timed.has_no_form()
    assert await timed.list_entries() == ["09:00–10:00 no project"]


async def test_what_is_wrong_in_the_start_form_stands_at_its_field(timed: Replica) -> None:
    await timed.type_command("switch")
    view = timed.find_form()
    for since, said in (("17:00", "has not come yet"), ("banana", "I didn't understand"), ("tomorrow", "")):
        await timed.submit_form(view, {"Since": since})
        assert list(read_errors(view)) == ["Since"]
        assert said in read_errors(view)["Since"]
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    payload["view"]["state"]["values"]["when"]["when"]["value"] = ""
    payload["view"]["state"]["values"]["note"]["note"]["value"] = "x" * 501
    answer = await timed.send_interaction(payload)
    assert "500 characters at most" in answer["errors"]["note"]
    assert await timed.list_entries() == []


async def test_the_same_form_sent_again_acts_once_on_any_replica(
    timed: Replica, empty_database_url: str, clock: Clock
) -> None:
    local_slack = timed.local_slack
    await timed.type_command("log")
    view = timed.find_form()
    view.state["stretch"]["stretch"]["value"] = "9-10"
    payload = view_submission(local_slack.workspace, view, trigger_id="1.1")
    async with run_replica(empty_database_url, local_slack, clock=clock) as other:
        urls = [f"{one.service.address}/slack/events" for one in (timed, other, timed, other)]
        answers = await asyncio.gather(
            *(local_slack.deliver(encode_interaction(payload), request_url=url) for url in urls)
        )
        assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 4
        local_slack.request_url = urls[0]
        assert await timed.list_entries() == ["09:00–10:00 no project"]
        assert timed.list_messages()[-1].text.startswith("Recorded: no project, no note, 1 h.")


async def test_projects_are_offered_by_their_letters_and_new_ones_are_made(timed: Replica) -> None:
    for title in ("API", "Web site", "Web shop"):
        await timed.type_command(f"project new {title}")
    await timed.type_command("log 9-10 web-shop checkout")
    card = await timed.type_command("switch")
    view, screens = timed.find_form(), timed.local_slack.screens

    async def offered(letters: str) -> list[str]:
        place = timed.local_slack.make_place(view)
        return [one["text"]["text"] for one in await screens.options("U0ADA", place, "Project", letters)]

    assert (await offered(""))[0] == "Web shop"
    assert sorted(await offered("")) == ["API", "Web shop", "Web site"]
    assert sorted(await offered("we")) == ["Make “we”", "Web shop", "Web site"]
    assert await offered("api") == ["API"]
    assert await offered("  Web   SITE ") == ["Web site"]
    assert await offered("x" * 81) == []
    assert await offered("%") == ["Make “%”"]
    (made,) = await screens.options("U0ADA", timed.local_slack.make_place(view), "Project", "Billing")
    await timed.submit_form(view, {"Project": made, START_NOTE: "invoices"})
    card = timed.list_messages()[-1]
    assert card.text.startswith("Started: Billing, invoices")
    assert "Billing" in (await timed.type_command("projects")).text
    view = await timed.open_form(timed.reload(card), "Switch…")
    (found,) = await screens.options("U0ADA", timed.local_slack.make_place(view), "Project", "api")
    await timed.submit_form(view, {"Project": found})
    assert timed.reload(card).text.startswith("Started: API, since")


async def test_a_project_that_was_archived_meanwhile_is_refused_at_its_field(timed: Replica) -> None:
    await timed.type_command("project new API")
    await timed.type_command("switch")
    view = timed.find_form()
    (api,) = await timed.local_slack.screens.options(
        "U0ADA", timed.local_slack.make_place(view), "Project", "api"
    )
    await timed.type_command("project archive api", "U0BEN")
    await timed.submit_form(view, {"Project": api})
    assert "archived by now" in read_errors(view)["Project"]
    assert await timed.list_entries() == []


async def test_a_project_is_made_in_its_form(timed: Replica) -> None:
    listed = await timed.type_command("projects")
    view = await timed.open_form(listed, "New project…")
    assert read_fields(view) == {"Name": None}
    await timed.submit_form(view, {"Name": "  Web   shop "})
    assert timed.reload(listed).text.startswith("Web shop is a project now.")
    await timed.type_command("project new")
    assert timed.find_form().title == "New project"
    payload = view_submission(timed.local_slack.workspace, timed.find_form(), trigger_id="1.1")
    for title, said in ((" ", "needs a name"), ("x" * 81, "80 characters at most")):
        payload["view"]["state"]["values"]["title"]["title"]["value"] = title
        answer = await timed.send_interaction(payload)
        assert said in answer["errors"]["title"]
    assert (await timed.type_command("projects")).text == "Projects: Web shop"


async def test_settings_are_shown_as_they_are_and_left_alone_when_nothing_is_touched(timed: Replica) -> None:
    shown = await timed.type_command("settings")
    at, reminder = "It comes at", "Remind me when nothing is tracked by"
    days, target = "You work on", "Target for a working day"
    stood = read_fields(timed.find_form())
    assert [one["value"] for one in stood.pop(days)] == ["1", "2", "3", "4", "5"]
    assert [one["value"] for one in stood.pop("On Monday mornings")] == ["own"]
    assert stood == {"Daily digest": "On", at: "18:00", reminder: None, target: "8 h"}
    await timed.submit_form(timed.find_form())
    assert "on working days, and on others when you tracked" in timed.reload(shown).text
    assert "No reminder" in timed.reload(shown).text
    assert "You work Mon–Fri, 8 h a day." in timed.reload(shown).text
    view = await timed.open_form(timed.reload(shown), "Change…")
    await timed.submit_form(
        view, {at: "17:15", reminder: "11:30", days: ["Monday", "Sunday"], target: "7h30"}
    )
    assert "You work Mon, Sun, 7 h 30 min a day." in timed.reload(shown).text
    assert "at 17:15 (Europe/Berlin), every day" in timed.reload(shown).text
    assert "Reminder at 11:30" in timed.reload(shown).text
    await timed.open_home()
    view = await timed.open_form(timed.find_home(), "Settings…")
    stood = read_fields(view)
    assert [one["value"] for one in stood.pop(days)] == ["1", "7"]
    stood.pop("On Monday mornings")
    assert stood == {"Daily digest": "On", at: "17:15", reminder: "11:30", target: "7 h 30 min"}
    answer = await timed.local_slack.screens.submit(view, {target: "25 pints"})
    assert read_errors(view)[target].startswith("How much a day?"), answer
    await timed.submit_form(view, {"Daily digest": "Off", reminder: "", target: ""})
    assert "Daily digest is off, no reminder" in read_text(timed.find_home())


async def test_a_trigger_that_slack_does_not_take_is_told_in_words(timed: Replica, clock: Clock) -> None:
    card = await timed.type_command("start docs")
    payload = timed.local_slack.press_payload("U0ADA", card, "Switch…")
    for trigger in ("1.unknown", payload["trigger_id"], payload["trigger_id"]):
        answer = await timed.local_slack.deliver(encode_interaction(payload | {"trigger_id": trigger}))
        assert answer.status == 200
    told = [one for one in timed.list_messages() if "did not let me open the form" in one.text]
    assert [one.ephemeral_for for one in told] == ["U0ADA"] * 2
    assert timed.reload(card) == card
    shortcut = {**payload, "type": "shortcut", "callback_id": "start_timer", "trigger_id": "1.unknown"}
    assert (await timed.local_slack.deliver(encode_interaction(shortcut))).status == 200
    assert "did not let me open the form" in timed.list_direct_messages()[-1].text
    clock.now += timedelta(minutes=1)
    assert await timed.list_entries() == ["15:40–now docs"]


async def test_a_slack_that_opens_forms_late_is_told_in_words_and_in_time(timed: Replica) -> None:
    timed.local_slack.faults.methods = {"views.open"}
    timed.local_slack.faults.server_error, timed.local_slack.faults.server_error_accepted = 1.0, 0.0
    card = await timed.type_command("switch")
    assert timed.has_no_form()
    assert card.text.startswith("Nothing is running")
    assert any("did not let me open the form" in one.text for one in timed.list_messages())
    assert len(timed.list_calls("views.open")) == 1
    assert "Start…" in list_buttons(card)


async def test_a_form_shows_the_project_of_the_channel_it_was_opened_in(timed: Replica) -> None:
    await timed.type_command("project new API")
    await timed.type_command("here api")
    for asked in ("log", "switch"):
        await timed.type_command(asked)
        assert read_fields(timed.find_form())["Project"] == "API"
        await timed.local_slack.screens.close(timed.find_form())
    await timed.type_command("switch")
    await timed.submit_form(timed.find_form(), {"Project": None, START_NOTE: "docs"})
    assert timed.list_messages()[-1].text.startswith("Started: docs")
