"""The question about a timer that may be forgotten, as its person sees and answers it."""

from datetime import timedelta

import pytest

from local_slack.workspace import Message
from tests.bot.kit import buttons, day, delivered, direct, now, opened, pressed, rewritten, sent, typed, words
from tests.conftest import Clock
from tests.ledger import berlin
from tests.service import Replica


async def looked(app: Replica) -> None:
    """What the clock does all the time."""
    while await app.service.services.forgotten_timers.look_due():
        pass
    await delivered(app)
    await rewritten(app)


async def asked(app: Replica, clock: Clock, note: str = "docs") -> Message:
    """The question, at eight in the evening."""
    clock.now = berlin("09:00")
    await typed(app, f"start {note}")
    for at in ("11:30", "20:00"):
        clock.now = berlin(at)
        await looked(app)
    return direct(app)[-1]


async def test_the_question_names_each_instant_it_offers(timed: Replica, clock: Clock) -> None:
    question = await asked(timed, clock, "<!channel> *docs*")
    assert question.text.startswith("Still on &lt;!channel&gt; *docs*? It runs since 09:00.")
    assert "Without an answer by Thu 19 Nov, 01:00 I end it as of 18:00, marked as unconfirmed." in words(
        question
    )
    assert buttons(question) == ["Keep it running", "Stop at 18:00, the end of my day", "Pick a time…"]
    await rewritten(timed)
    assert now(timed, question) == question


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
    question = await asked(timed, clock)
    await pressed(timed, question, button)
    assert now(timed, question).text.startswith(card)
    assert await day(timed) == [entry]


async def test_a_time_is_picked_in_the_form(timed: Replica, clock: Clock) -> None:
    question = await asked(timed, clock)
    await sent(timed, await opened(timed, question, "Pick a time…"), {"End time": "17:15"})
    assert now(timed, question).text.startswith("Changed: docs, 8 h 15 min.")
    assert await day(timed) == ["09:00–17:15 docs"]


async def test_what_was_stopped_elsewhere_is_no_question_any_more(timed: Replica, clock: Clock) -> None:
    question = await asked(timed, clock)
    await typed(timed, "stop 17:00")
    await rewritten(timed)
    assert now(timed, question).text.startswith("Finished: docs, 8 h.")


async def test_without_an_answer_it_is_ended_said_asked_again_and_confirmed(
    timed: Replica, clock: Clock
) -> None:
    question = await asked(timed, clock)
    clock.now = berlin("01:00", "2026-11-19")
    await looked(timed)
    card = direct(timed)[-1]
    assert card.text.startswith("Ended, unconfirmed: docs, 9 h.")
    assert buttons(card)[0] == "Confirm"
    assert now(timed, question).text.startswith("Ended, unconfirmed")
    clock.now += timedelta(hours=17)
    assert (await day(timed, "yesterday"))[0].startswith("09:00–18:00 docs · 9 h")
    await typed(timed, "digest now")
    await delivered(timed)
    digest = direct(timed)[-1]
    assert "I ended *docs* as of 18:00, for nobody answered. Is that right?" in words(digest)
    await pressed(timed, digest, "Confirm")
    assert "Is that right?" not in words(now(timed, digest))
    await rewritten(timed)
    assert now(timed, card).text.startswith("Finished: docs, 9 h.")
    await typed(timed, "undo")  # of the confirmation
    await rewritten(timed)
    assert now(timed, card).text.startswith("Ended, unconfirmed")
    await pressed(timed, now(timed, card), "Confirm")
    assert now(timed, card).text.startswith("Confirmed: docs, 9 h.")
