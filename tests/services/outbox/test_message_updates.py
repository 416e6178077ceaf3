"""Rewriting what is due: under a lease, by one replica, again where it changed meanwhile, and not for ever."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import pytest_asyncio

from domain.identity.people import Profile, zone_or_utc
from domain.outbox.live_messages import LiveMessageKind
from services.outbox.delivery import LiveMessageUpdate, LostMessage, Retry, UpdateOutcome
from storage.outbox import message_updates
from storage.outbox.message_updates import LiveMessageLease
from storage.postgres.database import Database
from tests.cast import PATIENCE_SECONDS, Cast, RecordingNotifier, patient_services
from tests.conftest import Clock
from tests.postgres import patient_pool
from tests.services.outbox.test_live_messages import (
    change_note,
    list_entries,
    make_place,
    open_home,
    refresh_messages,
    start_timer,
)

LEASE = timedelta(seconds=30)


@dataclass
class Wall(RecordingNotifier):
    """A notifier that may not get through, or to which something happens while it writes."""

    next_rewrites: list[UpdateOutcome | Exception] = field(default_factory=list)
    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def update(self, update: LiveMessageUpdate, *, still_ours: Callable[[], bool]) -> UpdateOutcome:
        written = await super().update(update, still_ours=still_ours)
        if self.meanwhile:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        outcome = self.next_rewrites.pop(0) if self.next_rewrites else written
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@pytest.fixture
def wall(cast: Cast) -> Wall:
    """In the place of the notifier that always gets through."""
    cast.notifier = wall = Wall()
    cast.services = patient_services(cast.database, wall, lease=LEASE)
    return wall


async def test_a_message_that_is_gone_is_forgotten_and_home_waits_for_the_next_change(
    cast: Cast, wall: Wall
) -> None:
    await open_home(cast)
    entry = await start_timer(cast, make_place())
    await refresh_messages(cast)
    entry = await change_note(cast, entry, "one")
    wall.next_rewrites = [LostMessage(), LostMessage()]
    assert len(await refresh_messages(cast)) == 2
    await change_note(cast, entry, "two")
    assert [one.live_message.kind for one in await refresh_messages(cast)] == [LiveMessageKind.HOME]


async def test_a_change_while_it_is_written_is_written_too(cast: Cast, wall: Wall) -> None:
    entry = await start_timer(cast, make_place())
    entry = await change_note(cast, entry, "one")
    wall.meanwhile = lambda: change_note(cast, entry, "two")
    first, second = list_entries(await refresh_messages(cast))
    assert (first.note, second.note) == ("one", "two")


async def test_an_answer_that_comes_while_its_card_is_written_is_not_left_overwritten(
    cast: Cast, wall: Wall
) -> None:
    place = make_place()
    entry = await start_timer(cast, place)
    entry = await change_note(cast, entry, "one")
    wall.meanwhile = lambda: change_note(cast, entry, "pressed", place)
    first, second = list_entries(await refresh_messages(cast))
    assert (first.note, second.note) == ("one", "pressed")


async def test_what_does_not_get_through_is_tried_again_when_slack_says(
    cast: Cast, clock: Clock, wall: Wall
) -> None:
    entry = await start_timer(cast, make_place())
    await change_note(cast, entry, "one")
    wall.next_rewrites = [Retry(delay=timedelta(seconds=5), why="cut", clearly=False)]
    assert len(await refresh_messages(cast)) == 1
    clock.now += timedelta(seconds=6)
    assert len(await refresh_messages(cast)) == 1
    assert await refresh_messages(cast) == []


async def test_who_dies_while_writing_leaves_it_to_the_next_when_the_lease_ends(
    cast: Cast, clock: Clock, wall: Wall
) -> None:
    entry = await start_timer(cast, make_place())
    entry = await change_note(cast, entry, "one")
    async with cast.database.transaction(cast.workspace.id) as tx:
        (frozen,) = await message_updates.claim(tx, most=16, lasting=LEASE)
    assert await refresh_messages(cast) == []
    clock.now += LEASE
    survivor = patient_services(cast.database, wall, lease=LEASE)
    wall.meanwhile = lambda: _finishes_late(cast, frozen)
    assert await survivor.live_messages.refresh_due() == 1
    assert list_entries(wall.rewritten) == [entry]
    assert await refresh_messages(cast) == []


async def _finishes_late(cast: Cast, frozen: LiveMessageLease) -> None:
    """It wakes up and says that it could not: the place is not its own any more."""
    async with cast.database.transaction(cast.workspace.id) as tx:
        await message_updates.postpone(tx, frozen, delay=timedelta())
        await message_updates.forget(tx, frozen)


async def test_a_lease_with_too_little_left_writes_nothing(cast: Cast) -> None:
    await start_timer(cast, make_place())
    await cast.stop()
    hurried = patient_services(cast.database, cast.notifier, lease=LEASE, attempt=LEASE)
    assert await hurried.live_messages.refresh_due() == 1
    assert cast.notifier.rewritten == []
    assert len(await refresh_messages(cast)) == 1


@pytest_asyncio.fixture
async def replicas(own_database_url: str) -> AsyncIterator[list[Cast]]:
    async with AsyncExitStack() as stack:
        casts = []
        for _ in range(2):
            pool = await patient_pool(own_database_url, size=4)
            stack.callback(pool.terminate)
            casts.append(await Cast.create(Database(pool)))
        yield casts


async def test_two_replicas_at_once_write_each_place_once(replicas: list[Cast]) -> None:
    one, other = replicas
    profiles = [
        Profile(slack_user_id=f"U{number:03}", name="X", zone=zone_or_utc("UTC"), locale="", email=None)
        for number in range(60)
    ]
    for profile in profiles:
        await one.services.people.remember(one.workspace.id, profile)
        await one.services.live_messages.publish_home(one.workspace.id, profile.slack_user_id)

    def written() -> list[str]:
        return [one.live_message.slack_user_id for cast in replicas for one in cast.notifier.rewritten]

    async def until_all_is_written(cast: Cast) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(written()) < len(profiles):
                await cast.services.live_messages.refresh_due()
                await asyncio.sleep(0)

    await asyncio.gather(*(until_all_is_written(cast) for cast in (one, other, one, other)))
    assert sorted(written()) == [profile.slack_user_id for profile in profiles]
    assert all(cast.notifier.rewritten for cast in replicas)
