"""Lists and sums of a person's entries: by period, by tag, the newest in pages; and the condition that finds them."""

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
from storage.entries.entries import LIVE_ENTRY_OF_PERSON, entry_from_row, select_entries
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.projects.projects import PROJECT_COLUMNS, project_from_row
from storage.tables import projects, time_entries

_e = time_entries.c
_start, _end = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end"))


def overlaps_period(
    workspace_id: ColumnElement[UUID],
    person_id: ColumnElement[UUID],
    start: ColumnElement[datetime],
    end: ColumnElement[datetime],
    *bound_by: FromClause,
) -> ColumnElement[bool]:
    """Build the condition that an entry of each person shares time with [start, end).

    `bound_by` are the tables whose columns hold the person and the instants. Entries of one person never overlap,
    so the earliest candidate is the last entry that begins by `start`, and the index on the start finds all
    candidates as one range, however many years precede it. The index of the exclusion constraint can not be used
    under row-level security, because "&&" is not leakproof. Neither is coalesce, so it stands inside the subquery.

    Use it in a separate subquery per person (one that aggregates, or is lateral for another reason): only then is
    the earliest candidate looked up once for each person and not for each entry.
    """
    first = _select_first_start(workspace_id, person_id, start).correlate(*bound_by).scalar_subquery()
    return _overlaps_from(first, start, end)


def _select_first_start(
    workspace_id: ColumnElement[UUID], person_id: ColumnElement[UUID], start: ColumnElement[datetime]
) -> Select[tuple[datetime]]:
    return select(func.coalesce(func.max(_before.started_at), start)).where(
        _before.workspace_id == workspace_id,
        _before.person_id == person_id,
        ~_before.deleted,
        _before.started_at <= start,
    )


