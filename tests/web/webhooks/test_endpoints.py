"""POST /api/webhooks/{endpoint}: connecting endpoints, their secrets, and what becomes of deliveries."""

import asyncio
import base64
import json
import logging
import os
import re
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from pydantic import SecretStr

from domain.history.operations import OperationRequest, Source
from domain.identity.people import Profile
from domain.webhooks.endpoints import Provider
from local_slack.workspace import Message
from services.webhooks.encryption import KeyLost, Seal
from storage.postgres.database import Database
from tests.cast import ADA, BEN, CHIKA, Cast
from tests.conftest import Clock
from tests.replica import SETTINGS, WEBHOOK_SECRET, Replica, run_replica
from tests.web.webhooks.test_webhooks import event, make_hour
from web.webhooks.signatures import decode_secret, sign

Json = dict[str, Any]
Hook = tuple[str, str]  # an address and a secret
STOP = event("timer.stop", user="U0ADA")


def hook_in(message: Message) -> Hook:
    shown = str(message.blocks)
    (address,) = re.findall(r"http://\S+/api/webhooks/[0-9a-f-]{36}", shown)
    (secret,) = re.findall(r"whsec_[\w+/=]+", shown)
    return address, secret


async def connected(app: Replica, name: str = "deploys") -> Hook:
    return hook_in(await app.type_command(f"connect {name}"))


async def posted(
    app: Replica, hook: Hook, body: bytes = STOP, delivery_id: str = "msg_1", *, ago: int = 0
) -> tuple[int, Json]:
    address, secret = hook
    at = int(time.time()) - ago
    headers = {
        "webhook-id": delivery_id,
        "webhook-timestamp": str(at),
        "webhook-signature": sign([decode_secret(secret)], delivery_id, at, body),
    }
    async with app.session.post(address, data=body, headers=headers) as response:
        return response.status, await response.json()


async def test_an_event_at_an_endpoint_does_what_it_says_once(app: Replica) -> None:
    hook = await connected(app)
    start = event("timer.start", user="ada@example.com", description="from outside")
    for _ in range(2):
        assert await posted(app, hook, start) == (202, {"id": "msg_1", "status": "accepted"})
    assert "from outside" in (await app.type_command("status")).text
    recorded = event("time_entry.create", user="U0BEN", description="once", **make_hour())
    answers = await asyncio.gather(*(posted(app, hook, recorded, "msg_2") for _ in range(4)))
    assert answers == [(202, {"id": "msg_2", "status": "accepted"})] * 4
    # Since yesterday: an hour ago may lie on the other side of their midnight.
    assert "1 h" in (await app.type_command("report since yesterday", "U0BEN")).text


async def test_the_same_delivery_id_at_another_endpoint_is_another_delivery(app: Replica) -> None:
    first, second = await connected(app), await connected(app, "nights")
    for number, hook in enumerate((first, second)):
        body = event("time_entry.create", user="U0ADA", description=f"n{number}", **make_hour(4 - number * 2))
        assert (await posted(app, hook, body))[0] == 202
    shown = str((await app.type_command("today")).blocks) + str((await app.type_command("yesterday")).blocks)
    assert "n0" in shown
    assert "n1" in shown


async def test_nobody_tells_a_wrong_secret_from_an_address_that_is_nobodys(app: Replica) -> None:
    hook, other = await connected(app), await connected(app, "nights")
    gone = await connected(app, "gone")
    await app.type_command("connect off gone")
    nobodys = hook[0][:-36]
    forged = "whsec_" + base64.b64encode(b"x" * 32).decode()
    refused = [
        await posted(app, (hook[0], forged)),
        await posted(app, (hook[0], other[1])),
        await posted(app, (hook[0], WEBHOOK_SECRET)),
        await posted(app, (gone[0], forged)),
        await posted(app, (nobodys + str(uuid4()), hook[1])),
        await posted(app, (nobodys + str(UUID(int=0)), hook[1])),
        await posted(app, (nobodys + "x" * 36, hook[1])),
        await posted(app, hook, ago=301),
        await posted(app, hook, ago=-301),
    ]
    assert {json.dumps(answer) for answer in refused} == {json.dumps(refused[0])}
    assert refused[0][0] == 401
    async with app.session.post(hook[0], data=STOP) as response:
        assert response.status == 401
    # Whoever has the secret is told that there is no use in trying again.
    assert (await posted(app, gone))[0] == 410
    assert (await posted(app, hook))[0] == 202


