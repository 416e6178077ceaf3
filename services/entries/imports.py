"""Entries from a file: kept when it is dropped, put before its person, written in one act that can be undone."""

import asyncio
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from domain.entries.entries import TimeEntry
from domain.entries.import_files import ImportFile, ImportOptions, Line
from domain.entries.imports import ImportAnswer, ImportChanged, Imported, ImportPreview, Plan, planned
from domain.errors import NotFound, Refusal
from domain.history.operations import Act
from domain.identity.people import Person
from domain.outbox.messages import ImportContent, TextContent
from domain.permissions import Needs
from domain.projects.project_names import fold_title
from domain.projects.projects import Project
from domain.time.zones import find_zone
from files.imports import read
from services.entries.entry_writes import insert_many
from services.operations import Acts, Scene
from services.projects.project_names import make_project
from storage.entries import imports
from storage.entries.imports import Kept
from storage.identity import people
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.projects import project_names
from storage.reports import timesheets

CHANGE = "imported"  # what history calls it
_SETTLED = {
    Imported.DONE: "That file was imported already. `/track undo` takes all of it back, if nothing has changed since.",
    Imported.CANCELED: "That import was canceled, and the file is forgotten. Drop it here again to start anew.",
}


class Imports:
    def __init__(self, database: Database, acts: Acts) -> None:
        self._database = database
        self._acts = acts

    async def offer(self, act: Act, *, name: str, content: bytes) -> None:
        """Keeps the file and puts what it holds before its person, in a message. Nothing else is written."""

        async def effect(scene: Scene) -> None:
            import_id, person = uuid5(scene.workspace_id, act.key), scene.person
            await imports.add(
                scene.tx, scene.workspace_id, person.id, import_id, name=name, content=content, at=scene.at
            )
            await messages.queue(
                scene.tx,
                scene.workspace_id,
                asked=True,
                key=f"import:{act.key}",
                channel=person.slack_user_id,
                content=ImportContent(person_id=person.id, import_id=import_id),
                person_id=person.id,
            )

        await self._acts.perform(act, type(None), effect, needs=Needs.ZONE)

    async def decline(self, act: Act, sentence: str) -> None:
        """Says, in a message, why a file that was dropped is not offered."""

        async def effect(scene: Scene) -> None:
            await messages.queue(
                scene.tx,
                scene.workspace_id,
                asked=True,
                key=f"import:{act.key}",
                channel=scene.person.slack_user_id,
                content=TextContent(text=sentence),
                person_id=scene.person.id,
            )

        await self._acts.perform(act, type(None), effect)

    async def preview(self, workspace_id: UUID, who: str, import_id: UUID) -> ImportPreview:
        """What the file would do now. Raises Refusal."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.known(tx, workspace_id, who)
            return await preview_of(tx, workspace_id, person, import_id)

    async def choose(self, act: Act, import_id: UUID, chosen: ImportOptions) -> None:
        """Keeps what its person chose about how the file is read; what `chosen` leaves open stays as it was. Raises
        Refusal for a file that was settled."""

        async def effect(scene: Scene) -> None:
            kept = await imports.kept(scene.tx, scene.workspace_id, scene.person.id, import_id)
            if kept is None or kept.content is None:
                raise _refused(kept)
            options = kept.options.changed(chosen)
            await imports.choose(scene.tx, scene.workspace_id, scene.person.id, import_id, options=options)

        await self._acts.perform(act, type(None), effect)

    async def carry_out(self, act: Act, import_id: UUID, *, seen: str) -> ImportAnswer:
        """Writes what the preview of the fingerprint `seen` said, all of it or nothing. Raises ImportChanged when
        something else would be written now, Refusal for a file that was settled."""
        return await self._acts.perform(
            act, ImportAnswer, lambda scene: _carry_out(scene, import_id, seen), needs=Needs.ZONE
        )

    async def cancel(self, act: Act, import_id: UUID) -> ImportAnswer:
        """Forgets the file."""

        async def effect(scene: Scene) -> ImportAnswer:
            kept = await imports.kept(scene.tx, scene.workspace_id, scene.person.id, import_id)
            if kept is None or kept.outcome is Imported.DONE:
                raise _refused(kept)
            await imports.settle(
                scene.tx, scene.workspace_id, scene.person.id, import_id, became=Imported.CANCELED
            )
            return ImportAnswer(outcome=Imported.CANCELED, name=kept.name)

        return await self._acts.perform(act, ImportAnswer, effect)


async def preview_of(tx: Transaction, workspace_id: UUID, person: Person, import_id: UUID) -> ImportPreview:
    """Raises Refusal for a file that can not be read, or was settled."""
    kept = await imports.kept(tx, workspace_id, person.id, import_id)
    if kept is None or kept.content is None:
        raise _refused(kept)
    file = await _read(kept, person)
    at = await tx.now()
    plan, _ = await _planned(tx, workspace_id, person, file, at=at)
    return _preview(import_id, person, kept, file, plan, at)


async def _carry_out(scene: Scene, import_id: UUID, seen: str) -> ImportAnswer:
    workspace_id, person = scene.workspace_id, scene.person
    kept = await imports.kept(scene.tx, workspace_id, person.id, import_id)
    if kept is None or kept.content is None:
        raise _refused(kept)
    # Read within the act, so that its deadline holds for all of it.
    file = await _read(kept, person)
    plan, known = await _planned(scene.tx, workspace_id, person, file, at=scene.at)
    if plan.fingerprint != seen or not plan.takes:
        raise ImportChanged(_preview(import_id, person, kept, file, plan, scene.at))
    for title in plan.makes:
        known[fold_title(title)] = await make_project(scene, title)
    filed = {
        title: known[fold_title(title)] for title in {line.project for line in plan.takes if line.project}
    }
    made = [(_entry(scene, line, filed.get(line.project)), line.external_id) for line in plan.takes]
    await insert_many(
        scene,
        [entry for entry, _ in made],
        external_ids={entry.id: external_id for entry, external_id in made},
        change=CHANGE,
    )
    await imports.settle(scene.tx, workspace_id, person.id, import_id, became=Imported.DONE)
    return ImportAnswer(
        outcome=Imported.DONE,
        name=kept.name,
        entries=len(plan.takes),
        total=plan.total,
        made=plan.makes,
        act_id=scene.act_id,
    )


def _entry(scene: Scene, line: Line, project: Project | None) -> TimeEntry:
    return TimeEntry(
        id=uuid4(),
        person_id=scene.person.id,
        project=project,
        note=line.note,
        tags=line.tags,
        started_at=line.start,
        ended_at=line.end,
        zone=line.zone or scene.person.zone.key,
        source=scene.act.source.value,
        version=1,
        deleted=False,
        created_at=scene.at,
        updated_at=scene.at,
    )


async def _planned(
    tx: Transaction, workspace_id: UUID, person: Person, file: ImportFile, *, at: datetime
) -> tuple[Plan, dict[str, Project]]:
    """And the projects that there are, archived ones too, by a folded title that they have or had."""
    present = await imports.present(tx, workspace_id, person.id, file.lines)
    titles = {line.project for line in file.lines if line.project}
    known, archived = await project_names.by_any_title(tx, workspace_id, titles)
    locked = []
    if file.lines:
        start, end = min(line.start for line in file.lines), max(line.end for line in file.lines)
        locked = await timesheets.locked_between(tx, workspace_id, person.id, start=start, end=end)
    return planned(file, present=present, projects=known, archived=archived, locked=locked, at=at), known


async def _read(kept: Kept, person: Person) -> ImportFile:
    assert kept.content is not None
    zone = (find_zone(kept.options.zone) if kept.options.zone else None) or person.zone
    names = (person.name, person.email or "", person.slack_user_id)
    # In a thread: some thousand lines take the processor for a while.
    return await asyncio.to_thread(
        read,
        kept.content,
        options=kept.options,
        zone=zone,
        day_first=person.day_first,
        names=frozenset(name.casefold() for name in names if name),
    )


def _preview(
    import_id: UUID, person: Person, kept: Kept, file: ImportFile, plan: Plan, at: datetime
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


def _refused(kept: Kept | None) -> Refusal:
    if kept is None or kept.outcome is None:
        return NotFound("That file is not kept any more. Drop it here again, and I read it anew.")
    return Refusal(_SETTLED[kept.outcome])
