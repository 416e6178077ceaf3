"""Limits of webhooks before their signature is verified, families of headers, and what admins see of refused ones."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from local_slack.server import LocalSlack
from services.batches import MOST_AT_ONCE, Batches
from services.webhooks.endpoint_keys import AGAIN_SECONDS, LIFE_SECONDS, EndpointKeys, EndpointState
from tests.conftest import Clock
from tests.replica import WEBHOOK_SECRET, Replica, make_local_slack, run_replica
from tests.web.webhooks.test_endpoints import connected, hook_in
from tests.web.webhooks.test_webhooks import event
from web.webhooks.signatures import decode_secret, sign

Json = dict[str, Any]
STOP = event("timer.stop", user="U0ADA")


@dataclass
class Sender:
    """Sends webhooks that are signed with one secret at the instant of `clock`, with the headers of one family."""

    app: Replica
    clock: Clock
    url: str
    secret: str
    family: str = "webhook"

    def headers(self, body: bytes, delivery_id: str) -> dict[str, str]:
        at = int(self.clock.now.timestamp())
        return {
            f"{self.family}-id": delivery_id,
            f"{self.family}-timestamp": str(at),
            f"{self.family}-signature": sign([decode_secret(self.secret)], delivery_id, at, body),
        }

    async def send(
        self, body: bytes = STOP, delivery_id: str = "msg_1", also: Mapping[str, str] | None = None
    ) -> tuple[int, Json]:
        headers = self.headers(body, delivery_id) | dict(also or {})
        async with self.app.session.post(self.url, data=body, headers=headers) as response:
            return response.status, await response.json()


@asynccontextmanager
async def run_with_clock(database_url: str) -> AsyncIterator[tuple[Replica, Clock]]:
    clock = Clock(datetime.now(UTC))
    local_slack = make_local_slack(lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock moves
    await local_slack.start()
    async with run_replica(database_url, local_slack, clock=clock) as app:
        yield app, clock
    await local_slack.stop()


async def test_the_same_id_with_another_body_is_422_and_does_nothing(app: Replica) -> None:
    address, secret = await connected(app)
    clock = Clock(datetime.now(UTC))
    start = event("timer.start", user="U0ADA", description="first")
    other = event("timer.start", user="U0BEN", description="second")
    post = event("message.post", channel="C0GENERAL", text="Hello")
    for url, key in ((f"{app.service.address}/api/webhooks", WEBHOOK_SECRET), (address, secret)):
        sender = Sender(app, clock, url, key)
        taken = (202, {"id": "msg_1", "status": "accepted"})
        assert await sender.send(start) == taken
        # With another person, for nobody, and not even an event that can be done.
        for body in (other, start + b" ", post, event("timer.start", user="U0NOBODY")):
            status, problem = await sender.send(body)
            assert status == 422, body
            assert problem["detail"].endswith(".")
        assert "accepted before" in (await sender.send(other))[1]["detail"]
        assert await sender.send(start) == taken
    assert "Nothing is running" in (await app.type_command("status", "U0BEN")).text


async def test_headers_of_svix_are_understood_and_families_are_never_mixed(app: Replica) -> None:
    address, secret = await connected(app)
    clock = Clock(datetime.now(UTC))
    svix = Sender(app, clock, address, secret, family="svix")
    ours = Sender(app, clock, address, secret)
    assert await svix.send() == (202, {"id": "msg_1", "status": "accepted"})
    assert (await svix.send(delivery_id="msg_2", also=ours.headers(STOP, "msg_2")))[0] == 202
    for missing in ("id", "timestamp", "signature"):
        mixed = ours.headers(STOP, "msg_3")
        mixed[f"svix-{missing}"] = mixed.pop(f"webhook-{missing}")
        async with app.session.post(address, data=STOP, headers=mixed) as response:
            assert response.status == 401
    # A whole family beside the rest of another one.
    assert (await svix.send(delivery_id="msg_4", also={"webhook-id": "msg_5"}))[0] == 202
    doubled = [*ours.headers(STOP, "msg_6").items(), ("webhook-id", "msg_6")]
    async with app.session.post(address, data=STOP, headers=doubled) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (event("timer.start"), "refused: The event could not be used: `data.user` is missing."),
        (event("timer.explode"), "its type `timer.explode` is none of `timer.start`, `timer.stop`,"),
        (b'{"timestamp":"2026-11-24T09:00:00Z"}', "it has no `type`; those we take are `timer.start`"),
        (event("timer.stop", user=7), "`data.user` has to be text."),
        (event("timer.stop", user="U0ADA", at="noon"), "`data.at` has to be an instant with an offset"),
        (event("timer.start", user="U0ADA", description="x" * 501), "is too long: 500 characters at most."),
        (event("message.post", text="x"), "`data`: either channel or user is needed, not both."),
        (b'{"type":"timer.stop","timestamp":1,"data":[]}', "`data` has to be an object."),
        (event("time_entry.create"), "`data.end_time` is missing."),
        (event("timer.stop", user="U0NOBODY"), "refused: There is no person U0NOBODY"),
    ],
    ids=range(10),  # their bodies tell the time
)
async def test_the_last_error_in_the_list_is_a_sentence_for_a_person(
    app: Replica, body: bytes, sentence: str
) -> None:
    address, secret = await connected(app)
    status, _ = await Sender(app, Clock(datetime.now(UTC)), address, secret).send(body)
    assert status == 422
    assert sentence in str((await app.type_command("connect list")).blocks)


async def test_deliveries_that_are_not_signed_are_counted_in_the_list(empty_database_url: str) -> None:
    async with run_with_clock(empty_database_url) as (app, clock):
        address, secret = await connected(app)
        assert (
            "not signed"
            not in str((await app.type_command("connect list")).blocks).partition("Deliveries that are not")[
                0
            ]
        )
        forger = Sender(app, clock, address, WEBHOOK_SECRET)
        assert [(await forger.send())[0] for _ in range(2)] == [401, 401]
        async with app.session.post(address, data=STOP) as response:  # without any header
            assert response.status == 401
        assert "0 accepted, 0 refused, 3 not signed with its secret" in await list_endpoints(app)
        assert (await forger.send())[0] == 401
        assert (await Sender(app, clock, address, secret).send())[0] == 202
        assert "1 accepted, 0 refused, 4 not signed with its secret" in await list_endpoints(app)
        clock.now += timedelta(hours=26)
        assert "Last 24 hours: 0 accepted, 0 refused" in await list_endpoints(app)


async def list_endpoints(app: Replica) -> str:
    return str((await app.type_command("connect list")).blocks)


async def test_what_is_not_signed_costs_no_transaction(empty_database_url: str) -> None:
    async with run_with_clock(empty_database_url) as (app, clock):
        address, secret = await connected(app)
        forger = Sender(app, clock, address, WEBHOOK_SECRET)
        nobodys = Sender(app, clock, address[:-36] + str(uuid4()), secret)
        assert [(await one.send())[0] for one in (forger, nobodys)] == [401, 401]
        owner = await asyncpg.connect(empty_database_url.replace("tracker@", "postgres@"))
        async with owner.transaction():
            # Whatever would look an endpoint up, or count in a table, waits for this until it fails with 503.
            await owner.execute("lock table webhook_endpoints, unsigned_deliveries, rates")
            answers = await asyncio.gather(*(one.send() for one in (forger, nobodys) * 40))
            assert {status for status, _ in answers} == {401}
        await owner.close()
        assert (await Sender(app, clock, address, secret).send())[0] == 202


async def test_callers_who_invent_endpoints_have_to_wait_and_others_are_served(
    empty_database_url: str,
) -> None:
    async with run_with_clock(empty_database_url) as (app, clock):
        address, secret = await connected(app)
        answers = await asyncio.gather(
            *(Sender(app, clock, address[:-36] + str(uuid4()), secret).send() for _ in range(70))
        )
        assert sorted(status for status, _ in answers) == [401] * 60 + [429] * 10
        assert "Too many requests" in str(answers)
        # Those that exist are served all the same.
        assert (await Sender(app, clock, address, secret).send())[0] == 202


async def test_what_another_replica_rotates_and_disconnects_holds_here_within_seconds(
    empty_database_url: str, local_slack: LocalSlack
) -> None:
    clock = Clock(datetime.now(UTC))
    async with (
        run_replica(empty_database_url, local_slack, clock=clock) as here,
        run_replica(empty_database_url, local_slack, clock=clock) as there,
    ):
        address, secret = await connected(there)
        url = address.replace(there.service.address, here.service.address)
        assert (await Sender(here, clock, url, secret).send())[0] == 202
        shown = await there.type_command("connect list")
        await there.press_button(shown, "Rotate secret")
        rotated = next(
            one
            for one in reversed(local_slack.workspace.messages("C0GENERAL"))
            if "whsec_" in str(one.blocks)
        )
        new = Sender(here, clock, url, hook_in(rotated)[1])
        assert (await new.send(delivery_id="msg_2"))[0] == 401
        clock.now += timedelta(seconds=AGAIN_SECONDS)
        assert (await new.send(delivery_id="msg_2"))[0] == 202
        await there.type_command("connect off deploys")
        clock.now += timedelta(seconds=LIFE_SECONDS)
        assert (await new.send(delivery_id="msg_3"))[0] == 410


async def test_simultaneous_lookups_of_one_endpoint_share_one_query() -> None:
    looks: list[UUID] = []
    looked, released = asyncio.Event(), asyncio.Event()

    async def look_up(endpoint_id: UUID) -> EndpointState:
        looks.append(endpoint_id)
        looked.set()
        await released.wait()
        return EndpointState(workspace_id=endpoint_id, keys=(), known=True, connected=True, lost=False)

    async def existing(ids: Collection[UUID]) -> set[UUID]:
        return set(ids)

    nobodys = EndpointState(workspace_id=uuid4(), keys=(), known=False, connected=False, lost=False)
    keys, one = EndpointKeys(look_up, existing, nobodys, lambda: 0.0), uuid4()
    asked = [asyncio.create_task(keys.find(one)) for _ in range(10)]
    await looked.wait()
    looked.clear()
    keys.forget(one)  # it was changed here while it was looked up
    asked.append(asyncio.create_task(keys.find(one)))
    await looked.wait()
    released.set()
    await asyncio.gather(*asked)
    assert looks == [one, one]
    assert keys.find_cached(one)


async def test_who_asks_first_whether_an_endpoint_exists_is_told_first() -> None:
    """However many ids are invented meanwhile."""
    asked: list[Collection[UUID]] = []

    async def existing(ids: Collection[UUID]) -> set[UUID]:
        asked.append(ids)
        return set(ids)

    batches, ids = Batches(existing), [uuid4() for _ in range(MOST_AT_ONCE + 5)]
    waiting = [asyncio.create_task(batches.exists(one)) for one in ids]
    assert await waiting[0]
    assert list(asked[0]) == ids[:MOST_AT_ONCE]
    for task in waiting:
        task.cancel()
