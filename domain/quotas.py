"""Quotas on callers, by the generic cell rate algorithm (GCRA), which stores one instant for each key."""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A quota of `burst` calls at once and one more every `every` seconds: at most burst + t / every in t seconds."""

    name: str
    burst: int
    every: float

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.every)

    @property
    def window(self) -> timedelta:
        """Return how long a spent burst takes to be available again."""
        return self.step * self.burst


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """The decision on one call. `remaining` calls may follow at once; after `reset` seconds the whole burst is
    available again. `retry_after` is 0 for an allowed call, otherwise the seconds until a call will be allowed,
    rounded up."""

    limit: Quota
    allowed: bool
    remaining: int
    reset: int
    retry_after: int


def allowance(limit: Quota, *, full_at: datetime, now: datetime, allowed: bool) -> Allowance:
    """Return the decision on a call. `full_at`, stored for the key, is the instant at which the whole burst is
    available again."""
    debt = max(full_at - now, timedelta())
    retry_after = 0
    if not allowed:
        retry_after = max(1, math.ceil((debt + limit.step - limit.window).total_seconds()))
    return Allowance(
        limit=limit,
        allowed=allowed,
        remaining=max(0, (limit.window - debt) // limit.step) if allowed else 0,
        reset=math.ceil(debt.total_seconds()),
        retry_after=retry_after,
    )


def address_block(address: str) -> str:
    """Return the block of addresses that belongs to one customer: the address itself, or its /64 for IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
