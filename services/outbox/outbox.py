"""Sends the messages of the outbox: claims them under a lease, searches Slack for them before any repeat, and records
the outcome."""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta

from domain.outbox.messages import Content, TextContent
from domain.outbox.slack_methods import LOOK_UP
from services.outbox.delivery import (
    OutgoingMessage,
    QuietTime,
    RateLimit,
    Rejection,
    Retry,
    SendOutcome,
    SentMessage,
)
from services.outbox.message_kinds import keep_true, message_kind_of, read_outgoing_message
from services.outbox.notifier import Notifier
from services.outbox.slack_rate_limits import SlackRateLimits
from storage.identity import people
from storage.outbox import leases, messages, slack_rate_limits
from storage.outbox.leases import MessageLease
from storage.postgres.database import Database, Transaction

LEASE = timedelta(seconds=30)
# The longest time that an attempt may take; the notifier's own time limit is shorter. No attempt begins on a lease
# that ends sooner.
ATTEMPT = timedelta(seconds=12)
BATCH = 32
GIVE_UP_AFTER = 40  # attempts: with the pauses below, about a day and a half
# Claims in a row that ended with an error of ours or a crash. The pauses between them grow fourfold, about an hour
# and three quarters in all: time to repair the program, or to return to the version before.
MOST_UNFINISHED = 8
NOT_NOW = timedelta(seconds=1)  # another replica has the lease by now, or Slack asked it to wait
LONGEST_PAUSE = timedelta(hours=1)
# As the answer for a direct message, these errors are about the person.
OUT_OF_REACH = {"cannot_dm_bot", "channel_not_found", "user_disabled", "user_not_found"}

log = logging.getLogger(__name__)


