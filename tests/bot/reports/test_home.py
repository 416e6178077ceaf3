"""The Home tab: there from its first opening on, true after every change, quiet otherwise."""

import asyncio
from datetime import timedelta
from typing import Any

from local_slack.requests.encoding import encode_interaction
from local_slack.views import View
from tests.bot.kit import (
    buttons,
    calls,
    day,
    direct,
    fields,
    form,
    home,
    hooked,
    messages,
    opened,
    pressed,
    rewritten,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.service import Replica

NOTE, LENGTH = "What are you working on?", "How long, or from when to when"


async def looked_at(app: Replica, user: str = "U0ADA") -> View:
    view = await app.local_slack.screens.open_home(user)
    assert view is not None
    return view


def published(app: Replica) -> int:
    return len(calls(app, "views.publish"))


def menu_of(app: Replica, words_: str) -> str:
    """The block id of the line on Home that has those words."""
    return next(str(block["block_id"]) for block in home(app).blocks if words_ in str(block))


async def test_the_first_opening_greets_somebody_new_and_works_at_once(timed: Replica) -> None:
    view = await looked_at(timed, "U0BEN")
    shown = words(view)
    assert "*Hello Ben.*" in shown
    assert "Your clock is America/New_York" in shown
    assert "Nothing is running" in shown
    assert "Today, Wed 18 Nov" in shown
    assert "This week, 0 s" in shown
    assert "Daily digest at 18:00, no reminder. Your zone is America/New_York." in shown
    assert buttons(view) == ["Start…", "Log…", "Settings…"]
    await sent(timed, await opened(timed, view, "Start…", "U0BEN"), {NOTE: "mail"})
    assert "Hello" not in words(home(timed, "U0BEN"))
    assert "mail" in words(home(timed, "U0BEN"))


async def test_it_shows_what_runs_today_the_week_gaps_and_what_to_start_again(timed: Replica) -> None:
    for title in ("API", "Website"):
        await typed(timed, f"project new {title}")
    await typed(timed, "log 9-12 mon website")
    await typed(timed, "log 9-10:30 api review +client")
    await typed(timed, "log 12-13 website")
    await typed(timed, "start 15:00 api fix login")
    view = await looked_at(timed)
    shown = words(view)
    assert "Hello" not in shown
    assert ":large_green_circle: *API* · fix login\nSince 15:00" in shown
    assert "Today 3 h 10 min" in shown
    assert "`09:00–10:30`  *API* · review · `+client` · 1 h 30 min" in shown
    assert "Empty: 10:30–12:00, 13:00–15:00" in shown
    assert "This week, 6 h 10 min" in shown
    assert "`Mon 16`  ▇▇▇▇▇▇▇▇▇▇▇▇▇ 3 h" in shown
    assert "• Website · 4 h\n• API · 2 h 10 min" in shown
    for button in ("Stop", "Switch…", "Edit…", "Log…", "API", "Website", "Fill 13:00–15:00…", "Settings…"):
        assert button in buttons(view)


async def test_it_is_true_after_a_change_by_command_button_webhook_and_form(
    timed: Replica, clock: Clock
) -> None:
    await looked_at(timed)
    card = await typed(timed, "start docs")
    await rewritten(timed)
    assert ":large_green_circle: docs" in words(home(timed))
    clock.now += timedelta(minutes=10)
    await pressed(timed, card, "Stop")
    await rewritten(timed)
    assert "Nothing is running*  ·  Today 10 min" in words(home(timed))
    assert await hooked(timed, "timer.start", "msg_1", description="from outside") == 202
    await rewritten(timed)
    assert "from outside" in words(home(timed))
    await typed(timed, "edit")
    await sent(timed, form(timed), {"Note": "by form"})
    await rewritten(timed)
    assert "by form" in words(home(timed))
    await typed(timed, "digest off")
    await rewritten(timed)
    assert "Daily digest is off" in words(home(timed))
    await typed(timed, "project new API", "U0BEN")
    await typed(timed, "start api x")
    await typed(timed, "project rename api to Backend", "U0BEN")
    await rewritten(timed)
    assert "*Backend* · x" in words(home(timed))


async def test_it_moves_with_its_person_to_another_zone(timed: Replica) -> None:
    await looked_at(timed)
    await typed(timed, "log 9-10 docs")
    news = {"id": "U0ADA", "tz": "Asia/Tokyo", "locale": "de-DE", "profile": {"display_name": "Ada"}}
    assert (await timed.local_slack.event({"type": "user_change", "user": news})).status == 200
    await rewritten(timed)
    assert "`17:00–18:00`  docs" in words(home(timed))
    assert "Your zone is Asia/Tokyo" in words(home(timed))


async def test_nothing_is_published_before_it_was_opened_nor_for_its_other_tab(timed: Replica) -> None:
    await typed(timed, "start docs")
    await rewritten(timed)
    await timed.local_slack.screens.open_home("U0ADA", "messages")
    await timed.local_slack.event({"type": "app_home_opened", "user": "U0NOBODY", "tab": "home"})
    await rewritten(timed)
    assert published(timed) == 0
    # Somebody else's tab is not touched by what Ada does.
    await looked_at(timed, "U0BEN")
    before = published(timed)
    await typed(timed, "stop")
    await rewritten(timed)
    assert published(timed) == before


async def test_several_changes_are_one_publishing_and_no_change_is_none(timed: Replica) -> None:
    await looked_at(timed)
    before = published(timed)
    for number in range(5):
        await typed(timed, f"start {number} something")
    await rewritten(timed)
    assert published(timed) == before + 1
    for quiet in ("", "today", "week", "help", "projects", "team"):
        await typed(timed, quiet)
    await typed(timed, "start docs")
    await typed(timed, "undo")
    await rewritten(timed)
    assert published(timed) == before + 1
    # Opened is asked for: it is published again, whatever it says.
    await looked_at(timed)
    assert published(timed) == before + 2


async def test_stop_on_home_stops_and_a_stale_stop_touches_no_other_timer(
    timed: Replica, clock: Clock
) -> None:
    await typed(timed, "start docs")
    clock.now += timedelta(minutes=10)
    view = await looked_at(timed)
    stale = timed.local_slack.press_payload("U0ADA", view, "Stop")
    await pressed(timed, view, "Stop")
    assert "Nothing is running*  ·  Today 10 min" in words(home(timed))
    await typed(timed, "start mail")
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    stale["actions"][0]["action_ts"] = "1.5"
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    assert (form(timed).title, words(form(timed))) == ("Already stopped", "“docs”, 10 min.")
    clock.now += timedelta(minutes=10)
    assert await day(timed) == ["15:40–15:50 docs", "15:50–now mail"]
    assert "mail" in words(home(timed))
    assert messages(timed)[-1].text.startswith("Started: mail")
    assert direct(timed) == []


async def test_a_project_pressed_twice_on_home_is_one_timer(timed: Replica, clock: Clock) -> None:
    await typed(timed, "project new API")
    await typed(timed, "log 9-10 api review")
    view = await looked_at(timed)
    presses: list[dict[str, Any]] = [timed.local_slack.press_payload("U0ADA", view, "API") for _ in range(2)]
    answers = await asyncio.gather(*(timed.local_slack.deliver(encode_interaction(one)) for one in presses))
    assert [answer.status for answer in answers] == [200, 200]
    clock.now += timedelta(minutes=10)
    await pressed(timed, home(timed), "API")
    assert await day(timed) == ["09:00–10:00 API · review", "15:40–now API"]
    assert ":large_green_circle: *API*\nSince 15:40" in words(home(timed))


async def test_the_menu_of_an_entry_on_home_resumes_deletes_and_edits(timed: Replica, clock: Clock) -> None:
    await typed(timed, "log 9-10 docs")
    await typed(timed, "log 11-12 mail")
    await looked_at(timed)
    await pressed(timed, home(timed), "entry_menu", choice="Delete", block_id=menu_of(timed, "docs"))
    assert form(timed).title == "Deleted"
    assert "`/track undo` brings it back" in words(form(timed))
    assert await day(timed) == ["11:00–12:00 mail"]
    assert "docs" not in words(home(timed))
    menu, seen = menu_of(timed, "mail"), home(timed)
    await pressed(timed, seen, "entry_menu", choice="Resume", block_id=menu)
    clock.now += timedelta(minutes=5)
    assert await day(timed) == ["11:00–12:00 mail", "15:40–now mail"]
    await pressed(timed, home(timed), "entry_menu", choice="Edit…", block_id=menu_of(timed, "11:00–12:00"))
    assert fields(form(timed))["Start time"] == "11:00"
    await sent(timed, form(timed), {"Note": "letters"})
    assert "letters" in words(home(timed))
    assert "Undone" in (await typed(timed, "undo")).text


async def test_a_gap_is_filled_from_home(timed: Replica) -> None:
    await typed(timed, "log 9-10 docs")
    await typed(timed, "log 11-12 mail")
    view = await opened(timed, await looked_at(timed), "Fill 10:00–11:00…")
    assert fields(view)[LENGTH] == "10:00-11:00"
    await sent(timed, view, {"What did you work on?": "standup"})
    assert "`10:00–11:00`  standup · 1 h" in words(home(timed))
    assert "Fill" not in words(home(timed))
    assert direct(timed) == []


async def test_what_is_refused_on_home_is_told_in_front_of_it(timed: Replica) -> None:
    await typed(timed, "log 9-10 docs")
    view = await looked_at(timed)
    block = menu_of(timed, "docs")
    stale = timed.local_slack.press_payload("U0ADA", view, "entry_menu", choice="Edit…", block_id=block)
    await typed(timed, "undo")
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    assert form(timed).title == "Nothing was changed"
    await typed(timed, "switch")  # another form comes up, and then the trigger is dead
    assert (await timed.local_slack.deliver(encode_interaction(stale))).status == 200
    assert "no entry to change" in direct(timed)[-1].text


async def test_when_slack_can_not_say_who_it_is_home_comes_with_the_event_sent_again(timed: Replica) -> None:
    faults = timed.local_slack.faults
    faults.methods, faults.server_error = {"users.info"}, 1.0
    assert await timed.local_slack.screens.open_home("U0BEN") is None
    faults.server_error = 0.0
    assert "*Hello Ben.*" in words(await looked_at(timed, "U0BEN"))


async def test_a_home_that_slack_refused_is_published_later(timed: Replica, clock: Clock) -> None:
    await looked_at(timed)
    faults = timed.local_slack.faults
    faults.methods, faults.server_error, faults.server_error_accepted = {"views.publish"}, 1.0, 0.0
    await typed(timed, "start docs")
    await rewritten(timed)
    faults.server_error = 0.0
    assert "Nothing is running" in words(home(timed))
    clock.now += timedelta(seconds=6)
    await rewritten(timed)
    assert ":large_green_circle: docs" in words(home(timed))
