"""GET /api/time-entries, GET /api/timer, health."""

import re
from typing import Any

import asyncpg
import pytest

from tests.replica import Replica


async def token_of(app: Replica, user: str = "U0ADA") -> dict[str, str]:
    found = re.search(r"tt_\w{42}", str((await app.type_command("token", user)).blocks))
    assert found
    return {"Authorization": f"Bearer {found[0]}"}


async def got(app: Replica, path: str, headers: dict[str, str]) -> tuple[int, Any]:
    async with app.session.get(f"{app.service.address}{path}", headers=headers) as response:
        return response.status, await response.json()


async def test_entries_are_the_persons_own_newest_first_in_pages(app: Replica) -> None:
    for number in range(5):
        await app.type_command(f"start note{number}")
    await app.type_command("start other", "U0BEN")
    headers = await token_of(app)
    status, page = await got(app, "/api/time-entries?limit=2", headers)
    assert status == 200
    seen = page["items"]
    while page["next_cursor"]:
        _, page = await got(app, f"/api/time-entries?limit=2&cursor={page['next_cursor']}", headers)
        seen += page["items"]
    assert [entry["description"] for entry in seen] == [f"note{number}" for number in (4, 3, 2, 1, 0)]
    assert seen[0]["end_time"] is None
    assert seen[1]["end_time"] == seen[0]["start_time"]
    assert set(seen[0]) == {
        "id", "user_id", "project_id", "description", "tags", "start_time", "end_time", "duration_seconds",
        "duration_minutes", "source", "unconfirmed", "version", "created_at", "updated_at",
    }  # fmt: skip
    _, running = await got(app, "/api/time-entries?running=true", headers)
    assert [entry["description"] for entry in running["items"]] == ["note4"]
    assert (await got(app, "/api/timer", headers))[1]["running"]["description"] == "note4"
    _, none = await got(app, "/api/time-entries?to=2020-01-01T00:00:00Z", headers)
    assert none == {"items": [], "next_cursor": None}


async def test_a_list_that_did_not_change_is_304(app: Replica) -> None:
    await app.type_command("start docs")
    await app.type_command("stop")
    headers = await token_of(app)
    url = f"{app.service.address}/api/time-entries"
    async with app.session.get(url, headers=headers) as response:
        tag = response.headers["ETag"]
    async with app.session.get(url, headers=headers | {"If-None-Match": tag}) as response:
        assert response.status == 304


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer tt_short", "Basic abc", "Bearer tt_" + "1" * 42, "Bearer é"]
)
async def test_no_token_or_a_wrong_one_is_401(app: Replica, header: str) -> None:
    async with app.session.get(
        f"{app.service.address}/api/timer", headers={"Authorization": header} if header else {}
    ) as response:
        assert response.status == 401
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert (await response.json())["status"] == 401


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=x", "cursor=x", "cursor=%00", "from=yesterday", "from=0", "running=perhaps",
     "project_id=1", "unknown=1", "to=2026-11-24T09:00:00", "cursor=MjAyNi0xMS0yNCB4"],
)  # fmt: skip
async def test_a_wrong_query_is_422_with_its_field(app: Replica, query: str) -> None:
    headers = await token_of(app)
    status, problem = await got(app, f"/api/time-entries?{query}", headers)
    assert status == 422
    assert problem["title"]


async def test_health_and_readiness(app: Replica, empty_database_url: str) -> None:
    assert await got(app, "/healthz", {}) == (200, {"status": "alive"})
    app.service.schedule.start()
    status, ready = await got(app, "/readyz", {})
    await app.service.schedule.stop()
    assert (status, ready["status"], ready["migrations"], ready["clock"]) == (200, "ready", "ok", "ticking")
    assert (ready["failed_messages_of_a_day"], ready["given_up_of_a_day"]) == (0, {})
    connection = await asyncpg.connect(empty_database_url.replace("tracker@", "postgres@"))
    await connection.execute(
        "insert into messages (workspace_id, key, channel, content, kind, status, due_at)"
        " select id, 'lost', 'C1', '{}', 'digest', 'failed', now() from workspaces"
    )
    await connection.close()
    status, ready = await got(app, "/readyz", {})
    assert (ready["failed_messages_of_a_day"], ready["given_up_of_a_day"]) == (1, {"message: digest": 1})
