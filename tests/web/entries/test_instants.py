"""Instants in requests: an unescaped plus in a query, and clients whose clock is ahead."""

from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from tests.conftest import Clock
from tests.replica import WEBHOOK_SECRET, Replica, make_local_slack, run_replica
from tests.web.client import create_client
from tests.web.webhooks.test_receiver_limits import Sender
from tests.web.webhooks.test_webhooks import event

RANGE = "from=2026-11-01T00:00:00{0}01:00&to=2026-12-01T00:00:00{0}01:00"


async def test_a_bare_plus_in_a_query_is_read_as_a_plus(app: Replica) -> None:
    api = await create_client(app)
    for path in ("/api/time-entries?", "/api/reports/summary?"):
        answers = [await api.get(path + RANGE.format(plus)) for plus in ("+", "%2B", "%20", "-")]
        assert [one.status for one in answers] == [200] * 4, answers
    summary = await api.get("/api/reports/summary?" + RANGE.format("+"))
    assert (summary.body["from"], summary.body["to"]) == ("2026-10-31T23:00:00Z", "2026-11-30T23:00:00Z")
    with_a_space = "from=" + quote("2026-11-01 00:00:00") + "+01:00&to=2026-11-02"
    assert (await api.get("/api/time-entries?" + with_a_space)).status == 200
    for wrong in (
        "2026-11-01T00:00:00 0100",
        "2026-11-01T00:00:00  01:00",
        "2026-11-01 09:00",
        "2026-11-01T00:00:00 25:00",
    ):
        refused = await api.get(f"/api/time-entries?from={quote(wrong)}")
        assert refused.status == 422, wrong
        assert refused.body["errors"][0]["field"] == "from"


async def test_a_clock_five_seconds_ahead_is_taken_for_now_and_beyond_it_is_422(
    empty_database_url: str,
) -> None:
    clock = Clock(datetime(2026, 11, 18, 14, 40, tzinfo=UTC))
    local_slack = make_local_slack(lambda: clock.now.timestamp())  # noqa: PLW0108 - the clock moves
    await local_slack.start()
    async with run_replica(empty_database_url, local_slack, clock=clock) as app:
        api = await create_client(app)

        def ahead(seconds: float) -> str:
            return (clock.now + timedelta(seconds=seconds)).isoformat()

        now = clock.now.isoformat().replace("+00:00", "Z")
        for seconds in (0.001, 1, 5):
            started = await api.post("/api/timer/start", {"at": ahead(seconds)})
            assert (started.status, started.body["start_time"]) == (201, now)
            clock.now += timedelta(minutes=1)
            now = clock.now.isoformat().replace("+00:00", "Z")
            stopped = await api.post("/api/timer/stop", {"at": ahead(seconds)})
            assert (stopped.status, stopped.body["end_time"]) == (200, now)
        long_ago = (clock.now - timedelta(days=400)).isoformat()
        await api.post("/api/timer/start", {})
        for at in (ahead(5.001), ahead(3600), long_ago):
            for path in ("/api/timer/start", "/api/timer/stop"):
                refused = await api.post(path, {"at": at})
                assert (refused.status, refused.body["errors"][0]["field"]) == (422, "at"), (path, at)
        clock.now += timedelta(minutes=1)
        await api.post("/api/timer/stop", {})
        clock.now += timedelta(hours=1)
        begun, now = ahead(-60), clock.now.isoformat().replace("+00:00", "Z")
        recorded = await api.post("/api/time-entries", {"start_time": begun, "end_time": ahead(3)})
        assert (recorded.status, recorded.body["end_time"]) == (201, now)
        changed = await api.put(f"/api/time-entries/{recorded.id}", {"end_time": ahead(4)})
        assert (changed.status, changed.body["end_time"]) == (200, now)
        for path, method in (("/api/time-entries", api.post), (f"/api/time-entries/{recorded.id}", api.put)):
            refused = await method(path, {"start_time": begun, "end_time": ahead(6)})
            assert (refused.status, refused.body["errors"][0]["field"]) == (422, "end_time")
        running = await api.post("/api/time-entries", {"start_time": ahead(2)})
        assert (running.status, running.body["start_time"]) == (201, now)
        clock.now += timedelta(minutes=1)
        hook = Sender(app, clock, f"{app.service.address}/api/webhooks", WEBHOOK_SECRET)
        assert (await hook.send(event("timer.stop", user="U0ADA", at=ahead(5))))[0] == 202
        assert (await hook.send(event("timer.start", user="U0ADA", at=ahead(6)), "msg_2"))[0] == 422
    await local_slack.stop()
