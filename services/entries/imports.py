"""Imports entries from a file: stores the dropped file, sends a preview, and writes the entries in one operation that
can be undone."""

import asyncio
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from domain.entries.entries import EntryData
from domain.entries.import_files import ImportFile, ImportLine, ImportOptions
from domain.entries.imports import (
    ImportAnswer,
    ImportChanged,
    ImportOutcome,
    ImportPlan,
    ImportPreview,
    plan_import,
)
from domain.errors import NotFound, Refusal
from domain.identity.people import Person
from domain.outbox.messages import ImportContent, TextContent
from domain.permissions import Needs
from domain.projects.project_names import fold_title
from domain.projects.projects import Project
from domain.time.zones import find_zone
from files.imports import read_import
from services.entries.entry_writes import insert_entries
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.projects.project_writes import make_project
from storage.entries import imports
from storage.entries.imports import StoredImport
from storage.identity import people
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.projects import project_names
from storage.reports import timesheets

CHANGE = "imported"  # its name in history
_SETTLED = {
    ImportOutcome.DONE: (
        "That file was imported already. `/track undo` takes all of it back, if nothing has changed since."
    ),
    ImportOutcome.CANCELED: "That import was canceled, and the file is forgotten. Drop it here again to start anew.",
}


@operation(needs=Needs.ZONE)
async def offer_import(context: OperationContext, *, name: str, content: bytes) -> None:
    """Store the file, and send its person a preview of it. Writes no entry."""
    import_id, person = uuid5(context.workspace_id, context.request.key), context.person
    await imports.insert_import(
        context.tx,
        context.workspace_id,
        person.id,
        import_id,
        name=name,
        content=content,
        at=context.at,
    )
    await messages.queue(
        context.tx,
        context.workspace_id,
        asked=True,
        key=f"import:{context.request.key}",
        channel=person.slack_user_id,
        content=ImportContent(person_id=person.id, import_id=import_id),
        person_id=person.id,
    )


@operation
async def decline_import(context: OperationContext, sentence: str) -> None:
    """Tell the person why their file can not be imported."""
    await messages.queue(
        context.tx,
        context.workspace_id,
        asked=True,
        key=f"import:{context.request.key}",
        channel=context.person.slack_user_id,
        content=TextContent(text=sentence),
        person_id=context.person.id,
    )


@operation
async def choose_options(context: OperationContext, import_id: UUID, chosen: ImportOptions) -> None:
    """Store how the person wants the file to be read, beside their earlier choices. Raises Refusal for a file that
    was imported or canceled."""
    kept = await imports.find(context.tx, context.workspace_id, context.person.id, import_id)
    if kept is None or kept.content is None:
        raise _make_refusal(kept)
    options = kept.options.merge(chosen)
    await imports.save_options(
        context.tx, context.workspace_id, context.person.id, import_id, options=options
    )


@operation
async def cancel_import(context: OperationContext, import_id: UUID) -> ImportAnswer:
    """Delete the file. Raises Refusal if it was imported."""
    kept = await imports.find(context.tx, context.workspace_id, context.person.id, import_id)
    if kept is None or kept.outcome is ImportOutcome.DONE:
        raise _make_refusal(kept)
    await imports.record_outcome(
        context.tx, context.workspace_id, context.person.id, import_id, outcome=ImportOutcome.CANCELED
    )
    return ImportAnswer(outcome=ImportOutcome.CANCELED, name=kept.name)


async def read_preview(tx: Transaction, workspace_id: UUID, person: Person, import_id: UUID) -> ImportPreview:
    """Return what an import of the file would write now. Raises Refusal for a file that can not be read, or that was
    imported or canceled."""
    kept = await imports.find(tx, workspace_id, person.id, import_id)
    if kept is None or kept.content is None:
        raise _make_refusal(kept)
    file = await _read_file(kept, person)
    at = await tx.now()
    plan, _ = await _make_plan(tx, workspace_id, person, file, at=at)
    return _make_preview(import_id, person, kept, file, plan, at)