def _or_infinity(end: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """Return the end, or infinity if there is none.

    It does not use coalesce, which prevents the use of the index under row-level security: all later entries would
    be read too.
    """
    return case((end.is_(None), literal_column("'infinity'::timestamptz")), else_=end)


def _overlaps_from(
    first: ColumnElement[datetime], start: ColumnElement[datetime], end: ColumnElement[datetime]
) -> ColumnElement[bool]:
    return and_(
        _e.started_at >= first,
        _e.started_at < _or_infinity(end),
        or_(_e.ended_at.is_(None), _e.ended_at > start),
    )


_before = time_entries.alias("before").c
# The same for one person. The earliest candidate is looked up once, before anything else. Written as a join, as for
# several people, a plan that was made while the table was small would look it up for each entry.
OVERLAPS_PERIOD = _overlaps_from(
    _select_first_start(
        bindparam("workspace_id", type_=_e.workspace_id.type),
        bindparam("person_id", type_=_e.person_id.type),
        _start,
    ).scalar_subquery(),
    _start,
    _end,
)
_FIND_BETWEEN = Query(select_entries(LIVE_ENTRY_OF_PERSON, OVERLAPS_PERIOD).order_by(_e.started_at))
_filter_start, _filter_end, _after_start = (
    bindparam(name, type_=DateTime(timezone=True)) for name in ("filter_start", "filter_end", "after_start")
)
_filter_project = bindparam("filter_project", type_=_e.project_id.type)
_filter_running = bindparam("filter_running", type_=Boolean)
# A filter that is null matches everything, so one statement with one plan serves all combinations.
_FIND_NEWEST = Query(
    select_entries(
        LIVE_ENTRY_OF_PERSON,
        or_(_filter_end.is_(None), _e.started_at < _filter_end),
        or_(_filter_start.is_(None), _e.ended_at.is_(None), _e.ended_at > _filter_start),
        or_(_filter_project.is_(None), _e.project_id == _filter_project),
        or_(_filter_running.is_(None), _e.ended_at.is_(None) == _filter_running),
        or_(
            _after_start.is_(None),
            tuple_(_e.started_at, _e.id) < tuple_(_after_start, bindparam("after_id", type_=_e.id.type)),
        ),
    )
    .order_by(_e.started_at.desc(), _e.id.desc())
    .limit(bindparam("most"))
)
_ended = func.coalesce(_e.ended_at, bindparam("at", type_=DateTime(timezone=True)))
_SUM_BETWEEN = Query(
    select(func.sum(func.least(_ended, _end) - func.greatest(_e.started_at, _start)).label("length")).where(
        # If the clock was set back to before a timer's start, the timer's length is zero.
        LIVE_ENTRY_OF_PERSON,
        OVERLAPS_PERIOD,
        _ended > func.greatest(_e.started_at, _start),
    )
)

_newest_with_project = (
    select(_e.project_id, _e.started_at)
    .where(LIVE_ENTRY_OF_PERSON, _e.project_id.is_not(None))
    .order_by(_e.started_at.desc())
    .limit(bindparam("recent_entries"))
    .subquery("newest")
)
_FIND_RECENT_PROJECTS = Query(
    select(*PROJECT_COLUMNS)
    .select_from(
        _newest_with_project.join(
            projects,
            (projects.c.workspace_id == bindparam("workspace_id"))
            & (projects.c.id == _newest_with_project.c.project_id),
        )
    )
    .where(projects.c.archived_at.is_(None))
    .group_by(*PROJECT_COLUMNS)
    .order_by(func.max(_newest_with_project.c.started_at).desc())
    .limit(bindparam("most"))
)
_tag = func.unnest(_e.tags).table_valued("name").render_derived(name="tag")
_SUM_BY_TAG = Query(
    select(_tag.c.name, func.count().label("entries"), func.sum(_ended - _e.started_at).label("length"))
    .select_from(time_entries.join(_tag, true()))
    .where(LIVE_ENTRY_OF_PERSON)
    .group_by(_tag.c.name)
    .order_by(_tag.c.name)
)
# The newest entries from which recent projects are derived: weeks of them, and the same work after many years.
_RECENT_ENTRIES = 100


async def find_recent_projects(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, most: int
) -> list[Project]:
    """Find the projects of the person's newest entries, without archived ones, the most recent first."""
    rows = await tx.fetch_all(
        _FIND_RECENT_PROJECTS,
        workspace_id=workspace_id,
        person_id=person_id,
        most=most,
        recent_entries=_RECENT_ENTRIES,
    )
    return [project_from_row(row) for row in rows]


async def find_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime | None
) -> list[TimeEntry]:
    """Find the entries that share time with [start, end), oldest first. Without an end, the period never ends."""
    rows = await tx.fetch_all(
        _FIND_BETWEEN, workspace_id=workspace_id, person_id=person_id, start=start, end=end
    )
    return [entry_from_row(row) for row in rows]


async def find_newest(
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
    """Find a page of the newest entries. `after` is the position (start, id) of the last entry of the page before."""
    after_start, after_id = after or (None, None)
    rows = await tx.fetch_all(
        _FIND_NEWEST,
        workspace_id=workspace_id,
        person_id=person_id,
        filter_start=start,
        filter_end=end,
        filter_project=project_id,
        filter_running=running,
        after_start=after_start,
        after_id=after_id,
        most=most,
    )
    return [entry_from_row(row) for row in rows]


async def sum_by_tag(tx: Transaction, workspace_id: UUID, person_id: UUID, *, at: datetime) -> list[TagUse]:
    """Count and add up the entries of each tag. A running timer counts until the instant `at`."""
    rows = await tx.fetch_all(_SUM_BY_TAG, workspace_id=workspace_id, person_id=person_id, at=at)
    return [TagUse(name=row["name"], entries=row["entries"], length=row["length"]) for row in rows]


async def sum_between(
    tx: Transaction, workspace_id: UUID, person_id: UUID, *, start: datetime, end: datetime, at: datetime
) -> timedelta:
    """Return how much of [start, end) the person's entries fill. A running timer counts until the instant `at`."""
    row = await tx.fetch_one(
        _SUM_BETWEEN, workspace_id=workspace_id, person_id=person_id, start=start, end=end, at=at
    )
    return (row["length"] if row else None) or timedelta()
