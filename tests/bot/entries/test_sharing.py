"""Cards that are shared: what others see of them, who may act on them, and how long they stay true."""

from datetime import timedelta

from local_slack.workspace import Message
from tests.bot.kit import (
    buttons,
    calls,
    delivered,
    direct,
    form,
    hooked,
    messages,
    now,
    pressed,
    rewritten,
    sent,
    typed,
    words,
)
from tests.conftest import Clock
from tests.service import Replica


async def shared(app: Replica, card: Message) -> Message:
    """The card that everybody in the channel sees."""
    await pressed(app, card, "entry_menu", choice="Share in this channel")
    await delivered(app)
    (told,) = [one for one in messages(app, card.channel) if one.ephemeral_for is None]
    return told


async def test_a_shared_card_stands_once_says_who_and_hides_the_days_total(timed: Replica) -> None:
    await typed(timed, "log 9-12 secret")
    card = await typed(timed, "start 15:00 api fix")
    told = await shared(timed, card)
    assert told.text == "Ada: api fix, since 15:00."
    assert buttons(told) == ["Stop"]
    assert "Today" not in words(told)
    assert now(timed, card) == card
    note = next(one for one in messages(timed) if "It will stand here" in one.text)
    assert note.ephemeral_for == "U0ADA"
    assert await shared(timed, card) == told  # chosen twice it is shared once


async def test_a_shared_card_is_kept_true_for_as_long_as_it_stands(timed: Replica, clock: Clock) -> None:
    told = await shared(timed, await typed(timed, "start docs"))
    clock.now += timedelta(hours=3)
    await hooked(timed, "timer.stop", "msg_1")
    await rewritten(timed)
    assert now(timed, told).text == "Ada: docs, 3 h."
    await typed(timed, "edit")
    await sent(timed, form(timed), {"Note": "more docs"})
    await rewritten(timed)
    assert now(timed, told).text == "Ada: more docs, 3 h."
    assert len(calls(timed, "chat.update")) == 2
    question = await typed(timed, "delete")
    await pressed(timed, question, "Delete")
    await rewritten(timed)
    assert now(timed, told).text == "Ada has taken this entry back."
    assert "docs" not in words(now(timed, told))


async def test_a_shared_card_can_be_acted_on_by_its_owner_alone_and_stays_a_shared_card(
    timed: Replica, clock: Clock
) -> None:
    await typed(timed, "log 9-12 secret")
    told = await shared(timed, await typed(timed, "start docs"))
    clock.now += timedelta(minutes=10)
    await pressed(timed, told, "Stop", "U0BEN")
    assert "somebody else's card" in messages(timed)[-1].text
    assert messages(timed)[-1].ephemeral_for == "U0BEN"
    assert (await typed(timed, "")).text.startswith("Running: docs")
    await pressed(timed, told, "Stop")
    assert now(timed, told).text == "Ada: docs, 10 min."
    assert "Today" not in words(now(timed, told))
    await pressed(timed, now(timed, told), "Resume")
    assert now(timed, told).text == "Ada: docs, since 15:50."
    clock.now += timedelta(minutes=5)
    await hooked(timed, "timer.stop", "msg_1")
    await rewritten(timed)
    assert now(timed, told).text == "Ada: docs, 5 min."


async def test_in_direct_messages_there_is_nobody_to_share_with(timed: Replica) -> None:
    card = await typed(timed, "start docs", channel="D0ADA")
    await pressed(timed, card, "entry_menu", choice="Share in this channel")
    await delivered(timed)
    assert "Nobody else reads these messages" in direct(timed)[-1].text
    assert all(one.ephemeral_for for one in direct(timed))
