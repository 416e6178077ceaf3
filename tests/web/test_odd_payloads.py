"""Signed payloads that are not served, or that differ from genuine ones: they have no effect and never fail."""

import copy
import logging
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest

from local_slack.requests.encoding import Outgoing, encode_event, encode_form, encode_interaction
from local_slack.requests.places import Place
from local_slack.workspace import TEAM_ID, Message
from tests.replica import Replica

Json = dict[str, Any]
_DROPPED = object()
WRONG: tuple[object, ...] = (None, 7, "x", [], {}, True, [7], {"id": 7}, [[]], -1.5, "", [{}], "\x00")
USER = {"id": "U0ADA", "name": "ada", "team_id": TEAM_ID}
OLDER = {"user": USER, "channel": {"id": "C0GENERAL", "name": "general"}, "action_ts": "1.1", "token": "x"}
# Slack, "Interactive dialogs", "Outmoded secondary attachments", "Workflow steps from apps (retired)" (2024).
NOT_SERVED: tuple[Json, ...] = (
    {"type": "dialog_submission", "callback_id": "start_timer", "submission": {"a": "b"}, "state": "x", **OLDER},
    {"type": "dialog_submission", **OLDER},
    {"type": "dialog_cancellation", "callback_id": "start_timer", "state": "x", **OLDER},
    {"type": "dialog_suggestion", "callback_id": "x", "name": "project", "value": "web", **OLDER},
    {"type": "interactive_message", "callback_id": "x", "actions": [{"name": "a", "value": "b"}], **OLDER},
    {"type": "interactive_message", "callback_id": "x", "name": "a", "value": "web", **OLDER},
    {"type": "workflow_step_edit", "callback_id": "x", "trigger_id": "1.1", "workflow_step": {}, **OLDER},
    {"type": "workflow_step_edit", **OLDER},
    {"type": "message_action_of_tomorrow", **OLDER},
    {"type": "view_closed", "view": {"callback_id": "start"}, **OLDER},
    {"type": "view_closed", **OLDER},
    {"type": "function_executed", **OLDER},
    {"type": ""},
    {"type": None, "actions": []},
    {"type": ["block_actions"], "actions": [{}]},
    {"callback_id": "start_timer", **OLDER},
    {},
)  # fmt: skip
EVENTS_NOT_SERVED: tuple[Json, ...] = (
    {"type": "function_executed", "function_execution_id": "Fx1", "inputs": {}},
    {"type": "workflow_step_execute", "workflow_step": {"workflow_step_execute_id": "1"}},
    {"type": "assistant_thread_started", "assistant_thread": {}},
    {"type": "reaction_added", "user": "U0ADA"},
    {"type": "message_of_tomorrow"},
)


