"""The context of an operation, read at its beginning under the person's lock."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from domain.entries.entries import TimeEntry
from domain.errors import PersonUnknown
from domain.history.changes import EntryRecord
from domain.history.operations import OperationRequest
from domain.identity.people import Person
from domain.permissions import Needs, require_needs, require_own
from domain.time.calendar import local_dates_between
from storage.history.operation_state import read_state
from storage.history.operations import BegunOperation, RecordedChange
from storage.postgres.database import Transaction


@dataclass(slots=True, kw_only=True)
class ImpersonalContext:
    """The context of an operation that concerns no person: the open transaction, the present instant, and the changes
    so far."""

    tx: Transaction
    request: OperationRequest
    act_id: UUID
    at: datetime
    changes: list[RecordedChange] = field(default_factory=list)

    @property
    def workspace_id(self) -> UUID:
        return self.request.workspace_id

    def touched_days(self) -> tuple[date, ...]:
        """Return the person's local dates that the operation touched; none, because it concerns no person."""
        return ()


@dataclass(slots=True, kw_only=True)
class OperationContext(ImpersonalContext):
    """The context of an operation that concerns a person: who that is, their running timer, and when the last of
    their locked weeks ends.

    `days` are local dates whose report the operation changes for another reason than their entries.
    """

    person: Person
    running: TimeEntry | None
    locked_until: datetime | None
    days: set[date] = field(default_factory=set)

    def touched_days(self) -> tuple[date, ...]:
        """Return the local dates in `days`, and those that a changed entry covered before or covers now."""
        zone, days = self.person.zone, set(self.days)
        for change in self.changes:
            if isinstance(change, EntryRecord):
                for state in (change.before, change.after):
                    if state:
                        # Every digest after an unconfirmed end asks about it, so all days since then show it.
                        end = self.at if state.unconfirmed else state.ended_at or self.at
                        days |= local_dates_between(state.started_at, end, zone)
        return tuple(days)


Context = TypeVar("Context", bound=ImpersonalContext)
OpenContext = Callable[[Transaction, OperationRequest, BegunOperation], Awaitable[Context]]
CheckChanges = Callable[[Context], None]


async def open_impersonal_context(
    tx: Transaction, request: OperationRequest, begun: BegunOperation
) -> ImpersonalContext:
    return ImpersonalContext(tx=tx, request=request, act_id=begun.act_id, at=begun.at)


async def open_context_about_person(
    tx: Transaction, request: OperationRequest, begun: BegunOperation
) -> OperationContext:
    """Read the person whom the request names, whatever their rights. Raises PersonUnknown."""
    state = await read_state(tx, request.workspace_id, request.who)
    if state is None:
        raise PersonUnknown(request.who)
    return OperationContext(
        tx=tx,
        request=request,
        act_id=begun.act_id,
        at=begun.at,
        person=state.person,
        running=state.running,
        locked_until=state.locked_until,
    )


async def open_context_for_person(
    tx: Transaction, request: OperationRequest, begun: BegunOperation, *, needs: Needs
) -> OperationContext:
    """Read the person who asks, and refuse a person who has no access or whom we do not know well enough.

    The check is made under the person's lock, so that no entry point can forget it, and somebody who is deactivated
    during a request is refused. Raises PersonUnknown and the errors of `domain.permissions.require`.
    """
    context = await open_context_about_person(tx, request, begun)
    require_needs(context.person, needs)
    return context


def check_own_changes(context: OperationContext) -> None:
    """Raise NotAllowed if the person changed something that they may not change."""
    require_own(context.person, context.changes)


def allow_any_change(_context: ImpersonalContext) -> None:
    """Accept all changes: the person did not ask for them, so their rights do not limit them."""
