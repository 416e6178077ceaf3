"""Projects, summaries and people over REST, and the OpenAPI document."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.replica import Replica
from tests.web.client import create_client, hours_ago, log_entry


async def test_a_project_is_made_changed_archived_and_deleted(app: Replica) -> None:
    api = await create_client(app)
    made = await api.post("/api/projects", {"title": "Web Site", "description": "The public one"})
    assert (made.status, made.body["slug"], made.body["archived"]) == (201, "web-site", False)
    assert (await api.post("/api/projects", {"title": "web site"})).status == 409
    url = f"/api/projects/{made.id}"
    renamed = await api.put(url, {"title": "Website"}, if_match='"1"')
    assert (renamed.body["slug"], renamed.body["description"]) == ("website", "The public one")
    assert (await api.put(url, {"title": "Late"}, if_match='"1"')).status == 412
    assert (await api.put(url, renamed.body)).body == renamed.body, "the same again changes nothing"
    entry = await log_entry(api, 2, 1, project_id=made.id)
    assert (await api.delete(url)).status == 409, "it has entries"
    archived = await api.put(url, {"archived": True})
    assert archived.body["archived"]
    assert [one["id"] for one in (await api.get("/api/projects")).body["items"]] == []
    assert [one["id"] for one in (await api.get("/api/projects?archived=true")).body["items"]] == [made.id]
    assert (await log_entry(api, 4, 3, project_id=made.id)).status == 404, "it takes no new ones"
    kept = await api.put(f"/api/time-entries/{entry.id}", {"description": "still here"})
    assert kept.body["project_id"] == made.id, "and keeps those it has"
    unused = await api.post("/api/projects", {"title": "By mistake"})
    assert (await api.delete(f"/api/projects/{unused.id}")).status == 204
    assert (await api.get(f"/api/projects/{unused.id}")).status == 404
    assert (await api.post("/api/projects", {"title": "By mistake"})).status == 201, "its name is free again"


async def test_projects_come_in_pages(app: Replica) -> None:
    api = await create_client(app)
    for letter in "dacb":
        await api.post("/api/projects", {"title": letter * 3})
    seen, query = [], "?limit=3"
    while query:
        page = await api.get(f"/api/projects{query}")
        seen += [one["title"] for one in page.body["items"]]
        query = f"?limit=3&cursor={page.body['next_cursor']}" if page.body["next_cursor"] else ""
    assert seen == ["aaa", "bbb", "ccc", "ddd"]


async def test_totals_add_up_by_day_project_and_person(app: Replica) -> None:
    ada, ben = await create_client(app), await create_client(app, "U0BEN")
    project = await ada.post("/api/projects", {"title": "API"})
    # The night on which Berlin's clocks go back: 25 hours from one midnight to the next.
    night = {
        "start_time": "2026-10-24T20:00:00Z",
        "end_time": "2026-10-26T00:00:00Z",
        "project_id": project.id,
    }
    noon = "2026-10-25T12:00:00Z"
    for half in (night | {"end_time": noon}, night | {"start_time": noon}):
        assert (await ada.post("/api/time-entries", half)).status == 201
        await ben.post("/api/time-entries", half | {"project_id": None})
    url = "/api/reports/summary?from=2026-10-24&to=2026-10-26"
    mine = (await ada.get(f"{url}&group_by=day,project&user_id={(await ada.get('/api/me')).id}")).body
    assert [(one["day"], one["duration_minutes"]) for one in mine["groups"]] == [
        ("2026-10-24", 2 * 60), ("2026-10-25", 25 * 60), ("2026-10-26", 60),
    ]  # fmt: skip
    assert {one["project"] for one in mine["groups"]} == {"API"}
    assert mine["duration_seconds"] == 28 * 3600
    own = (await ben.get(f"{url}&group_by=user")).body
    assert [(one["user"], one["duration_minutes"]) for one in own["groups"]] == [("Ben", 28 * 60)]
    await app.type_command("team lead @Ben Okafor")
    all_of_it = (await ben.get(f"{url}&group_by=project,user")).body
    assert {(one["project"], one["user"]) for one in all_of_it["groups"]} == {
        ("API", "Ada"), (None, "Ben"),
    }  # fmt: skip
    assert all_of_it["duration_seconds"] == 2 * 28 * 3600


async def test_what_runs_counts_and_tags_are_counted(app: Replica) -> None:
    api = await create_client(app)
    await log_entry(api, 5, 4, tags=["client", "night"])
    await log_entry(api, 4, 3, tags=["client"])
    await api.post("/api/timer/start", {"at": hours_ago(1)})
    today = datetime.now(UTC)
    report = await api.get(
        f"/api/reports/summary?from={hours_ago(6).replace('+', '%2B')}&to={today.year + 1}-01-01"
    )
    assert 3 * 3600 <= report.body["duration_seconds"] <= 3 * 3600 + 60
    tags = (await api.get("/api/tags")).body["items"]
    assert [(one["name"], one["entries"]) for one in tags] == [("client", 2), ("night", 1)]


@pytest.mark.parametrize(
    "query",
    ["", "from=2026-11-01", "from=2026-11-02&to=2026-11-01", "from=2020-01-01&to=2026-01-01",
     "from=2026-11-01&to=2026-11-02&group_by=week", "from=2026-11-01&to=2026-11-02&group_by=",
     "from=2026-13-01&to=2026-12-01", "from=0001-01-01&to=0001-01-02", "from=9999-12-31&to=9999-12-31",
     "from=2026-11-01&from=2026-11-02&to=2026-11-03"],
)  # fmt: skip
async def test_a_summary_of_nothing_sensible_is_422(app: Replica, query: str) -> None:
    assert (await (await create_client(app)).get(f"/api/reports/summary?{query}")).status == 422


async def test_members_see_themselves_and_leads_everybody(app: Replica) -> None:
    ada, ben = await create_client(app), await create_client(app, "U0BEN")
    assert [one["name"] for one in (await ben.get("/api/users")).body["items"]] == ["Ben"]
    assert [one["name"] for one in (await ada.get("/api/users")).body["items"]] == ["Ada", "Ben"]
    assert (await ben.get("/api/me")).body["role"] == "member"


async def test_the_document_and_the_page_tell_of_every_route(app: Replica) -> None:
    api = await create_client(app)
    api.token = None
    document: dict[str, Any] = (await api.get("/api/openapi.json")).body
    page = (await api.get("/api/docs")).body["text"]
    assert document["openapi"].startswith("3.1")
    for path, methods in document["paths"].items():
        assert path in page
        for method, said in methods.items():
            assert f'<section id="{said["operationId"]}">' in page
            some = re.sub(r"{\w+}", "7f1c0d3e-0000-4000-8000-000000000000", path)
            answer = await api.send(method.upper(), some)
            assert (answer.status == 401) == bool(said["security"]), path
    assert "http" not in page.replace("http-equiv", ""), "nothing is loaded from anywhere"


async def test_another_method_or_path_is_a_problem_too(app: Replica) -> None:
    api = await create_client(app)
    other = await api.send("PATCH", "/api/timer", {})
    assert (other.status, other.headers["Allow"]) == (405, "GET,HEAD")
    assert (await api.get("/api/nothing")).body["status"] == 404


async def test_the_document_has_the_webhook_addresses_and_the_schema_of_each_event(app: Replica) -> None:
    api = await create_client(app)
    document: dict[str, Any] = (await api.get("/api/openapi.json")).body
    schemas = document["components"]["schemas"]
    for path in ("/api/webhooks", "/api/webhooks/{endpoint}"):
        said = document["paths"][path]["post"]
        assert {"202", "400", "401", "413", "422", "503"} <= set(said["responses"])
        assert said["security"] == [{"webhookSignature": []}]
        events = said["requestBody"]["content"]["application/json"]["schema"]["discriminator"]["mapping"]
        assert set(events) == {
            "timer.start", "timer.stop", "time_entry.create", "time_entry.suggest", "message.post",
        }  # fmt: skip
        for kind, ref in events.items():
            event = schemas[ref.rpartition("/")[2]]
            assert event["properties"]["type"]["const"] == kind
            assert event["properties"]["timestamp"]["format"] == "date-time"
            data = schemas[event["properties"]["data"]["$ref"].rpartition("/")[2]]
            assert data["properties"], kind
    assert "410" in document["paths"]["/api/webhooks/{endpoint}"]["post"]["responses"]
    assert "webhookSignature" in document["components"]["securitySchemes"]
    page = (await api.get("/api/docs")).body["text"]
    assert "TimeEntrySuggestEvent" in page


async def test_dates_are_those_of_the_person_whose_time_it_is_and_lines_add_up(app: Replica) -> None:
    ada, chika = await create_client(app), await create_client(app, "U0CHIKA")
    her_id = (await chika.get("/api/me")).id
    # Monday morning in Tokyo, Sunday night in Berlin.
    for title, start, end in (
        ("API", "00:00", "20:40"),
        ("Docs", "21:00", "41:40"),
        ("Web", "00:00", "20:40"),
    ):
        hour = 21 if title == "Web" else 22
        body = {"start_time": f"2025-11-16T{hour}:{start}Z", "end_time": f"2025-11-16T{hour}:{end}Z"}
        project = await ada.post("/api/projects", {"title": title})
        assert (await chika.post("/api/time-entries", body | {"project_id": project.id})).status == 201
    answers = []
    for reader in (ada, chika):
        for dates in ("from=2025-11-17&to=2025-11-17", "from=2025-11-16&to=2025-11-16"):
            url = f"/api/reports/summary?{dates}&user_id={her_id}&group_by=day,project"
            told = (await reader.get(url)).body
            assert sum(one["duration_minutes"] for one in told["groups"]) == told["duration_minutes"]
            assert sum(one["duration_seconds"] for one in told["groups"]) == told["duration_seconds"]
            listed = (await reader.get(f"/api/time-entries?{dates}&user_id={her_id}")).body["items"]
            answers.append((told["duration_minutes"], {one["day"] for one in told["groups"]}, len(listed)))
    assert answers == [(62, {"2025-11-17"}, 3), (0, set(), 0)] * 2
