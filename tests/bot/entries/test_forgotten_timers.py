"""The question about a timer that may be forgotten, as its person sees and answers it."""

from datetime import timedelta

import pytest

from local_slack.workspace import Message
from tests.bot.reading import list_buttons, read_text
from tests.conftest import Clock
from tests.records import berlin
from tests.replica import Replica


async def run_jobs(app: Replica) -> None:
    """What the clock does all the time."""
    while await app.service.services.forgotten_timers.look_due():
        pass
    await app.send_due_messages()
    await app.refresh_messages()


async def forget_timer(app: Replica, clock: Clock, note: str = "docs") -> Message:
    """The question, at eight in the evening."""
    clock.now = berlin("09:00")
    await app.type_command(f"start {note}")
    for at in ("11:30", "20:00"):
        clock.now = berlin(at)
        await run_jobs(app)
    return app.list_direct_messages()[-1]


async def test_the_question_names_each_instant_it_offers(timed: Replica, clock: Clock) -> None:
    question = await forget_timer(timed, clock, "<!channel> *docs*")
    assert question.text.startswith("Still on &lt;!channel&gt; *docs*? It has been running since 09:00.")
    assert "Without an answer by Thu 19 Nov, 01:00 I end it as of 18:00, marked as unconfirmed." in read_text(
        question
    )
    assert list_buttons(question) == ["Keep it running", "Stop at 18:00, the end of my day", "Pick a time…"]
    await timed.refresh_messages()
    assert timed.reload(question) == question


@pytest.mark.parametrize(
    ("button", "card", "entry"),
    [
        ("Stop at 18:00, the end of my day", "Stopped: docs, 9 h.", "09:00–18:00 docs"),
        ("Keep it running", "Kept running: docs, since 09:00.", "09:00–now docs"),
    ],
)
async def test_each_answer_takes_the_place_of_the_question(
    timed: Replica, clock: Clock, button: str, card: str, entry: str
) -> None:
    question = await forget_timer(timed, clock)
    await timed.press_button(question, button)
    assert timed.reload(question).text.startswith(card)
    assert await timed.list_entries() == [entry]


async def test_a_time_is_picked_in_the_form(timed: Replica, clock: Clock) -> None:
    question = await forget_timer(timed, clock)
    await timed.submit_form(await timed.open_form(question, "Pick a time…"), {"End time": "17:15"})
    assert timed.reload(question).text.startswith("Changed: docs, 8 h 15 min.")
    assert await timed.list_entries() == ["09:00–17:15 docs"]


async def test_what_was_stopped_elsewhere_is_no_question_any_more(timed: Replica, clock: Clock) -> None:
    question = await forget_timer(timed, clock)
    await timed.type_command("stop 17:00")
    await timed.refresh_messages()
    assert timed.reload(question).text.startswith("Finished: docs, 8 h.")


async def test_without_an_answer_it_is_ended_said_asked_again_and_confirmed(
    timed: Replica, clock: Clock
) -> None:
    question = await forget_timer(timed, clock)
    clock.now = berlin("01:00", "2026-11-19")
    await run_jobs(timed)
    card = timed.list_direct_messages()[-1]
    assert card.text.startswith("Ended, unconfirmed: docs, 9 h.")
    assert list_buttons(card)[0] == "Confirm"
    assert timed.reload(question).text.startswith("Ended, unconfirmed")
    clock.now += timedelta(hours=17)
    assert (await timed.list_entries("yesterday"))[0].startswith("09:00–18:00 docs · 9 h")
    await timed.type_command("digest now")
    await timed.send_due_messages()
    digest = timed.list_direct_messages()[-1]
    assert "I ended *docs* as of 18:00, because you did not answer. Is that right?" in read_text(digest)
    await timed.press_button(digest, "Confirm")
    assert "Is that right?" not in read_text(timed.reload(digest))
    await timed.refresh_messages()
    assert timed.reload(card).text.startswith("Finished: docs, 9 h.")
    await timed.type_command("undo")  # of the confirmation
    await timed.refresh_messages()
    assert timed.reload(card).text.startswith("Ended, unconfirmed")
    await timed.press_button(timed.reload(card), "Confirm")
    assert timed.reload(card).text.startswith("Confirmed: docs, 9 h.")
