"""Quotas: limits on how often callers may try something, counted by all replicas together."""

from collections import OrderedDict

from domain.errors import QuotaExceeded
from domain.quotas import Allowance, Quota
from services.outages import not_saved_on_outage
from storage.identity import quotas
from storage.postgres.database import Database

# At most 8 + 60 / 30 = 10 in any minute.
PER_ACCOUNT_AND_ADDRESS = Quota(name="log-in/account and address", burst=8, every=30)
# Counts guesses from all addresses from which the account was never logged in.
PER_ACCOUNT_FROM_ANYWHERE = Quota(name="log-in/account", burst=30, every=5)
PER_ADDRESS = Quota(name="log-in/address", burst=240, every=1)
SIGN_UPS_PER_ADDRESS = Quota(name="sign-up/address", burst=300, every=12)
LINKS_PER_ACCOUNT = Quota(name="link", burst=10, every=30)
REQUESTS_PER_BEARER = Quota(name="requests", burst=3_000, every=0.02)

MOST_REMEMBERED = 10_000


class Quotas:
    """Counts what callers try, and refuses callers who try too often."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Callers who were refused, and until when, so that a flood does not ask the database again and again.
        self._refused: OrderedDict[tuple[str, str], tuple[float, Allowance]] = OrderedDict()

    async def take(self, limit: Quota, who: str) -> Allowance:
        """Take one from the quota, in a transaction of its own, so that it counts whatever becomes of the request.
        Raises NotSaved if the database does not answer."""
        now = self._database.monotonic_seconds()
        until, refused = self._refused.get((limit.name, who), (0.0, None))
        if refused and now < until:
            return _update_wait(refused, until - now)
        with not_saved_on_outage():
            async with self._database.autocommit() as tx:
                allowance = await quotas.take(tx, limit, who)
        if not allowance.allowed:
            self._remember((limit.name, who), now, allowance)
        return allowance

    async def take_or_refuse(self, limit: Quota, who: str, sentence: str) -> Allowance:
        """Take one from the quota. If none is left, raises QuotaExceeded with that sentence and the time to wait."""
        allowance = await self.take(limit, who)
        if not allowance.allowed:
            raise QuotaExceeded(
                f"{sentence} Please try again in {_format_wait(allowance.retry_after)}.", allowance
            )
        return allowance

    async def give_back(self, limit: Quota, who: str) -> None:
        """Give back everything that was taken from the quota."""
        self._refused.pop((limit.name, who), None)
        async with self._database.autocommit() as tx:
            await quotas.reset(tx, limit, who)

    async def delete_expired(self) -> int:
        """Delete counts that have expired, a limited number at a time. Returns how many were deleted."""
        async with self._database.autocommit() as tx:
            return await quotas.delete_spent(tx)

    def _remember(self, key: tuple[str, str], now: float, allowance: Allowance) -> None:
        self._refused[key] = now + allowance.retry_after, allowance
        self._refused.move_to_end(key)
        while len(self._refused) > MOST_REMEMBERED:
            self._refused.popitem(last=False)


def _update_wait(refused: Allowance, left: float) -> Allowance:
    passed = refused.retry_after - left
    return Allowance(
        limit=refused.limit,
        allowed=False,
        remaining=0,
        reset=max(1, round(refused.reset - passed)),
        retry_after=max(1, round(left)),
    )


def _format_wait(seconds: int) -> str:
    return f"{seconds} seconds" if seconds != 1 else "a second"
