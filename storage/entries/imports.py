"""Files that were dropped to be imported, kept until their person decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, Text, Uuid, and_, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.entries.import_files import ImportOptions, Line
from domain.entries.imports import Imported, Present
from storage.entries.entries import MINE, WITH_PROJECT
from storage.entries.timeline import MINE_SHARES_TIME
from storage.postgres.database import Query, Transaction
from storage.tables import imports, projects, time_entries

_i, _e = imports.c, time_entries.c
_this = and_(
    _i.workspace_id == bindparam("workspace_id"),
    _i.person_id == bindparam("of_person"),
    _i.id == bindparam("import_id"),
)
_ADD = Query(
    insert(imports).values(
        workspace_id=bindparam("workspace_id"),
        id=bindparam("import_id"),
        person_id=bindparam("of_person"),
        name=bindparam("name"),
        content=bindparam("content"),
        created_at=bindparam("at"),
    )
)
_ONE = Query(select(_i.name, _i.content, _i.outcome, _i.options).where(_this))
_CHOOSE = Query(
    update(imports).where(_this, _i.outcome.is_(None)).values(options=bindparam("chosen", type_=JSONB))
)
# The clocks of two zones are 26 hours apart at the most: so far the same file can be shifted.
_ZONES = timedelta(hours=26)
_OPTIONS = TypeAdapter(ImportOptions)
_SETTLE = Query(
    update(imports).where(_this, _i.outcome.is_(None)).values(outcome=bindparam("became"), content=None)
)
_FORGET = Query(delete(imports).where(_i.created_at < bindparam("before")))
_columns = select(
    _e.id, _e.external_id, _e.started_at, _e.ended_at, _e.zone, _e.note, projects.c.title
).select_from(WITH_PROJECT)
_PRESENT = Query(_columns.where(MINE, MINE_SHARES_TIME))
_BY_ID = Query(_columns.where(MINE, _e.id == any_(bindparam("ids", type_=ARRAY(Uuid)))))
_BY_EXTERNAL_ID = Query(
    _columns.where(MINE, _e.external_id == any_(bindparam("external_ids", type_=ARRAY(Text))))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """`content` is None once it was settled."""

    name: str
    content: bytes | None
    outcome: Imported | None
    options: ImportOptions


async def add(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    import_id: UUID,
    *,
    name: str,
    content: bytes,
    at: datetime,
) -> None:
    await tx.run(
        _ADD,
        workspace_id=workspace_id,
        of_person=person_id,
        import_id=import_id,
        name=name,
        content=content,
        at=at,
    )


async def kept(tx: Transaction, workspace_id: UUID, person_id: UUID, import_id: UUID) -> Kept | None:
    """That file of that person."""
    row = await tx.one(_ONE, workspace_id=workspace_id, of_person=person_id, import_id=import_id)
    if row is None:
        return None
    outcome = Imported(row["outcome"]) if row["outcome"] else None
    options = _OPTIONS.validate_json(row["options"]) if row["options"] else ImportOptions()
    return Kept(name=row["name"], content=row["content"], outcome=outcome, options=options)


async def choose(
    tx: Transaction, workspace_id: UUID, person_id: UUID, import_id: UUID, *, options: ImportOptions
) -> None:
    """Keeps what its person chose about how the file is read, until it is settled."""
    chosen = _OPTIONS.dump_json(options, exclude_defaults=True).decode()
    await tx.run(_CHOOSE, workspace_id=workspace_id, of_person=person_id, import_id=import_id, chosen=chosen)


async def settle(
    tx: Transaction, workspace_id: UUID, person_id: UUID, import_id: UUID, *, became: Imported
) -> bool:
    """Lets go of its content. False when it was settled before."""
    return bool(
        await tx.run(
            _SETTLE, workspace_id=workspace_id, of_person=person_id, import_id=import_id, became=became.value
        )
    )


async def present(
    tx: Transaction, workspace_id: UUID, person_id: UUID, lines: Sequence[Line]
) -> list[Present]:
    """The person's entries that share time with what lies between the first and the last of the lines, whatever zone
    these are read in, and those that the lines name, wherever they are by now."""
    if not lines:
        return []
    start, end = min(line.start for line in lines) - _ZONES, max(line.end for line in lines) + _ZONES
    whose = {"workspace_id": workspace_id, "person_id": person_id}
    rows = await tx.all(_PRESENT, **whose, start=start, end=end)
    if ids := [line.own_id for line in lines if line.own_id]:
        rows += await tx.all(_BY_ID, **whose, ids=ids)
    if named := sorted({line.external_id for line in lines if line.external_id}):
        rows += await tx.all(_BY_EXTERNAL_ID, **whose, external_ids=named)
    return [
        Present(
            id=row["id"],
            external_id=row["external_id"],
            start=row["started_at"],
            end=row["ended_at"],
            zone=row["zone"],
            note=row["note"],
            project=row["title"] or "",
        )
        for row in {row["id"]: row for row in rows}.values()
    ]


async def forget(tx: Transaction, *, before: datetime) -> int:
    return await tx.run(_FORGET, before=before)