async def test_kinds_that_are_not_served_are_200_and_reach_no_handler(
    app: Replica, empty_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    team = {"team": {"id": TEAM_ID}}
    await app.type_command("start something")
    before = await record(empty_database_url)
    with caplog.at_level(logging.ERROR):
        for payload in NOT_SERVED:
            for whole in (payload, payload | team):
                answer = await app.local_slack.deliver(encode_interaction(whole))
                assert (answer.status, answer.body) == (200, b""), whole
                answer = await app.local_slack.deliver(encode_event(whole))
                assert (answer.status, answer.body) == (200, b""), whole
        for inner in EVENTS_NOT_SERVED:
            answer = await app.local_slack.deliver(
                encode_event({"type": "event_callback", "event": inner} | team)
            )
            assert (answer.status, answer.body) == (200, b""), inner
        body = urlencode({"type": "dialog_submission", "submission": "x", "user": "U0ADA"}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | app.local_slack.sign(body)
        assert (await app.local_slack.post(body, headers)).status == 200
    assert await record(empty_database_url) == before
    assert not caplog.records


async def record(url: str) -> list[int]:
    """Count operations, people and messages."""
    owner = await asyncpg.connect(url.replace("tracker@", "postgres@"))
    counts = [
        await owner.fetchval(f"select count(*) from {table}") for table in ("acts", "people", "messages")
    ]
    await owner.close()
    return counts


async def genuine(app: Replica) -> list[Outgoing]:
    """Return one payload of each kind that is served, as the local Slack makes it."""
    local_slack = app.local_slack
    await local_slack.screens.open_home("U0ADA")
    card = await app.type_command("start writing")
    await local_slack.press("U0ADA", card, "Stop")
    await app.type_command("log")
    await local_slack.screens.options("U0ADA", Place(view=app.find_form()), "project", "web")
    await local_slack.screens.submit(app.find_form(), {"stretch": "1h"})
    await local_slack.screens.shortcut("U0ADA", "start_timer")
    said = local_slack.workspace.post(Message("C0GENERAL", "", "U0BEN", "Who fixes this?"))
    await local_slack.screens.message_shortcut("U0ADA", said, "track_message")
    await local_slack.screens.drop("U0ADA", "times.csv", b"a,b\n1,2\n")
    await local_slack.event(
        {"type": "user_change", "user": {"id": "U0ADA", "tz": "Asia/Tokyo", "profile": {}}}
    )
    found: dict[str, Json] = {}
    for delivery in local_slack.deliveries:
        event = delivery.payload.get("event", {}).get("type", "")
        found.setdefault(f"{delivery.kind} {event}", delivery.payload)
    makers = {"commands": encode_form, "event_callback": encode_event}
    return [makers.get(kind.split()[0], encode_interaction)(payload) for kind, payload in found.items()]


def bent(payload: Json, wrong: Iterator[object], *, deepest: int, wrongs: int) -> Iterator[Json]:
    """Yield the payload without a key, or with wrong values for it, at every level down to `deepest`."""
    for number, path in enumerate(path for path in paths(payload) if len(path) <= deepest):
        values = [_DROPPED, *islice(wrong, wrongs)]
        # Where one way has to do, the ways take turns.
        for value in values if wrongs > 1 else values[number % 2 :][:1]:
            whole = copy.deepcopy(payload)
            inside: Any = whole
            for step in path[:-1]:
                inside = inside[step]
            if value is not _DROPPED:
                inside[path[-1]] = value
            else:
                del inside[path[-1]]
            yield whole


def paths(value: object) -> Iterator[tuple[Any, ...]]:
    steps: list[tuple[Any, object]] = []
    if isinstance(value, dict):
        steps = list(value.items())
    elif isinstance(value, list):
        steps = list(enumerate(value))[:2]
    for step, inside in steps:
        yield (step,)
        for deeper in paths(inside):
            yield (step, *deeper)


async def bend(app: Replica, caplog: pytest.LogCaptureFixture, *, deepest: int, wrongs: int) -> int:
    wrong, sent = cycle(WRONG), 0
    makers = {"slash_commands": encode_form, "events_api": encode_event}
    with caplog.at_level(logging.ERROR):
        for outgoing in await genuine(app):
            make = makers.get(outgoing.envelope, encode_interaction)
            for payload in bent(outgoing.payload, wrong, deepest=deepest, wrongs=wrongs):
                answer = await app.local_slack.deliver(make(payload))
                sent += 1
                assert answer.status in (200, 400), (outgoing.envelope, payload, answer)
                assert not caplog.records, (caplog.records[0].exc_info, payload)
    return sent


async def test_genuine_payloads_that_were_bent_never_fail(
    app: Replica, caplog: pytest.LogCaptureFixture
) -> None:
    assert await bend(app, caplog, deepest=2, wrongs=1) > 150


@pytest.mark.exhaustive
async def test_genuine_payloads_bent_in_every_way_never_fail(
    app: Replica, caplog: pytest.LogCaptureFixture
) -> None:
    assert await bend(app, caplog, deepest=20, wrongs=len(WRONG)) > 3_000
