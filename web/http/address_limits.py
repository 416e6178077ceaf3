"""How often one network address may ask for what costs us something before we know who it is.

Counted in this process, without the database: a flood must not reach it. The limits that hold for all replicas
together are in services.identity.quotas.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus

from domain.quotas import Allowance, Quota, address_block
from web.http.problems import ApiError
from web.http.quota_headers import headers

# A company behind one address, or behind a reverse proxy that TRUSTED_PROXIES does not name, stays far below.
REQUESTS_OF_VISITORS = Quota(name="visitor/address", burst=600, every=0.05)
UNKNOWN_TOKENS = Quota(name="unknown-token/address", burst=600, every=0.1)
UNKNOWN_ENDPOINTS = Quota(name="unknown-endpoint/address", burst=60, every=1)

MOST_REMEMBERED = 10_000


class AddressLimits:
    """Counts by limit and network address. `clock` gives seconds; it may step."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, limit: Quota, address: str) -> Allowance:
        """Take one of what `limit` allows to `address`, if there is one left (GCRA, see domain.quotas)."""
        now, key = self._clock(), (limit.name, address_block(address))
        window = limit.burst * limit.every
        debt = min(max(self._full_at.get(key, now) - now, 0.0), window)
        # Seconds since 1970 leave a float a quarter of a microsecond: a whole burst must not fail for that.
        allowed = debt + limit.every <= window + limit.every / 100
        if allowed:
            debt += limit.every
        self._full_at[key] = now + debt
        self._full_at.move_to_end(key)
        if len(self._full_at) > MOST_REMEMBERED:
            self._full_at.popitem(last=False)
        return Allowance(
            limit=limit,
            allowed=allowed,
            remaining=max(0, round((window - debt) / limit.every)),
            reset=math.ceil(debt),
            retry_after=0 if allowed else max(1, math.ceil(debt + limit.every - window)),
        )

    def insist(self, limit: Quota, address: str) -> None:
        """Take one. Raises ApiError 429 when there is none left."""
        allowance = self.take(limit, address)
        if not allowance.allowed:
            detail = (
                "Too many requests from this address. "
                f"The next one may come in {spelled_seconds(allowance.retry_after)}."
            )
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=headers(allowance))


def spelled_seconds(seconds: int) -> str:
    """Write a number of seconds as a sentence has it."""
    return "a second" if seconds == 1 else f"{seconds} seconds"
