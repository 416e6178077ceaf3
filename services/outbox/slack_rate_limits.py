"""Slack's rate limits, by workspace and method: our pace in calls a minute, and until when Slack wants no calls."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from domain.outbox.slack_methods import PUBLISH, RESPONSE_URL, UPDATE
from services.outbox.delivery import RateLimit, Rejection
from services.outbox.message_kinds import EXPIRING
from storage.outbox import messages, slack_rate_limits
from storage.postgres.database import Database

# Calls a minute. Slack's "Rate limits": chat.update is in tier 3 (50 and more), views.publish in tier 4 (100 and
# more); it names no limit for response URLs. chat.postMessage has a limit of its own, "several hundred messages per
# minute" in a workspace (docs.slack.dev/apis/web-api/rate-limits), which is a setting.
PACES: Mapping[str, int] = {UPDATE: 50, PUBLISH: 100, RESPONSE_URL: 600}
# A digest or a reminder that has waited for longer is not sent any more.
TOO_LATE = timedelta(hours=18)


class SlackRateLimits:
    """Rate limits that all replicas share through the database. A limit that Slack named to this process holds here
    at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._closed: dict[tuple[UUID, str], float] = {}

    async def open(self, workspace_id: UUID, paces: Mapping[str, int]) -> None:
        """Allow calls to the workspace (again), and give up messages that are too old to be sent. `paces` are calls a
        minute, by method, that differ from the usual ones."""
        async with self._database.transaction(workspace_id) as tx:
            await messages.expire(tx, workspace_id, kinds=EXPIRING, older=TOO_LATE)
            await slack_rate_limits.open_methods(tx, workspace_id, {**PACES, **paces})

    def remaining_wait(self, workspace_id: UUID, *methods: str) -> timedelta:
        """Return for how long Slack asked this process not to call any of these methods; zero if it may call them."""
        until = max(self._closed.get((workspace_id, method), 0.0) for method in methods)
        return timedelta(seconds=max(until - self._database.monotonic_seconds(), 0.0))

    async def record_rate_limit(self, workspace_id: UUID, limit: RateLimit) -> None:
        """Keep all replicas from calling the method for as long as Slack asked (status 429)."""
        key = workspace_id, limit.method
        until = self._database.monotonic_seconds() + limit.delay.total_seconds()
        self._closed[key] = max(self._closed.get(key, 0.0), until)
        async with self._database.transaction(workspace_id) as tx:
            await slack_rate_limits.close_method(tx, workspace_id, limit.method, delay=limit.delay)

    async def record_rejection(self, workspace_id: UUID, rejection: Rejection) -> None:
        """Stop all calls to a workspace that refuses us, until `open` allows them again."""
        async with self._database.transaction(workspace_id) as tx:
            await slack_rate_limits.stop_workspace(tx, workspace_id, why=rejection.why)
