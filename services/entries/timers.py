"""Starting, stopping and showing timers, and what else is asked for about one entry."""

from datetime import datetime
from uuid import UUID

from domain.entries.entries import (
    SHORTEST,
    TOO_OLD,
    AmendWish,
    Change,
    Claim,
    EditWish,
    LogWish,
    NewEntry,
    StartWish,
    TimeEntry,
    TimerAnswer,
    as_utc,
    checked_work,
)
from domain.entries.overlaps import Room
from domain.errors import FieldErrors, NotFound, Refusal
from domain.history.operations import Act
from domain.outbox.messages import CardContent
from domain.permissions import Needs, require_zone
from domain.time.clock_skew import not_ahead
from domain.time.days import OLDEST
from domain.time.durations import clock_and_day
from domain.time.time_points import Ago, Exactly, Moment, resolve
from services.entries import conflicts, editing
from services.entries import undo as corrections
from services.entries.answers import answer, known
from services.entries.conflicts import refuse_taken
from services.entries.entry_writes import end, insert
from services.entries.recording import claim_of, log, record
from services.entries.resuming import resume
from services.operations import Acts, Scene
from services.projects.project_lookup import meant
from services.projects.project_names import make_project
from storage.entries import entries
from storage.outbox import messages


class Timers:
    """Every method raises Refusal (with the key not spent), PersonUnknown, NotSaved or Unsure."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def start(self, act: Act, wish: StartWish) -> TimerAnswer:
        """Starts a timer; what runs is ended at that same instant."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: start(scene, wish), needs=Needs.NOTHING
        )

    async def start_unless_running(self, act: Act, wish: StartWish) -> TimerAnswer:
        """The same for a press: while a timer of that message, or of that project alone, runs, it is shown instead."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: _start_unless_running(scene, wish), needs=Needs.NOTHING
        )

    async def show(self, act: Act, *, entry_id: UUID | None = None) -> TimerAnswer:
        """That entry as it stands, or what runs, or the last one. Raises NotFound."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: _show(scene, entry_id), needs=Needs.NOTHING
        )

    async def share(self, act: Act, *, entry_id: UUID, channel: str) -> TimerAnswer:
        """Says in that Slack channel how the entry stands, and keeps it true there."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: _share(scene, entry_id, channel))

    async def resolve(self, act: Act, *, claim: Claim, room: Room) -> TimerAnswer:
        """Makes room for the claim as the preview said, and records it. Raises Taken when that has changed."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: conflicts.resolve(scene, claim, room))

    async def edit(self, act: Act, wish: EditWish) -> TimerAnswer:
        """Gives an entry what a form says. Raises FieldErrors, ChangedMeanwhile or Taken."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: editing.edit(scene, wish), needs=Needs.ZONE
        )

    async def amend(self, act: Act, wish: AmendWish, room: Room | None = None) -> TimerAnswer:
        """Changes what the wish names, to the instant. Raises FieldErrors, ChangedMeanwhile, or Taken where its time
        is and no room is to be made."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: editing.amend(scene, wish, room))

    async def delete(self, act: Act, *, entry_id: UUID, seen_version: int | None = None) -> TimerAnswer:
        """Deletes an entry; Undo brings it back."""
        return await self._acts.perform(
            act,
            TimerAnswer,
            lambda scene: editing.delete(scene, entry_id, seen_version),
            needs=Needs.NOTHING,
        )

    async def stop(
        self, act: Act, *, when: Moment | datetime | None = None, entry_id: UUID | None = None
    ) -> TimerAnswer:
        """Ends what runs, or with `entry_id` that entry alone: a stale button touches nothing else."""
        return await self._acts.perform(
            act,
            TimerAnswer,
            lambda scene: stop(scene, when=when, entry_id=entry_id),
            needs=Needs.NOTHING,
        )

    async def resume(
        self, act: Act, *, entry_id: UUID | None = None, bring_back: bool = False
    ) -> TimerAnswer:
        """Starts the last entry's work, or that entry's, again as a new entry. Raises ArchivedProject where its project
        is, unless that is to be brought back."""
        return await self._acts.perform(
            act,
            TimerAnswer,
            lambda scene: resume(scene, entry_id, bring_back=bring_back),
            needs=Needs.NOTHING,
        )

    async def log(self, act: Act, wish: LogWish) -> TimerAnswer:
        """Records a finished stretch; an amount is laid where it overlaps nothing."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: log(scene, wish), needs=Needs.NOTHING)

    async def record(self, act: Act, new: NewEntry, room: Room | None = None) -> TimerAnswer:
        """Records a stretch between two instants, or one that still runs. Raises Taken where its time is and no room
        is to be made."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: record(scene, new, room=room))

    async def status(self, act: Act) -> TimerAnswer:
        """What runs and today's total. An act like the others, so that a repeat gets the same answer."""
        return await self._acts.perform(act, TimerAnswer, _status, needs=Needs.NOTHING)

    async def undo(self, act: Act, *, act_id: UUID) -> TimerAnswer:
        """Restores the state before that act of the same person, unless something changed since."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: corrections.undo(scene, act_id), needs=Needs.NOTHING
        )

    async def undo_last(self, act: Act) -> TimerAnswer:
        """Undoes the person's last change that still stands."""
        return await self._acts.perform(act, TimerAnswer, corrections.undo_last, needs=Needs.NOTHING)

    async def file_under(self, act: Act, *, entry_id: UUID, title: str) -> TimerAnswer:
        """Makes the first word of that entry's note a project, and puts the entry under it."""
        return await self._acts.perform(
            act, TimerAnswer, lambda scene: corrections.file_under(scene, entry_id, title)
        )


