"""How often something may be asked for: the generic cell rate algorithm (GCRA), one instant for each key."""

import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """`burst` at once, and one more each `every` seconds: in any stretch of t seconds at most burst + t / every."""

    name: str
    burst: int
    every: float

    @property
    def step(self) -> timedelta:
        return timedelta(seconds=self.every)

    @property
    def window(self) -> timedelta:
        """How long a burst takes to be had again, from nothing to whole."""
        return self.step * self.burst


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What became of one asking. `remaining` may follow at once; after `reset` seconds the whole burst may.
    `retry_after` is 0 where it was allowed, and otherwise the whole seconds after which it will be."""

    limit: Quota
    allowed: bool
    remaining: int
    reset: int
    retry_after: int


def allowance(limit: Quota, *, full_at: datetime, now: datetime, allowed: bool) -> Allowance:
    """`full_at` is when all of the burst is there again, as it is kept for the key."""
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
    """Whom an IP address stands for: itself, or for version 6 the /64 that one customer has whole."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)