async def test_a_secret_is_rotated_without_a_gap(cast: Cast, clock: Clock) -> None:
    await make_admin(cast)
    endpoints = cast.services.endpoints
    first, made = await endpoints.make(cast.request(), name="deploys", provider=Provider.STANDARD)
    second, _ = await endpoints.rotate(cast.request(), made.endpoint.id)
    clock.now += timedelta(hours=23)
    third, _ = await endpoints.rotate(cast.request(), made.endpoint.id)

    async def accepted() -> set[bytes]:
        return set((await endpoints.read_state(made.endpoint.id)).keys)

    assert await accepted() == {decode_secret(first), decode_secret(second), decode_secret(third)}
    clock.now += timedelta(hours=1)
    assert await accepted() == {decode_secret(second), decode_secret(third)}
    clock.now += timedelta(hours=23)
    assert await accepted() == {decode_secret(third)}


async def test_a_repeated_request_shows_the_same_secret_and_makes_nothing(cast: Cast) -> None:
    await make_admin(cast)
    once, again = cast.request(key="command:1"), cast.request(key="press:1")
    made = [
        await cast.services.endpoints.make(once, name="deploys", provider=Provider.STANDARD) for _ in range(2)
    ]
    assert made[0] == made[1]
    endpoint_id = made[0][1].endpoint.id
    rotated = [await cast.services.endpoints.rotate(again, endpoint_id) for _ in range(2)]
    assert rotated[0] == rotated[1]
    assert len((await cast.services.endpoints.read_state(endpoint_id)).keys) == 2


async def test_admins_rotate_at_once_and_each_of_their_secrets_is_accepted(own_database_url: str) -> None:
    pool = await asyncpg.create_pool(own_database_url, min_size=3, max_size=3)
    cast = await Cast.create(Database(pool))
    endpoints, admins = cast.services.endpoints, (ADA, BEN, CHIKA)  # each has a lock of their own
    for who in admins:
        await make_admin(cast, who)
    for number in range(6):
        _, made = await endpoints.make(cast.request(), name=f"e{number}", provider=Provider.STANDARD)
        rotated = await asyncio.gather(
            *(endpoints.rotate(cast.request(who), made.endpoint.id) for who in admins)
        )
        keys = (await endpoints.read_state(made.endpoint.id)).keys
        assert {decode_secret(secret) for secret, _ in rotated} < set(keys)
        assert len(keys) == 4
    await cast.services.close()
    await pool.close()


async def make_admin(cast: Cast, who: Profile = ADA) -> None:
    await cast.services.people.remember(cast.workspace.id, replace(who, admin=True))


async def test_an_endpoint_acts_in_its_own_workspace_and_in_no_other(app: Replica) -> None:
    services = app.service.services
    other = await services.people.remember_workspace(enterprise_id="", team_id="T0OTHER", name="Other")
    await services.people.remember(other.id, replace(ADA, admin=True))

    def request() -> OperationRequest:
        return OperationRequest(
            workspace_id=other.id, source=Source.SLACK, key=f"test:{uuid4()}", who="U0ADA"
        )

    theirs, made = await services.endpoints.make(request(), name="deploys", provider=Provider.STANDARD)
    address, _ = await connected(app)  # the same name, here
    their_address = address[:-36] + str(made.endpoint.id)
    start = event("timer.start", user="U0ADA", description="theirs")
    assert (await posted(app, (address, theirs), start))[0] == 401
    assert (await posted(app, (their_address, theirs), start))[0] == 202
    assert "Nothing is running" in (await app.type_command("status")).text
    running = (await services.timers.status(request())).entry
    assert running
    assert running.note == "theirs"
    # Our Slack knows Ben; theirs is not ours to ask.
    assert (await posted(app, (their_address, theirs), event("timer.stop", user="U0BEN"), "msg_2"))[0] == 422
    # A name means the endpoint of one's own workspace.
    assert "is disconnected" in (await app.type_command("connect off deploys")).text
    assert (await posted(app, (their_address, theirs), STOP, "msg_3"))[0] == 202


