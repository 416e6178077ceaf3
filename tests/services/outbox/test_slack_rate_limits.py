"""Who may be called how often: fairly among workspaces, never in a window that Slack closed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from domain.identity.people import Profile, zone_or_utc
from domain.outbox.live_messages import LiveMessageKind
from domain.outbox.messages import TextContent
from domain.outbox.slack_methods import POST_MESSAGE, PUBLISH, UPDATE
from services.outbox.delivery import OutgoingMessage, RateLimit, Rejection, Retry, SendOutcome
from services.outbox.slack_rate_limits import PACES
from storage.outbox import live_messages, messages
from tests.cast import ADA, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock

SECOND = timedelta(seconds=1)


@dataclass
class Strict(RecordingNotifier):
    """Closes a workspace's window for 30 seconds after so many calls in a minute, and writes down who calls in it."""

    clock: Callable[[], datetime] = field(kw_only=True)
    a_minute: int = 100
    calls: dict[UUID, list[datetime]] = field(default_factory=dict)
    opens: dict[UUID, datetime] = field(default_factory=dict)
    in_a_closed_window: int = 0
    closed: int = 0

    async def send(self, outgoing: OutgoingMessage, *, still_ours: Callable[[], bool]) -> SendOutcome:
        now, workspace = self.clock(), outgoing.workspace_id
        self.in_a_closed_window += now < self.opens.get(workspace, now)
        lately = [one for one in self.calls.get(workspace, []) if one > now - 60 * SECOND]
        if len(lately) >= self.a_minute:
            self.calls[workspace], self.opens[workspace] = [], now + 30 * SECOND
            self.closed += 1
            return RateLimit(delay=30 * SECOND)
        self.calls[workspace] = [*lately, now]
        return await super().send(outgoing, still_ours=still_ours)


async def create_workspaces(cast: Cast, count: int) -> list[UUID]:
    made = []
    for number in range(count):
        one = await cast.services.people.remember_workspace(
            enterprise_id="", team_id=f"T{number}", name="Some"
        )
        await cast.services.slack_rate_limits.open(one.id, {POST_MESSAGE: 300})
        made.append(one.id)
    return made


async def queue_messages(
    cast: Cast, workspace: UUID, count: int, *, channel: str = "", asked: bool = False
) -> None:
    async with cast.database.transaction(workspace) as tx:
        for number in range(count):
            await messages.queue(
                tx,
                workspace,
                key=f"{channel}{number}{asked}",
                channel=channel or f"C{number}",
                content=TextContent(text="hello"),
                person_id=None,
                asked=asked,
            )


async def pass_seconds(cast: Cast, clock: Clock, count: int) -> None:
    """What two replicas do while so many seconds pass; both know only what the database tells them."""
    other = patient_services(cast.database, cast.notifier)
    for _ in range(count):
        clock.now += SECOND
        for services in (cast.services, other):
            while await services.outbox.send_due():
                pass


@pytest.fixture
def strict(cast: Cast, clock: Clock) -> Strict:
    cast.notifier = strict = Strict(clock=clock)
    cast.services = patient_services(cast.database, strict)
    return strict


@pytest.mark.parametrize(
    ("waiting", "neighbors", "passing"),
    [(130, 3, 50), pytest.param(5_000, 50, 150, marks=pytest.mark.exhaustive)],
)
async def test_a_long_queue_at_its_limit_holds_up_nobody_and_no_closed_window_is_called(
    cast: Cast, clock: Clock, strict: Strict, waiting: int, neighbors: int, passing: int
) -> None:
    large, *small = await create_workspaces(cast, 1 + neighbors)
    await queue_messages(cast, large, waiting)
    for one in small:
        await queue_messages(cast, one, 3)
    await pass_seconds(cast, clock, 5)
    delivered = [one.workspace_id for one in strict.accepted]
    assert [delivered.count(one) for one in small] == [3] * neighbors
    await pass_seconds(cast, clock, passing)
    assert delivered.count(large) < len(strict.accepted) - 3 * neighbors >= min(waiting, 250)
    assert (strict.closed > 0, strict.in_a_closed_window) == (True, 0)


