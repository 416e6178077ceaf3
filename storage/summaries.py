"""Time added up in the database, by day, project and person together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, DateTime, Integer, Uuid, and_, bindparam, case, func, or_, select, true

from storage.database import Query, Transaction
from storage.tables import people, projects, time_entries
from storage.timelines import shares_time

_e = time_entries.c
_start, _end, _at = (bindparam(name, type_=DateTime(timezone=True)) for name in ("start", "end", "at"))
# The instants at which one day ends and the next begins, the first and the last included. Where they lie is the
# domain's business: no zone is known here.
_given = select(bindparam("edges", type_=ARRAY(DateTime(timezone=True))).label("edges")).cte("given")
_edges = _given.c.edges
_ended = func.coalesce(_e.ended_at, _at)
_begins, _ends = func.greatest(_e.started_at, _start), func.least(_ended, _end)
_number = (
    func.generate_series(
        func.width_bucket(_begins, _edges),
        # An entry that ends with a day has no part in the next one.
        func.width_bucket(_ends - bindparam("instant", timedelta(microseconds=1), required=False), _edges),
    )
    .table_valued("number")
    .render_derived(name="day")
)
_day_starts, _day_ends = _edges[_number.c.number], _edges[_number.c.number + 1]
_by_project, _by_person = (bindparam(name, type_=Boolean) for name in ("by_project", "by_person"))
_project_id = case((_by_project, _e.project_id)).label("project_id")
_person_id = case((_by_person, people.c.id)).label("person_id")
_sums = (
    select(
        _number.c.number.cast(Integer).label("number"),
        _project_id,
        _person_id,
        func.sum(func.least(_ends, _day_ends) - func.greatest(_begins, _day_starts)).label("length"),
    )
    .select_from(
        people.join(time_entries, and_(_e.workspace_id == people.c.workspace_id, _e.person_id == people.c.id))
        .join(_given, true())
        .join(_number, true())
    )
    .where(
        people.c.workspace_id == bindparam("workspace_id"),
        or_(
            bindparam("given_person", type_=Uuid).is_(None),
            people.c.id == bindparam("given_person", type_=Uuid),
        ),
        or_(
            bindparam("given_project", type_=Uuid).is_(None),
            _e.project_id == bindparam("given_project", type_=Uuid),
        ),
        ~_e.deleted,
        shares_time(people.c.workspace_id, people.c.id),
        _ended > _begins,
    )
    .group_by(_number.c.number, _project_id, _person_id)
    .cte("sums")
)
_SUMS = Query(
    select(_sums, projects.c.title, people.c.name)
    .select_from(
        _sums.outerjoin(
            projects,
            and_(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == _sums.c.project_id),
        ).outerjoin(
            people,
            and_(people.c.workspace_id == bindparam("workspace_id"), people.c.id == _sums.c.person_id),
        )
    )
    .order_by(_sums.c.number, _sums.c.length.desc(), projects.c.title, people.c.name)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """`number` is that of the stretch between two edges, from 0."""

    number: int
    project_id: UUID | None
    project: str | None
    person_id: UUID | None
    person: str | None
    length: timedelta


async def sums(
    tx: Transaction,
    workspace_id: UUID,
    *,
    edges: Sequence[datetime],
    by_project: bool,
    by_person: bool,
    of: UUID | None,
    project_id: UUID | None,
    at: datetime,
) -> list[Sum]:
    """For each stretch between two of the `edges`, those of `of` or of everybody; what runs counts until `at`."""
    rows = await tx.all(
        _SUMS,
        workspace_id=workspace_id,
        edges=list(edges),
        start=edges[0],
        end=edges[-1],
        by_project=by_project,
        by_person=by_person,
        given_person=of,
        given_project=project_id,
        at=at,
    )
    return [
        Sum(
            number=row["number"] - 1,
            project_id=row["project_id"],
            project=row["title"],
            person_id=row["person_id"],
            person=row["name"],
            length=row["length"],
        )
        for row in rows
    ]
