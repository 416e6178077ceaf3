"""Records time that is given by start and end, or by its length."""

from dataclasses import replace
from datetime import datetime

from domain.entries.entries import (
    EARLIEST_YEAR,
    TOO_OLD,
    NewEntry,
    ProposedEntry,
    TimerAnswer,
    TimerOutcome,
    Work,
    length_problem,
    to_utc,
    validate_work,
)
from domain.entries.overlaps import OverlapResolution
from domain.entries.params import LogParams
from domain.errors import FieldErrors
from domain.permissions import Needs, require_zone
from domain.time.calendar import Span, local_dates_between
from domain.time.clock_skew import correct_clock_skew
from domain.time.days import OLDEST
from domain.time.intervals import conflict_search_span, is_zone_independent, resolve_interval
from services.entries.answers import answer_with_entry, require_suggestion
from services.entries.conflicts import refuse_conflicts, resolve_conflict
from services.entries.entry_writes import insert_entry
from services.operations.context import OperationContext
from services.operations.declaration import operation
from services.projects.project_lookup import ProjectChoice, resolve_project
from services.projects.project_writes import make_project
from storage.entries import entries, person_entries


@operation(needs=Needs.NOTHING)
async def log_time(context: OperationContext, params: LogParams) -> TimerAnswer:
    """Record finished time. A length without an instant gets a place where it overlaps nothing."""
    person = context.person
    zone = params.zone or person.zone
    search_span = conflict_search_span(params.interval, now=context.at, zone=zone, day_first=person.day_first)
    found = await person_entries.find_between(
        context.tx, context.workspace_id, person.id, start=search_span.start, end=search_span.end
    )
    ended = [(one.started_at, one.ended_at or context.at) for one in found]
    tracked = [Span(start=start, end=end) for start, end in ended if start < end]
    if not is_zone_independent(params.interval, now=context.at, tracked=tracked):
        require_zone(person)
    span = resolve_interval(
        params.interval, now=context.at, zone=zone, day_first=person.day_first, tracked=tracked
    )
    new = NewEntry(work=params.work, started_at=span.start, ended_at=span.end)
    if params.suggestion_id:
        suggestion = await require_suggestion(
            context.tx, context.workspace_id, person.id, params.suggestion_id
        )
        new = replace(new, external_id=suggestion.external_id, link=suggestion.link)
        context.days |= local_dates_between(
            suggestion.span.start, suggestion.span.end, person.zone
        )  # the report of these days offers the suggestion no more
    return await record_entry(
        context, new, make=params.make_project, bring_back=params.bring_back, channel=params.channel
    )


@operation
async def record_entry(
    context: OperationContext,
    new: NewEntry,
    resolution: OverlapResolution | None = None,
    *,
    make: bool = False,
    bring_back: bool = False,
    channel: str | None = None,
) -> TimerAnswer:
    """Record an entry with start and end, or one that is still running.

    `resolution` frees its time as a preview showed. `make` makes the project if there is none, `bring_back` takes it
    out of the archive, and `channel` is the Slack channel whose project is used if none is named. Raises FieldErrors
    for an impossible entry, OverlapConflict if its time is taken and there is no `resolution`.
    """
    work = validate_work(new.work)
    begin = correct_clock_skew(to_utc(new.started_at), context.at)
    finish = correct_clock_skew(to_utc(new.ended_at), context.at) if new.ended_at else None
    _refuse_impossible(context, begin, finish)
    if new.external_id and (
        seen := await entries.find_by_external_id(
            context.tx, context.workspace_id, context.person.id, new.external_id
        )
    ):
        return await answer_with_entry(context, TimerOutcome.RECORDED, seen)
    found = await resolve_project(context, work, channel=channel, make=make, bring_back=bring_back)
    proposed = propose_entry(begin, finish, work, found, link=new.link, external_id=new.external_id)
    if resolution:
        return await resolve_conflict(context, proposed, resolution, beside_running=True)
    await refuse_conflicts(context, proposed, beside_running=True)
    project = await make_project(context, found.make) if found.make else found.project
    entry = await insert_entry(context, proposed.data(project))
    change = TimerOutcome.RECORDED if finish else TimerOutcome.STARTED
    return await answer_with_entry(
        context, change, entry, unknown_project=found.possible_title, former_title=found.former_title
    )


def _refuse_impossible(context: OperationContext, begin: datetime, finish: datetime | None) -> None:
    if begin.year < EARLIEST_YEAR:
        raise FieldErrors({"start": "That is too long ago. Please correct the date."})
    if finish is None and begin < context.at - OLDEST:
        raise FieldErrors({"start": TOO_OLD})
    if finish is None and begin > context.at:
        raise FieldErrors(
            {"start": "The entry starts in the future: only time that has come can be recorded."}
        )
    if finish and finish <= begin:
        raise FieldErrors({"end": "The entry must end after it starts."})
    if finish and finish > context.at:
        raise FieldErrors({"end": "The entry ends in the future: only time that has passed can be recorded."})
    if finish and (said := length_problem(begin, finish)):
        raise FieldErrors({"end": said})


def propose_entry(
    begin: datetime,
    finish: datetime | None,
    work: Work,
    choice: ProjectChoice,
    *,
    link: str | None = None,
    external_id: str | None = None,
) -> ProposedEntry:
    return ProposedEntry(
        start=begin,
        end=finish,
        note=choice.note,
        tags=work.tags,
        project_id=choice.project.id if choice.project else None,
        make=choice.make,
        link=link,
        external_id=external_id,
    )
