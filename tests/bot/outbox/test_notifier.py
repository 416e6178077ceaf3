"""Speaking unasked: one intended message is one message."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from domain.outbox.messages import TextContent
from local_slack.requests.encoding import encode_interaction
from local_slack.server import LocalSlack
from local_slack.workspace import Message
from services.outbox.delivery import OutgoingMessage, RateLimit, Rejection, Retry, SendOutcome, SentMessage
from tests.cast import PATIENCE_SECONDS
from tests.conftest import Clock
from tests.replica import Replica, run_replica


async def queue_digest(app: Replica, user: str = "U0ADA") -> str:
    """A digest of today waits for that person; the channel it will be in."""
    await app.type_command("start api fix login", user)
    await app.type_command("digest now", user)
    return app.local_slack.workspace.dm(user)


async def make_due(app: Replica, at: datetime | None = None) -> None:
    """Lets what was put off be due now, as if the time had passed; `at` is now for a clock that stands."""
    async with app.database.transaction(app.service.workspace.id) as tx:
        await tx.connection.execute(
            "update messages set due_at = coalesce($1, now()), lease = null where status = 'waiting'", at
        )


async def test_a_reply_that_is_lost_after_slack_accepted_doubles_nothing(app: Replica) -> None:
    channel = await queue_digest(app)
    app.local_slack.faults.lost_reply = 1.0
    await app.service.services.outbox.send_due()
    app.local_slack.faults.lost_reply = 0.0
    await make_due(app)
    await app.service.services.outbox.send_due()
    assert len(app.local_slack.workspace.messages(channel)) == 1
    assert "conversations.history" in [call.method for call in app.local_slack.calls]
    assert not await app.service.services.outbox.send_due()


@pytest.mark.parametrize("accepted", [0.0, 1.0])
async def test_a_500_is_looked_up_before_it_is_repeated(app: Replica, accepted: float) -> None:
    channel = await queue_digest(app)
    app.local_slack.faults.server_error = 1.0
    app.local_slack.faults.server_error_accepted = accepted
    await app.service.services.outbox.send_due()
    app.local_slack.faults.server_error = 0.0
    await make_due(app)
    await app.service.services.outbox.send_due()
    assert len(app.local_slack.workspace.messages(channel)) == 1


async def test_a_closed_window_is_left_alone_until_it_opens(timed: Replica, clock: Clock) -> None:
    app = timed
    await queue_digest(app)
    app.local_slack.faults.rate_limited = 1.0
    await app.service.services.outbox.send_due()
    posts = [call for call in app.local_slack.calls if call.method == "chat.postMessage"]
    await make_due(app, clock.now)
    assert await app.service.services.outbox.send_due() == 0
    assert (
        len([call for call in app.local_slack.calls if call.method == "chat.postMessage"]) == len(posts) == 1
    )
    app.local_slack.faults.rate_limited = 0.0
    clock.now += timedelta(seconds=1, milliseconds=50)
    assert await app.service.services.outbox.send_due() == 1


async def test_a_workspace_that_refuses_charts_gets_the_same_in_text(app: Replica) -> None:
    channel = await queue_digest(app)
    app.local_slack.faults.unknown_blocks = {"data_visualization", "table"}
    await app.service.services.outbox.send_due()
    await make_due(app)
    await app.service.services.outbox.send_due()
    (digest,) = app.local_slack.workspace.messages(channel)
    assert {block["type"] for block in digest.blocks} <= {"header", "section", "context", "actions"}
    assert "api fix login" in str(digest.blocks)


async def test_messages_that_are_on_their_way_when_charts_are_refused_get_there_in_text(
    timed: Replica, clock: Clock
) -> None:
    for user in ("U0ADA", "U0BEN", "U0CHIKA"):
        await timed.type_command("log 1h docs", user)
        await timed.type_command("digest now", user)
    timed.local_slack.faults.unknown_blocks = {"data_visualization", "table"}
    timed.local_slack.faults.latency = 0.1  # all of them are with Slack before the first is refused
    await timed.service.services.outbox.send_due()
    clock.now += timedelta(seconds=2)
    await timed.service.services.outbox.send_due()
    assert [len(timed.list_direct_messages(user)) for user in ("U0ADA", "U0BEN", "U0CHIKA")] == [1, 1, 1]


async def test_the_digest_is_rewritten_where_it_stands_when_its_button_is_pressed(app: Replica) -> None:
    channel = await queue_digest(app)
    await app.service.services.outbox.send_due()
    (digest,) = app.local_slack.workspace.messages(channel)
    stopped = await app.press_button(digest, "Stop")
    assert "still running" not in str(stopped.blocks)
    resumed = await app.press_button(stopped, "Resume")
    assert "still running" in str(resumed.blocks)


async def test_a_slow_response_address_does_not_make_the_press_late(
    empty_database_url: str, local_slack: LocalSlack
) -> None:
    async with run_replica(empty_database_url, local_slack, least_wait=0.0) as app:
        await _stop_while_slack_is_slow(app, local_slack)


async def _stop_while_slack_is_slow(app: Replica, local_slack: LocalSlack) -> None:
    started = await app.type_command("start api")
    local_slack.response_urls_open.clear()
    press = encode_interaction(local_slack.press_payload("U0ADA", started, "Stop"))
    assert (await local_slack.deliver(press)).status == 200
    assert local_slack.current(started) == started, "the answer did not wait for the card"
    local_slack.response_urls_open.set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (current := local_slack.current(started)) == started:  # noqa: ASYNC110 - it is rewritten meanwhile
            await asyncio.sleep(0.05)
    assert current is not None
    assert current.text.startswith("Stopped: api")


def make_message(app: Replica, channel: str) -> OutgoingMessage:
    workspace = app.service.workspace.id
    return OutgoingMessage(
        workspace_id=workspace, id=workspace, channel=channel, subject=TextContent(text="hello")
    )


async def test_permanent_refusals_end_it_and_a_lease_that_ended_sends_nothing(app: Replica) -> None:
    notifier = app.service.services.outbox.notifier
    gone = await notifier.send(make_message(app, "C0NONE"), still_ours=lambda: True)
    assert gone == Rejection(why="channel_not_found")
    late = await notifier.send(make_message(app, "C0GENERAL"), still_ours=lambda: False)
    assert isinstance(late, Retry)
    assert app.local_slack.workspace.messages("C0GENERAL") == []
    sent: SendOutcome = await notifier.send(make_message(app, "C0GENERAL"), still_ours=lambda: True)
    assert isinstance(sent, SentMessage)
    found = await notifier.find(make_message(app, "C0GENERAL"), since=datetime.now(UTC))
    assert found == SentMessage(channel=sent.channel, ts=sent.ts)
    app.local_slack.faults.methods = {"conversations.history"}
    app.local_slack.faults.rate_limited = 1.0
    unknown = await notifier.find(make_message(app, "C0GENERAL"), since=datetime.now(UTC))
    assert unknown == RateLimit(delay=timedelta(seconds=1), method="conversations.history")
    app.local_slack.faults.server_error, app.local_slack.faults.rate_limited = 1.0, 0.0
    unknown = await notifier.find(make_message(app, "C0GENERAL"), since=datetime.now(UTC))
    assert isinstance(unknown, Retry)
    assert not unknown.clearly


@pytest.mark.parametrize("newer", [0, 60])
@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(), timedelta(hours=1), timedelta(days=1)])
async def test_what_was_sent_is_found_whatever_time_the_database_thinks_it_is(
    app: Replica, ahead: timedelta, newer: int
) -> None:
    notifier, tried = app.service.services.outbox.notifier, datetime.now(UTC)
    sent = await notifier.send(make_message(app, "D0ADA"), still_ours=lambda: True)
    assert isinstance(sent, SentMessage)
    for number in range(newer):
        app.local_slack.workspace.post(Message("D0ADA", "", "U0ADA", f"n{number}"))
    found = await notifier.find(make_message(app, "D0ADA"), since=tried + ahead)
    # A clock that is ahead hides it only behind more than a screen of newer messages.
    lost = newer and ahead > timedelta()
    assert found == (None if lost else SentMessage(channel=sent.channel, ts=sent.ts))
