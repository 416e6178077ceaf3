"""Time that is taken: each way to make room says what it would change, and changes exactly that."""

import asyncio
from datetime import timedelta

import pytest

from local_slack.requests.encoding import encode_interaction
from local_slack.workspace import Message
from tests.bot.reading import list_buttons, read_errors, read_fields, read_text
from tests.conftest import Clock
from tests.replica import Replica, run_replica

WAYS = ["Trim", "Split", "Replace", "Cancel"]
NOTE, LENGTH, WAY = "What are you working on?", "How long, or from when to when", "What shall I do?"


async def log_morning(app: Replica) -> list[str]:
    """What is there before anything is asked for."""
    for typed_ in ("log 9-12 api", "log 13-14 docs", "start 15:00 mail"):
        await app.type_command(typed_)
    return await app.list_entries()


def read_preview(message: Message, way: str) -> str:
    """What the question says of that way."""
    return next(line for line in read_text(message).splitlines() if f"*{way}*" in line)


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
    before = await log_morning(timed)
    question = await timed.type_command(asked)
    assert list_buttons(question) == WAYS
    assert "Nothing was changed" in question.text
    said, after = ASKED[asked][way]
    assert read_preview(question, way).endswith(f"*{way}*  {said}")
    await timed.press_button(question, way)
    verb = "Started: review" if asked.startswith("start") else "Recorded: review"
    assert timed.reload(question).text.startswith(verb)
    assert await timed.list_entries() == after
    # The message that is still seen for a moment: its button acts once, however often it is pressed.
    await timed.press_button(question, way)
    assert timed.reload(question).text.startswith(verb)
    assert await timed.list_entries() == after
    await timed.press_button(timed.reload(question), "Undo")
    assert await timed.list_entries() == before


async def test_cancel_changes_nothing(timed: Replica) -> None:
    before = await log_morning(timed)
    question = await timed.type_command("log 10-11 review")
    assert "*Cancel*  leaves everything as it is" in read_text(question)
    for _ in range(2):
        await timed.press_button(question, "Cancel")
        assert timed.reload(question).text == "Nothing was changed."
    assert await timed.list_entries() == before


async def test_a_question_that_is_out_of_date_is_asked_anew(timed: Replica, clock: Clock) -> None:
    await log_morning(timed)
    question = await timed.type_command("log 15:10-15:20 review")
    clock.now += timedelta(minutes=5)
    assert await timed.receive_webhook("timer.stop", "msg_1") == 202
    await timed.press_button(question, "Split")
    asked = timed.reload(question)
    assert asked.text.startswith("Your entries have changed since I asked, so nothing was done.")
    assert read_preview(asked, "Split").endswith(
        "“mail” 15:00–15:45 becomes 15:00–15:10 (10 min) and 15:20–15:45 (25 min)"
    )
    assert "15:00–15:45 mail" in await timed.list_entries()
    await timed.press_button(asked, "Split")
    assert (await timed.list_entries())[-3:] == ["15:00–15:10 mail", "15:10–15:20 review", "15:20–15:45 mail"]


async def test_a_question_whose_time_is_free_by_now_is_simply_answered(timed: Replica) -> None:
    await log_morning(timed)
    question = await timed.type_command("log 10-11 review")
    for _ in range(3):  # the timer, docs, and what was in the way
        await timed.type_command("undo")
    await timed.press_button(question, "Trim")
    assert timed.reload(question).text.startswith("Recorded: review, 1 h.")
    assert await timed.list_entries() == ["10:00–11:00 review"]


async def test_another_way_of_a_question_that_was_answered_tells_what_was_done(timed: Replica) -> None:
    await log_morning(timed)
    question = await timed.type_command("log 10-11 review")
    await timed.press_button(question, "Trim")
    after = await timed.list_entries()
    await timed.press_button(question, "Replace")
    assert timed.reload(question).text.startswith("Recorded: review, 1 h.")
    assert await timed.list_entries() == after


async def test_a_question_pressed_on_two_replicas_at_once_acts_once(
    timed: Replica, empty_database_url: str, clock: Clock
) -> None:
    await log_morning(timed)
    question = await timed.type_command("log 10-11 review")
    async with run_replica(empty_database_url, timed.local_slack, clock=clock) as other:
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
        assert (await timed.list_entries())[:3] == [
            "09:00–10:00 api",
            "10:00–11:00 review",
            "11:00–12:00 api",
        ]


async def test_project_tags_and_link_of_what_was_asked_for_are_kept(timed: Replica) -> None:
    await log_morning(timed)
    await timed.type_command("project new Billing")
    question = await timed.type_command("log 10-11 billing may invoices +client")
    await timed.press_button(question, "Trim")
    assert "10:00–11:00 Billing · may invoices · `+client`" in await timed.list_entries()


