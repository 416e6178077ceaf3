"""Stores files to import until their person has decided about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, Text, Uuid, and_, any_, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert

from domain.entries.import_files import ImportLine, ImportOptions
from domain.entries.imports import ExistingEntry, ImportOutcome
from storage.entries.entries import ENTRIES_WITH_PROJECT, LIVE_ENTRY_OF_PERSON
from storage.entries.person_entries import OVERLAPS_PERIOD
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import imports, projects, time_entries

_i, _e = imports.c, time_entries.c
_this_import = and_(
    _i.workspace_id == bindparam("workspace_id"),
    _i.person_id == bindparam("of_person"),
    _i.id == bindparam("import_id"),
)
_INSERT = Query(
    insert(imports).values(
        workspace_id=bindparam("workspace_id"),
        id=bindparam("import_id"),
        person_id=bindparam("of_person"),
        name=bindparam("name"),
        content=bindparam("content"),
        created_at=bindparam("at"),
    )
)
_FIND = Query(select(_i.name, _i.content, _i.outcome, _i.options).where(_this_import))
_SAVE_OPTIONS = Query(
    update(imports).where(_this_import, _i.outcome.is_(None)).values(options=bindparam("chosen", type_=JSONB))
)
# The clocks of two zones differ by at most 26 hours: reading a file in another zone shifts it by no more than that.
_WIDEST_SHIFT = timedelta(hours=26)
_OPTIONS = TypeAdapter(ImportOptions)
_RECORD_OUTCOME = Query(
    update(imports)
    .where(_this_import, _i.outcome.is_(None))
    .values(outcome=bindparam("outcome"), content=None)
)
_DELETE_BEFORE = Query(delete(imports).where(_i.created_at < bindparam("before")))
_columns = select(
    _e.id, _e.external_id, _e.started_at, _e.ended_at, _e.zone, _e.note, projects.c.title
).select_from(ENTRIES_WITH_PROJECT)
_FIND_IN_PERIOD = Query(_columns.where(LIVE_ENTRY_OF_PERSON, OVERLAPS_PERIOD))
_FIND_BY_ID = Query(_columns.where(LIVE_ENTRY_OF_PERSON, _e.id == any_(bindparam("ids", type_=ARRAY(Uuid)))))
_FIND_BY_EXTERNAL_ID = Query(
    _columns.where(LIVE_ENTRY_OF_PERSON, _e.external_id == any_(bindparam("external_ids", type_=ARRAY(Text))))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredImport:
    """A stored file. `content` is None once it is settled: imported or declined, according to `outcome`."""

    name: str
    content: bytes | None
    outcome: ImportOutcome | None
    options: ImportOptions


async def insert_import(
    tx: Transaction,
    workspace_id: UUID,
    person_id: UUID,
    import_id: UUID,
    *,
    name: str,
    content: bytes,
    at: datetime,
) -> None:
    """Store a file that its person uploaded at the instant `at`."""
    await tx.execute(
        _INSERT,
        workspace_id=workspace_id,
        of_person=person_id,
        import_id=import_id,
        name=name,
        content=content,
        at=at,
    )


async def find(tx: Transaction, workspace_id: UUID, person_id: UUID, import_id: UUID) -> StoredImport | None:
    """Find a file of that person."""
    row = await tx.fetch_one(_FIND, workspace_id=workspace_id, of_person=person_id, import_id=import_id)
    if row is None:
        return None
    outcome = ImportOutcome(row["outcome"]) if row["outcome"] else None
    options = _OPTIONS.validate_json(row["options"]) if row["options"] else ImportOptions()
    return StoredImport(name=row["name"], content=row["content"], outcome=outcome, options=options)


async def save_options(
    tx: Transaction, workspace_id: UUID, person_id: UUID, import_id: UUID, *, options: ImportOptions
) -> None:
    """Store the person's choices for reading the file, unless it is settled."""
    chosen = _OPTIONS.dump_json(options, exclude_defaults=True).decode()
    await tx.execute(
        _SAVE_OPTIONS, workspace_id=workspace_id, of_person=person_id, import_id=import_id, chosen=chosen
    )


async def record_outcome(
    tx: Transaction, workspace_id: UUID, person_id: UUID, import_id: UUID, *, outcome: ImportOutcome
) -> bool:
    """Record the outcome of a file and delete its content. Return False if it was settled before."""
    return bool(
        await tx.execute(
            _RECORD_OUTCOME,
            workspace_id=workspace_id,
            of_person=person_id,
            import_id=import_id,
            outcome=outcome.value,
        )
    )


async def find_existing_entries(
    tx: Transaction, workspace_id: UUID, person_id: UUID, lines: Sequence[ImportLine]
) -> list[ExistingEntry]:
    """Find the person's entries that the lines of a file may repeat or conflict with.

    These are the entries in the period that the lines cover in any zone, and, at any time, the entries that a line
    names by our id or by another system's.
    """
    if not lines:
        return []
    start, end = (
        min(line.start for line in lines) - _WIDEST_SHIFT,
        max(line.end for line in lines) + _WIDEST_SHIFT,
    )
    whose = {"workspace_id": workspace_id, "person_id": person_id}
    rows = await tx.fetch_all(_FIND_IN_PERIOD, **whose, start=start, end=end)
    if ids := [line.own_id for line in lines if line.own_id]:
        rows += await tx.fetch_all(_FIND_BY_ID, **whose, ids=ids)
    if named := sorted({line.external_id for line in lines if line.external_id}):
        rows += await tx.fetch_all(_FIND_BY_EXTERNAL_ID, **whose, external_ids=named)
    return [
        ExistingEntry(
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


async def delete_before(tx: Transaction, *, before: datetime) -> int:
    """Delete files that were uploaded before that instant. Return their number."""
    return await tx.execute(_DELETE_BEFORE, before=before)
