"""Rewrites live messages (Home tabs, digests, cards) when their content has changed, under leases."""

import asyncio
import logging
import secrets
from datetime import timedelta
from uuid import UUID

from domain.permissions import Needs
from services.outbox.delivery import (
    LiveMessageUpdate,
    LostMessage,
    RateLimit,
    Rejection,
    Retry,
    UpdatedMessage,
    UpdateOutcome,
)
from services.outbox.live_message_kinds import read_live_message
from services.outbox.notifier import Notifier
from services.outbox.slack_rate_limits import SlackRateLimits
from storage.identity import people
from storage.outbox import live_messages, message_updates, slack_rate_limits
from storage.outbox.message_updates import LiveMessage, LiveMessageLease
from storage.postgres.database import Database

BATCH = 16
MOST_UNFINISHED = 5  # claims in a row after which an error of ours or a crash of the process counts as final
FIRST_PAUSE = timedelta(seconds=1)

log = logging.getLogger(__name__)


class LiveMessages:
    """Rewrites live messages. `lease` and `attempt` are as in Outbox."""

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        rate_limits: SlackRateLimits,
        *,
        lease: timedelta,
        attempt: timedelta,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._rate_limits = rate_limits
        self._lease = lease
        self._attempt = attempt

    async def publish_home(self, workspace_id: UUID, who: str) -> None:
        """Publish the Home tab that the person opened, and rewrite it from now on. Raises AccessEnded."""
        async with self._database.transaction(workspace_id) as tx:
            await people.require_person(tx, workspace_id, who, needs=Needs.NOTHING)
            await live_messages.publish_home(tx, workspace_id, who)

    async def refresh_due(self) -> int:
        """Rewrite live messages whose content has changed. Any number of replicas may call it. Returns how many were
        claimed.

        Several changes of one live message before its turn become one update.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + (self._lease - self._attempt).total_seconds()
        async with self._database.across_workspaces() as tx:
            claimed = await message_updates.claim(tx, most=BATCH, lasting=self._lease)
        await asyncio.gather(*(self._refresh(one, until) for one in claimed))
        return len(claimed)

    async def delete_expired(self) -> int:
        """Delete live messages that can not be rewritten any more. Returns how many were deleted."""
        async with self._database.across_workspaces() as tx:
            return await message_updates.delete_expired(tx)

    async def _refresh(self, lease: LiveMessageLease, until: float) -> None:
        try:
            if lease.unfinished > MOST_UNFINISHED:
                await self._give_up(lease, "no attempt came to an end")
            else:
                await self._attempt_to_refresh(lease, until)
        except Exception as error:  # noqa: BLE001 - counted; the others go on
            await self._count_failure(lease, error)

    async def _attempt_to_refresh(self, lease: LiveMessageLease, until: float) -> None:
        clock = asyncio.get_running_loop().time
        async with self._database.transaction(lease.workspace_id) as tx:
            found = await message_updates.read(tx, lease)
            if found is None:
                return  # another replica has the lease by now
            live_message, at = found
            subject = await read_live_message(tx, live_message, at=at)
        outcome: UpdateOutcome = LostMessage()
        if wait := self._rate_limits.remaining_wait(live_message.workspace_id, live_message.method):
            outcome = Retry(delay=wait, why="Slack asked for silence", clearly=True)
        elif subject is not None:
            message_update = LiveMessageUpdate(live_message=live_message, subject=subject)
            outcome = await self._notifier.update(message_update, still_ours=lambda: clock() < until)
        await self._record(lease, live_message, outcome)

    async def _record(
        self, lease: LiveMessageLease, live_message: LiveMessage, outcome: UpdateOutcome
    ) -> None:
        match outcome:
            case RateLimit():
                await self._rate_limits.record_rate_limit(live_message.workspace_id, outcome)
            case Rejection():
                await self._rate_limits.record_rejection(live_message.workspace_id, outcome)
        async with self._database.transaction(live_message.workspace_id) as tx:
            match outcome:
                case UpdatedMessage(shown=shown, called_slack=called_slack):
                    await message_updates.finish(tx, lease, shown=shown, used=int(called_slack))
                    if not called_slack:
                        await slack_rate_limits.return_call(
                            tx, live_message.workspace_id, live_message.method
                        )
                case LostMessage():
                    await message_updates.forget(tx, lease)
                case Retry(delay=delay) | RateLimit(delay=delay):
                    await message_updates.postpone(tx, lease, delay=delay)
                case Rejection():
                    await message_updates.postpone(tx, lease, delay=timedelta())

    async def _count_failure(self, lease: LiveMessageLease, error: Exception) -> None:
        """Count an error of our own as an attempt, so that it does not hold up the other messages."""
        problem = f"{type(error).__name__} (reference {secrets.token_hex(4)})"
        log.error(
            "a live message of the kind %s could not be rewritten: attempt %d of %d, %s",
            lease.kind,
            lease.unfinished,
            MOST_UNFINISHED,
            problem,
            exc_info=error,
        )
        try:
            if lease.unfinished >= MOST_UNFINISHED:
                await self._give_up(lease, problem)
                return
            async with self._database.transaction(lease.workspace_id) as tx:
                delay = FIRST_PAUSE * 2**lease.unfinished
                await message_updates.postpone(tx, lease, delay=delay, without_outcome=True)
        except Exception:
            # The lease expires, and then a replica claims the message again.
            log.exception("a live message could not be postponed; it is taken up again when its lease ends")

    async def _give_up(self, lease: LiveMessageLease, problem: str) -> None:
        log.error("a live message of the kind %s was given up: %s", lease.kind, problem)
        async with self._database.transaction(lease.workspace_id) as tx:
            await message_updates.give_up(tx, lease, most_unfinished=MOST_UNFINISHED)
