"""The spine: key, lock, clock, change, history, one commit; and honest words when that takes too long."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

from domain.entries.entries import TimeEntry, TimerAnswer
from domain.errors import NotAllowed, NotSaved, PersonUnknown, UnknownProject, Unsure
from domain.history.changes import Recorded
from domain.history.operations import OperationRequest, Source
from domain.identity.people import Person, Standing
from domain.outbox.messages import CardContent, TextContent
from domain.permissions import Needs, require, require_own
from domain.reports.reports import DayReport
from domain.time.calendar import local_dates_between
from services.outages import GIVEN_UP, TRANSIENT
from storage.history import operations
from storage.history.operation_state import read_state
from storage.history.operations import BegunOperation, RecordedChange
from storage.outbox import messages
from storage.postgres.database import Attempts, Database, Transaction

Answer = TypeVar("Answer")

# Slack gives three seconds; the way there and back and the rendering need their share of them.
DEADLINE_SECONDS = 2.2
SETTLE_EVERY_SECONDS = 2.0

NOT_SAVED = "Nothing was saved: the database did not answer in time. Please try again in a minute."
UNSURE = "I can't tell yet whether this was saved. I'm checking, and will tell you here in a moment."

log = logging.getLogger(__name__)


@dataclass(slots=True)
class OperationContext:
    """What an effect works with: the open transaction, who it is for, what runs, until when any of their weeks is
    locked, and the instant it is."""

    tx: Transaction
    request: OperationRequest
    act_id: UUID
    at: datetime
    person: Person
    running: TimeEntry | None
    locked_until: datetime | None
    changes: list[RecordedChange] = field(default_factory=list)
    days: set[date] = field(default_factory=set)  # that were changed in more than their entries

    @property
    def workspace_id(self) -> UUID:
        return self.request.workspace_id


@dataclass(frozen=True, slots=True)
class Done(Generic[Answer]):
    """`days` are the person's dates that were touched, `shows` the entry or day that the answer is about."""

    answer: Answer
    changes: list[RecordedChange]
    days: tuple[date, ...] = ()
    shows: UUID | date | None = None


Body = Callable[[Transaction, BegunOperation], Awaitable[Done[Answer]]]


