"""Sending what must leave: claimed under a lease, looked up before any repeat, recorded."""

import asyncio
import logging
import secrets
from datetime import timedelta

from domain.outbox.messages import (
    LOOK_UP,
    CardContent,
    Claimed,
    ExportContent,
    Later,
    Never,
    NotNow,
    Outcome,
    OutgoingMessage,
    Parcel,
    Sent,
    TeamLookBackContent,
    TextContent,
    Wait,
)
from services.outbox.message_content import keep_true, parcel_of
from services.outbox.notifier import Notifier
from services.outbox.slack_rate_limits import SlackRateLimits
from storage.identity import people
from storage.outbox import leases, messages
from storage.outbox import slack_rate_limits as lanes
from storage.postgres.database import Database, Transaction

LEASE = timedelta(seconds=30)
# An attempt may take this long (the notifier's own time limit is below it); a lease with less left is not used.
ATTEMPT = timedelta(seconds=12)
BATCH = 32
GIVE_UP_AFTER = 40  # attempts: with the pauses below, about a day and a half
# Claims in a row of which nothing came but an error of ours, or nothing at all. With pauses that grow fourfold, about
# an hour and three quarters: time to mend what is broken, or to go back to the version before.
MOST_UNFINISHED = 8
NOT_NOW = timedelta(seconds=1)  # another replica holds it by now, or was told to be silent
LONGEST_PAUSE = timedelta(hours=1)
# Said of a direct message, these mean its person.
OUT_OF_REACH = {"cannot_dm_bot", "channel_not_found", "user_disabled", "user_not_found"}

log = logging.getLogger(__name__)


