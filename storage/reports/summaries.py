"""Sums of tracked time by day, project and person, with each person's days in their own zone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ARRAY,
    Boolean,
    DateTime,
    Integer,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.identity.people import zone_or_utc
from storage.entries.person_entries import overlaps_period
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import people, projects, time_entries

_e = time_entries.c
_at = bindparam("at", type_=DateTime(timezone=True))
# The edges: the instants at which days begin and end, as computed by the domain. There is a list of edges per zone,
# and one per person whose days differ from their zone's because they submitted a week in another zone.
_edge = (
    func.unnest(
        bindparam("zones", type_=ARRAY(Text)),
        bindparam("numbers", type_=ARRAY(Integer)),
        bindparam("edges", type_=ARRAY(DateTime(timezone=True))),
    )
    .table_valued(column("zone", Text), column("number", Integer), column("at", DateTime(timezone=True)))
    .render_derived(name="edge")
)
_edges_of_zone = (
    select(
        _edge.c.zone,
        func.array_agg(
            aggregate_order_by(_edge.c.at, _edge.c.number), type_=ARRAY(DateTime(timezone=True))
        ).label("edges"),
        func.min(_edge.c.at).label("start"),
        func.max(_edge.c.at).label("end"),
    )
    .group_by(_edge.c.zone)
    .cte("given")
)
_whose_days = case(
    (people.c.id == any_(bindparam("apart", type_=ARRAY(Uuid))), cast(people.c.id, Text)), else_=people.c.zone
)
_edges = _edges_of_zone.c.edges
_ended = func.coalesce(_e.ended_at, _at)
_begins, _ends = (
    func.greatest(_e.started_at, _edges_of_zone.c.start),
    func.least(_ended, _edges_of_zone.c.end),
)
_first_number = func.width_bucket(_begins, _edges)
# An entry that ends exactly at the end of a day has no part in the next day.
_last_number = func.width_bucket(
    _ends - bindparam("instant", timedelta(microseconds=1), required=False), _edges
)
_by_project, _by_person = (bindparam(name, type_=Boolean) for name in ("by_project", "by_person"))
# One subquery per person, because the index finds the entries of one person that share time with a period, but not
# those of everybody. The subquery aggregates, so that the planner runs it once for each person.
_entry_parts = (
    select(
        # A column and not a join: the rows of a joined function are materialized for each entry, which took longer
        # than the rest of the statement.
        func.generate_series(_first_number, _last_number).label("number"),
        case((_by_project, _e.project_id)).label("project_id"),
        _begins.label("begins"),
        _ends.label("ends"),
    )
    .select_from(time_entries)
    .where(
        _e.workspace_id == people.c.workspace_id,
        _e.person_id == people.c.id,
        or_(
            bindparam("only_project", type_=Uuid).is_(None),
            _e.project_id == bindparam("only_project", type_=Uuid),
        ),
        ~_e.deleted,
        overlaps_period(
            people.c.workspace_id,
            people.c.id,
            _edges_of_zone.c.start,
            _edges_of_zone.c.end,
            people,
            _edges_of_zone,
        ),
        _ended > _begins,
    )
    .correlate(people, _edges_of_zone)
    .subquery("parts")
)
_part = _entry_parts.c
_day_starts, _day_ends = _edges[_part.number], _edges[_part.number + 1]
_sums_of_person = (
    select(
        _part.number,
        _part.project_id,
        func.sum(func.least(_part.ends, _day_ends) - func.greatest(_part.begins, _day_starts)).label(
            "length"
        ),
    )
    .select_from(_entry_parts)
    .where(_day_ends > _day_starts)  # a date that a zone skipped has no length
    .group_by(_part.number, _part.project_id)
    .correlate(people, _edges_of_zone)
    .lateral("theirs")
)
_person_id = case((_by_person, people.c.id)).label("person_id")
_sums = (
    select(
        _sums_of_person.c.number,
        _sums_of_person.c.project_id,
        _person_id,
        func.sum(_sums_of_person.c.length).label("length"),
    )
    .select_from(
        people.join(_edges_of_zone, _edges_of_zone.c.zone == _whose_days).join(_sums_of_person, true())
    )
    .where(
        people.c.workspace_id == bindparam("workspace_id"),
        or_(
            bindparam("only_person", type_=Uuid).is_(None),
            people.c.id == bindparam("only_person", type_=Uuid),
        ),
    )
    .group_by(_sums_of_person.c.number, _sums_of_person.c.project_id, _person_id)
    .cte("sums")
)
_SUM_TIME = Query(
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
_FIND_ZONES = Query(
    select(people.c.zone)
    .distinct()
    .where(
        people.c.workspace_id == bindparam("workspace_id"),
        or_(
            bindparam("only_person", type_=Uuid).is_(None),
            people.c.id == bindparam("only_person", type_=Uuid),
        ),
    )
    .order_by(people.c.zone)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSum:
    """The tracked time between two neighboring edges. `number` counts these periods from 0."""

    number: int
    project_id: UUID | None
    project: str | None
    person_id: UUID | None
    person: str | None
    length: timedelta


async def find_zones(tx: Transaction, workspace_id: UUID, of: UUID | None) -> dict[str, ZoneInfo]:
    """Find the zones of the workspace's people, or of one person, by the names that `sum_time` takes."""
    rows = await tx.fetch_all(_FIND_ZONES, workspace_id=workspace_id, only_person=of)
    return {row["zone"]: zone_or_utc(row["zone"]) for row in rows}


async def sum_time(
    tx: Transaction,
    workspace_id: UUID,
    *,
    edges: Mapping[str | UUID, Sequence[datetime]],
    by_project: bool,
    by_person: bool,
    of: UUID | None,
    project_id: UUID | None,
    at: datetime,
) -> list[TimeSum]:
    """Sum the time that everybody, or the person `of`, tracked between each two neighboring edges of their days.

    `edges` holds lists of the same length: one per zone, by its name, and one per person whose days differ from
    their zone's, by their id. A running timer counts until the instant `at`.
    """
    flat = [(zone, number, edge) for zone, those in edges.items() for number, edge in enumerate(those)]
    rows = await tx.fetch_all(
        _SUM_TIME,
        workspace_id=workspace_id,
        zones=[str(zone) for zone, _, _ in flat],
        apart=[one for one in edges if isinstance(one, UUID)],
        numbers=[number for _, number, _ in flat],
        edges=[edge for _, _, edge in flat],
        by_project=by_project,
        by_person=by_person,
        only_person=of,
        only_project=project_id,
        at=at,
    )
    return [
        TimeSum(
            number=row["number"] - 1,
            project_id=row["project_id"],
            project=row["title"],
            person_id=row["person_id"],
            person=row["name"],
            length=row["length"],
        )
        for row in rows
    ]
