"""Cards that are shared: what others see of them, who may act on them, and how long they stay true."""

from datetime import timedelta

from local_slack.workspace import Message
from tests.bot.reading import list_buttons, read_text
from tests.conftest import Clock
from tests.replica import Replica


async def share_card(app: Replica, card: Message) -> Message:
    """The card that everybody in the channel sees."""
    await app.press_button(card, "entry_menu", choice="Share in this channel")
    await app.send_due_messages()
    (told,) = [one for one in app.list_messages(card.channel) if one.ephemeral_for is None]
    return told


async def test_a_shared_card_stands_once_says_who_and_hides_the_days_total(timed: Replica) -> None:
    await timed.type_command("log 9-12 secret")
    card = await timed.type_command("start 15:00 api fix")
    told = await share_card(timed, card)
    assert told.text == "Ada: api fix, since 15:00."
    assert list_buttons(told) == ["Stop"]
    assert "Today" not in read_text(told)
    assert timed.reload(card) == card
    note = next(one for one in timed.list_messages() if "The card appears here" in one.text)
    assert note.ephemeral_for == "U0ADA"
    assert await share_card(timed, card) == told  # chosen twice it is shared once


async def test_a_shared_card_is_kept_true_for_as_long_as_it_stands(timed: Replica, clock: Clock) -> None:
    told = await share_card(timed, await timed.type_command("start docs"))
    clock.now += timedelta(hours=3)
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.refresh_messages()
    assert timed.reload(told).text == "Ada: docs, 3 h."
    await timed.type_command("edit")
    await timed.submit_form(timed.find_form(), {"Note": "more docs"})
    await timed.refresh_messages()
    assert timed.reload(told).text == "Ada: more docs, 3 h."
    assert len(timed.list_calls("chat.update")) == 2
    question = await timed.type_command("delete")
    await timed.press_button(question, "Delete")
    await timed.refresh_messages()
    assert timed.reload(told).text == "Ada has taken this entry back."
    assert "docs" not in read_text(timed.reload(told))


async def test_a_shared_card_can_be_acted_on_by_its_owner_alone_and_stays_a_shared_card(
    timed: Replica, clock: Clock
) -> None:
    await timed.type_command("log 9-12 secret")
    told = await share_card(timed, await timed.type_command("start docs"))
    clock.now += timedelta(minutes=10)
    await timed.press_button(told, "Stop", "U0BEN")
    assert "somebody else's card" in timed.list_messages()[-1].text
    assert timed.list_messages()[-1].ephemeral_for == "U0BEN"
    assert (await timed.type_command("")).text.startswith("Running: docs")
    await timed.press_button(told, "Stop")
    assert timed.reload(told).text == "Ada: docs, 10 min."
    assert "Today" not in read_text(timed.reload(told))
    await timed.press_button(timed.reload(told), "Resume")
    assert timed.reload(told).text == "Ada: docs, since 15:50."
    clock.now += timedelta(minutes=5)
    await timed.receive_webhook("timer.stop", "msg_1")
    await timed.refresh_messages()
    assert timed.reload(told).text == "Ada: docs, 5 min."


async def test_in_direct_messages_there_is_nobody_to_share_with(timed: Replica) -> None:
    card = await timed.type_command("start docs", channel="D0ADA")
    await timed.press_button(card, "entry_menu", choice="Share in this channel")
    await timed.send_due_messages()
    assert "Nobody else sees these messages" in timed.list_direct_messages()[-1].text
    assert all(one.ephemeral_for for one in timed.list_direct_messages())
