"""The first and the last statement of every operation: the first inserts its idempotency key, the last its history
and result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from pydantic import TypeAdapter
from sqlalchemy import (
    ARRAY,
    Boolean,
    Interval,
    Text,
    Uuid,
    bindparam,
    case,
    column,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.entries.forgotten_timers import SHORTEST_UNASKED
from domain.errors import KeyReused
from domain.history.changes import EntryRecord, ProjectRecord, SettingRecord, TimesheetRecord
from domain.history.operations import OperationRequest
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.timesheets import monday_of
from storage.outbox.live_messages import ADDRESS_LIVES, CARD, STORED_KINDS, TOUCHED
from storage.postgres.database import Transaction
from storage.postgres.query import DATABASE_NOW, Query
from storage.tables import acts, history, timer_watches

Result = TypeVar("Result")
RecordedChange = EntryRecord | ProjectRecord | SettingRecord | TimesheetRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunOperation:
    """An operation that holds its idempotency key and its person's lock.

    `fresh` is false if the key was used before. `at` is the database's clock, read under the lock.
    """

    fresh: bool
    act_id: UUID
    at: datetime


_new_operation = (
    insert(acts)
    .values(
        workspace_id=bindparam("workspace_id"),
        key=bindparam("key"),
        id=bindparam("act_id"),
        source=bindparam("source"),
        actor=bindparam("actor"),
        request=bindparam("request"),
    )
    .on_conflict_do_nothing()
    .returning(acts.c.id)
    .cte("act")
)
# One round trip, in this order: the key, the person's lock, the clock. If the clock were read before the lock is
# held, the later of two operations could get the earlier instant.
_BEGIN = Query(
    select(
        select(_new_operation.c.id).scalar_subquery().label("new_id"),
        func.pg_advisory_xact_lock(func.hashtextextended(bindparam("person", type_=Text), 0)),
        DATABASE_NOW.label("at"),
    )
)
_FIND_RESULT = Query(
    select(acts.c.result, acts.c.request).where(
        acts.c.workspace_id == bindparam("workspace_id"), acts.c.key == bindparam("key")
    )
)
# The changes are one JSON parameter, so that one statement stores any number of them and the result.
_change = (
    func.jsonb_to_recordset(bindparam("changes", type_=JSONB))
    .table_valued(
        column("subject", Text),
        column("subject_id", history.c.subject_id.type),
        column("change", Text),
        column("before", JSONB),
        column("after", JSONB),
        column("undoes", history.c.undoes.type),
    )
    .render_derived(name="change", with_types=True)
)
_new_history = (
    insert(history)
    .from_select(
        [
            "workspace_id",
            "subject",
            "subject_id",
            "change",
            "before",
            "after",
            "undoes",
            "act_id",
            "actor",
            "source",
            "at",
        ],
        select(
            bindparam("workspace_id", type_=history.c.workspace_id.type),
            _change.c.subject,
            _change.c.subject_id,
            _change.c.change,
            _change.c.before,
            _change.c.after,
            _change.c.undoes,
            bindparam("act_id", type_=history.c.act_id.type),
            bindparam("actor", type_=Text),
            bindparam("source", type_=Text),
            bindparam("at", type_=history.c.at.type),
        ),
    )
    .cte("recorded")
)
_finish = (
    update(acts)
    .where(acts.c.workspace_id == bindparam("workspace_id"), acts.c.key == bindparam("key"))
    .values(result=bindparam("answer", type_=JSONB))
    .add_cte(_new_history, TOUCHED)
)
# A timer that still runs gets a watch. A person who changes a timer is at work, so the change counts as an answer
# "keep".
_new_watch = insert(timer_watches).from_select(
    ["workspace_id", "entry_id", "due_at", "kept_at"],
    select(
        bindparam("workspace_id", type_=Uuid),
        func.unnest(bindparam("left_running", type_=ARRAY(Uuid))),
        bindparam("at", type_=history.c.at.type) + bindparam("unwatched", type_=Interval),
        case((bindparam("touched", type_=Boolean), bindparam("at", type_=history.c.at.type))),
    ),
)
_upserted_watch = _new_watch.on_conflict_do_update(
    index_elements=["workspace_id", "entry_id"],
    set_={
        "due_at": _new_watch.excluded.due_at,
        "asked_at": None,
        "kept_at": bindparam("at", type_=history.c.at.type),
    },
).cte("watched")
# Statements by two questions: does a live message show the result, and does a timer still run?
_FINISH = {
    (False, False): Query(_finish),
    (True, False): Query(_finish.add_cte(CARD)),
    (False, True): Query(_finish.add_cte(_upserted_watch)),
    (True, True): Query(_finish.add_cte(CARD, _upserted_watch)),
}
_RELEASE_KEY = Query(
    delete(acts).where(acts.c.workspace_id == bindparam("workspace_id"), acts.c.key == bindparam("key"))
)
# One hour of keys at a time: deleting those of a month would run into the statement timeout.
_oldest = select(func.min(acts.c.at)).scalar_subquery()
_DELETE_BEFORE = Query(
    delete(acts).where(
        acts.c.at
        < func.least(bindparam("before", type_=acts.c.at.type), _oldest + bindparam("slice", type_=Interval))
    )
)


async def begin(tx: Transaction, request: OperationRequest) -> BegunOperation:
    """Insert the operation's key and take the person's lock. A rollback undoes both; a commit releases the lock."""
    act_id = uuid4()
    row = await tx.fetch_one(
        _BEGIN,
        workspace_id=request.workspace_id,
        key=request.key,
        act_id=act_id,
        source=request.source.value,
        actor=request.who,
        request=request.content_hash,
        person=f"{request.workspace_id}/{request.who}"
        if request.who
        else f"{request.workspace_id}//{request.key}",
    )
    assert row is not None
    return BegunOperation(fresh=row["new_id"] is not None, act_id=act_id, at=row["at"])


async def find_result(tx: Transaction, request: OperationRequest, kind: type[Result]) -> Result:
    """Find the stored result of the operation with this key. Raises KeyReused if its request was a different one."""
    row = await tx.fetch_one(_FIND_RESULT, workspace_id=request.workspace_id, key=request.key)
    # Operations that were stored before request digests existed count as the same request.
    if row and request.content_hash and row["request"] not in (None, request.content_hash):
        raise KeyReused(
            "This key was used for another request before. Nothing was done; please use a new one."
        )
    assert row is not None  # the key and its result are committed together
    return _adapter(kind).validate_json(row["result"])


async def release_key(tx: Transaction, request: OperationRequest) -> None:
    """Delete the key that `begin` inserted in this transaction."""
    await tx.execute(_RELEASE_KEY, workspace_id=request.workspace_id, key=request.key)


async def finish(
    tx: Transaction,
    request: OperationRequest,
    begun: BegunOperation,
    kind: type[Result],
    result: Result,
    changes: Sequence[RecordedChange] = (),
    *,
    days: Sequence[date] = (),
    shows: UUID | date | None = None,
) -> None:
    """Store the result, append the history, and mark the live messages that must be rewritten.

    `days` are the person's local dates that the changes touch. `shows` is the entry or the day of the result, if
    the operation is answered in a message that can become a live message.
    """
    place = request.place if shows else None
    card_day = shows if isinstance(shows, date) else None
    left_running = _left_running(changes)
    await tx.execute(
        _FINISH[bool(place), bool(left_running)],
        workspace_id=request.workspace_id,
        key=request.key,
        answer=_adapter(kind).dump_json(result).decode(),
        act_id=begun.act_id,
        actor=request.who,
        source=request.source.value,
        at=begun.at,
        changes=_ROWS.dump_json([_history_row(change) for change in changes]).decode(),
        touches=bool(changes or days),
        entries=[change.entry_id for change in changes if isinstance(change, EntryRecord)],
        days=list(days),
        weeks=list({monday_of(day) for day in days}),
        card_id=place.card_id if place else begun.act_id,
        card_kind=STORED_KINDS[LiveMessageKind.DAY if card_day else LiveMessageKind.CARD],
        card_entry=shows if isinstance(shows, UUID) else None,
        card_day=card_day,
        response_url=place.response_url if place else None,
        address_lives=ADDRESS_LIVES,
        left_running=list(left_running),
        touched=any(left_running.values()),
        unwatched=SHORTEST_UNASKED,
    )


async def delete_before(tx: Transaction, *, before: datetime) -> int:
    """Delete keys older than that, at most one hour of them. No sender repeats a delivery after so long."""
    return await tx.execute(_DELETE_BEFORE, before=before, slice=timedelta(hours=1))


def _left_running(changes: Sequence[RecordedChange]) -> dict[UUID, bool]:
    """Return the timer that runs after the changes, if any, and whether it existed before."""
    after = {change.entry_id: change for change in changes if isinstance(change, EntryRecord)}
    return {key: one.before is not None for key, one in after.items() if one.after.ended_at is None}


def _history_row(change: RecordedChange) -> dict[str, Any]:
    match change:
        case ProjectRecord():
            subject, subject_id = "project", change.project_id
        case SettingRecord():
            subject, subject_id = change.subject, change.subject_id
        case TimesheetRecord():
            subject, subject_id = "timesheet", change.timesheet_id
        case EntryRecord():
            subject, subject_id = "time_entry", change.entry_id
    return {
        "subject": subject,
        "subject_id": subject_id,
        "change": change.change,
        "before": change.before,
        "after": change.after,
        "undoes": change.undoes if isinstance(change, EntryRecord) else None,
    }


def _adapter(kind: type[Result]) -> TypeAdapter[Result]:
    # Building an adapter takes a millisecond, so the few kinds of results are cached.
    adapter: TypeAdapter[Result] | None = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)
    return adapter


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
_ROWS = TypeAdapter(list[dict[str, Any]])
