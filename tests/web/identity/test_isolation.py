"""No id of another workspace or person finds anything: every route, every id in it, every role, three workspaces."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from domain.entries.entries import NewEntry, Work
from domain.history.operations import OperationRequest, Source
from domain.identity.people import Profile, Role
from domain.identity.tokens import TokenParams
from domain.projects.projects import ProjectParams
from tests.replica import Replica
from tests.web.client import Answer, Client, Json

UNKNOWN = "7f1c0d3e-0000-4000-8000-000000000000"
AGO = [datetime.now(UTC) - timedelta(hours=hours) for hours in (30, 29, 28, 27)]
# A value for what an operation needs, by its name; a new one must be added here.
NEEDED: Json = {
    "start_time": AGO[2].isoformat(),
    "end_time": AGO[3].isoformat(),
    "title": "Mine now",
    "name": "Mine now",
    "from": "2020-01-01",
    "to": "2020-02-01",
    "code": "AAAA-AAAA",
    "old_password": "not the password",
    "new_password": "not the password either",
}


@dataclass
class Tenant:
    """A workspace with a client for each role, and the ids of what is in it, by kind."""

    id: UUID
    clients: dict[Role, Client]
    ids: dict[str, list[str]]


@pytest.mark.parametrize(
    ("teams", "of"),
    [
        (("T0TWO",), [Role.MEMBER]),
        pytest.param(("T0TWO", "T0THREE"), list(Role), marks=pytest.mark.exhaustive),
    ],
)
async def test_a_foreign_id_is_as_unknown_as_an_invented_one_in_every_place_of_every_route(
    app: Replica, teams: tuple[str, ...], of: list[Role]
) -> None:
    """Try every id that belongs to these roles in the other workspaces."""
    tenants = [await _make_tenant(app, team, of) for team in ("T0ONE", *teams)]
    document = (await tenants[0].clients[Role.ADMIN].get("/api/openapi.json")).body
    before = [await _read_everything(app, tenant) for tenant in tenants[1:]]
    places = list(_find_id_places(document))
    assert len({(method, path) for method, path, _, _ in places}) >= 10
    for role, api in tenants[0].clients.items():
        for method, path, where, name in places:
            answers = {
                foreign: await _ask(api, document, method, path, where, name, foreign)
                for foreign in (UNKNOWN, *(one for tenant in tenants[1:] for one in tenant.ids["all"]))
            }
            unknown = answers.pop(UNKNOWN)
            for foreign, answer in answers.items():
                seen = f"{role} {method} {path} {where} {name} {foreign}"
                assert answer.status == unknown.status, seen
                assert _write_answer(answer, foreign) == _write_answer(unknown, UNKNOWN), seen
                if where == "query":
                    assert [answer.body.get("items", []), answer.body.get("groups", [])] == [[], []], seen
                else:
                    assert 400 <= answer.status < 500, seen
    assert [await _read_everything(app, tenant) for tenant in tenants[1:]] == before


def _find_id_places(document: Json) -> Iterator[tuple[str, str, str, str]]:
    """Find every parameter and field of every operation that takes an id."""
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            if not said["security"]:
                continue
            for one in said.get("parameters", ()):
                if "uuid" in json.dumps(one["schema"]):
                    yield method.upper(), path, one["in"], one["name"]
            for name, schema in _make_body(document, said).get("properties", {}).items():
                if "uuid" in json.dumps(schema) and not schema.get("readOnly"):
                    yield method.upper(), path, "body", name


async def _ask(
    api: Client, document: Json, method: str, path: str, where: str, name: str, value: str
) -> Answer:
    said = document["paths"][path][method.lower()]
    schema = _make_body(document, said)
    body: Json | None = None
    if schema:
        body = {needed: NEEDED[needed] for needed in schema.get("required", ()) if needed != "items"}
        if "items" in schema.get("required", ()):
            body["items"] = [{"start_time": NEEDED["start_time"], "end_time": NEEDED["end_time"]}]
    query = {
        one["name"]: NEEDED[one["name"]]
        for one in said.get("parameters", ())
        if one["in"] == "query" and one["required"]
    }
    if where == "query":
        query[name] = value
    if where == "body":
        assert body is not None
        body[name] = value
        if method == "POST" and "end_time" in schema["properties"]:
            body["end_time"] = NEEDED["end_time"]
    asked = path.replace("{id}", value if where == "path" else UNKNOWN)
    return await api.send(
        method, asked + "?" + "&".join(f"{key}={given}" for key, given in query.items()), body
    )


def _write_answer(answer: Answer, asked_for: str) -> str:
    """Write the whole answer as text, without the requested id and the instant of the request."""
    return json.dumps(answer.body | {"at": None}).replace(asked_for, UNKNOWN)


def _make_body(document: Json, said: Json) -> Json:
    if "requestBody" not in said:
        return {}
    schema: Json = said["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


async def _make_tenant(app: Replica, team: str, of: list[Role]) -> Tenant:
    services = app.service.services
    workspace = await services.people.remember_workspace(enterprise_id="", team_id=team, name=team)
    clients: dict[Role, Client] = {}
    ids: dict[str, list[str]] = {"entry": [], "project": [], "user": [], "token": []}

    def request(who: str) -> OperationRequest:
        return OperationRequest(
            workspace_id=workspace.id, source=Source.SLACK, key=f"test:{uuid4()}", who=who
        )

    for role in Role:
        who = f"U0{role.upper()}"
        profile = Profile(
            slack_user_id=who,
            name=role.value,
            zone=ZoneInfo("UTC"),
            locale="en-US",
            email=f"{role}@{team}.example.com".lower(),
            admin=role is Role.ADMIN,
        )
        person = await services.people.remember(workspace.id, profile)
        token, issued = await services.tokens.issue(request(who), TokenParams())
        clients[role] = Client(app.session, app.service.address, token)
        project = await services.projects.create(request(who), ProjectParams(title=f"Of {role}"))
        new = NewEntry(work=Work(note="private"), started_at=AGO[0], ended_at=AGO[1])
        entry = (await services.timers.record(request(who), new)).entry
        assert entry
        if role in of:
            ids["entry"].append(str(entry.id))
            ids["project"].append(str(project.id))
            ids["user"].append(str(person.id))
            ids["token"].append(str(issued.token.id))
    await services.team.give_role(request("U0ADMIN"), to="U0LEAD", role=Role.LEAD)
    ids["all"] = [*ids["entry"], *ids["project"], *ids["user"], *ids["token"]]
    return Tenant(workspace.id, clients, ids)


async def _read_everything(app: Replica, tenant: Tenant) -> dict[str, Any]:
    """Read all rows of the workspace that hold tracked time."""
    async with app.database.transaction(tenant.id) as tx:
        return {
            table: [dict(row) for row in await _read_rows(tx.connection, table)]
            for table in ("time_entries", "projects", "people", "history")
        }


async def _read_rows(connection: Any, table: str) -> list[asyncpg.Record]:
    found: list[asyncpg.Record] = await connection.fetch(f"select * from {table} order by 1, 2")
    return found