async def test_a_channel_is_sent_one_message_a_second(cast: Cast, clock: Clock, strict: Strict) -> None:
    (one,) = await create_workspaces(cast, 1)
    await queue_messages(cast, one, 4, channel="C0BUSY")
    await queue_messages(cast, one, 2)
    await cast.services.outbox.send_due()
    assert sorted(outgoing.channel for outgoing in strict.accepted) == ["C0", "C0BUSY", "C1"]
    await pass_seconds(cast, clock, 3)
    sent = [
        at
        for at, outgoing in zip(strict.calls[one], strict.accepted, strict=True)
        if outgoing.channel == "C0BUSY"
    ]
    assert [later - earlier for earlier, later in pairwise(sent)] == [SECOND] * 3


async def test_what_somebody_asked_for_goes_first(cast: Cast, strict: Strict) -> None:
    (one,) = await create_workspaces(cast, 1)
    await queue_messages(cast, one, 40)
    await queue_messages(cast, one, 1, channel="C0ASKED", asked=True)
    await queue_messages(cast, one, 1, channel="C7", asked=True)
    await cast.services.outbox.send_due()
    assert {outgoing.channel for outgoing in strict.accepted} >= {"C0ASKED", "C7"}


async def test_where_slack_lets_us_in_no_more_nothing_is_tried_until_it_does(
    cast: Cast, clock: Clock
) -> None:
    await queue_messages(cast, cast.workspace.id, 5)
    neighbor = await cast.create_other_workspace()
    cast.notifier.next_outcomes = [Rejection(why="token_revoked", everything=True)]
    clock.now += SECOND
    await cast.services.outbox.send_due()
    before = len(cast.notifier.accepted)
    await queue_messages(neighbor, neighbor.workspace.id, 1)
    await pass_seconds(cast, clock, 60)
    assert len(cast.notifier.accepted) == before + 1
    assert (await cast.services.maintenance.readiness()).stopped == ("token_revoked",)
    await cast.services.slack_rate_limits.open(cast.workspace.id, {POST_MESSAGE: 300})
    await pass_seconds(cast, clock, 3)
    assert len(cast.notifier.accepted) == 6
    assert (await cast.services.maintenance.readiness()).stopped == ()


async def test_what_came_too_late_for_its_news_is_not_sent_when_slack_lets_us_in_again(
    cast: Cast, clock: Clock
) -> None:
    await queue_messages(cast, cast.workspace.id, 2)
    await queue_messages(cast, cast.workspace.id, 1, channel="C0ASKED", asked=True)
    async with cast.database.transaction(cast.workspace.id) as tx:
        long_ago, digest = clock.now - timedelta(hours=19), '{"kind": "digest"}'
        await tx.connection.execute("update messages set created_at = $1", long_ago)
        await tx.connection.execute("update messages set content = content || $1 where not asked", digest)
    await cast.services.slack_rate_limits.open(cast.workspace.id, {})
    await pass_seconds(cast, clock, 1)
    assert [outgoing.channel for outgoing in cast.notifier.accepted] == ["C0ASKED"]


async def test_who_can_not_be_reached_is_sent_nothing_until_something_arrives(
    cast: Cast, clock: Clock
) -> None:
    who, workspace = ADA.slack_user_id, cast.workspace.id
    cast.notifier.next_outcomes = [Rejection(why="user_disabled")]
    await queue_messages(cast, workspace, 1, channel=who)
    await pass_seconds(cast, clock, 1)
    await queue_messages(cast, workspace, 3, channel=who)
    await pass_seconds(cast, clock, 5)
    assert cast.notifier.accepted == []
    await queue_messages(cast, workspace, 1, channel=who, asked=True)
    await pass_seconds(cast, clock, 2)
    await queue_messages(cast, workspace, 3, channel=who)
    await pass_seconds(cast, clock, 5)
    assert len(cast.notifier.accepted) == 3  # the asked one, and the two keys that were not tried before


