"""Time entries over REST: the same operations as in Slack, which can be repeated safely."""

import asyncio
from itertools import pairwise

import pytest

from tests.replica import Replica
from tests.web.client import create_client, hours_ago, log_entry

ENTRIES = "/api/time-entries"


async def test_an_entry_is_made_read_changed_and_deleted(app: Replica) -> None:
    api = await create_client(app)
    project = await api.post("/api/projects", {"title": "API"})
    made = await log_entry(api, 3, 2, project_id=project.id, description="review", tags=["client"])
    assert made.status == 201
    assert made.headers["Location"] == f"{ENTRIES}/{made.id}"
    assert made.headers["ETag"] == '"1"'
    read = await api.get(made.headers["Location"])
    assert read.body == made.body
    assert (read.body["duration_minutes"], read.body["source"], read.body["tags"]) == (60, "rest", ["client"])
    changed = await api.put(f"{ENTRIES}/{made.id}", {"description": "review, twice"}, if_match='"1"')
    assert (changed.status, changed.body["version"]) == (200, 2)
    assert changed.body["project_id"] == project.id, "what is not named stays as it is"
    assert (await api.get(f"{ENTRIES}/{made.id}", if_none_match='"2"')).status == 304
    assert (await api.delete(f"{ENTRIES}/{made.id}", if_match='"1"')).status == 412
    assert (await api.delete(f"{ENTRIES}/{made.id}")).status == 204
    assert (await api.get(f"{ENTRIES}/{made.id}")).status == 404
    assert (await api.delete(f"{ENTRIES}/{made.id}")).status == 404
    assert "review, twice" in (await app.type_command("undo")).text, "and Slack brings it back"


async def test_everything_that_was_done_to_an_entry_is_on_record(app: Replica) -> None:
    api, ben = await create_client(app), await create_client(app, "U0BEN")
    made = await log_entry(api, 3, 2, description="first")
    await api.put(f"{ENTRIES}/{made.id}", {"description": "second"})
    await app.type_command("undo")
    await api.delete(f"{ENTRIES}/{made.id}")
    changes = (await api.get(f"{ENTRIES}/{made.id}/history")).body["items"]
    assert [(one["change"], one["source"]) for one in changes] == [
        ("recorded", "rest"), ("edited", "rest"), ("undone", "slack"), ("deleted", "rest"),
    ]  # fmt: skip
    assert [one["after"]["description"] for one in changes] == ["first", "second", "first", "first"]
    assert all(later["before"] == before["after"] for before, later in pairwise(changes))
    assert {one["user_id"] for one in changes} == {made.body["user_id"]}
    assert (await ben.get(f"{ENTRIES}/{made.id}/history")).status == 404


async def test_what_was_read_can_be_put_as_it_is(app: Replica) -> None:
    api = await create_client(app)
    made = await log_entry(api, 3, 2, description="as it is")
    again = await api.put(f"{ENTRIES}/{made.id}", made.body)
    assert (again.status, again.body) == (200, made.body)


async def test_of_many_changes_of_one_version_exactly_one_is_made(app: Replica) -> None:
    api = await create_client(app)
    made = await log_entry(api, 3, 2)
    answers = await asyncio.gather(
        *(api.put(f"{ENTRIES}/{made.id}", {"description": f"{n}"}, if_match='"1"') for n in range(12))
    )
    assert sorted(answer.status for answer in answers) == [200] + [412] * 11
    (won,) = [answer for answer in answers if answer.status == 200]
    assert (await api.get(f"{ENTRIES}/{made.id}")).body == won.body


