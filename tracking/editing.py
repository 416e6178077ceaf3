"""Changing and deleting entries that are there. Steps of an act."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from domain.calendar import day_of
from domain.entries import Change, Claim, EditWish, TimeEntry, TimerAnswer, checked_work
from domain.errors import ChangedMeanwhile, FieldErrors
from domain.history import Snapshot
from domain.local_times import exact
from tracking.acts import Scene
from tracking.answers import answer, known
from tracking.changes import gone, make_project, put
from tracking.claims import edited, refuse_taken
from tracking.naming import Meant, meant

# Slack's calendar goes back to years that have no instant in UTC.
EARLIEST_YEAR = 1970
NOT_YET = "That has not come yet. Only time that has passed can be tracked."


async def edit(scene: Scene, wish: EditWish) -> TimerAnswer:
    """Gives the entry what the form says. Raises FieldErrors, ChangedMeanwhile, Taken or UnknownProject."""
    entry = await _seen(scene, wish.entry_id, wish.seen_version)
    start, finish = _times(scene, entry, wish)
    work = checked_work(wish.work)
    if entry.project and entry.project.id == work.project_id:
        found = Meant(project=entry.project, note=work.note)  # what is archived keeps its entries
    else:
        found = await meant(scene, work, make=wish.make_project)
    claim = Claim(
        start=start,
        end=finish,
        note=found.note,
        tags=work.tags,
        project_id=found.project.id if found.project else None,
        make=found.make,
        entry_id=entry.id,
        seen_version=entry.version,
    )
    if (start, finish) != (entry.started_at, entry.ended_at):
        await refuse_taken(scene, claim)
    project = await make_project(scene, found.make) if found.make else found.project
    return await edited(scene, entry, claim, project)


async def delete(scene: Scene, entry_id: UUID, seen_version: int | None) -> TimerAnswer:
    """Deletes the entry; history keeps it, and Undo brings it back. Twice is once."""
    entry = await known(scene, entry_id, deleted_too=True)
    if entry.deleted:
        return await answer(scene, Change.DELETED, entry)
    if seen_version is not None and entry.version != seen_version:
        raise ChangedMeanwhile("This entry has changed since you looked at it. Nothing was deleted.")
    state = gone(Snapshot.of(entry), scene.at)
    await put(scene, entry, state, change="deleted")
    if entry.running:
        scene.running = None
    deleted = replace(
        entry, deleted=True, ended_at=state.ended_at, version=entry.version + 1, updated_at=scene.at
    )
    return await answer(scene, Change.DELETED, deleted)


async def _seen(scene: Scene, entry_id: UUID, version: int) -> TimeEntry:
    entry = await known(scene, entry_id, deleted_too=True)
    if entry.deleted:
        raise ChangedMeanwhile("This entry was deleted meanwhile. `/track undo` brings it back.")
    if entry.version != version:
        raise ChangedMeanwhile("This entry was changed meanwhile.")
    return entry


def _times(scene: Scene, entry: TimeEntry, wish: EditWish) -> tuple[datetime, datetime | None]:
    wrong: dict[str, str] = {}
    doubled: frozenset[str] = frozenset()
    found: dict[str, datetime] = {}
    for field, local, kept in (("start", wish.start, entry.started_at), ("end", wish.end, entry.ended_at)):
        if local is None:
            continue
        if local.day.year < EARLIEST_YEAR:
            wrong[field] = "That is too long ago. Please correct the date."
            continue
        if local.day > day_of(scene.at, scene.person.zone):
            wrong[field] = NOT_YET
            continue
        try:
            found[field] = exact(field, local, scene.person.zone, kept=kept)
        except FieldErrors as error:
            wrong |= error.fields
            doubled |= error.doubled
    if not wrong:
        wrong = _impossible(scene, entry, found["start"], found.get("end"))
    if wrong:
        raise FieldErrors(wrong, doubled=doubled)
    return found["start"], found.get("end")


def _impossible(scene: Scene, entry: TimeEntry, start: datetime, end: datetime | None) -> dict[str, str]:
    if end is None and not entry.running:
        return {"end": "This entry has ended, so it needs an end. To go on with it, press Resume."}
    if start > scene.at:
        return {"start": NOT_YET}
    if end is not None and end > scene.at:
        return {"end": NOT_YET}
    if end is not None and end <= start:
        return {"end": "The end lies before the start. Please correct one of them."}
    return {}