@operation(needs=Needs.ZONE)
async def carry_out_import(context: OperationContext, import_id: UUID, *, seen: str) -> ImportAnswer:
    """Write exactly the entries of the preview with the fingerprint `seen`, all or none.

    Raises ImportChanged if the import would write something else now, Refusal for a file that was imported or
    canceled.
    """
    workspace_id, person = context.workspace_id, context.person
    kept = await imports.find(context.tx, workspace_id, person.id, import_id)
    if kept is None or kept.content is None:
        raise _make_refusal(kept)
    # Read within the operation, so that its deadline covers the reading too.
    file = await _read_file(kept, person)
    plan, known = await _make_plan(context.tx, workspace_id, person, file, at=context.at)
    if plan.fingerprint != seen or not plan.takes:
        raise ImportChanged(_make_preview(import_id, person, kept, file, plan, context.at))
    for title in plan.makes:
        known[fold_title(title)] = await make_project(context, title)
    filed = {
        title: known[fold_title(title)] for title in {line.project for line in plan.takes if line.project}
    }
    new_entries = {uuid4(): _make_entry_data(line, filed.get(line.project)) for line in plan.takes}
    await insert_entries(context, new_entries, change=CHANGE)
    await imports.record_outcome(context.tx, workspace_id, person.id, import_id, outcome=ImportOutcome.DONE)
    return ImportAnswer(
        outcome=ImportOutcome.DONE,
        name=kept.name,
        entries=len(plan.takes),
        total=plan.total,
        made=plan.makes,
        act_id=context.act_id,
    )


def _make_entry_data(line: ImportLine, project: Project | None) -> EntryData:
    return EntryData(
        project=project,
        note=line.note,
        tags=line.tags,
        started_at=line.start,
        ended_at=line.end,
        zone=line.zone or "",
        external_id=line.external_id,
    )


async def _make_plan(
    tx: Transaction, workspace_id: UUID, person: Person, file: ImportFile, *, at: datetime
) -> tuple[ImportPlan, dict[str, Project]]:
    """Return what the import would write, and the projects that it can use, archived ones too, by each folded title
    that they have or had."""
    present = await imports.find_existing_entries(tx, workspace_id, person.id, file.lines)
    titles = {line.project for line in file.lines if line.project}
    known, archived = await project_names.find_by_any_titles(tx, workspace_id, titles)
    locked = []
    if file.lines:
        start, end = min(line.start for line in file.lines), max(line.end for line in file.lines)
        locked = await timesheets.find_locked_between(tx, workspace_id, person.id, start=start, end=end)
    return plan_import(file, present=present, projects=known, archived=archived, locked=locked, at=at), known


async def _read_file(kept: StoredImport, person: Person) -> ImportFile:
    assert kept.content is not None
    zone = (find_zone(kept.options.zone) if kept.options.zone else None) or person.zone
    names = (person.name, person.email or "", person.slack_user_id)
    # In a thread, because some thousand lines occupy the processor for a while.
    return await asyncio.to_thread(
        read_import,
        kept.content,
        options=kept.options,
        zone=zone,
        day_first=person.day_first,
        names=frozenset(name.casefold() for name in names if name),
    )


def _make_preview(
    import_id: UUID, person: Person, kept: StoredImport, file: ImportFile, plan: ImportPlan, at: datetime
) -> ImportPreview:
    return ImportPreview(
        import_id=import_id,
        person=person,
        name=kept.name,
        file=file,
        options=kept.options,
        plan=plan,
        at=at,
    )


def _make_refusal(kept: StoredImport | None) -> Refusal:
    if kept is None or kept.outcome is None:
        return NotFound("That file is not kept any more. Drop it here again, and I read it anew.")
    return Refusal(_SETTLED[kept.outcome])


class Imports(OperationGroup):
    """Operations on files of entries that a person dropped."""

    offer = offer_import
    decline = decline_import
    choose = choose_options
    carry_out = carry_out_import
    cancel = cancel_import

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def preview(self, workspace_id: UUID, who: str, import_id: UUID) -> ImportPreview:
        """Return what an import of the file would write now. Raises Refusal."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who)
            return await read_preview(tx, workspace_id, person, import_id)
