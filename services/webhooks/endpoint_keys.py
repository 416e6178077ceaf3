"""A cache of webhook endpoints and their keys, valid for seconds, so that unsigned deliveries cost no transaction."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from uuid import UUID

from services.batches import Batches

# Another replica may have changed the endpoint's secret, or disconnected it.
LIFE_SECONDS = 3.0
# A signature that fits no key may be made with a new key from another replica.
AGAIN_SECONDS = 1.0
# Endpoint ids are random, so an unknown id never becomes an endpoint's.
UNKNOWN_LIFE_SECONDS = 60.0
MOST_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointState:
    """What we know about an endpoint, to verify a delivery. `keys` are those that its senders sign with.

    An unknown endpoint gets a random key, so that a wrong signature takes the same steps there. The other fields must
    not be used before a signature fits. `lost` is true if none of our keys decrypts its secret.
    """

    workspace_id: UUID
    keys: tuple[bytes, ...]
    known: bool
    connected: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """An endpoint's state, and the second at which it was read."""

    state: EndpointState
    at: float


class EndpointKeys:
    """The cache. `look_up` reads one endpoint from the database, `existing` returns which of many ids exist; both
    raise NotSaved. `unknown` is the state of every unknown endpoint; `clock` gives seconds."""

    def __init__(
        self,
        look_up: Callable[[UUID], Awaitable[EndpointState]],
        existing: Callable[[Collection[UUID]], Awaitable[set[UUID]]],
        unknown: EndpointState,
        clock: Callable[[], float],
    ) -> None:
        self._look_up = look_up
        self._batches = Batches(existing)
        self._unknown_state = unknown
        self._clock = clock
        # In two tables, so that invented ids do not evict existing ones.
        self._known: OrderedDict[UUID, _Kept] = OrderedDict()
        self._unknown: OrderedDict[UUID, _Kept] = OrderedDict()
        self._asked: dict[UUID, asyncio.Task[EndpointState]] = {}

    def find_cached(self, endpoint_id: UUID) -> EndpointState | None:
        """Return the endpoint's cached state, or None if the database must be asked."""
        kept = self._kept(endpoint_id)
        life = LIFE_SECONDS if kept and kept.state.known else UNKNOWN_LIFE_SECONDS
        return kept.state if kept and self._clock() - kept.at < life else None

    def may_have_changed(self, endpoint_id: UUID) -> bool:
        """Return whether the endpoint exists and was read long enough ago that a wrong signature justifies another
        look-up."""
        kept = self._known.get(endpoint_id)
        return kept is not None and self._clock() - kept.at >= AGAIN_SECONDS

    async def find(self, endpoint_id: UUID) -> EndpointState:
        """Read the endpoint from the database. Callers who ask for the same endpoint meanwhile get the same answer.
        Raises NotSaved."""
        task = self._asked.get(endpoint_id)
        if task is None:
            task = self._asked[endpoint_id] = asyncio.create_task(self._find(endpoint_id))
        # A caller who hangs up must not cancel the look-up for the others.
        return await asyncio.shield(task)

    def forget(self, endpoint_id: UUID) -> None:
        """Remove the endpoint from the cache because it has changed. A look-up that is under way is not stored."""
        self._known.pop(endpoint_id, None)
        self._unknown.pop(endpoint_id, None)
        self._asked.pop(endpoint_id, None)

    def _kept(self, endpoint_id: UUID) -> _Kept | None:
        return self._known.get(endpoint_id) or self._unknown.get(endpoint_id)

    async def _find(self, endpoint_id: UUID) -> EndpointState:
        at = self._clock()
        try:
            if endpoint_id in self._known or await self._batches.exists(endpoint_id):
                state = await self._look_up(endpoint_id)
            else:
                state = self._unknown_state
        except BaseException:
            if self._asked.get(endpoint_id) is asyncio.current_task():
                del self._asked[endpoint_id]
            raise
        if self._asked.get(endpoint_id) is asyncio.current_task():
            del self._asked[endpoint_id]
            kept = self._known if state.known else self._unknown
            kept[endpoint_id] = _Kept(state, at)
            kept.move_to_end(endpoint_id)
            if len(kept) > MOST_REMEMBERED:
                kept.popitem(last=False)
        return state