class Outbox:
    """Sends the messages of the outbox. `lease` is how long a claim lasts, `attempt` the longest time that one may
    take."""

    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        rate_limits: SlackRateLimits,
        *,
        lease: timedelta = LEASE,
        attempt: timedelta = ATTEMPT,
    ) -> None:
        self._database = database
        self.notifier = notifier
        self._rate_limits = rate_limits
        self._lease = lease
        self._attempt = attempt

    async def send_due(self) -> int:
        """Send the messages that are due. Any number of replicas may call it. Returns how many were claimed."""
        clock = asyncio.get_running_loop().time
        # Computed before the claim, so that by our clock the lease never ends later than by the database's.
        until = clock() + (self._lease - self._attempt).total_seconds()
        async with self._database.across_workspaces() as tx:
            claimed = await leases.claim(tx, most=BATCH, lasting=self._lease)
        await asyncio.gather(*(self._send(one, until) for one in claimed))
        return len(claimed)

    async def _send(self, lease: MessageLease, until: float) -> None:
        try:
            if lease.unfinished > MOST_UNFINISHED:
                await self._give_up(lease, "no attempt came to an end")
            elif lease.orphaned and lease.tried_at:
                # If the database's clock jumped past the end of the lease, that attempt may still be under way:
                # search Slack for its message only after the longest time that an attempt takes by our clock.
                await self._give_back(lease, delay=self._attempt, without_outcome=True)
            else:
                await self._attempt_to_send(lease, until)
        except Exception as error:  # noqa: BLE001 - counted; the others go on
            await self._count_failure(lease, error)

    async def _attempt_to_send(self, lease: MessageLease, until: float) -> None:
        clock = asyncio.get_running_loop().time
        async with self._database.transaction(lease.workspace_id) as tx:
            found = await leases.read(tx, lease)
            if found is None:
                return  # another replica has the lease by now
            content, at = found
            message, is_wanted = await read_outgoing_message(tx, lease, content, at=at)
        outcome = await self._look_up(lease, message)
        if outcome is None and not is_wanted:
            await self._drop(lease)
            return
        if outcome is None:
            methods = message_kind_of(content).methods
            may_try = await self._may_try(lease, methods)
            wait = self._rate_limits.remaining_wait(lease.workspace_id, *methods)
            if wait or not may_try:
                await self._give_back(lease, delay=wait or NOT_NOW)
                return
            outcome = await self.notifier.send(message, still_ours=lambda: clock() < until)
        await self._record(lease, content, outcome)

    async def _look_up(self, lease: MessageLease, message: OutgoingMessage) -> SendOutcome | None:
        """Search Slack for a message that an earlier attempt may have sent. None: it was not sent."""
        if lease.tried_at is None:
            return None
        async with self._database.transaction(lease.workspace_id) as tx:
            wait = await slack_rate_limits.read_wait(tx, lease.workspace_id, *LOOK_UP)
        if wait := max(wait, self._rate_limits.remaining_wait(lease.workspace_id, *LOOK_UP)):
            return Retry(delay=wait, why="look-ups have to wait", clearly=False)
        return await self.notifier.find(message, since=lease.tried_at)

    async def _may_try(self, lease: MessageLease, methods: Sequence[str]) -> bool:
        async with self._database.transaction(lease.workspace_id) as tx:
            return await leases.mark_tried(tx, lease, margin=self._attempt, methods=methods)

    async def _give_back(
        self, lease: MessageLease, *, delay: timedelta, without_outcome: bool = False
    ) -> None:
        """Release the lease without counting an attempt. An attempt under an earlier lease must still be looked up."""
        async with self._database.transaction(lease.workspace_id) as tx:
            await leases.release(
                tx,
                lease,
                delay=delay,
                needs_look_up=lease.tried_at is not None,
                without_outcome=without_outcome,
            )

    async def _drop(self, lease: MessageLease) -> None:
        async with self._database.transaction(lease.workspace_id) as tx:
            await leases.drop(tx, lease)

    async def _count_failure(self, lease: MessageLease, error: Exception) -> None:
        """Count an error of our own as an attempt, so that it does not hold up the other messages. If the process
        dies first, the claim of the message has counted it already."""
        reference = secrets.token_hex(4)
        problem = f"{type(error).__name__} (reference {reference})"
        log.error(
            "a message of the kind %s could not be handled: attempt %d of %d, %s",
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
                await leases.postpone(
                    tx,
                    lease,
                    delay=_pause(2 * lease.unfinished),
                    why=problem,
                    clearly_not_sent=False,
                    without_outcome=True,
                )
        except Exception:
            # The lease expires. Then a replica claims the message again, and searches Slack for it before sending
            # it.
            log.exception("a message could not be postponed; it is taken up again when its lease ends")

    async def _give_up(self, lease: MessageLease, problem: str) -> None:
        """Stop trying for good, and tell the person who waits for the message."""
        log.error("a message of the kind %s was given up: %s", lease.kind, problem)
        async with self._database.transaction(lease.workspace_id) as tx:
            try:
                found = await leases.read(tx, lease)
            except leases.UnreadableContent:
                found = None
            await leases.fail(tx, lease, why=problem)
            if found:
                await _apologize(tx, lease, found[0], f"something failed on our side, {problem}")

    async def _record(self, lease: MessageLease, content: Content, outcome: SendOutcome) -> None:
        match outcome:
            case RateLimit():
                await self._rate_limits.record_rate_limit(lease.workspace_id, outcome)
            case Rejection(everything=True):
                log.error("Slack refuses the workspace, so nothing is sent there: %s", outcome.why)
                await self._rate_limits.record_rejection(lease.workspace_id, outcome)
        async with self._database.transaction(lease.workspace_id) as tx:
            match outcome:
                case SentMessage():
                    await leases.mark_sent(tx, lease, channel=outcome.channel, ts=outcome.ts)
                    # Slack accepts messages to this person again, so they are not unreachable any more.
                    if lease.asked:
                        await messages.set_unreachable(tx, lease.workspace_id, lease.channel, why=None)
                    await keep_true(tx, lease, content, outcome)
                case RateLimit():
                    needs_look_up = outcome.method in LOOK_UP
                    await leases.release(tx, lease, delay=outcome.delay, needs_look_up=needs_look_up)
                case QuietTime(delay=delay):
                    await leases.release(tx, lease, delay=delay)
                case Rejection(everything=True):
                    needs_look_up = lease.tried_at is not None
                    await leases.release(tx, lease, delay=timedelta(), needs_look_up=needs_look_up)
                case Retry() if lease.attempts < GIVE_UP_AFTER:
                    delay = max(outcome.delay, _pause(lease.attempts))
                    await leases.postpone(
                        tx, lease, delay=delay, why=outcome.why, clearly_not_sent=outcome.clearly
                    )
                case Retry() | Rejection():
                    log.warning("a message of the kind %s was given up: %s", lease.kind, outcome.why)
                    await leases.fail(tx, lease, why=outcome.why)
                    if outcome.why in OUT_OF_REACH:
                        await messages.set_unreachable(tx, lease.workspace_id, lease.channel, why=outcome.why)
                    await _apologize(tx, lease, content, f"Slack says {outcome.why}")


def _pause(attempts: int) -> timedelta:
    """Return the pause after that many attempts. It doubles, up to an hour."""
    return min(timedelta(seconds=0.5 * 2 ** min(attempts, 14)), LONGEST_PAUSE)


async def _apologize(tx: Transaction, lease: MessageLease, content: Content, why: str) -> None:
    """Tell the person that the message that they asked for could not be sent."""
    apologize = message_kind_of(content).apologize
    if apologize is None or isinstance(content, TextContent):
        return
    text = apologize(content, lease.channel, why)
    person = await people.find_by_id(tx, lease.workspace_id, content.person_id) if text else None
    if text and person:
        await messages.queue(
            tx,
            lease.workspace_id,
            key=f"failed:{lease.id}",
            channel=person.slack_user_id,
            content=TextContent(text=text),
            person_id=person.id,
        )
