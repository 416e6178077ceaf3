"""The Home tab: there from its first opening on, true after every change, quiet otherwise."""

import asyncio
from datetime import timedelta
from typing import Any

from local_slack.requests.encoding import encode_interaction
from tests.bot.reading import list_buttons, read_fields, read_text
from tests.conftest import Clock
from tests.replica import Replica

NOTE, LENGTH = "What are you working on?", "How long, or from when to when"


def count_publishes(app: Replica) -> int:
    return len(app.list_calls("views.publish"))


def find_menu_block(app: Replica, words_: str) -> str:
    """The block id of the line on Home that has those words."""
    return next(str(block["block_id"]) for block in app.find_home().blocks if words_ in str(block))


async def test_the_first_opening_greets_somebody_new_and_works_at_once(timed: Replica) -> None:
    view = await timed.open_home("U0BEN")
    shown = read_text(view)
    assert "*Hello Ben.*" in shown
    assert "Your clock is America/New_York" in shown
    assert "Nothing is running" in shown
    assert "Today, Wed 18 Nov" in shown
    assert "This week, 0 s" in shown
    assert "Daily digest at 18:00, no reminder. Your zone is America/New_York." in shown
    assert list_buttons(view) == ["Start…", "Log…", "Settings…"]
    await timed.submit_form(await timed.open_form(view, "Start…", "U0BEN"), {NOTE: "mail"})
    assert "Hello" not in read_text(timed.find_home("U0BEN"))
    assert "mail" in read_text(timed.find_home("U0BEN"))


async def test_it_shows_what_runs_today_the_week_gaps_and_what_to_start_again(timed: Replica) -> None:
    for title in ("API", "Website"):
        await timed.type_command(f"project new {title}")
    await timed.type_command("log 9-12 mon website")
    await timed.type_command("log 9-10:30 api review +client")
    await timed.type_command("log 12-13 website")
    await timed.type_command("start 15:00 api fix login")
    view = await timed.open_home()
    shown = read_text(view)
    assert "Hello" not in shown
    assert ":large_green_circle: *API* · fix login\nSince 15:00" in shown
    assert "Today 3 h 10 min" in shown
    assert "`09:00–10:30`  *API* · review · `+client` · 1 h 30 min" in shown
    assert "Empty: 10:30–12:00, 13:00–15:00" in shown
    assert "This week, 6 h 10 min" in shown
    assert "`Mon 16`  ▇▇▇▇▇▇▇▇▇▇▇▇▇ 3 h" in shown
    assert "• Website · 4 h\n• API · 2 h 10 min" in shown
    for button in ("Stop", "Switch…", "Edit…", "Log…", "API", "Website", "Fill 13:00–15:00…", "Settings…"):
        assert button in list_buttons(view)


async def test_it_is_true_after_a_change_by_command_button_webhook_and_form(
    timed: Replica, clock: Clock
) -> None:
    await timed.open_home()
    card = await timed.type_command("start docs")
    await timed.refresh_messages()
    assert ":large_green_circle: docs" in read_text(timed.find_home())
    clock.now += timedelta(minutes=10)
    await timed.press_button(card, "Stop")
    await timed.refresh_messages()
    assert "Nothing is running*  ·  Today 10 min" in read_text(timed.find_home())
    assert await timed.receive_webhook("timer.start", "msg_1", description="from outside") == 202
    await timed.refresh_messages()
    assert "from outside" in read_text(timed.find_home())
    await timed.type_command("edit")
    await timed.submit_form(timed.find_form(), {"Note": "by form"})
    await timed.refresh_messages()
    assert "by form" in read_text(timed.find_home())
    await timed.type_command("digest off")
    await timed.refresh_messages()
    assert "Daily digest is off" in read_text(timed.find_home())
    await timed.type_command("project new API", "U0BEN")
    await timed.type_command("start api x")
    await timed.type_command("project rename api to Backend", "U0BEN")
    await timed.refresh_messages()
    assert "*Backend* · x" in read_text(timed.find_home())


async def test_it_moves_with_its_person_to_another_zone(timed: Replica) -> None:
    await timed.open_home()
    await timed.type_command("log 9-10 docs")
    news = {"id": "U0ADA", "tz": "Asia/Tokyo", "locale": "de-DE", "profile": {"display_name": "Ada"}}
    assert (await timed.local_slack.event({"type": "user_change", "user": news})).status == 200
    await timed.refresh_messages()
    assert "`17:00–18:00`  docs" in read_text(timed.find_home())
    assert "Your zone is Asia/Tokyo" in read_text(timed.find_home())


async def test_nothing_is_published_before_it_was_opened_nor_for_its_other_tab(timed: Replica) -> None:
    await timed.type_command("start docs")
    await timed.refresh_messages()
    await timed.local_slack.screens.open_home("U0ADA", "messages")
    await timed.local_slack.event({"type": "app_home_opened", "user": "U0NOBODY", "tab": "home"})
    await timed.refresh_messages()
    assert count_publishes(timed) == 0
    # Somebody else's tab is not touched by what Ada does.
    await timed.open_home("U0BEN")
    before = count_publishes(timed)
    await timed.type_command("stop")
    await timed.refresh_messages()
    assert count_publishes(timed) == before


async def test_several_changes_are_one_publishing_and_no_change_is_none(timed: Replica) -> None:
    await timed.open_home()
    before = count_publishes(timed)
    for number in range(5):
        await timed.type_command(f"start {number} something")
    await timed.refresh_messages()
    assert count_publishes(timed) == before + 1
    for quiet in ("", "today", "week", "help", "projects", "team"):
        await timed.type_command(quiet)
    await timed.type_command("start docs")
    await timed.type_command("undo")
    await timed.refresh_messages()
    assert count_publishes(timed) == before + 1
    # Opened is asked for: it is published again, whatever it says.
    await timed.open_home()
    assert count_publishes(timed) == before + 2


