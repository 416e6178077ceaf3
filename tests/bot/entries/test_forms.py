"""Forms to start, to log, for projects and settings: from every place, with what is there, once."""

import asyncio
from datetime import timedelta

from local_slack.requests.encoding import encode_interaction
from local_slack.requests.interactions import view_submission
from tests.bot.kit import (
    buttons,
    calls,
    day,
    delivered,
    direct,
    errors,
    fields,
    form,
    home,
    messages,
    no_form,
    now,
    opened,
    pressed,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.service import Replica, replica

START_NOTE, LOG_NOTE = "What are you working on?", "What did you work on?"
LENGTH = "How long, or from when to when"


async def test_the_start_form_comes_up_from_a_card_and_its_outcome_takes_the_cards_place(
    timed: Replica, clock: Clock
) -> None:
    card = await typed(timed, "")
    view = await opened(timed, card, "Start…")
    assert (view.title, view.definition["submit"]["text"]) == ("Start a timer", "Start")
    assert fields(view) == {"Project": None, START_NOTE: None, "Tags": None, "Since": None}
    await sent(timed, view)
    assert no_form(timed)
    assert now(timed, card).text.startswith("Started: no project, no note, since 15:40.")
    clock.now += timedelta(minutes=20)
    view = await opened(timed, now(timed, card), "Switch…")
    assert (view.title, view.definition["submit"]["text"]) == ("Switch", "Switch")
    await sent(timed, view, {START_NOTE: "mail", "Tags": "+Client, urgent", "Since": "15:50"})
    assert await day(timed) == ["15:40–15:50 no project", "15:50–now mail · `+client` `+urgent`"]
    assert now(timed, card).text.startswith("Started: mail, since 15:50.")


async def test_switch_alone_and_the_buttons_on_home_open_the_same_form(timed: Replica) -> None:
    card = await typed(timed, "switch")
    assert card.text.startswith("Nothing is running")
    await sent(timed, form(timed), {START_NOTE: "docs", "Since": "20 min ago"})
    assert messages(timed)[-1].text.startswith("Started: docs, since 15:20.")
    await timed.local_slack.screens.open_home("U0ADA")
    view = await opened(timed, home(timed), "Switch…")
    before = len(messages(timed))
    await sent(timed, view, {START_NOTE: "from Home"})
    assert "from Home" in words(home(timed))
    assert len(messages(timed)) == before
    assert direct(timed) == []


async def test_a_form_from_the_global_shortcut_answers_by_direct_message_exactly_once(
    timed: Replica,
) -> None:
    view = await timed.local_slack.screens.shortcut("U0BEN", "start_timer")
    assert view is not None
    assert view.title == "Start a timer"
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    for _ in range(2):
        assert (await timed.local_slack.deliver(encode_interaction(payload))).status == 200
    await delivered(timed)
    (told,) = direct(timed, "U0BEN")
    assert told.text.startswith("Running: no project, no note, since 09:40.")
    assert messages(timed) == []
    await pressed(timed, told, "Stop", "U0BEN")
    assert now(timed, told).text.startswith("Stopped: no project, no note")


async def test_room_made_in_a_form_from_the_global_shortcut_is_told_by_direct_message_too(
    timed: Replica,
) -> None:
    await typed(timed, "log 15:00-15:30 docs")
    view = await timed.local_slack.screens.shortcut("U0ADA", "start_timer")
    assert view is not None
    await sent(timed, view, {START_NOTE: "call", "Since": "15:20"})
    assert form(timed).title == "That time is taken"
    await sent(timed, form(timed), {"What shall I do?": "Trim"})
    await delivered(timed)
    assert [one.text.split(".")[0] for one in direct(timed)] == ["Running: call, since 15:20"]
    assert await day(timed) == ["15:00–15:20 docs", "15:20–now call"]


async def test_the_log_form_is_about_the_day_or_the_gap_that_it_was_opened_for(timed: Replica) -> None:
    await typed(timed, "log")
    assert fields(form(timed)) == {
        LENGTH: None,
        "Day": "2026-11-18",
        "Project": None,
        LOG_NOTE: None,
        "Tags": None,
    }
    assert "Europe/Berlin" in words(form(timed))
    await sent(timed, form(timed), {LENGTH: "9-11", LOG_NOTE: "api review"})
    assert messages(timed)[-1].text.startswith("Recorded: api review, 2 h.")
    await typed(timed, "log 13-14 docs")
    today = await typed(timed, "today")
    view = await opened(timed, today, "Fill 11:00–13:00…")
    assert (fields(view)[LENGTH], fields(view)["Day"]) == ("11:00-13:00", "2026-11-18")
    await sent(timed, view)
    assert await day(timed) == ["09:00–11:00 api review", "11:00–13:00 no project", "13:00–14:00 docs"]
    assert words(now(timed, today)).startswith("Today, Wed 18 Nov: 5 h.")
    view = await opened(timed, await typed(timed, "yesterday"), "Log…")
    assert fields(view)["Day"] == "2026-11-17"
    await sent(timed, view, {LENGTH: "8-9"})
    assert await day(timed, "yesterday") == ["08:00–09:00 no project"]


async def test_a_gap_is_filled_beside_an_entry_that_ended_within_a_minute(
    timed: Replica, clock: Clock
) -> None:
    await typed(timed, "start docs")
    clock.now += timedelta(minutes=10, seconds=37)
    await typed(timed, "stop")
    clock.now += timedelta(minutes=34, seconds=35)
    await typed(timed, "start api")
    clock.now += timedelta(minutes=1)
    await sent(timed, await opened(timed, await typed(timed, "today"), "Fill 15:50–16:25…"))
    assert "15:50–16:25 no project" in await day(timed)


async def test_the_days_message_goes_on_showing_its_day_after_a_form(timed: Replica) -> None:
    await typed(timed, "log 9-10 yesterday api")
    shown = await typed(timed, "yesterday")
    view = await opened(timed, shown, "Log…")
    await sent(timed, view, {LENGTH: "14-15", LOG_NOTE: "docs"})
    after = words(now(timed, shown))
    assert after.startswith("Your day, Tue 17 Nov: 2 h.")
    assert "Recorded: docs, 1 h" in after


async def test_what_is_wrong_in_the_log_form_stands_at_its_field(timed: Replica) -> None:
    await typed(timed, "log")
    view = form(timed)
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
        await sent(timed, view, untouched | given)
        assert list(errors(view)) == [field]
        assert said in errors(view)[field]
        assert "`" not in errors(view)[field]
    assert await day(timed) == []
    # A refusal spends no key: the same form can be sent again.
    await sent(timed, view, untouched | {LENGTH: "9-10"})
    assert no_form(timed)
    assert await day(timed) == ["09:00–10:00 no project"]


async def test_what_is_wrong_in_the_start_form_stands_at_its_field(timed: Replica) -> None:
    await typed(timed, "switch")
    view = form(timed)
    for since, said in (("17:00", "has not come yet"), ("banana", "I didn't understand"), ("tomorrow", "")):
        await sent(timed, view, {"Since": since})
        assert list(errors(view)) == ["Since"]
        assert said in errors(view)["Since"]
    payload = view_submission(timed.local_slack.workspace, view, trigger_id="1.1")
    payload["view"]["state"]["values"]["when"]["when"]["value"] = ""
    payload["view"]["state"]["values"]["note"]["note"]["value"] = "x" * 501
    answer = await timed.local_slack.deliver(encode_interaction(payload))
    assert answer.json is not None
    assert "500 characters at most" in answer.json["errors"]["note"]
    assert await day(timed) == []


async def test_the_same_form_sent_again_acts_once_on_any_replica(
    timed: Replica, empty_database_url: str, clock: Clock
) -> None:
    local_slack = timed.local_slack
    await typed(timed, "log")
    view = form(timed)
    view.state["stretch"]["stretch"]["value"] = "9-10"
    payload = view_submission(local_slack.workspace, view, trigger_id="1.1")
    async with replica(empty_database_url, local_slack, clock=clock) as other:
        urls = [f"{one.service.address}/slack/events" for one in (timed, other, timed, other)]
        answers = await asyncio.gather(
            *(local_slack.deliver(encode_interaction(payload), request_url=url) for url in urls)
        )
        assert [(answer.status, answer.body) for answer in answers] == [(200, b"")] * 4
        local_slack.request_url = urls[0]
        assert await day(timed) == ["09:00–10:00 no project"]
        assert messages(timed)[-1].text.startswith("Recorded: no project, no note, 1 h.")


async def test_projects_are_offered_by_their_letters_and_new_ones_are_made(timed: Replica) -> None:
    for title in ("API", "Web site", "Web shop"):
        await typed(timed, f"project new {title}")
    await typed(timed, "log 9-10 web-shop checkout")
    card = await typed(timed, "switch")
    view, screens = form(timed), timed.local_slack.screens

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
    await sent(timed, view, {"Project": made, START_NOTE: "invoices"})
    card = messages(timed)[-1]
    assert card.text.startswith("Started: Billing, invoices")
    assert "Billing" in (await typed(timed, "projects")).text
    view = await opened(timed, now(timed, card), "Switch…")
    (found,) = await screens.options("U0ADA", timed.local_slack.make_place(view), "Project", "api")
    await sent(timed, view, {"Project": found})
    assert now(timed, card).text.startswith("Started: API, since")


async def test_a_project_that_was_archived_meanwhile_is_refused_at_its_field(timed: Replica) -> None:
    await typed(timed, "project new API")
    await typed(timed, "switch")
    view = form(timed)
    (api,) = await timed.local_slack.screens.options(
        "U0ADA", timed.local_slack.make_place(view), "Project", "api"
    )
    await typed(timed, "project archive api", "U0BEN")
    await sent(timed, view, {"Project": api})
    assert "archived by now" in errors(view)["Project"]
    assert await day(timed) == []


async def test_a_project_is_made_in_its_form(timed: Replica) -> None:
    listed = await typed(timed, "projects")
    view = await opened(timed, listed, "New project…")
    assert fields(view) == {"Name": None}
    await sent(timed, view, {"Name": "  Web   shop "})
    assert now(timed, listed).text.startswith("Web shop is a project now.")
    await typed(timed, "project new")
    assert form(timed).title == "New project"
    payload = view_submission(timed.local_slack.workspace, form(timed), trigger_id="1.1")
    for title, said in ((" ", "needs a name"), ("x" * 81, "80 characters at most")):
        payload["view"]["state"]["values"]["title"]["title"]["value"] = title
        answer = await timed.local_slack.deliver(encode_interaction(payload))
        assert answer.json is not None
        assert said in answer.json["errors"]["title"]
    assert (await typed(timed, "projects")).text == "Projects: Web shop"


async def test_settings_are_shown_as_they_are_and_left_alone_when_nothing_is_touched(timed: Replica) -> None:
    shown = await typed(timed, "settings")
    at, reminder = "It comes at", "Remind me when nothing is tracked by"
    days, target = "You work on", "Target for a working day"
    stood = fields(form(timed))
    assert [one["value"] for one in stood.pop(days)] == ["1", "2", "3", "4", "5"]
    assert [one["value"] for one in stood.pop("On Monday mornings")] == ["own"]
    assert stood == {"Daily digest": "On", at: "18:00", reminder: None, target: "8 h"}
    await sent(timed, form(timed))
    assert "on working days, and on others when you tracked" in now(timed, shown).text
    assert "No reminder" in now(timed, shown).text
    assert "You work Mon–Fri, 8 h a day." in now(timed, shown).text
    view = await opened(timed, now(timed, shown), "Change…")
    await sent(timed, view, {at: "17:15", reminder: "11:30", days: ["Monday", "Sunday"], target: "7h30"})
    assert "You work Mon, Sun, 7 h 30 min a day." in now(timed, shown).text
    assert "at 17:15 (Europe/Berlin), every day" in now(timed, shown).text
    assert "Reminder at 11:30" in now(timed, shown).text
    await timed.local_slack.screens.open_home("U0ADA")
    view = await opened(timed, home(timed), "Settings…")
    stood = fields(view)
    assert [one["value"] for one in stood.pop(days)] == ["1", "7"]
    stood.pop("On Monday mornings")
    assert stood == {"Daily digest": "On", at: "17:15", reminder: "11:30", target: "7 h 30 min"}
    answer = await timed.local_slack.screens.submit(view, {target: "25 pints"})
    assert errors(view)[target].startswith("How much a day?"), answer
    await sent(timed, view, {"Daily digest": "Off", reminder: "", target: ""})
    assert "Daily digest is off, no reminder" in words(home(timed))


async def test_a_trigger_that_slack_does_not_take_is_told_in_words(timed: Replica, clock: Clock) -> None:
    card = await typed(timed, "start docs")
    payload = timed.local_slack.press_payload("U0ADA", card, "Switch…")
    for trigger in ("1.unknown", payload["trigger_id"], payload["trigger_id"]):
        answer = await timed.local_slack.deliver(encode_interaction(payload | {"trigger_id": trigger}))
        assert answer.status == 200
    told = [one for one in messages(timed) if "did not let me open the form" in one.text]
    assert [one.ephemeral_for for one in told] == ["U0ADA"] * 2
    assert now(timed, card) == card
    shortcut = {**payload, "type": "shortcut", "callback_id": "start_timer", "trigger_id": "1.unknown"}
    assert (await timed.local_slack.deliver(encode_interaction(shortcut))).status == 200
    assert "did not let me open the form" in direct(timed)[-1].text
    clock.now += timedelta(minutes=1)
    assert await day(timed) == ["15:40–now docs"]


async def test_a_slack_that_opens_forms_late_is_told_in_words_and_in_time(timed: Replica) -> None:
    timed.local_slack.faults.methods = {"views.open"}
    timed.local_slack.faults.server_error, timed.local_slack.faults.server_error_accepted = 1.0, 0.0
    card = await typed(timed, "switch")
    assert no_form(timed)
    assert card.text.startswith("Nothing is running")
    assert any("did not let me open the form" in one.text for one in messages(timed))
    assert len(calls(timed, "views.open")) == 1
    assert "Start…" in buttons(card)


async def test_a_form_shows_the_project_of_the_channel_it_was_opened_in(timed: Replica) -> None:
    await typed(timed, "project new API")
    await typed(timed, "here api")
    for asked in ("log", "switch"):
        await typed(timed, asked)
        assert fields(form(timed))["Project"] == "API"
        await timed.local_slack.screens.close(form(timed))
    await typed(timed, "switch")
    await sent(timed, form(timed), {"Project": None, START_NOTE: "docs"})
    assert messages(timed)[-1].text.startswith("Started: docs")
