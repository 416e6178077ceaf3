"""Starting, stopping, resuming, recording."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.acts import Act
from domain.calendar import Span
from domain.durations import clock_and_day, spoken
from domain.entries import (
    SHORTEST,
    Change,
    LogWish,
    NewEntry,
    StartWish,
    TimeEntry,
    TimerAnswer,
    Work,
    as_utc,
    checked_note,
    checked_work,
)
from domain.errors import Overlap, Refusal, UnknownProject
from domain.moments import Moment, resolve
from domain.people import Person
from domain.projects import Project, could_be_a_title, named
from domain.stretches import days_looked_at, laid_out
from storage import entries, projects, timelines
from tracking import corrections
from tracking.acts import Acts, Scene
from tracking.answers import answer, known
from tracking.changes import end, insert, make_project

OLDEST = timedelta(days=366)


class Timers:
    """Every method raises Refusal (with the key not spent), PersonUnknown, NotSaved or Unsure."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def start(self, act: Act, wish: StartWish) -> TimerAnswer:
        """Starts a timer; what runs is ended at that same instant."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: start(scene, wish))

    async def stop(
        self, act: Act, *, when: Moment | datetime | None = None, entry_id: UUID | None = None
    ) -> TimerAnswer:
        """Ends what runs, or with `entry_id` that entry alone: a stale button touches nothing else."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: stop(scene, when=when, entry_id=entry_id)
        )

    async def resume(self, act: Act, *, entry_id: UUID | None = None) -> TimerAnswer:
        """Starts the last entry's work, or that entry's, again as a new entry."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: _resume(scene, entry_id))

    async def log(self, act: Act, wish: LogWish) -> TimerAnswer:
        """Records a finished stretch; an amount is laid where it overlaps nothing."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: _log(scene, wish))

    async def status(self, act: Act) -> TimerAnswer:
        """What runs and today's total. An act like the others, so that a repeat gets the same answer."""
        return await self._acts.perform(act, TimerAnswer, _status)

    async def undo(self, act: Act, *, act_id: UUID) -> TimerAnswer:
        """Restores the state before that act of the same person, unless something changed since."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: corrections.undo(scene, act_id))

    async def undo_last(self, act: Act) -> TimerAnswer:
        """Undoes the person's last change that still stands."""
        return await self._acts.perform(act, TimerAnswer, corrections.undo_last)

    async def file_under(self, act: Act, *, entry_id: UUID, title: str) -> TimerAnswer:
        """Makes the first word of that entry's note a project, and puts the entry under it."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: corrections.file_under(scene, entry_id, title)
        )


async def start(scene: Scene, wish: StartWish) -> TimerAnswer:
    work = checked_work(wish.work)
    begin = _instant(scene, wish.when)
    project, note, unknown = await _project_and_note(scene, work, make=wish.make_project)
    replaced = scene.running
    if wish.when is not None:
        await _refuse_overlap(scene, begin, None)
    elif replaced:
        begin = max(begin, replaced.started_at + SHORTEST)
    if replaced:
        replaced = await end(scene, replaced, begin)
    entry = await insert(scene, project=project, note=note, tags=work.tags, started_at=begin)
    return await answer(
        scene,
        Change.STARTED,
        entry,
        replaced=replaced,
        backdated=wish.when is not None,
        unknown_project=unknown,
    )


async def stop(
    scene: Scene, *, when: Moment | datetime | None = None, entry_id: UUID | None = None
) -> TimerAnswer:
    running = scene.running
    if entry_id and (running is None or running.id != entry_id):
        return await answer(scene, Change.ALREADY_STOPPED, await known(scene, entry_id))
    if running is None:
        return await answer(scene, Change.NOTHING_RUNNING, await _latest(scene))
    instant = _instant(scene, when)
    if when is None:
        instant = max(instant, running.started_at + SHORTEST)
    elif instant <= running.started_at:
        since = clock_and_day(running.started_at, scene.person.zone, seen_at=scene.at)
        raise Refusal(f"This timer started at {since}, so it can't end before that. Nothing was changed.")
    ended = await end(scene, running, instant)
    return await answer(scene, Change.STOPPED, ended, backdated=when is not None)


async def record(scene: Scene, new: NewEntry, *, make_project: bool = False) -> TimerAnswer:
    """A finished entry. Raises Refusal where it is impossible, Overlap where its time is taken."""
    work = checked_work(new.work)
    begin, finish = as_utc(new.started_at), as_utc(new.ended_at)
    if finish <= begin:
        raise Refusal("The entry must end after it starts.")
    if finish > scene.at:
        raise Refusal("The entry ends in the future: only time that has passed can be recorded.")
    if new.external_id and (
        seen := await entries.by_external_id(scene.tx, scene.workspace_id, scene.person.id, new.external_id)
    ):
        return await answer(scene, Change.RECORDED, seen)
    await _refuse_overlap(scene, begin, finish)
    project, note, unknown = await _project_and_note(scene, work, make=make_project)
    entry = await insert(
        scene,
        project=project,
        note=note,
        tags=work.tags,
        started_at=begin,
        ended_at=finish,
        external_id=new.external_id,
    )
    return await answer(scene, Change.RECORDED, entry, unknown_project=unknown)


async def _log(scene: Scene, wish: LogWish) -> TimerAnswer:
    person = scene.person
    looked_at = days_looked_at(wish.stretch, now=scene.at, zone=person.zone, day_first=person.day_first)
    found = await timelines.between(
        scene.tx, scene.workspace_id, person.id, start=looked_at.start, end=looked_at.end
    )
    ended = [(one.started_at, one.ended_at or scene.at) for one in found]
    taken = [Span(start=start, end=end) for start, end in ended if start < end]
    span = laid_out(
        wish.stretch,
        now=scene.at,
        zone=person.zone,
        day_first=person.day_first,
        taken=taken,
    )
    new = NewEntry(work=wish.work, started_at=span.start, ended_at=span.end)
    return await record(scene, new, make_project=wish.make_project)


async def _resume(scene: Scene, entry_id: UUID | None) -> TimerAnswer:
    last = await known(scene, entry_id) if entry_id else await _latest(scene)
    running = scene.running
    if running and (last is None or entry_id is None or _same_work(running, last)):
        return await answer(scene, Change.ALREADY_RUNNING, running)
    if last is None:
        return await answer(scene, Change.NOTHING_TO_RESUME, None)
    begin = max(scene.at, last.ended_at or scene.at)
    replaced = None
    if running:
        begin = max(begin, running.started_at + SHORTEST)
        replaced = await end(scene, running, begin)
    entry = await insert(scene, project=last.project, note=last.note, tags=last.tags, started_at=begin)
    return await answer(scene, Change.RESUMED, entry, replaced=replaced)


async def _status(scene: Scene) -> TimerAnswer:
    return await answer(scene, Change.STATUS, scene.running or await _latest(scene))


async def _latest(scene: Scene) -> TimeEntry | None:
    return await entries.latest(scene.tx, scene.workspace_id, scene.person.id)


async def _project_and_note(
    scene: Scene, work: Work, *, make: bool = False
) -> tuple[Project | None, str, str | None]:
    """The project the words name, the note that is left, and a first word that could become a project."""
    words = work.project
    if words is None:
        return None, work.note, None
    found = named(words.name, await projects.beginning_with(scene.tx, scene.workspace_id, words.name))
    if found:
        return found, work.note, None
    if make:
        return await make_project(scene, words.name), work.note, None
    if words.must:
        raise UnknownProject(words.name)
    offered = words.name if could_be_a_title(words.name) else None
    return None, checked_note(f"{words.name} {work.note}"), offered


def _instant(scene: Scene, when: Moment | datetime | None) -> datetime:
    if when is None:
        return scene.at
    if not isinstance(when, datetime):
        return resolve(when, now=scene.at, zone=scene.person.zone, day_first=scene.person.day_first)
    instant = as_utc(when)
    if instant > scene.at:
        raise Refusal("That instant is in the future: a timer starts or stops now, or in the past.")
    if instant < scene.at - OLDEST:
        raise Refusal("That is more than a year ago. Please give a nearer time.")
    return instant


async def _refuse_overlap(scene: Scene, begin: datetime, finish: datetime | None) -> None:
    """Raises Overlap with the entry that is in the way. The constraint refuses it too, in fewer words.

    Without `finish` a timer is to start at `begin`: what runs then is ended, and so is in nobody's way.
    """
    taken = await timelines.between(
        scene.tx, scene.workspace_id, scene.person.id, start=begin, end=finish or scene.at + SHORTEST
    )
    for entry in taken:
        if finish or not entry.running or entry.started_at >= begin:
            raise Overlap(_taken(entry, scene.person, scene.at))


def _taken(entry: TimeEntry, person: Person, at: datetime) -> str:
    since = clock_and_day(entry.started_at, person.zone, seen_at=at)
    until = clock_and_day(entry.ended_at, person.zone, seen_at=at) if entry.ended_at else "now"
    name = entry.project.title if entry.project else entry.note or "an entry without a name"
    return (
        f"You already tracked {since} to {until} on “{name}” ({spoken(entry.length(at))}), "
        "and entries never overlap. Nothing was changed."
    )


def _same_work(one: TimeEntry, other: TimeEntry) -> bool:
    return (one.project, one.note, one.tags) == (other.project, other.note, other.tags)
