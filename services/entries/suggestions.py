"""Suggestions of time that other systems saw: the person accepts, edits or ignores them."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from domain.entries.entries import NewEntry, TimerAnswer, Work, to_utc, validate_work
from domain.entries.suggestions import LONGEST, NewSuggestion, Suggestion
from domain.errors import FieldErrors, NotFound
from domain.history.changes import SettingRecord
from domain.identity.people import Person
from domain.reports.reports import DayReport
from domain.time.calendar import Span, day_span, local_dates_between
from services.entries.answers import SUGGESTION_GONE, require_suggestion
from services.entries.recording import record_entry
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.projects.project_lookup import resolve_project
from services.reports.reports import read_day_report
from storage.entries import suggestions
from storage.identity import people
from storage.postgres.database import Database

FURTHEST = timedelta(days=366)


async def keep_suggestion(context: OperationContext, new: NewSuggestion, *, endpoint_id: UUID | None) -> None:
    """Store a suggestion for its person. `endpoint_id` is the webhook endpoint that sent it. Raises FieldErrors."""
    work = validate_work(new.work)
    span = _check_span(context, new)
    external_id = new.external_id or f"suggestion:{uuid4()}"
    found = await resolve_project(context, work)
    before = await suggestions.find_by_external_id(
        context.tx, context.workspace_id, context.person.id, external_id
    )
    await suggestions.upsert(
        context.tx,
        context.workspace_id,
        context.person.id,
        external_id=external_id,
        project=found.project,
        note=found.note,
        span=span,
        endpoint_id=endpoint_id,
        link=new.link,
        at=context.at,
    )
    for one in (span, *([before.span] if before else [])):
        context.days |= local_dates_between(one.start, one.end, context.person.zone)


def _check_span(context: OperationContext, new: NewSuggestion) -> Span:
    """Return the span of the suggestion. Raises FieldErrors for one that is too long, or too far away."""
    begin, finish = to_utc(new.started_at), to_utc(new.ended_at)
    if finish <= begin:
        raise FieldErrors({"end": "The suggestion must end after it starts."})
    if finish - begin > LONGEST:
        raise FieldErrors({"end": "A suggestion is for a day at the most."})
    if not context.at - FURTHEST < begin < context.at + FURTHEST:
        raise FieldErrors(
            {"start": "A suggestion is for a year ago at the earliest, and a year ahead at the latest."}
        )
    return Span(start=begin, end=finish)


@operation
async def accept_suggestion(context: OperationContext, suggestion_id: UUID) -> TimerAnswer:
    """Record the suggestion as an entry. Accepting it again changes nothing. Raises NotFound, or OverlapConflict if
    its time is taken."""
    found = await suggestions.find(context.tx, context.workspace_id, context.person.id, suggestion_id)
    if found is None:
        raise NotFound(SUGGESTION_GONE)
    project_id = found.project.id if found.project else None
    new = NewEntry(
        work=Work(project_id=project_id, note=found.note),
        started_at=found.span.start,
        ended_at=found.span.end,
        external_id=found.external_id,
        link=found.link,
    )
    return await record_entry(context, new)


@operation
async def ignore_suggestion(context: OperationContext, suggestion_id: UUID, day: date) -> DayReport:
    """Ignore the suggestion, and return the report of that day without it."""
    found = await require_suggestion(context.tx, context.workspace_id, context.person.id, suggestion_id)
    if not found.ignored:
        await suggestions.ignore(context.tx, context.workspace_id, context.person.id, found.id, at=context.at)
        _record_suggestion(context, found.id, ignored=True)
        context.days |= local_dates_between(found.span.start, found.span.end, context.person.zone)
    return await _read_report(context, day)


@operation
async def offer_ignored_again(context: OperationContext, day: date) -> DayReport:
    """Offer the day's ignored suggestions again, and return the day's report."""
    if span := day_span(day, context.person.zone):
        again = await suggestions.restore_ignored(context.tx, context.workspace_id, context.person.id, span)
        for suggestion_id in again:
            _record_suggestion(context, suggestion_id, ignored=False)
        context.days.add(day)
    return await _read_report(context, day)


async def _read_report(context: OperationContext, day: date) -> DayReport:
    return await read_day_report(context.tx, context.workspace_id, context.person, at=context.at, day=day)


def _record_suggestion(context: OperationContext, suggestion_id: UUID, *, ignored: bool) -> None:
    states = {"state": "offered"}, {"state": "ignored"}
    before, after = states if ignored else reversed(states)
    context.changes.append(
        SettingRecord(
            subject="suggestion",
            subject_id=suggestion_id,
            change="ignored" if ignored else "offered_again",
            before=before,
            after=after,
        )
    )


class Suggestions(OperationGroup):
    """Operations on suggestions."""

    accept = accept_suggestion
    ignore = ignore_suggestion
    offer_again = offer_ignored_again

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def read_suggestion(
        self, workspace_id: UUID, who: str, suggestion_id: UUID
    ) -> tuple[Suggestion, Person, datetime]:
        """Return the suggestion, its person and the present instant, for a form. Raises NotFound."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who)
            return (
                await require_suggestion(tx, workspace_id, person.id, suggestion_id),
                person,
                await tx.now(),
            )
