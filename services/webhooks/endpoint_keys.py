"""The keys of webhook endpoints, kept in this process for seconds: what is not signed must not cost a transaction."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from services.batches import Batches

# Another replica may have rotated or disconnected it meanwhile.
LIFE_SECONDS = 3.0
# A signature that no key fits may be by a new key, given out by another replica.
AGAIN_SECONDS = 1.0
# Ids are random: one that does not exist never will.
UNKNOWN_LIFE_SECONDS = 60.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What may come in at an address. `keys` are those that its senders sign with. An unknown endpoint gets a random
    key, so that what is signed wrongly takes the same way there. Nothing else counts before a signature holds.

    `lost` says that it has a secret which none of our keys opens.
    """

    workspace_id: UUID
    keys: tuple[bytes, ...]
    known: bool
    connected: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    door: Door
    at: float


class EndpointKeys:
    """`look_up` asks the database for one endpoint, `existing` which of many there are; both raise NotSaved.
    `nobodys` is what an unknown endpoint gets; `clock` gives seconds."""

    def __init__(
        self,
        look_up: Callable[[UUID], Awaitable[Door]],
        existing: Callable[[Collection[UUID]], Awaitable[set[UUID]]],
        nobodys: Door,
        clock: Callable[[], float],
    ) -> None:
        self._look_up = look_up
        self._batches = Batches(existing)
        self._nobodys = nobodys
        self._clock = clock
        # Kept apart, so that invented ids do not evict existing ones.
        self._known: OrderedDict[UUID, _Kept] = OrderedDict()
        self._unknown: OrderedDict[UUID, _Kept] = OrderedDict()
        self._asked: dict[UUID, asyncio.Task[Door]] = {}

    def cached(self, endpoint_id: UUID) -> Door | None:
        """Return what is known of it without asking the database."""
        kept = self._kept(endpoint_id)
        life = LIFE_SECONDS if kept and kept.door.known else UNKNOWN_LIFE_SECONDS
        return kept.door if kept and self._clock() - kept.at < life else None

    def may_have_changed(self, endpoint_id: UUID) -> bool:
        """Whether it exists and was looked up so long ago that it may be looked up for a wrong signature."""
        kept = self._known.get(endpoint_id)
        return kept is not None and self._clock() - kept.at >= AGAIN_SECONDS

    async def find(self, endpoint_id: UUID) -> Door:
        """Ask the database; who asks for the same one meanwhile waits for that answer. Raises NotSaved."""
        task = self._asked.get(endpoint_id)
        if task is None:
            task = self._asked[endpoint_id] = asyncio.create_task(self._find(endpoint_id))
        # A caller who hangs up must not cancel the look-up for the others.
        return await asyncio.shield(task)

    def forget(self, endpoint_id: UUID) -> None:
        """Drop it: it was changed a moment ago. What is being looked up for it may be from before."""
        self._known.pop(endpoint_id, None)
        self._unknown.pop(endpoint_id, None)
        self._asked.pop(endpoint_id, None)

    def _kept(self, endpoint_id: UUID) -> _Kept | None:
        return self._known.get(endpoint_id) or self._unknown.get(endpoint_id)

    async def _find(self, endpoint_id: UUID) -> Door:
        at = self._clock()
        try:
            if endpoint_id in self._known or await self._batches.contain(endpoint_id):
                door = await self._look_up(endpoint_id)
            else:
                door = self._nobodys
        except BaseException:
            if self._asked.get(endpoint_id) is asyncio.current_task():
                del self._asked[endpoint_id]
            raise
        if self._asked.get(endpoint_id) is asyncio.current_task():
            del self._asked[endpoint_id]
            kept = self._known if door.known else self._unknown
            kept[endpoint_id] = _Kept(door, at)
            kept.move_to_end(endpoint_id)
            if len(kept) > MOST_REMEMBERED:
                kept.popitem(last=False)
        return door