async def test_stop_on_home_stops_and_a_stale_stop_touches_no_other_timer(
    timed: Replica, clock: Clock
) -> None:
    await timed.type_command("start docs")
    clock.now += timedelta(minutes=10)
    view = await timed.open_home()
    stale = timed.local_slack.press_payload("U0ADA", view, "Stop")
    await timed.press_button(view, "Stop")
    assert "Nothing is running*  ·  Today 10 min" in read_text(timed.find_home())
    await timed.type_command("start mail")
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    stale["actions"][0]["action_ts"] = "1.5"
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    assert (timed.find_form().title, read_text(timed.find_form())) == ("Already stopped", "“docs”, 10 min.")
    clock.now += timedelta(minutes=10)
    assert await timed.list_entries() == ["15:40–15:50 docs", "15:50–now mail"]
    assert "mail" in read_text(timed.find_home())
    assert timed.list_messages()[-1].text.startswith("Started: mail")
    assert timed.list_direct_messages() == []


async def test_a_project_pressed_twice_on_home_is_one_timer(timed: Replica, clock: Clock) -> None:
    await timed.type_command("project new API")
    await timed.type_command("log 9-10 api review")
    view = await timed.open_home()
    presses: list[dict[str, Any]] = [timed.local_slack.press_payload("U0ADA", view, "API") for _ in range(2)]
    answers = await asyncio.gather(*(timed.local_slack.deliver(encode_interaction(one)) for one in presses))
    assert [answer.status for answer in answers] == [200, 200]
    clock.now += timedelta(minutes=10)
    await timed.press_button(timed.find_home(), "API")
    assert await timed.list_entries() == ["09:00–10:00 API · review", "15:40–now API"]
    assert ":large_green_circle: *API*\nSince 15:40" in read_text(timed.find_home())


async def test_the_menu_of_an_entry_on_home_resumes_deletes_and_edits(timed: Replica, clock: Clock) -> None:
    await timed.type_command("log 9-10 docs")
    await timed.type_command("log 11-12 mail")
    await timed.open_home()
    await timed.press_button(
        timed.find_home(), "entry_menu", choice="Delete", block_id=find_menu_block(timed, "docs")
    )
    assert timed.find_form().title == "Deleted"
    assert "`/track undo` brings it back" in read_text(timed.find_form())
    assert await timed.list_entries() == ["11:00–12:00 mail"]
    assert "docs" not in read_text(timed.find_home())
    menu, seen = find_menu_block(timed, "mail"), timed.find_home()
    await timed.press_button(seen, "entry_menu", choice="Resume", block_id=menu)
    clock.now += timedelta(minutes=5)
    assert await timed.list_entries() == ["11:00–12:00 mail", "15:40–now mail"]
    await timed.press_button(
        timed.find_home(), "entry_menu", choice="Edit…", block_id=find_menu_block(timed, "11:00–12:00")
    )
    assert read_fields(timed.find_form())["Start time"] == "11:00"
    await timed.submit_form(timed.find_form(), {"Note": "letters"})
    assert "letters" in read_text(timed.find_home())
    assert "Undone" in (await timed.type_command("undo")).text


async def test_a_gap_is_filled_from_home(timed: Replica) -> None:
    await timed.type_command("log 9-10 docs")
    await timed.type_command("log 11-12 mail")
    view = await timed.open_form(await timed.open_home(), "Fill 10:00–11:00…")
    assert read_fields(view)[LENGTH] == "10:00-11:00"
    await timed.submit_form(view, {"What did you work on?": "standup"})
    assert "`10:00–11:00`  standup · 1 h" in read_text(timed.find_home())
    assert "Fill" not in read_text(timed.find_home())
    assert timed.list_direct_messages() == []


async def test_what_is_refused_on_home_is_told_in_front_of_it(timed: Replica) -> None:
    await timed.type_command("log 9-10 docs")
    view = await timed.open_home()
    block = find_menu_block(timed, "docs")
    stale = timed.local_slack.press_payload("U0ADA", view, "entry_menu", choice="Edit…", block_id=block)
    await timed.type_command("undo")
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    assert timed.find_form().title == "Nothing was changed"
    await timed.type_command("switch")  # another form comes up, and then the trigger is dead
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    assert "no entry to change" in timed.list_direct_messages()[-1].text


async def test_when_slack_can_not_say_who_it_is_home_comes_with_the_event_sent_again(timed: Replica) -> None:
    faults = timed.local_slack.faults
    faults.methods, faults.server_error = {"users.info"}, 1.0
    assert await timed.local_slack.screens.open_home("U0BEN") is None
    faults.server_error = 0.0
    assert "*Hello Ben.*" in read_text(await timed.open_home("U0BEN"))


async def test_a_home_that_slack_refused_is_published_later(timed: Replica, clock: Clock) -> None:
    await timed.open_home()
    faults = timed.local_slack.faults
    faults.methods, faults.server_error, faults.server_error_accepted = {"views.publish"}, 1.0, 0.0
    await timed.type_command("start docs")
    await timed.refresh_messages()
    faults.server_error = 0.0
    assert "Nothing is running" in read_text(timed.find_home())
    clock.now += timedelta(seconds=6)
    await timed.refresh_messages()
    assert ":large_green_circle: docs" in read_text(timed.find_home())
