"""Runs operations: key, lock, clock, rule, history and outbox in one transaction, within a deadline."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import Concatenate, Generic, ParamSpec, TypeVar
from uuid import UUID

from domain.errors import CommitUnknown, NotSaved
from domain.history.operations import OperationRequest
from domain.live_answers import LiveAnswer
from services.operations.context import CheckChanges, Context, OpenContext
from services.operations.settling import Settler
from services.outages import LASTING, TRANSIENT
from storage.history import operations
from storage.postgres.database import Attempts, Database

P = ParamSpec("P")
Answer = TypeVar("Answer")

# Slack waits for three seconds, which must also cover the network and the rendering of the answer.
DEADLINE_SECONDS = 2.2
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.02, 0.5

NOT_SAVED = "Nothing was saved: the database did not answer in time. Please try again in a minute."
UNSURE = "I can't tell yet whether this was saved. I'm checking, and will tell you here in a moment."

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Rule(Generic[Context, P, Answer]):
    """An operation's function, and what the runner must know to run it.

    `open_context` reads the context and refuses people who may not ask. `function` changes the state and returns the
    answer, which is stored as an `answer_type`. `check_changes` refuses changes that the person may not make.
    """

    function: Callable[Concatenate[Context, P], Awaitable[Answer]]
    answer_type: type[Answer]
    open_context: OpenContext[Context]
    check_changes: CheckChanges[Context]


class OperationRunner:
    """Runs each operation once for its idempotency key. The caller gets an answer or an error within `deadline`
    seconds, even if the database does not answer."""

    def __init__(self, database: Database, deadline: float = DEADLINE_SECONDS) -> None:
        self._database = database
        self._deadline = deadline
        self.settler = Settler(database)

    async def run(
        self,
        rule: Rule[Context, P, Answer],
        request: OperationRequest,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Return the rule's answer before the deadline; for a repeated key, return the stored one.

        Raises the errors of the rule and of `domain.permissions`, and PersonUnknown: the key is not spent then.
        Raises NotSaved if nothing was saved and nothing will be. Raises CommitUnknown if the commit got no answer; a
        message later tells the person whether it was saved.
        """
        attempts = Attempts()
        task = asyncio.create_task(self._attempt(attempts, rule, request, *args, **kwargs))
        await asyncio.wait({task}, timeout=self._deadline)
        if task.done() and not task.cancelled():
            return task.result()
        # After this flag nothing can commit, so NotSaved is true. Cancelling alone is not enough: it may itself
        # wait for the database.
        attempts.abandoned = True
        unsure = attempts.committing
        task.add_done_callback(_discard_outcome)
        task.cancel()
        if unsure:
            self.settler.settle_later(request)
            raise CommitUnknown(UNSURE)
        raise NotSaved(NOT_SAVED)

    async def _attempt(
        self,
        attempts: Attempts,
        rule: Rule[Context, P, Answer],
        request: OperationRequest,
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Answer:
        """Run the rule in one transaction. Run it again if the database failed for a reason that passes."""
        pause = FIRST_PAUSE_SECONDS
        while not attempts.abandoned:
            try:
                async with self._database.transaction(request.workspace_id, attempts) as tx:
                    begun = await operations.begin(tx, request)
                    if not begun.fresh:
                        return await operations.find_result(tx, request, rule.answer_type)
                    context = await rule.open_context(tx, request, begun)
                    answer = await rule.function(context, *args, **kwargs)
                    rule.check_changes(context)
                    await operations.finish(
                        tx,
                        request,
                        begun,
                        rule.answer_type,
                        answer,
                        context.changes,
                        days=context.touched_days(),
                        shows=_live_subject(request, answer),
                    )
                return answer
            except TRANSIENT as error:
                log.info("the database said %s; the operation is tried again", type(error).__name__)
            except LASTING as error:
                if not attempts.committing:
                    raise NotSaved(NOT_SAVED) from error
                # The commit may have succeeded. In that case the next attempt finds the key spent.
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        raise NotSaved(NOT_SAVED)  # nobody reads this result: `run` has raised already

    async def close(self) -> None:
        await self.settler.close()


def _live_subject(request: OperationRequest, answer: object) -> UUID | date | None:
    """Return the entry or the day that the message of the request shows from now on."""
    if request.place and request.place.day:
        return request.place.day
    return answer.live_subject if isinstance(answer, LiveAnswer) else None


def _discard_outcome(task: asyncio.Task[Answer]) -> None:
    """Read the exception of an abandoned task, which asyncio would otherwise report as never retrieved."""
    if not task.cancelled():
        task.exception()
