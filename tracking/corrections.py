"""Undoing a change, and filing an entry under a project that its own words named."""

from dataclasses import replace
from uuid import UUID

from domain.entries import Change, TimeEntry, TimerAnswer
from domain.errors import NotFound, Refusal
from domain.history import Recorded, Snapshot
from storage import acts, entries
from tracking.acts import Scene
from tracking.answers import answer, known
from tracking.changes import gone, look_again, make_project, put

MOST_LOOKED_AT = 50  # changes; what lies further back is edited, not undone


async def undo(scene: Scene, act_id: UUID) -> TimerAnswer:
    """Restores the state before that act of the same person. Raises Refusal when something changed since."""
    changes = await acts.changes_of(scene.tx, scene.workspace_id, act_id, actor=scene.act.who)
    if not changes:
        raise NotFound("There is nothing to undo here.")
    for change in reversed(changes):
        entry = await entries.get(
            scene.tx, scene.workspace_id, scene.person.id, change.entry_id, deleted_too=True
        )
        if entry is None or not Snapshot.of(entry).same_state(change.after):
            return await _already_undone(scene, change, entry)
        to = change.before or gone(change.after, scene.at)
        await put(scene, entry, to, change="undone", refusal=_TAKEN_SINCE)
    await look_again(scene)
    about = scene.running
    if about is None and changes[0].before is not None:
        about = await entries.get(scene.tx, scene.workspace_id, scene.person.id, changes[0].entry_id)
    undone = await answer(scene, Change.UNDONE, about)
    return replace(undone, act_id=None)  # undoing an undo is doing it again, not a button


async def undo_last(scene: Scene) -> TimerAnswer:
    """Undoes the person's last change that still stands; again and again it goes further back."""
    for act_id, changes in await acts.latest_acts(
        scene.tx, scene.workspace_id, actor=scene.act.who, most=MOST_LOOKED_AT
    ):
        if await _stands(scene, changes):
            return await undo(scene, act_id)
    raise NotFound("There is nothing to undo.")


async def _stands(scene: Scene, changes: list[Recorded]) -> bool:
    """Whether these changes are the person's own doing, and everything is still as they left it."""
    for change in changes:
        entry = await entries.get(
            scene.tx, scene.workspace_id, scene.person.id, change.entry_id, deleted_too=True
        )
        if change.change == "undone" or entry is None or not Snapshot.of(entry).same_state(change.after):
            return False
    return True


async def file_under(scene: Scene, entry_id: UUID, title: str) -> TimerAnswer:
    """Makes `title` a project and puts the entry under it, without that word in its note."""
    entry = await known(scene, entry_id)
    project = await make_project(scene, title)
    if entry.project is None:
        first, _, rest = entry.note.partition(" ")
        note = rest if first.casefold() == title.casefold() else entry.note
        await put(scene, entry, replace(Snapshot.of(entry), project_id=project.id, note=note), change="filed")
        entry = await known(scene, entry_id)
        if entry.running:
            scene.running = entry
    return await answer(scene, Change.FILED, entry)


async def _already_undone(scene: Scene, change: Recorded, entry: TimeEntry | None) -> TimerAnswer:
    """It is in another state by now: by the other press of a double click, or by another change. Never
    overwritten."""
    if entry and (
        Snapshot.of(entry).same_state(change.before) if change.before is not None else entry.deleted
    ):
        return await answer(scene, Change.ALREADY_UNDONE, scene.running or entry)
    raise Refusal(
        "This entry was changed after that, so I left everything as it is. `/track` shows what is true now."
    )


_TAKEN_SINCE = "That can't be undone any more: another entry has used this time since. Nothing was changed."
