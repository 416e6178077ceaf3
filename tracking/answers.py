"""What an act on a timer says at its end, read in its own transaction."""

from datetime import timedelta
from uuid import UUID

from domain.calendar import day_of, day_span
from domain.entries import Change, TimeEntry, TimerAnswer
from domain.errors import NotFound
from storage import entries, timelines
from tracking.acts import Scene


async def answer(
    scene: Scene,
    change: Change,
    entry: TimeEntry | None,
    *,
    replaced: TimeEntry | None = None,
    backdated: bool = False,
    unknown_project: str | None = None,
) -> TimerAnswer:
    return TimerAnswer(
        change=change,
        person=scene.person,
        entry=entry,
        replaced=replaced,
        today=await _today(scene),
        at=scene.at,
        backdated=backdated,
        unknown_project=unknown_project,
        act_id=scene.act_id if scene.changes else None,
    )


async def known(scene: Scene, entry_id: UUID) -> TimeEntry:
    """That entry of the person. Raises NotFound."""
    entry = await entries.get(scene.tx, scene.workspace_id, scene.person.id, entry_id)
    if entry is None:
        raise NotFound("That entry isn't there any more. `/track` shows what is true now.")
    return entry


async def _today(scene: Scene) -> timedelta:
    span = day_span(day_of(scene.at, scene.person.zone), scene.person.zone)
    if span is None or span.start >= scene.at:
        return timedelta()
    return await timelines.total_between(
        scene.tx, scene.workspace_id, scene.person.id, start=span.start, end=scene.at
    )