class Deliveries:
    def __init__(
        self,
        database: Database,
        notifier: Notifier,
        lanes: SlackRateLimits,
        *,
        lease: timedelta = LEASE,
        attempt: timedelta = ATTEMPT,
    ) -> None:
        self._database = database
        self._notifier = notifier
        self._lanes = lanes
        self._lease = lease
        self._attempt = attempt

    async def send_due(self) -> int:
        """Sends the messages that are due; how many were taken. Any number of replicas may ask at once."""
        clock = asyncio.get_running_loop().time
        # Read before the claim: our idea of the lease's end is never later than the database's.
        until = clock() + (self._lease - self._attempt).total_seconds()
        async with self._database.across_workspaces() as tx:
            claimed = await leases.claim(tx, most=BATCH, lasting=self._lease)
        await asyncio.gather(*(self._send(one, until) for one in claimed))
        return len(claimed)

    async def _send(self, claimed: Claimed, until: float) -> None:
        try:
            if claimed.unfinished > MOST_UNFINISHED:
                await self._give_up(claimed, "no attempt came to an end")
            elif claimed.orphaned and claimed.tried_at:
                # The attempt may be on its way at this moment, where it is the database's clock that has jumped over
                # the lease: nothing is asked of Slack before it has come to its end by ours.
                await self._give_back(claimed, delay=self._attempt, came_to_nothing=True)
            else:
                await self._attempt_to_send(claimed, until)
        except Exception as error:  # noqa: BLE001 - counted; the others go on
            await self._set_back(claimed, error)

    async def _attempt_to_send(self, claimed: Claimed, until: float) -> None:
        clock = asyncio.get_running_loop().time
        async with self._database.transaction(claimed.workspace_id) as tx:
            found = await leases.read(tx, claimed)
            if found is None:
                return  # the lease is somebody else's by now
            message, at = found
            parcel, wanted = await parcel_of(tx, message, at=at)
        outcome = await self._looked_up(message, parcel)
        if outcome is None and not wanted:
            await self._drop(message)
            return
        if outcome is None:
            mine = await self._may_try(message)
            wait = self._lanes.closed_for(message.workspace_id, *message.methods)
            if wait or not mine:
                await self._give_back(message, delay=wait or NOT_NOW)
                return
            outcome = await self._notifier.send(parcel, still_ours=lambda: clock() < until)
        await self._record(message, outcome)

    async def _looked_up(self, message: OutgoingMessage, parcel: Parcel) -> Outcome | None:
        if message.tried_at is None:
            return None
        async with self._database.transaction(message.workspace_id) as tx:
            wait = await lanes.closed_for(tx, message.workspace_id, *LOOK_UP)
        if wait := max(wait, self._lanes.closed_for(message.workspace_id, *LOOK_UP)):
            return Later(delay=wait, why="look-ups have to wait", clearly=False)
        return await self._notifier.find(parcel, since=message.tried_at)

    async def _may_try(self, message: OutgoingMessage) -> bool:
        async with self._database.transaction(message.workspace_id) as tx:
            return await leases.mark_tried(tx, message, margin=self._attempt, methods=message.methods)

    async def _give_back(self, claimed: Claimed, *, delay: timedelta, came_to_nothing: bool = False) -> None:
        """Nobody tried: it is as due as it was. What was tried before the claim is still to be looked up."""
        async with self._database.transaction(claimed.workspace_id) as tx:
            await leases.release(
                tx,
                claimed,
                delay=delay,
                looked_for=claimed.tried_at is not None,
                came_to_nothing=came_to_nothing,
            )

    async def _drop(self, claimed: Claimed) -> None:
        async with self._database.transaction(claimed.workspace_id) as tx:
            await leases.drop(tx, claimed)

    async def _set_back(self, claimed: Claimed, error: Exception) -> None:
        """An error of our own counts as an attempt, and lets the others go on. Whoever dies before this has been
        counted at the claim."""
        reference = secrets.token_hex(4)
        problem = f"{type(error).__name__} (reference {reference})"
        log.error(
            "a message of the kind %s could not be handled: attempt %d of %d, %s",
            claimed.kind,
            claimed.unfinished,
            MOST_UNFINISHED,
            problem,
            exc_info=error,
        )
        try:
            if claimed.unfinished >= MOST_UNFINISHED:
                await self._give_up(claimed, problem)
                return
            async with self._database.transaction(claimed.workspace_id) as tx:
                await leases.put_off(
                    tx,
                    claimed,
                    delay=_pause(2 * claimed.unfinished),
                    why=problem,
                    clearly_not_sent=False,
                    came_to_nothing=True,
                )
        except Exception:
            # The lease ends by itself and somebody takes the message up again, looking before they send.
            log.exception("a message could not be set back; it is taken up again when its lease ends")

    async def _give_up(self, claimed: Claimed, problem: str) -> None:
        """For good, and said to whoever waits for it."""
        log.error("a message of the kind %s was given up: %s", claimed.kind, problem)
        async with self._database.transaction(claimed.workspace_id) as tx:
            try:
                found = await leases.read(tx, claimed)
            except leases.UnreadableContent:
                found = None
            await leases.fail(tx, claimed, why=problem)
            if found:
                await _admit(tx, found[0], f"something failed on our side, {problem}")

    async def _record(self, claimed: OutgoingMessage, outcome: Outcome) -> None:
        match outcome:
            case Wait():
                await self._lanes.closed(claimed.workspace_id, outcome)
            case Never(everything=True):
                log.error("Slack lets us in no more, so nothing is sent there: %s", outcome.why)
                await self._lanes.refused(claimed.workspace_id, outcome)
        async with self._database.transaction(claimed.workspace_id) as tx:
            match outcome:
                case Sent():
                    await leases.mark_sent(tx, claimed, outcome)
                    if claimed.asked:  # tried although they may have been out of reach
                        await messages.unreachable(tx, claimed.workspace_id, claimed.channel, why=None)
                    await keep_true(tx, claimed, outcome)
                case Wait():
                    looked_for = outcome.method in LOOK_UP
                    await leases.release(tx, claimed, delay=outcome.delay, looked_for=looked_for)
                case NotNow(delay=delay):
                    await leases.release(tx, claimed, delay=delay)
                case Never(everything=True):
                    looked_for = claimed.tried_at is not None
                    await leases.release(tx, claimed, delay=timedelta(), looked_for=looked_for)
                case Later() if claimed.attempts < GIVE_UP_AFTER:
                    delay = max(outcome.delay, _pause(claimed.attempts))
                    await leases.put_off(
                        tx, claimed, delay=delay, why=outcome.why, clearly_not_sent=outcome.clearly
                    )
                case Later() | Never():
                    log.warning("a message of the kind %s was given up: %s", claimed.kind, outcome.why)
                    await leases.fail(tx, claimed, why=outcome.why)
                    if outcome.why in OUT_OF_REACH:
                        await messages.unreachable(tx, claimed.workspace_id, claimed.channel, why=outcome.why)
                    await _admit(tx, claimed, f"Slack says {outcome.why}")


def _pause(attempts: int) -> timedelta:
    return min(timedelta(seconds=0.5 * 2 ** min(attempts, 14)), LONGEST_PAUSE)


async def _admit(tx: Transaction, claimed: OutgoingMessage, why: str) -> None:
    """Whoever was told that something is on its way is told when it is not."""
    content = claimed.content
    match content:
        case ExportContent(dates=dates):
            text = (
                f"Your export of {dates.name} could not be sent: {why}. Your entries are as they were. "
                "Please tell whoever runs this app."
            )
        case CardContent() | TeamLookBackContent() if claimed.channel.startswith(("C", "G")):
            what = "card" if isinstance(content, CardContent) else "team's week"
            text = (
                f"The {what} that you wanted said in a channel could not be: {why}. Invite me there "
                "(`/invite` and my name), and then it can."
            )
        case _:
            return
    if person := await people.find_by_id(tx, claimed.workspace_id, content.person_id):
        await messages.queue(
            tx,
            claimed.workspace_id,
            key=f"failed:{claimed.id}",
            channel=person.slack_user_id,
            content=TextContent(text=text),
            person_id=person.id,
        )