async def test_taken_time_is_409_with_the_ways_and_a_way_does_what_it_said(app: Replica) -> None:
    api = await create_client(app)
    taken = await log_entry(api, 5, 1, description="long")
    wanted = {"start_time": hours_ago(3), "end_time": hours_ago(2), "description": "between"}
    refused = await api.post(ENTRIES, wanted)
    assert refused.status == 409
    assert refused.headers["Content-Type"].startswith("application/problem+json")
    assert [one["id"] for one in refused.body["conflicts"]] == [taken.id]
    ways = {one["way"]: one["leaves"][taken.id] for one in refused.body["ways"]}
    assert [len(ways[way]) for way in ("trim", "split", "replace")] == [1, 2, 0]
    stale = await api.post(ENTRIES, wanted | {"make_room": {"way": "split", "seen": "of another time"}})
    assert stale.status == 409
    room = {"way": "split", "seen": refused.body["seen"]}
    done = await api.post(ENTRIES, wanted | {"make_room": room})
    assert done.status == 201
    page = await api.get(ENTRIES)
    left = [one for one in page.body["items"] if one["description"] == "long"]
    assert sorted((one["start_time"], one["end_time"]) for one in left) == sorted(
        (one["start_time"], one["end_time"]) for one in ways["split"]
    )


async def test_an_entry_that_still_runs_does_not_end_the_timer_unasked(app: Replica) -> None:
    api = await create_client(app)
    first = await api.post("/api/timer/start", {"description": "first", "at": hours_ago(2)})
    assert first.status == 201
    assert first.headers["Location"] == f"{ENTRIES}/{first.id}"
    second = {"start_time": hours_ago(1), "description": "second"}
    refused = await api.post(ENTRIES, second)
    assert refused.status == 409
    done = await api.post(ENTRIES, second | {"make_room": {"way": "trim", "seen": refused.body["seen"]}})
    assert (done.status, done.body["end_time"]) == (201, None)
    assert (await api.get(f"{ENTRIES}/{first.id}")).body["end_time"] == done.body["start_time"]


async def test_the_timer_starts_switches_and_stops(app: Replica) -> None:
    api = await create_client(app)
    assert (await api.get("/api/timer")).body == {"running": None}
    assert (await api.post("/api/timer/stop")).status == 409
    await app.type_command("start docs")
    started = await api.post("/api/timer/start", {"project": "Nobody knows it"})
    assert started.status == 404, "a named project must be there"
    started = await api.post("/api/timer/start", {"description": "review"})
    assert (await api.get("/api/timer")).body["running"]["id"] == started.id
    (ended,) = [one for one in (await api.get(ENTRIES)).body["items"] if one["end_time"]]
    assert ended["end_time"] == started.body["start_time"]
    stopped = await api.post("/api/timer/stop", {})
    assert (stopped.status, stopped.id) == (200, started.id)
    assert stopped.body["end_time"] is not None


async def test_a_key_acts_once_and_answers_the_same(app: Replica) -> None:
    api = await create_client(app)
    body = {"start_time": hours_ago(3), "end_time": hours_ago(2)}
    answers = await asyncio.gather(*(api.post(ENTRIES, body, idempotency_key="k-1") for _ in range(8)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.id for answer in answers}) == 1
    other = await api.post(ENTRIES, body | {"description": "else"}, idempotency_key="k-1")
    assert other.status == 422
    elsewhere = await api.post("/api/timer/start", {}, idempotency_key="k-1")
    assert elsewhere.status == 422
    assert len((await api.get(ENTRIES)).body["items"]) == 1
    assert (await api.post(ENTRIES, body, idempotency_key="é")).status == 422


