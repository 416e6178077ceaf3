"""Refuses entries whose time is taken, or frees that time in the way that the person chose. Steps of an operation."""

from collections.abc import Sequence
from dataclasses import replace

from domain.entries.entries import ProposedEntry, TimeEntry, TimerAnswer, TimerOutcome
from domain.entries.overlaps import (
    Adjustment,
    OverlapConflict,
    OverlapResolution,
    OverlapStrategy,
    adjustments,
    overlap_fingerprint,
)
from domain.errors import ChangedMeanwhile, Refusal
from domain.history.changes import Snapshot
from domain.identity.people import Person
from domain.projects.projects import Project
from domain.time.durations import format_duration, format_time_range
from services.entries.answers import answer_with_entry, require_entry
from services.entries.entry_writes import deleted_state, end_timer, insert_entry, reload_running, update_entry
from services.entries.week_locks import refuse_locked_week
from services.operations.context import OperationContext
from services.operations.declaration import operation
from services.projects.project_writes import make_project
from storage.entries import person_entries
from storage.projects import projects

_CHANGES = {
    OverlapStrategy.TRIM: "trimmed",
    OverlapStrategy.SPLIT: "split",
    OverlapStrategy.REPLACE: "replaced",
}


async def find_conflicts(
    context: OperationContext, proposed: ProposedEntry, *, beside_running: bool = False
) -> list[TimeEntry]:
    """Find the entries that share time with the proposed entry, oldest first.

    Starting a timer ends the running one, so the running one is no conflict, unless it began later or
    `beside_running` is set.
    """
    taken = await person_entries.find_between(
        context.tx,
        context.workspace_id,
        context.person.id,
        start=proposed.start,
        end=proposed.end,  # with None it finds later entries too, which a clock that was set back can leave behind
    )
    starts = proposed.end is None and proposed.entry_id is None and not beside_running
    return [
        one
        for one in taken
        if one.id != proposed.entry_id and not (starts and one.running and one.started_at < proposed.start)
    ]


async def refuse_conflicts(
    context: OperationContext, proposed: ProposedEntry, *, beside_running: bool = False
) -> None:
    """Refuse an entry whose time is taken. Raises OverlapConflict, or WeekLocked if the time lies in a locked week.

    The database refuses both too, but can not say which entries are in the way.
    """
    await refuse_locked_week(context, proposed.start, proposed.end)
    taken = await find_conflicts(context, proposed, beside_running=beside_running)
    if taken:
        raise OverlapConflict(
            _describe_conflicts(taken, context.person, context),
            proposed=proposed,
            entries=taken,
            person=context.person,
            at=context.at,
        )


@operation
async def resolve_conflict(
    context: OperationContext,
    proposed: ProposedEntry,
    resolution: OverlapResolution,
    *,
    beside_running: bool = False,
) -> TimerAnswer:
    """Free the proposed entry's time as the preview showed, and write the entry: both or neither.

    Raises OverlapConflict with the present entries if they are not those of the preview any more.
    """
    taken = await find_conflicts(context, proposed, beside_running=beside_running)
    if taken and overlap_fingerprint(taken) != resolution.seen:
        raise OverlapConflict(
            "Your entries have changed since I asked, so nothing was done. This is how it stands now.",
            proposed=proposed,
            entries=taken,
            person=context.person,
            at=context.at,
        )
    changes = adjustments(resolution.strategy, taken, start=proposed.start, end=proposed.end, at=context.at)
    await _make_room(context, resolution.strategy, changes)
    await reload_running(context)
    return await _use_freed_time(context, proposed)


async def _make_room(
    context: OperationContext, strategy: OverlapStrategy, changes: Sequence[Adjustment]
) -> None:
    for change in changes:
        entry, state = change.entry, Snapshot.from_entry(change.entry)
        if not change.remainders:
            await update_entry(context, entry, deleted_state(state, context.at), change=_CHANGES[strategy])
            continue
        first, *rest = change.remainders
        to = replace(state, started_at=first.start, ended_at=first.end)
        await update_entry(context, entry, to, change=_CHANGES[strategy])
        for one in rest:
            data = replace(entry.copy_data(one.start, one.end), zone=entry.zone)
            await insert_entry(context, data, change=_CHANGES[strategy])


async def _use_freed_time(context: OperationContext, proposed: ProposedEntry) -> TimerAnswer:
    if proposed.entry_id:
        entry = await require_entry(context, proposed.entry_id)
        if entry.version != proposed.seen_version:
            raise ChangedMeanwhile("That entry has changed since I asked, so nothing was done.")
        return await apply_proposal(
            context, entry, proposed, await _find_proposed_project(context, proposed, entry.project)
        )
    project = await _find_proposed_project(context, proposed, None)
    if proposed.end is None and context.running:
        await end_timer(context, context.running, proposed.start)
    entry = await insert_entry(context, proposed.data(project))
    return await answer_with_entry(
        context, TimerOutcome.RECORDED if proposed.end else TimerOutcome.STARTED, entry
    )


async def apply_proposal(
    context: OperationContext, entry: TimeEntry, proposed: ProposedEntry, project: Project | None
) -> TimerAnswer:
    """Change the entry to the proposed state. The caller has made sure that its time is free."""
    to = replace(
        Snapshot.from_entry(entry),
        project_id=project.id if project else None,
        note=proposed.note,
        tags=proposed.tags,
        started_at=proposed.start,
        ended_at=proposed.end,
        unconfirmed=False,  # the person who saves it has seen its end
    )
    if to.same_state(Snapshot.from_entry(entry)):
        return await answer_with_entry(context, TimerOutcome.UNCHANGED, entry)
    await update_entry(context, entry, to, change="edited")
    await reload_running(context)
    return await answer_with_entry(context, TimerOutcome.EDITED, await require_entry(context, entry.id))


async def _find_proposed_project(
    context: OperationContext, proposed: ProposedEntry, own: Project | None
) -> Project | None:
    """Return the proposed entry's project. `own` is the project that the entry has already: it may keep it although
    it is archived."""
    if own and own.id == proposed.project_id:
        return own
    if proposed.make:
        return await make_project(context, proposed.make)
    if proposed.project_id is None:
        return None
    project = await projects.find(context.tx, context.workspace_id, proposed.project_id)
    if project is None:
        raise Refusal("That project is archived by now. Please choose another one. Nothing was changed.")
    return project


def _describe_conflicts(taken: Sequence[TimeEntry], person: Person, context: OperationContext) -> str:
    first, *others = taken
    when = format_time_range(first.started_at, first.ended_at, person.zone, seen_at=context.at)
    name = first.project.title if first.project else first.note or "an entry without a name"
    more = f" and {len(others)} more" if others else ""
    return (
        f"You already tracked {when} on “{name}” ({format_duration(first.length(context.at))}){more}, "
        "and entries never overlap. Nothing was changed."
    )
