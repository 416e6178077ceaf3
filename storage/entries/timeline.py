"""A person's entries in time: what shares a stretch, how much of it they fill, the newest ones in pages."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)

from domain.entries.entries import TagUse, TimeEntry
from domain.projects.projects import Project
from storage.entries.entries import MINE, entries_where, entry_of
from storage.postgres.database import Query, Transaction
from storage.projects.projects import PROJECT, project_of
from storage.tables import projects, time_entries

_e = time_entries.c
_start, _end = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end"))


def shares_time(
    workspace_id: ColumnElement[UUID],
    person_id: ColumnElement[UUID],
    start: ColumnElement[datetime],
    end: ColumnElement[datetime],
    *given_by: FromClause,
) -> ColumnElement[bool]:
    """What of the entries of each of some people shares time with [start, end), however many years lie before it.

    `given_by` are the tables that person and instants are columns of. No two entries of one person overlap: so the
    first that can is the last one that begins by `start`, and the index by start finds all of them between two places.
    The exclusion constraint's own index would, if row-level security let a query use it: "&&" is not leakproof. Nor is
    coalesce, which is why it stands inside. It is asked once for each person, and never for each entry, only where it
    stands in a statement of its own under theirs: one that adds up, or is lateral for another reason.
    """
    first = _first(workspace_id, person_id, start).correlate(*given_by).scalar_subquery()
    return _shares_time_from(first, start, end)


def _first(
    workspace_id: ColumnElement[UUID], person_id: ColumnElement[UUID], start: ColumnElement[datetime]
) -> Select[tuple[datetime]]:
    return select(func.coalesce(func.max(_before.started_at), start)).where(
        _before.workspace_id == workspace_id,
        _before.person_id == person_id,
        ~_before.deleted,
        _before.started_at <= start,
    )


def _or_infinity(end: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """The end, or infinity where there is none. Not by coalesce: under row-level security the index would not be asked
    for it, and everything that began later would be read too."""
    return case((end.is_(None), literal_column("'infinity'::timestamptz")), else_=end)


def _shares_time_from(
    first: ColumnElement[datetime], start: ColumnElement[datetime], end: ColumnElement[datetime]
) -> ColumnElement[bool]:
    return and_(
        _e.started_at >= first,
        _e.started_at < _or_infinity(end),
        or_(_e.ended_at.is_(None), _e.ended_at > start),
    )


_before = time_entries.alias("before").c
# Of one person it is asked once, before anything else. Joined like those of several people it would be asked for each
# entry, in a plan that was made while there were few.
MINE_SHARES_TIME = _shares_time_from(
    _first(
        bindparam("workspace_id", type_=_e.workspace_id.type),
        bindparam("person_id", type_=_e.person_id.type),
        _start,
    ).scalar_subquery(),
    _start,
    _end,
)
_BETWEEN = Query(entries_where(MINE, MINE_SHARES_TIME).order_by(_e.started_at))
_given_start, _given_end, _after_start = (
    bindparam(name, type_=DateTime(timezone=True)) for name in ("given_start", "given_end", "after_start")
)
_given_project = bindparam("given_project", type_=_e.project_id.type)
_given_running = bindparam("given_running", type_=Boolean)
# Every filter may be null, which is "all of them"; one statement is planned once for the common shape.
_NEWEST = Query(
    entries_where(
        MINE,
        or_(_given_end.is_(None), _e.started_at < _given_end),
        or_(_given_start.is_(None), _e.ended_at.is_(None), _e.ended_at > _given_start),
        or_(_given_project.is_(None), _e.project_id == _given_project),
        or_(_given_running.is_(None), _e.ended_at.is_(None) == _given_running),
        or_(
            _after_start.is_(None),
            tuple_(_e.started_at, _e.id) < tuple_(_after_start, bindparam("after_id", type_=_e.id.type)),
        ),
    )
    .order_by(_e.started_at.desc(), _e.id.desc())
    .limit(bindparam("most"))
)
_ended = func.coalesce(_e.ended_at, bindparam("at", type_=DateTime(timezone=True)))
_TOTAL = Query(
    select(func.sum(func.least(_ended, _end) - func.greatest(_e.started_at, _start)).label("length")).where(
        # What runs has lasted no time at all, should the clock have been set back behind its start.
        MINE,
        MINE_SHARES_TIME,
        _ended > func.greatest(_e.started_at, _start),
    )
)

_newest_of_mine = (
    select(_e.project_id, _e.started_at)
    .where(MINE, _e.project_id.is_not(None))
    .order_by(_e.started_at.desc())
    .limit(bindparam("looked_at"))
    .subquery("newest")
)
_LATELY = Query(
    select(*PROJECT)
    .select_from(
        _newest_of_mine.join(
            projects,
            (projects.c.workspace_id == bindparam("workspace_id"))
            & (projects.c.id == _newest_of_mine.c.project_id),
        )
    )
    .where(projects.c.archived_at.is_(None))
    .group_by(*PROJECT)
    .order_by(func.max(_newest_of_mine.c.started_at).desc())
    .limit(bindparam("most"))
)
_tag = func.unnest(_e.tags).table_valued("name").render_derived(name="tag")
_TAGS = Query(
    select(_tag.c.name, func.count().label("entries"), func.sum(_ended - _e.started_at).label("length"))
    .select_from(time_entries.join(_tag, true()))
    .where(MINE)
    .group_by(_tag.c.name)
    .order_by(_tag.c.name)
)
# As many entries as are looked at for "lately": enough for weeks, and the same work however many years there are.
_LOOKED_AT = 100


async def lately(tx: Transaction, workspace_id: UUID, person_id: UUID, *, most: int) -> list[Project]:
    """The live projects of the person's newest entries, the latest first."""
    rows = await tx.all(
        _LATELY, workspace_id=workspace_id, person_id=person_id, most=most, looked_at=_LOOKED_AT
    )
    return [project_of(row) for row in rows]


async def between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime | None
) -> list[TimeEntry]:
    """Entries that share time with [start, end), oldest first; without an end, with all time from then on."""
    rows = await tx.all(_BETWEEN, workspace_id=workspace_id, person_id=person_id, start=start, end=end)
    return [entry_of(row) for row in rows]


async def newest(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    *,
    most: int,
    start: datetime | None = None,
    end: datetime | None = None,
    project_id: UUID | None = None,
    running: bool | None = None,
    after: tuple[datetime, UUID] | None = None,
) -> list[TimeEntry]:
    """Newest first; `after` is the place (start, id) of the last entry of the page before."""
    after_start, after_id = after or (None, None)
    rows = await tx.all(
        _NEWEST,
        workspace_id=workspace_id,
        person_id=person_id,
        given_start=start,
        given_end=end,
        given_project=project_id,
        given_running=running,
        after_start=after_start,
        after_id=after_id,
        most=most,
    )
    return [entry_of(row) for row in rows]


async def tags(tx: Transaction, workspace_id: UUID, person_id: UUID, *, at: datetime) -> list[TagUse]:
    """What runs counts until the instant `at`."""
    rows = await tx.all(_TAGS, workspace_id=workspace_id, person_id=person_id, at=at)
    return [TagUse(name=row["name"], entries=row["entries"], length=row["length"]) for row in rows]


async def total_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime, at: datetime
) -> timedelta:
    """How much of [start, end) that person's entries fill; what runs fills it until the instant `at`."""
    row = await tx.one(_TOTAL, workspace_id=workspace_id, person_id=person_id, start=start, end=end, at=at)
    return (row["length"] if row else None) or timedelta()