async def test_an_unknown_project_that_is_made_leads_to_the_same_question(timed: Replica) -> None:
    await log_morning(timed)
    offered = await timed.type_command("log 10-11 billing: invoices")
    await timed.press_button(offered, "Make “billing” and log")
    question = timed.reload(offered)
    assert list_buttons(question) == WAYS
    assert (await timed.type_command("projects")).text.startswith("There are no projects yet")
    await timed.press_button(question, "Trim")
    assert "10:00–11:00 billing · invoices" in await timed.list_entries()
    assert (await timed.type_command("projects")).text == "Projects: billing"


async def test_the_log_form_asks_in_its_place_and_cancel_leaves_everything(timed: Replica) -> None:
    before = await log_morning(timed)
    card = await timed.type_command("log")
    view = timed.find_form()
    await timed.submit_form(view, {LENGTH: "10-11", "What did you work on?": "review"})
    assert timed.find_form() is view
    assert view.title == "That time is taken"
    assert "You already tracked 09:00–12:00 on “api” (3 h)" in read_text(view)
    assert "For 10:00–11:00:" in read_text(view)
    assert read_fields(view) == {WAY: "Cancel"}
    await timed.submit_form(view)
    assert timed.has_no_form()
    assert await timed.list_entries() == before
    assert timed.reload(card) == card
    view = await timed.open_form(card, "Log…")
    await timed.submit_form(view, {LENGTH: "10-11", "What did you work on?": "review"})
    await timed.submit_form(view, {WAY: "Split"})
    assert timed.has_no_form()
    assert (await timed.list_entries())[:3] == ["09:00–10:00 api", "10:00–11:00 review", "11:00–12:00 api"]
    assert timed.reload(card).text.startswith("Recorded: review, 1 h.")
    await timed.press_button(timed.reload(card), "Undo")
    assert await timed.list_entries() == before


async def test_the_edit_form_asks_in_its_place_and_moves_the_entry_once(timed: Replica) -> None:
    await log_morning(timed)
    card = await timed.type_command("log 8-9 early")
    view = await timed.open_form(card, "Edit…")
    before = await timed.list_entries()
    await timed.submit_form(view, {"Note": "later", "Start time": "11:00", "End time": "13:30"})
    assert timed.find_form().title == "That time is taken"
    assert "“api” 09:00–12:00 becomes 09:00–11:00 (2 h)" in read_text(view)
    assert "“docs” 13:00–14:00 becomes 13:30–14:00 (30 min)" in read_text(view)
    await timed.submit_form(view, {WAY: "Trim"})
    assert timed.reload(card).text.startswith("Changed: later, 2 h 30 min.")
    assert (await timed.list_entries())[:3] == ["09:00–11:00 api", "11:00–13:30 later", "13:30–14:00 docs"]
    await timed.press_button(timed.reload(card), "Undo")
    assert await timed.list_entries() == before


async def test_a_form_that_asks_is_asked_anew_when_the_entries_changed(timed: Replica, clock: Clock) -> None:
    await log_morning(timed)
    await timed.type_command("log")
    view = timed.find_form()
    await timed.submit_form(view, {LENGTH: "15:10-15:20"})
    clock.now += timedelta(minutes=5)
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.submit_form(view, {WAY: "Split"})
    assert timed.find_form() is view
    assert "have changed since I asked" in read_text(view)
    assert "“mail” 15:00–15:45 becomes" in read_text(view)
    # What was chosen before belongs to the question before.
    assert read_fields(view) == {WAY: "Cancel"}
    await timed.submit_form(view, {WAY: "Split"})
    assert (await timed.list_entries())[-3:] == [
        "15:00–15:10 mail",
        "15:10–15:20 no project",
        "15:20–15:45 mail",
    ]
    assert timed.list_messages()[-1].text.startswith("Recorded")


async def test_an_entry_that_changed_while_its_form_asks_is_shown_as_it_is(timed: Replica) -> None:
    await log_morning(timed)
    card = await timed.type_command("edit")
    view = timed.find_form()
    await timed.submit_form(view, {"Start time": "13:30"})
    assert timed.find_form().title == "That time is taken"
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.submit_form(view, {WAY: "Replace"})
    assert timed.find_form().title == "Edit entry"
    assert "has changed since I asked" in read_text(view)
    assert "13:00–14:00 docs" in await timed.list_entries()
    assert read_errors(view) == {}
    assert timed.reload(card).text.startswith("Running: mail")