class OperationRunner:
    """`deadline` is how many seconds an act may take before whoever waits for it is told something."""

    def __init__(self, database: Database, deadline: float = DEADLINE_SECONDS) -> None:
        self._database = database
        self._deadline = deadline
        self._settling: set[asyncio.Task[None]] = set()

    async def perform(
        self,
        request: OperationRequest,
        kind: type[Answer],
        effect: Callable[[OperationContext], Awaitable[Answer]],
        *,
        needs: Needs = Needs.STANDING,
    ) -> Answer:
        """Does `effect` once for the act's key, and gives its answer; a repeat gets the stored one.

        Here, under the person's lock, is decided who may ask for anything at all: a door can not forget to, and who is
        deactivated while a request is under way is refused. `needs` is what must be known of the person.

        Raises what `effect` and `domain.permissions` raise (then the key is not spent), PersonUnknown, NotSaved
        (certainly not) or Unsure (the commit was sent and the deadline passed: the person is told what became of it).
        """

        async def body(tx: Transaction, begun: BegunOperation) -> Done[Answer]:
            found = await read_state(tx, request.workspace_id, request.who)
            if found is None:
                raise PersonUnknown(request.who)
            require(found.person, needs)
            context = OperationContext(
                tx, request, begun.act_id, begun.at, found.person, found.running, found.locked_until
            )
            answer = await _of_their_own(context, effect)
            shown = (request.place and request.place.day) or _shown(answer)
            if request.by_message and isinstance(shown, UUID):
                await messages.queue(
                    tx,
                    request.workspace_id,
                    asked=True,
                    key=f"card:{request.key}",
                    channel=request.who,
                    content=CardContent(person_id=context.person.id, entry_id=shown),
                    person_id=context.person.id,
                )
            return Done(answer, context.changes, _days_of(context), shown)

        return await self._perform(request, kind, body)

    async def perform_about(
        self,
        request: OperationRequest,
        kind: type[Answer],
        effect: Callable[[OperationContext], Awaitable[Answer]],
    ) -> Answer:
        """The same for what is done to the person, whatever they may do themselves. Raises PersonUnknown."""

        async def body(tx: Transaction, begun: BegunOperation) -> Done[Answer]:
            found = await read_state(tx, request.workspace_id, request.who)
            if found is None:
                raise PersonUnknown(request.who)
            context = OperationContext(
                tx, request, begun.act_id, begun.at, found.person, found.running, found.locked_until
            )
            answer = await effect(context)
            return Done(answer, context.changes, _days_of(context))

        return await self._perform(request, kind, body)

    async def perform_impersonal(
        self,
        request: OperationRequest,
        kind: type[Answer],
        effect: Callable[[Transaction, BegunOperation], Awaitable[Answer]],
    ) -> Answer:
        """The same for an act that concerns nobody's timer."""

        async def body(tx: Transaction, begun: BegunOperation) -> Done[Answer]:
            return Done(await effect(tx, begun), [])

        return await self._perform(request, kind, body)

    async def _perform(self, request: OperationRequest, kind: type[Answer], body: Body[Answer]) -> Answer:
        attempts = Attempts()
        task = asyncio.create_task(self._with_retries(request, kind, body, attempts))
        await asyncio.wait({task}, timeout=self._deadline)
        if task.done() and not task.cancelled():
            return task.result()
        # The promise is kept by the flag, not by the cancellation, which may itself wait for the database.
        attempts.abandoned = True
        unsure = attempts.committing
        task.add_done_callback(_forget_outcome)
        task.cancel()
        if not unsure:
            raise NotSaved(NOT_SAVED)
        settling = asyncio.create_task(self._settle(request))
        self._settling.add(settling)
        settling.add_done_callback(self._settling.discard)
        raise Unsure(UNSURE)

    async def close(self) -> None:
        for task in self._settling:
            task.cancel()
        await asyncio.gather(*self._settling, return_exceptions=True)

    async def _with_retries(
        self,
        request: OperationRequest,
        kind: type[Answer],
        body: Body[Answer],
        attempts: Attempts,
    ) -> Answer:
        pause = 0.02
        while not attempts.abandoned:
            try:
                return await self._once(request, kind, body, attempts)
            except TRANSIENT as error:
                log.info("the database said %s; the act is tried again", type(error).__name__)
            except GIVEN_UP as error:
                if not attempts.committing:
                    raise NotSaved(NOT_SAVED) from error
                # Its key tells what became of it, as soon as the database says anything.
            await asyncio.sleep(pause)
            pause = min(pause * 2, 0.5)
        raise NotSaved(NOT_SAVED)  # to nobody: they were told already

    async def _once(
        self,
        request: OperationRequest,
        kind: type[Answer],
        body: Body[Answer],
        attempts: Attempts,
    ) -> Answer:
        async with self._database.transaction(request.workspace_id, attempts) as tx:
            begun = await operations.begin(tx, request)
            if not begun.fresh:
                return await operations.find_result(tx, request, kind)
            done = await body(tx, begun)
            await operations.finish(
                tx, request, begun, kind, done.answer, done.changes, days=done.days, shows=done.shows
            )
        return done.answer

    async def _settle(self, request: OperationRequest) -> None:
        """Finds out what became of an act whose commit got no answer, and tells the person who waits for it in Slack.

        The finding is final: the key can only be spent once the transaction in doubt has ended, and no other one of
        the act will commit. It is given back, so that the same thing can be asked for again.
        """
        while True:
            try:
                async with self._database.transaction(request.workspace_id) as tx:
                    begun = await operations.begin(tx, request)
                    saved = not begun.fresh
                    if not saved:
                        await operations.release_key(tx, request)
                    if request.who and request.source is Source.SLACK:
                        await messages.queue(
                            tx,
                            request.workspace_id,
                            asked=True,
                            key=f"settled:{request.key}",
                            channel=request.who,
                            content=TextContent(text=_settled_text(saved=saved)),
                            person_id=None,
                        )
                return
            except (*TRANSIENT, *GIVEN_UP):
                await asyncio.sleep(SETTLE_EVERY_SECONDS)


async def _of_their_own(
    context: OperationContext, effect: Callable[[OperationContext], Awaitable[Answer]]
) -> Answer:
    """The answer of `effect`, where it changed nothing that the person may not. Guests are not offered what they can
    not make."""
    try:
        answer = await effect(context)
    except UnknownProject as error:
        if context.person.standing is Standing.MEMBER:
            raise
        raise NotAllowed(f"There is no project called “{error.name}”, and guests make none.") from None
    require_own(context.person, context.changes)
    return answer


def _shown(answer: object) -> UUID | date | None:
    match answer:
        case TimerAnswer(entry=TimeEntry(id=entry_id)):
            return entry_id
        case DayReport(day=day):
            return day
        case _:
            return None


def _days_of(context: OperationContext) -> tuple[date, ...]:
    """Local dates that were changed, or lie under what was, before or after."""
    zone, days = context.person.zone, set(context.days)
    for change in context.changes:
        if isinstance(change, Recorded):
            for state in (change.before, change.after):
                if state:
                    # What waits for a confirmation is asked about in each digest since.
                    end = context.at if state.unconfirmed else state.ended_at or context.at
                    days |= local_dates_between(state.started_at, end, zone)
    return tuple(days)


def _settled_text(*, saved: bool) -> str:
    if saved:
        return "About a moment ago, when I wasn't sure: it *was* saved. `/track` shows what is true now."
    return "About a moment ago, when I wasn't sure: it was *not* saved. Please do it once more."


def _forget_outcome(task: asyncio.Task[Answer]) -> None:
    if not task.cancelled():
        task.exception()
