"""Time that is taken: each way to make room says what it would change, and changes exactly that."""

import asyncio
from datetime import timedelta

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.workspace import Message
from tests.bot.kit import (
    buttons,
    day,
    errors,
    fields,
    form,
    hooked,
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

WAYS = ["Trim", "Split", "Replace", "Cancel"]
NOTE, LENGTH, WAY = "What are you working on?", "How long, or from when to when", "What shall I do?"


async def a_morning(app: Replica) -> list[str]:
    """What is there before anything is asked for."""
    for typed_ in ("log 9-12 api", "log 13-14 docs", "start 15:00 mail"):
        await typed(app, typed_)
    return await day(app)


def preview(message: Message, way: str) -> str:
    """What the question says of that way."""
    return next(line for line in words(message).splitlines() if f"*{way}*" in line)


# What is asked for; for each way its preview and the day after it.
ASKED = {
    "log 10-11 review": {
        "Trim": (
            "“api” 09:00–12:00 becomes 09:00–10:00 (1 h)",
            ["09:00–10:00 api", "10:00–11:00 review", "13:00–14:00 docs", "15:00–now mail"],
        ),
        "Split": (
            "“api” 09:00–12:00 becomes 09:00–10:00 (1 h) and 11:00–12:00 (1 h)",
            [
                "09:00–10:00 api",
                "10:00–11:00 review",
                "11:00–12:00 api",
                "13:00–14:00 docs",
                "15:00–now mail",
            ],
        ),
        "Replace": (
            "“api” 09:00–12:00 goes (3 h less)",
            ["10:00–11:00 review", "13:00–14:00 docs", "15:00–now mail"],
        ),
    },
    "log 11-13:30 review": {
        "Trim": (
            "“api” 09:00–12:00 becomes 09:00–11:00 (2 h); “docs” 13:00–14:00 becomes 13:30–14:00 (30 min)",
            ["09:00–11:00 api", "11:00–13:30 review", "13:30–14:00 docs", "15:00–now mail"],
        ),
        "Replace": (
            "“api” 09:00–12:00 goes (3 h less); “docs” 13:00–14:00 goes (1 h less)",
            ["11:00–13:30 review", "15:00–now mail"],
        ),
    },
    "log 15:10-15:20 review": {
        "Trim": (
            "“mail” 15:00–now becomes 15:20–now (20 min)",
            ["09:00–12:00 api", "13:00–14:00 docs", "15:10–15:20 review", "15:20–now mail"],
        ),
        "Split": (
            "“mail” 15:00–now becomes 15:00–15:10 (10 min) and 15:20–now (20 min)",
            [
                "09:00–12:00 api",
                "13:00–14:00 docs",
                "15:00–15:10 mail",
                "15:10–15:20 review",
                "15:20–now mail",
            ],
        ),
        "Replace": (
            "“mail” 15:00–now goes (40 min less)",
            ["09:00–12:00 api", "13:00–14:00 docs", "15:10–15:20 review"],
        ),
    },
    "start 13:30 review": {
        "Trim": (
            "“docs” 13:00–14:00 becomes 13:00–13:30 (30 min); “mail” 15:00–now goes (40 min less)",
            ["09:00–12:00 api", "13:00–13:30 docs", "13:30–now review"],
        ),
        "Replace": (
            "“docs” 13:00–14:00 goes (1 h less); “mail” 15:00–now goes (40 min less)",
            ["09:00–12:00 api", "13:30–now review"],
        ),
    },
}


@pytest.mark.parametrize(
    ("asked", "way"), [(asked, way) for asked, ways in ASKED.items() for way in ways], ids=lambda x: x
)
async def test_each_way_does_what_its_preview_said_once_and_undo_restores(
    timed: Replica, asked: str, way: str
) -> None:
    before = await a_morning(timed)
    question = await typed(timed, asked)
    assert buttons(question) == WAYS
    assert "Nothing was changed" in question.text
    said, after = ASKED[asked][way]
    assert preview(question, way).endswith(f"*{way}*  {said}")
    await pressed(timed, question, way)
    verb = "Started: review" if asked.startswith("start") else "Recorded: review"
    assert now(timed, question).text.startswith(verb)
    assert await day(timed) == after
    # The message that is still seen for a moment: its button acts once, however often it is pressed.
    await pressed(timed, question, way)
    assert now(timed, question).text.startswith(verb)
    assert await day(timed) == after
    await pressed(timed, now(timed, question), "Undo")
    assert await day(timed) == before


async def test_cancel_changes_nothing(timed: Replica) -> None:
    before = await a_morning(timed)
    question = await typed(timed, "log 10-11 review")
    assert "*Cancel*  leaves everything as it is" in words(question)
    for _ in range(2):
        await pressed(timed, question, "Cancel")
        assert now(timed, question).text == "Nothing was changed."
    assert await day(timed) == before


async def test_a_question_that_is_out_of_date_is_asked_anew(timed: Replica, clock: Clock) -> None:
    await a_morning(timed)
    question = await typed(timed, "log 15:10-15:20 review")
    clock.now += timedelta(minutes=5)
    assert await hooked(timed, "timer.stop", "msg_1") == 202
    await pressed(timed, question, "Split")
    asked = now(timed, question)
    assert asked.text.startswith("Your entries have changed since I asked, so nothing was done.")
    assert preview(asked, "Split").endswith(
        "“mail” 15:00–15:45 becomes 15:00–15:10 (10 min) and 15:20–15:45 (25 min)"
    )
    assert "15:00–15:45 mail" in await day(timed)
    await pressed(timed, asked, "Split")
    assert (await day(timed))[-3:] == ["15:00–15:10 mail", "15:10–15:20 review", "15:20–15:45 mail"]


async def test_a_question_whose_time_is_free_by_now_is_simply_answered(timed: Replica) -> None:
    await a_morning(timed)
    question = await typed(timed, "log 10-11 review")
    for _ in range(3):  # the timer, docs, and what was in the way
        await typed(timed, "undo")
    await pressed(timed, question, "Trim")
    assert now(timed, question).text.startswith("Recorded: review, 1 h.")
    assert await day(timed) == ["10:00–11:00 review"]


async def test_another_way_of_a_question_that_was_answered_tells_what_was_done(timed: Replica) -> None:
    await a_morning(timed)
    question = await typed(timed, "log 10-11 review")
    await pressed(timed, question, "Trim")
    after = await day(timed)
    await pressed(timed, question, "Replace")
    assert now(timed, question).text.startswith("Recorded: review, 1 h.")
    assert await day(timed) == after


async def test_a_question_pressed_on_two_replicas_at_once_acts_once(
    timed: Replica, empty_database_url: str, clock: Clock
) -> None:
    await a_morning(timed)
    question = await typed(timed, "log 10-11 review")
    async with replica(empty_database_url, timed.local_slack, clock=clock) as other:
        urls = [f"{one.service.address}/slack/events" for one in (timed, other, timed, other)]
        timed.local_slack.request_url = urls[0]
        presses = [timed.local_slack.press_payload("U0ADA", question, "Split") for _ in urls]
        answers = await asyncio.gather(
            *(
                timed.local_slack.deliver(encode_interaction(press), request_url=url)
                for press, url in zip(presses, urls, strict=True)
            )
        )
        assert [answer.status for answer in answers] == [200] * 4
        assert (await day(timed))[:3] == ["09:00–10:00 api", "10:00–11:00 review", "11:00–12:00 api"]


async def test_project_tags_and_link_of_what_was_asked_for_are_kept(timed: Replica) -> None:
    await a_morning(timed)
    await typed(timed, "project new Billing")
    question = await typed(timed, "log 10-11 billing may invoices +client")
    await pressed(timed, question, "Trim")
    assert "10:00–11:00 Billing · may invoices · `+client`" in await day(timed)


async def test_an_unknown_project_that_is_made_leads_to_the_same_question(timed: Replica) -> None:
    await a_morning(timed)
    offered = await typed(timed, "log 10-11 billing: invoices")
    await pressed(timed, offered, "Make “billing” and log")
    question = now(timed, offered)
    assert buttons(question) == WAYS
    assert (await typed(timed, "projects")).text.startswith("There are no projects yet")
    await pressed(timed, question, "Trim")
    assert "10:00–11:00 billing · invoices" in await day(timed)
    assert (await typed(timed, "projects")).text == "Projects: billing"


async def test_the_log_form_asks_in_its_place_and_cancel_leaves_everything(timed: Replica) -> None:
    before = await a_morning(timed)
    card = await typed(timed, "log")
    view = form(timed)
    await sent(timed, view, {LENGTH: "10-11", "What did you work on?": "review"})
    assert form(timed) is view
    assert view.title == "That time is taken"
    assert "You already tracked 09:00–12:00 on “api” (3 h)" in words(view)
    assert "For 10:00–11:00:" in words(view)
    assert fields(view) == {WAY: "Cancel"}
    await sent(timed, view)
    assert no_form(timed)
    assert await day(timed) == before
    assert now(timed, card) == card
    view = await opened(timed, card, "Log…")
    await sent(timed, view, {LENGTH: "10-11", "What did you work on?": "review"})
    await sent(timed, view, {WAY: "Split"})
    assert no_form(timed)
    assert (await day(timed))[:3] == ["09:00–10:00 api", "10:00–11:00 review", "11:00–12:00 api"]
    assert now(timed, card).text.startswith("Recorded: review, 1 h.")
    await pressed(timed, now(timed, card), "Undo")
    assert await day(timed) == before


async def test_the_edit_form_asks_in_its_place_and_moves_the_entry_once(timed: Replica) -> None:
    await a_morning(timed)
    card = await typed(timed, "log 8-9 early")
    view = await opened(timed, card, "Edit…")
    before = await day(timed)
    await sent(timed, view, {"Note": "later", "Start time": "11:00", "End time": "13:30"})
    assert form(timed).title == "That time is taken"
    assert "“api” 09:00–12:00 becomes 09:00–11:00 (2 h)" in words(view)
    assert "“docs” 13:00–14:00 becomes 13:30–14:00 (30 min)" in words(view)
    await sent(timed, view, {WAY: "Trim"})
    assert now(timed, card).text.startswith("Changed: later, 2 h 30 min.")
    assert (await day(timed))[:3] == ["09:00–11:00 api", "11:00–13:30 later", "13:30–14:00 docs"]
    await pressed(timed, now(timed, card), "Undo")
    assert await day(timed) == before


async def test_a_form_that_asks_is_asked_anew_when_the_entries_changed(timed: Replica, clock: Clock) -> None:
    await a_morning(timed)
    await typed(timed, "log")
    view = form(timed)
    await sent(timed, view, {LENGTH: "15:10-15:20"})
    clock.now += timedelta(minutes=5)
    await hooked(timed, "timer.stop", "msg_1")
    await sent(timed, view, {WAY: "Split"})
    assert form(timed) is view
    assert "have changed since I asked" in words(view)
    assert "“mail” 15:00–15:45 becomes" in words(view)
    # What was chosen before belongs to the question before.
    assert fields(view) == {WAY: "Cancel"}
    await sent(timed, view, {WAY: "Split"})
    assert (await day(timed))[-3:] == ["15:00–15:10 mail", "15:10–15:20 no project", "15:20–15:45 mail"]
    assert messages(timed)[-1].text.startswith("Recorded")


async def test_an_entry_that_changed_while_its_form_asks_is_shown_as_it_is(timed: Replica) -> None:
    await a_morning(timed)
    card = await typed(timed, "edit")
    view = form(timed)
    await sent(timed, view, {"Start time": "13:30"})
    assert form(timed).title == "That time is taken"
    await hooked(timed, "timer.stop", "msg_1")
    await sent(timed, view, {WAY: "Replace"})
    assert form(timed).title == "Edit entry"
    assert "has changed since I asked" in words(view)
    assert "13:00–14:00 docs" in await day(timed)
    assert errors(view) == {}
    assert now(timed, card).text.startswith("Running: mail")
