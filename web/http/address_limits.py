"""Limits per network address for requests that cost something before their caller is known.

They are counted in this process and not in the database, so that a flood of requests does not reach the database.
Limits that all replicas share are in services.identity.quotas.
"""

import math
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus

from domain.quotas import Allowance, Quota, address_block
from web.http.problems import ApiError
from web.http.quota_headers import quota_headers

# A company behind one address, or behind a reverse proxy that is not in TRUSTED_PROXIES, stays far below these.
ANONYMOUS_REQUESTS = Quota(name="visitor/address", burst=600, every=0.05)
UNKNOWN_TOKENS = Quota(name="unknown-token/address", burst=600, every=0.1)
UNKNOWN_ENDPOINTS = Quota(name="unknown-endpoint/address", burst=60, every=1)

MAX_REMEMBERED = 10_000


class AddressLimits:
    """Counts requests by limit and network address. `clock` returns seconds and may jump."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._full_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def take(self, limit: Quota, address: str) -> Allowance:
        """Take one request from the quota of `address`, if one is left (GCRA, see domain.quotas)."""
        now, key = self._clock(), (limit.name, address_block(address))
        window = limit.burst * limit.every
        debt = min(max(self._full_at.get(key, now) - now, 0.0), window)
        # Unix time as a float is only exact to a quarter of a microsecond: a full burst must not fail because of that.
        allowed = debt + limit.every <= window + limit.every / 100
        if allowed:
            debt += limit.every
        self._full_at[key] = now + debt
        self._full_at.move_to_end(key)
        if len(self._full_at) > MAX_REMEMBERED:
            self._full_at.popitem(last=False)
        return Allowance(
            limit=limit,
            allowed=allowed,
            remaining=max(0, round((window - debt) / limit.every)),
            reset=math.ceil(debt),
            retry_after=0 if allowed else max(1, math.ceil(debt + limit.every - window)),
        )

    def take_or_raise(self, limit: Quota, address: str) -> None:
        """Take one request from the quota. Raises ApiError 429 if none is left."""
        allowance = self.take(limit, address)
        if not allowance.allowed:
            detail = (
                "Too many requests from this address. "
                f"The next one may come in {format_seconds(allowance.retry_after)}."
            )
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=quota_headers(allowance))


def format_seconds(seconds: int) -> str:
    """Format a number of seconds for a sentence."""
    return "a second" if seconds == 1 else f"{seconds} seconds"
