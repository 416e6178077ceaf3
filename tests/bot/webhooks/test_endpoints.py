"""Webhook endpoints by command and by button: shown once, to admins, and inert whatever they are called."""

import json
import re
from datetime import timedelta

from local_slack.requests.encoding import encode_form
from local_slack.workspace import Message
from tests.bot.emitted import check_emitted
from tests.bot.reading import list_buttons, read_text
from tests.bot.test_escaping import few_or_each
from tests.conftest import Clock
from tests.replica import Replica
from web.webhooks.signatures import decode_secret, sign


def address_in(message: Message) -> str:
    found = re.search(r"http://\S+/api/webhooks/[0-9a-f-]{36}", read_text(message))
    assert found
    return found[0]


def secret_in(message: Message) -> str:
    found = re.search(r"whsec_[\w+/]{43}=", read_text(message))
    assert found
    return found[0]


async def posted(app: Replica, address: str, secret: str, delivery_id: str, user: str = "U0ADA") -> int:
    at = int(app.local_slack.workspace.clock())
    event = {"type": "timer.stop", "timestamp": "2026-11-18T14:40:00Z", "data": {"user": user}}
    body = json.dumps(event).encode()
    headers = {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": sign([decode_secret(secret)], delivery_id, at, body),
    }
    async with app.session.post(address, data=body, headers=headers) as response:
        return response.status


async def test_connecting_shows_address_and_secret_once_and_to_that_person_alone(timed: Replica) -> None:
    made = await timed.type_command("connect deploys")
    assert made.ephemeral_for == "U0ADA"
    assert made.text.startswith("deploys is connected.")
    assert "whsec_" not in made.text
    assert address_in(made).startswith(timed.service.address)
    assert await posted(timed, address_in(made), secret_in(made), "msg_1") == 202
    listed = await timed.type_command("connect list")
    assert listed.text == "1 endpoint: deploys"
    assert "whsec_" not in read_text(listed)
    assert "standard, by Ada" in read_text(listed)
    assert "Last delivery 15:40: accepted (timer.stop)" in read_text(listed)
    assert "Last 24 hours: 1 accepted, 0 refused" in read_text(listed)


async def test_a_command_that_slack_sends_twice_makes_one_endpoint_and_shows_the_same(timed: Replica) -> None:
    asked = encode_form(timed.local_slack.command_form("U0ADA", "connect deploys"))
    first, again = [(await timed.local_slack.deliver(asked)).body for _ in range(2)]
    assert b"whsec_" in first
    assert first == again
    assert (await timed.type_command("connect list")).text == "1 endpoint: deploys"


async def test_rotating_shows_a_new_secret_and_the_old_one_goes_on_for_a_day(
    timed: Replica, clock: Clock
) -> None:
    made = await timed.type_command("connect")
    address, old = address_in(made), secret_in(made)
    listed = await timed.type_command("connect list")
    assert list_buttons(listed) == ["Rotate secret", "Disconnect"]
    await timed.press_button(listed, "Rotate secret")
    rotated = timed.reload(listed)
    assert rotated.text == (
        "standard has a new secret, in this message. The old one is accepted until Thu 19 Nov, 15:40."
    )
    assert address_in(rotated) == address
    new = secret_in(rotated)
    assert new != old
    # Pressed twice before the message was rewritten.
    await timed.press_button(listed, "Rotate secret")
    assert secret_in(timed.reload(listed)) == new
    clock.now += timedelta(hours=23)
    assert [await posted(timed, address, secret, f"msg_{secret[-5]}") for secret in (old, new)] == [202, 202]
    clock.now += timedelta(hours=1)
    assert [await posted(timed, address, secret, f"m_{secret[-5]}") for secret in (old, new)] == [401, 202]


async def test_disconnecting_is_asked_about_and_ends_it(timed: Replica) -> None:
    made = await timed.type_command("connect deploys")
    await timed.type_command("connect nights")
    listed = await timed.type_command("connect list")
    question = listed.blocks[1]["elements"][1]["confirm"]
    assert question["title"]["text"] == "Disconnect deploys?"
    await timed.press_button(listed, "Disconnect", block_id=listed.blocks[1]["block_id"])
    assert timed.reload(listed).text.startswith("deploys is disconnected: ")
    assert await posted(timed, address_in(made), secret_in(made), "msg_1") == 410
    assert (await timed.type_command("connect list")).text == "1 endpoint: nights"
    await timed.press_button(listed, "Disconnect", block_id=listed.blocks[1]["block_id"])
    assert timed.reload(listed).text == "deploys was disconnected already. Nothing was changed."
    beside = len(timed.list_messages())
    await timed.press_button(listed, "Rotate secret", block_id=listed.blocks[1]["block_id"])
    assert "There is no such endpoint" in timed.list_messages()[beside].text
    assert (await timed.type_command("connect off NIGHTS")).text.startswith("nights is disconnected")
    assert "Nothing is connected" in (await timed.type_command("connect list")).text
    # The name is free again, for another endpoint.
    assert address_in(await timed.type_command("connect deploys")) != address_in(made)


async def test_only_admins_connect_and_others_are_told_who_can(timed: Replica) -> None:
    await timed.type_command("connect deploys")
    listed = await timed.type_command("connect list")
    for asked in ("connect", "connect list", "connect off deploys"):
        told = await timed.type_command(asked, "U0BEN")
        assert told.text.startswith("Only admins connect webhooks")
        assert "`/track team admin @you`" in told.text
    await timed.type_command("team admin @Ben Okafor")
    assert (await timed.type_command("connect list", "U0BEN")).text == "1 endpoint: deploys"
    await timed.type_command("team member @Ben Okafor")
    await timed.press_button(listed, "Rotate secret", "U0BEN")
    assert timed.reload(listed).text == "1 endpoint: deploys"


async def test_what_can_not_be_connected_is_said_in_words(timed: Replica) -> None:
    for asked, said in (
        ("connect github", "I can't read what GitHub sends by itself"),
        ("connect Linear team", "I can't read what Linear sends by itself"),
        ("connect list all", "stands alone"),
        ("connect off", "Which one?"),
        ("connect off nobody", "There is no such endpoint"),
        (f"connect {'x' * 41}", "too long"),
        ("connect standard \u200b", "An endpoint needs a name"),
        ("connect", "standard is connected"),
        ("connect STANDARD", "There is an endpoint called “standard” already"),
    ):
        assert said in (await timed.type_command(asked)).text
    for number in range(9):
        await timed.type_command(f"connect e{number}")
    assert "There are 10 endpoints" in (await timed.type_command("connect more")).text
    assert len((await timed.type_command("connect list")).blocks) == 21


@few_or_each
async def test_a_name_is_inert_wherever_it_is_shown(timed: Replica, texts: list[str]) -> None:
    for number, hostile in enumerate(texts):
        name = hostile[:38]
        made = await timed.type_command(f"connect standard {name}")
        if "needs a name" in made.text:
            continue  # nothing in it can be seen
        assert "is connected" in made.text
        assert await posted(timed, address_in(made), secret_in(made), f"msg_{number}", hostile[:190]) == 422
        await timed.type_command(f"connect standard {name}")
        listed = await timed.type_command("connect list")
        await timed.press_button(listed, "Rotate secret")
        await timed.press_button(listed, "Disconnect")
        check_emitted(timed.local_slack)