async def test_a_clock_that_is_set_back_closes_nothing(cast: Cast, clock: Clock, strict: Strict) -> None:
    (one,) = await create_workspaces(cast, 1)
    await queue_messages(cast, one, 101)
    await pass_seconds(cast, clock, 40)
    assert strict.closed
    clock.now -= timedelta(days=1)
    strict.opens.clear()
    async with cast.database.transaction(one) as tx:
        await tx.connection.execute("update messages set due_at = $1 where status = 'waiting'", clock.now)
    fresh = patient_services(cast.database, strict)
    clock.now += SECOND
    assert await fresh.outbox.send_due() == 1


async def test_homes_are_published_at_slacks_pace_and_who_looks_at_theirs_goes_first(
    cast: Cast, clock: Clock
) -> None:
    await cast.services.slack_rate_limits.open(cast.workspace.id, {PUBLISH: 60})
    for number in range(30):
        profile = Profile(
            slack_user_id=f"U{number}", name="X", zone=zone_or_utc("UTC"), locale="", email=None
        )
        await cast.services.people.remember(cast.workspace.id, profile)
        await cast.services.live_messages.publish_home(cast.workspace.id, f"U{number}")
    written = cast.notifier.rewritten
    for _ in range(25):
        while await cast.services.live_messages.refresh_due():
            pass
        clock.now += SECOND
    assert len(written) == 30
    async with cast.database.transaction(cast.workspace.id) as tx:
        await tx.connection.execute("update surfaces set due_at = $1", clock.now)
    await cast.services.live_messages.publish_home(cast.workspace.id, "U29")
    clock.now += SECOND
    await cast.services.live_messages.refresh_due()
    assert 30 < len(written) < 45
    assert "U29" in [refresh.live_message.slack_user_id for refresh in written[30:]]


async def test_what_was_put_off_holds_up_nothing_in_its_channel(cast: Cast, clock: Clock) -> None:
    (one,) = await create_workspaces(cast, 1)
    await queue_messages(cast, one, 1, channel="C0BUSY", asked=True)
    cast.notifier.next_outcomes = [Retry(delay=60 * 60 * SECOND, why="not now", clearly=True)]
    await cast.services.outbox.send_due()
    await queue_messages(cast, one, 1, channel="C0BUSY")
    await pass_seconds(cast, clock, 3)
    assert [outgoing.channel for outgoing in cast.notifier.accepted] == ["C0BUSY"]


async def test_an_attempt_in_doubt_is_looked_up_again_once_slack_lets_us_in_anew(
    cast: Cast, clock: Clock
) -> None:
    (one,) = await create_workspaces(cast, 1)
    await queue_messages(cast, one, 1)
    cast.notifier.next_outcomes = [Retry(delay=SECOND, why="no reply", clearly=False)]
    await cast.services.outbox.send_due()
    cast.notifier.next_lookups = [Rejection(why="token_revoked", everything=True)]
    await pass_seconds(cast, clock, 5)
    await cast.services.slack_rate_limits.open(one, {POST_MESSAGE: 300})
    await pass_seconds(cast, clock, 5)
    assert (len(cast.notifier.looked_up), len(cast.notifier.accepted)) == (2, 1)


async def test_looking_at_what_says_so_already_uses_up_no_turn(cast: Cast, clock: Clock) -> None:
    cast.notifier.unchanged = True
    await cast.services.slack_rate_limits.open(cast.workspace.id, PACES)
    people = 3 * PACES[UPDATE]
    for number in range(people):
        async with cast.database.transaction(cast.workspace.id) as tx:
            await live_messages.add_sent(
                tx, cast.workspace.id, live_message_id=uuid4(), who=ADA.slack_user_id, kind=LiveMessageKind.DAY,
                day=date(2026, 11, 18), channel="D0", ts=str(number), shown=b"",
            )  # fmt: skip
    for _ in range(20):
        clock.now += SECOND
        while await cast.services.live_messages.refresh_due():
            pass
    assert len(cast.notifier.rewritten) == people