async def start(scene: Scene, wish: StartWish) -> TimerAnswer:
    work = checked_work(wish.work)
    begin = _instant(scene, wish.when)
    found = await meant(scene, work, channel=wish.channel, make=wish.make_project, bring_back=wish.bring_back)
    replaced = scene.running
    if wish.when is not None:
        await refuse_taken(scene, claim_of(begin, None, work, found, link=wish.link))
    elif replaced:
        begin = max(begin, replaced.started_at + SHORTEST)
    if replaced:
        replaced = await end(scene, replaced, begin)
    project = await make_project(scene, found.make) if found.make else found.project
    entry = await insert(
        scene, project=project, note=found.note, tags=work.tags, started_at=begin, link=wish.link
    )
    return await answer(
        scene,
        Change.STARTED,
        entry,
        replaced=replaced,
        unknown_project=found.offered,
        former_title=found.former_title,
    )


async def _start_unless_running(scene: Scene, wish: StartWish) -> TimerAnswer:
    running, work = scene.running, wish.work
    if running:
        same_message = wish.link is not None and running.link == wish.link
        same_project = running.project is not None and running.project.id == work.project_id
        if same_message or (same_project and running.note == work.note):
            return await answer(scene, Change.ALREADY_RUNNING, running)
    return await start(scene, wish)


async def _show(scene: Scene, entry_id: UUID | None) -> TimerAnswer:
    entry = await known(scene, entry_id) if entry_id else scene.running or await _latest(scene)
    if entry is None:
        raise NotFound("There is no entry yet. `/track log 1h api` records one.")
    return await answer(scene, Change.SHOWN, entry)


async def _share(scene: Scene, entry_id: UUID, channel: str) -> TimerAnswer:
    shown = await _show(scene, entry_id)
    await messages.queue(
        scene.tx,
        scene.workspace_id,
        asked=True,
        key=f"share:{scene.act.key}",
        channel=channel,
        content=CardContent(person_id=scene.person.id, entry_id=entry_id),
        person_id=scene.person.id,
    )
    return shown


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
    return await answer(scene, Change.STOPPED, ended)


async def _status(scene: Scene) -> TimerAnswer:
    return await answer(scene, Change.STATUS, scene.running or await _latest(scene))


async def _latest(scene: Scene) -> TimeEntry | None:
    return await entries.latest(scene.tx, scene.workspace_id, scene.person.id)


def _instant(scene: Scene, when: Moment | datetime | None) -> datetime:
    if when is None:
        return scene.at
    if not isinstance(when, datetime):
        if not isinstance(when, Ago | Exactly):
            require_zone(scene.person)
        return resolve(when, now=scene.at, zone=scene.person.zone, day_first=scene.person.day_first)
    instant = not_ahead(as_utc(when), scene.at)
    if instant > scene.at:
        said = "That instant is in the future: a timer starts or stops now, or in the past."
        raise FieldErrors({"at": said})
    if instant < scene.at - OLDEST:
        raise FieldErrors({"at": TOO_OLD})
    return instant