async def test_many_are_recorded_each_for_itself_and_once(app: Replica) -> None:
    api = await create_client(app)
    items = [
        {"start_time": hours_ago(5), "end_time": hours_ago(4), "description": "good"},
        {"start_time": hours_ago(4.5), "end_time": hours_ago(3.5), "description": "in the way"},
        {"start_time": hours_ago(2), "end_time": hours_ago(3), "description": "backwards"},
        {"start_time": hours_ago(2), "end_time": hours_ago(1), "description": "good too"},
    ]
    first = await api.post(f"{ENTRIES}/bulk", {"items": items}, idempotency_key="many")
    again = await api.post(f"{ENTRIES}/bulk", {"items": items}, idempotency_key="many")
    assert [one["status"] for one in first.body["items"]] == [201, 409, 422, 201]
    assert first.body["items"][2]["problem"]["errors"][0]["field"] == "end_time"
    assert again.body["items"][0] == first.body["items"][0]
    assert len((await api.get(ENTRIES)).body["items"]) == 2
    assert (await api.post(f"{ENTRIES}/bulk", {"items": items * 30})).status == 422


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"start_time": "2026-11-24T09:00:00"}, "start_time"),
        ({"start_time": 1711111111}, "start_time"),
        ({"start_time": "1711111111"}, "start_time"),
        ({"start_time": "0001-01-01T00:00:00+14:00"}, "start_time"),
        ({"start_time": "1969-12-31T00:00:00Z", "end_time": "2026-11-24T09:00:00Z"}, "start_time"),
        ({"start_time": "2999-01-01T00:00:00Z"}, "start_time"),
        ({"start_time": "2026-11-24T09:00:00Z", "end_time": "2026-11-24T09:00:00Z"}, "end_time"),
        ({"start_time": "2026-11-24T09:00:00Z", "end_time": "2999-11-24T09:00:00Z"}, "end_time"),
        ({"start_time": "2026-11-24T09:00:00Z", "description": "x" * 501}, "description"),
        ({"start_time": "2026-11-24T09:00:00Z", "description": "\0"}, "description"),
        ({"start_time": "2026-11-24T09:00:00Z", "tags": [""]}, "tags.0"),
        ({"start_time": "2026-11-24T09:00:00Z", "tags": ["a"] * 11}, "tags"),
        ({"start_time": "2026-11-24T09:00:00Z", "project_id": "7"}, "project_id"),
        ({"start_time": "2026-11-24T09:00:00Z", "duration": 5}, "duration"),
        ({}, "start_time"),
    ],
)
async def test_what_can_not_be_is_422_at_its_field(app: Replica, body: dict[str, object], field: str) -> None:
    api = await create_client(app)
    refused = await api.post(ENTRIES, body)
    assert (refused.status, [one["field"] for one in refused.body["errors"]]) == (422, [field])
    assert (await api.get(ENTRIES)).body["items"] == []


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", 415),
        (b"{", 415),
    ],
)
async def test_a_body_of_another_kind_is_415(app: Replica, sent: bytes, status: int) -> None:
    api = await create_client(app)
    assert (await api.post(ENTRIES, sent, content_type="text/plain")).status == status


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"NaN", 400),
        (b'{"start_time": NaN}', 400),
        (b'{"start_time": ' + b"9" * 40 + b"}", 400),
        (b"[" * 2_000 + b"]" * 2_000, 400),
        (b'{"description": "\\ud800", "start_time": "2026-11-24T09:00:00Z"}', 422),
        (b" " * (1024 * 1024 + 1), 413),
    ],
)
async def test_what_is_no_json_object_is_a_clear_4xx(app: Replica, sent: bytes, status: int) -> None:
    api = await create_client(app)
    answer = await api.post(ENTRIES, sent, content_type="application/json")
    assert answer.status == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")


async def test_a_colleagues_time_is_private_but_for_leads_and_nobody_elses_to_change(app: Replica) -> None:
    ada, ben = await create_client(app), await create_client(app, "U0BEN")
    made = await log_entry(ada, 3, 2, description="mine")
    ada_id = made.body["user_id"]
    assert (await ben.get(f"{ENTRIES}/{made.id}")).status == 404
    assert (await ben.get(f"{ENTRIES}?user_id={ada_id}")).body["items"] == []
    for method, body in (("PUT", {"description": "theirs"}), ("DELETE", None)):
        unknown = await ben.send(method, f"{ENTRIES}/7f1c0d3e-0000-4000-8000-000000000000", body)
        foreign = await ben.send(method, f"{ENTRIES}/{made.id}", body)
        assert (foreign.status, foreign.body) == (unknown.status, unknown.body) == (404, foreign.body)
    await app.type_command("team lead @Ben Okafor")
    assert (await ben.get(f"{ENTRIES}/{made.id}")).body["description"] == "mine"
    assert [one["id"] for one in (await ben.get(f"{ENTRIES}?user_id={ada_id}")).body["items"]] == [made.id]
    assert (await ben.put(f"{ENTRIES}/{made.id}", {"description": "theirs"})).status == 403
    assert (await ben.delete(f"{ENTRIES}/{made.id}")).status == 403
