"""A client of the REST API, and short ways to ask."""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from tests.replica import Replica

Json = dict[str, Any]
PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json
    headers: Mapping[str, str]

    @property
    def id(self) -> str:
        return str(self.body["id"])


@dataclass
class Client:
    """Asks with one token; `None` sends none."""

    session: aiohttp.ClientSession
    address: str
    token: str | None

    async def get(self, path: str, **headers: str) -> Answer:
        return await self.send("GET", path, **headers)

    async def post(self, path: str, body: object = None, **headers: str) -> Answer:
        return await self.send("POST", path, body, **headers)

    async def put(self, path: str, body: object = None, **headers: str) -> Answer:
        return await self.send("PUT", path, body, **headers)

    async def delete(self, path: str, **headers: str) -> Answer:
        return await self.send("DELETE", path, **headers)

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """`headers` are named as in Python: `if_match` is If-Match."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        given = (
            {"data": io.BytesIO(body)}
            if isinstance(body, bytes)
            else {"json": body}
            if body is not None
            else {}
        )
        async with self.session.request(method, self.address + path, headers=sent, **given) as response:
            kind = response.content_type
            answer = (
                await response.json(content_type=None) if "json" in kind else {"text": await response.text()}
            )
            return Answer(response.status, answer, response.headers)


async def create_client(app: Replica, user: str = "U0ADA") -> Client:
    """With a token of that person, got as they get it."""
    found = re.search(r"tt_\w{42}", str((await app.type_command("token", user)).blocks))
    assert found
    return Client(app.session, app.service.address, found[0])


async def sign_up(app: Replica, email: str = "eve@example.com") -> Client:
    """Somebody who has just signed up and logged in."""
    api = Client(app.session, app.service.address, None)
    body = {"name": "Eve Moreau", "email": email, "password": PASSWORD}
    assert (await api.post("/api/signup", body)).status == 201
    del body["name"]
    api.token = (await api.post("/api/login", body)).body["token"]
    return api


def hours_ago(hours: float) -> str:
    """An instant of the real clock, which this replica's database has."""
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


async def log_entry(api: Client, since: float, until: float, **more: object) -> Answer:
    """A finished entry, between so many hours ago and so many."""
    body = {"start_time": hours_ago(since), "end_time": hours_ago(until)} | more
    return await api.post("/api/time-entries", body)
