"""Acts and the history they leave: the spine's first and last statement."""

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
from domain.history.changes import ProjectRecorded, Recorded, SettingRecorded, TimesheetRecorded
from domain.history.operations import OperationRequest
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.timesheets import monday_of
from storage.outbox.live_messages import ADDRESS_LIVES, CARD, STORED_KINDS, TOUCHED
from storage.postgres.database import DATABASE_NOW, Query, Transaction
from storage.tables import acts, history, timer_watches

Result = TypeVar("Result")
RecordedChange = Recorded | ProjectRecorded | SettingRecorded | TimesheetRecorded


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunOperation:
    """`fresh` is false when this key was spent before. `at` is the database's clock, read under the lock."""

    fresh: bool
    act_id: UUID
    at: datetime


_new_act = (
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
# One round trip, in this order: the key, the person's lock, the clock. A clock read before the lock is had
# would stamp the later of two acts with the earlier instant.
_BEGIN = Query(
    select(
        select(_new_act.c.id).scalar_subquery().label("new_id"),
        func.pg_advisory_xact_lock(func.hashtextextended(bindparam("person", type_=Text), 0)),
        DATABASE_NOW.label("at"),
    )
)
_RESULT = Query(
    select(acts.c.result, acts.c.request).where(
        acts.c.workspace_id == bindparam("workspace_id"), acts.c.key == bindparam("key")
    )
)
# The changes travel as one JSON list: any number of them, and the stored answer, are one statement.
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
_recorded = (
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
    .add_cte(_recorded, TOUCHED)
)
# What is left running is looked after by the clock. Whatever its person does to it says that they are at work.
_watching = insert(timer_watches).from_select(
    ["workspace_id", "entry_id", "due_at", "kept_at"],
    select(
        bindparam("workspace_id", type_=Uuid),
        func.unnest(bindparam("left_running", type_=ARRAY(Uuid))),
        bindparam("at", type_=history.c.at.type) + bindparam("unwatched", type_=Interval),
        case((bindparam("touched", type_=Boolean), bindparam("at", type_=history.c.at.type))),
    ),
)
_watched = _watching.on_conflict_do_update(
    index_elements=["workspace_id", "entry_id"],
    set_={
        "due_at": _watching.excluded.due_at,
        "asked_at": None,
        "kept_at": bindparam("at", type_=history.c.at.type),
    },
).cte("watched")
# By whether the answer has a place, and whether something is left running.
_FINISH = {
    (False, False): Query(_finish),
    (True, False): Query(_finish.add_cte(CARD)),
    (False, True): Query(_finish.add_cte(_watched)),
    (True, True): Query(_finish.add_cte(CARD, _watched)),
}
_UNSPEND = Query(
    delete(acts).where(acts.c.workspace_id == bindparam("workspace_id"), acts.c.key == bindparam("key"))
)
# An hour of them at a time: all of a month's would outlast the time that a statement has.
_oldest = select(func.min(acts.c.at)).scalar_subquery()
_FORGET = Query(
    delete(acts).where(
        acts.c.at
        < func.least(bindparam("before", type_=acts.c.at.type), _oldest + bindparam("slice", type_=Interval))
    )
)


async def begin(tx: Transaction, request: OperationRequest) -> BegunOperation:
    """Spends the act's key and takes the person's lock; both end with the transaction."""
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
    """What the act with this key answered. Raises KeyReused."""
    row = await tx.fetch_one(_RESULT, workspace_id=request.workspace_id, key=request.key)
    # What was done before requests were kept is taken for the same.
    if row and request.content_hash and row["request"] not in (None, request.content_hash):
        raise KeyReused(
            "This key was used for another request before. Nothing was done; please use a new one."
        )
    assert row is not None  # a key is spent and answered in one transaction
    return _adapter(kind).validate_json(row["result"])


async def release_key(tx: Transaction, request: OperationRequest) -> None:
    """As if `begin` had never been."""
    await tx.execute(_UNSPEND, workspace_id=request.workspace_id, key=request.key)


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
    """Stores the answer, the history of what was changed, and what is to be rewritten in Slack, in the transaction of
    the change they tell. `days` are the person's local dates that it touches; `shows` is the entry, or the day,
    that the answer is about, where the act has a place for one."""
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
        changes=_ROWS.dump_json([_row(change) for change in changes]).decode(),
        touches=bool(changes or days),
        entries=[change.entry_id for change in changes if isinstance(change, Recorded)],
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
    """Drops keys of acts older than that, an hour's at a time; nothing repeats a delivery after so long."""
    return await tx.execute(_FORGET, before=before, slice=timedelta(hours=1))


def _left_running(changes: Sequence[RecordedChange]) -> dict[UUID, bool]:
    """What runs now, at most one entry; whether it was there before."""
    after = {change.entry_id: change for change in changes if isinstance(change, Recorded)}
    return {key: one.before is not None for key, one in after.items() if one.after.ended_at is None}


def _row(change: RecordedChange) -> dict[str, Any]:
    match change:
        case ProjectRecorded():
            subject, subject_id = "project", change.project_id
        case SettingRecorded():
            subject, subject_id = change.subject, change.subject_id
        case TimesheetRecorded():
            subject, subject_id = "timesheet", change.timesheet_id
        case Recorded():
            subject, subject_id = "time_entry", change.entry_id
    return {
        "subject": subject,
        "subject_id": subject_id,
        "change": change.change,
        "before": change.before,
        "after": change.after,
        "undoes": change.undoes if isinstance(change, Recorded) else None,
    }


def _adapter(kind: type[Result]) -> TypeAdapter[Result]:
    # Building one takes a millisecond; the handful of kinds there are is kept.
    adapter: TypeAdapter[Result] | None = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)
    return adapter


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}
_ROWS = TypeAdapter(list[dict[str, Any]])