async def test_what_was_refused_is_told_to_who_connected_it_and_may_come_mended(app: Replica) -> None:
    hook = await connected(app)
    assert (await posted(app, hook, event("timer.start", user="U0NOBODY")))[0] == 422
    assert (await posted(app, hook, b"[]", "msg_2"))[0] == 400
    listed = str((await app.type_command("connect list")).blocks)
    assert "Last 24 hours: 0 accepted, 2 refused" in listed
    assert "refused: The body must be a JSON object." in listed
    assert (await posted(app, hook))[0] == 202
    # Said again, and spoiled: what was accepted stays accepted.
    assert (await posted(app, hook, b"[]"))[0] == 400
    listed = str((await app.type_command("connect list")).blocks)
    assert "Last 24 hours: 1 accepted, 1 refused" in listed
    assert "accepted (timer.stop)" in listed


async def test_any_live_key_opens_and_a_lost_one_is_said_in_words(
    app: Replica, empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    address, secret = await connected(app)
    path, new_key = address.removeprefix(app.service.address), SecretStr("new-key-" * 4)

    async def posted_with(*keys: SecretStr) -> int:
        settings = SETTINGS.model_copy(update={"secret_keys": keys})
        async with run_replica(empty_database_url, app.local_slack, settings=settings) as other:
            return (await posted(other, (other.service.address + path, secret)))[0]

    assert await posted_with(new_key, *SETTINGS.secret_keys) == 202
    with caplog.at_level(logging.ERROR):
        assert await posted_with(new_key) == 503
    assert address[-36:] in caplog.text
    assert "Rotate secret" in caplog.text
    assert secret not in caplog.text


def test_what_is_sealed_opens_for_its_purpose_and_place_only() -> None:
    first, second = (b"1" * 32, b"2" * 32)
    sealed = Seal([first], "a").close(b"secret", "here")
    assert Seal([second, first], "a").open(sealed, "here") == b"secret"
    assert Seal([first], "a").close(b"secret", "here") != sealed
    spoiled = sealed[:-6] + ("AAAA" if sealed[-6:-2] != "AAAA" else "BBBB") + sealed[-2:]
    for seal, text, place in (
        (Seal([second], "a"), sealed, "here"),
        (Seal([first], "b"), sealed, "here"),
        (Seal([first], "a"), sealed, "there"),
        (Seal([first], "a"), spoiled, "here"),
        (Seal([first], "a"), sealed.partition(".")[0] + ".é", "here"),
        (Seal([first], "a"), "", "here"),
    ):
        with pytest.raises(KeyLost):
            seal.open(text, place)


async def test_no_secret_is_kept_as_it_is(app: Replica, empty_database_url: str) -> None:
    _, secret = await connected(app)
    connection = await asyncpg.connect(empty_database_url.replace("tracker@", "postgres@"))
    for table in ("acts", "history", "webhook_secrets", "webhook_endpoints", "messages", "surfaces"):
        rows = str(await connection.fetch(f"select t::text from {table} t"))
        assert secret not in rows
        assert secret.removeprefix("whsec_") not in rows
        assert decode_secret(secret).hex() not in rows
    await connection.close()


async def test_the_scripts_of_the_page_work_as_they_stand(app: Replica, root: Path) -> None:
    page = (root / "docs/api.md").read_text().partition("## Endpoints of your own")[2]
    (shell,) = re.findall(r"```bash\n(.+?)```", page, re.DOTALL)
    (python,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    address, secret = await connected(app)
    for command in (("bash", "-euc", shell), (sys.executable, "-c", python)):
        process = await asyncio.create_subprocess_exec(
            *command,
            env={"PATH": os.environ["PATH"], "HOOK_URL": address, "HOOK_SECRET": secret},
            stdout=asyncio.subprocess.PIPE,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0
        assert b'"status": "accepted"' in said
    assert "Deploy" in (await app.type_command("status")).text
    assert await app.service.services.outbox.send_due() == 1
    (message,) = app.local_slack.workspace.messages(app.local_slack.workspace.dm("U0ADA"))
    assert message.text == "Deployed"
