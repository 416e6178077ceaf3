"""What others say of somebody's time: kept for them, and theirs to accept, to edit or to ignore."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from domain.entries.entries import NewEntry, TimerAnswer, Work, as_utc, checked_work
from domain.entries.suggestions import LONGEST, NewSuggestion, Suggestion
from domain.errors import FieldErrors, NotFound
from domain.history.changes import SettingRecorded
from domain.history.operations import Act
from domain.identity.people import Person
from domain.reports.reports import DayReport
from domain.time.calendar import Span, day_span, days_touched
from services.entries.answers import SUGGESTION_GONE, offered
from services.entries.recording import record
from services.operations import Acts, Scene
from services.projects.project_lookup import meant
from services.reports.reports import day_report_of
from storage.entries import suggestions
from storage.identity import people
from storage.postgres.database import Database

FURTHEST = timedelta(days=366)


class Suggestions:
    """Acts raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, database: Database, acts: Acts) -> None:
        self._database = database
        self._acts = acts

    async def accept(self, act: Act, suggestion_id: UUID) -> TimerAnswer:
        """Records it as it stands. Raises NotFound, or Taken where its time is; twice is once."""
        return await self._acts.perform(act, TimerAnswer, lambda scene: _accept(scene, suggestion_id))

    async def ignore(self, act: Act, suggestion_id: UUID, day: date) -> DayReport:
        """It is offered no more. That day as it is then."""
        return await self._acts.perform(act, DayReport, lambda scene: _ignore(scene, suggestion_id, day))

    async def offer_again(self, act: Act, day: date) -> DayReport:
        """What of that day was ignored is offered again."""
        return await self._acts.perform(act, DayReport, lambda scene: _offer_again(scene, day))

    async def looked_at(
        self, workspace_id: UUID, who: str, suggestion_id: UUID
    ) -> tuple[Suggestion, Person, datetime]:
        """For a form that begins with it; the instant is now. Raises NotFound."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.known(tx, workspace_id, who)
            return await offered(tx, workspace_id, person.id, suggestion_id), person, await tx.now()


async def suggest(scene: Scene, new: NewSuggestion, *, by: UUID | None) -> None:
    """A step of an act: keeps it for its person. `by` is the endpoint that told it. Raises FieldErrors."""
    work = checked_work(new.work)
    span = _possible(scene, new)
    external_id = new.external_id or f"suggestion:{uuid4()}"
    found = await meant(scene, work)
    before = await suggestions.told_before(scene.tx, scene.workspace_id, scene.person.id, external_id)
    await suggestions.put(
        scene.tx,
        scene.workspace_id,
        scene.person.id,
        external_id=external_id,
        project=found.project,
        note=found.note,
        span=span,
        endpoint_id=by,
        link=new.link,
        at=scene.at,
    )
    for one in (span, *([before.span] if before else [])):
        scene.days |= days_touched(one.start, one.end, scene.person.zone)


def _possible(scene: Scene, new: NewSuggestion) -> Span:
    """Raises FieldErrors."""
    begin, finish = as_utc(new.started_at), as_utc(new.ended_at)
    if finish <= begin:
        raise FieldErrors({"end": "The suggestion must end after it starts."})
    if finish - begin > LONGEST:
        raise FieldErrors({"end": "A suggestion is for a day at the most."})
    if not scene.at - FURTHEST < begin < scene.at + FURTHEST:
        raise FieldErrors(
            {"start": "A suggestion is for a year ago at the earliest, and a year ahead at the latest."}
        )
    return Span(start=begin, end=finish)


async def _accept(scene: Scene, suggestion_id: UUID) -> TimerAnswer:
    found = await suggestions.get(scene.tx, scene.workspace_id, scene.person.id, suggestion_id)
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
    return await record(scene, new)


async def _ignore(scene: Scene, suggestion_id: UUID, day: date) -> DayReport:
    found = await offered(scene.tx, scene.workspace_id, scene.person.id, suggestion_id)
    if not found.ignored:
        await suggestions.ignore(scene.tx, scene.workspace_id, scene.person.id, found.id, at=scene.at)
        _recorded(scene, found.id, ignored=True)
        scene.days |= days_touched(found.span.start, found.span.end, scene.person.zone)
    return await _of(scene, day)


async def _offer_again(scene: Scene, day: date) -> DayReport:
    if span := day_span(day, scene.person.zone):
        again = await suggestions.offer_again(scene.tx, scene.workspace_id, scene.person.id, span)
        for suggestion_id in again:
            _recorded(scene, suggestion_id, ignored=False)
        scene.days.add(day)
    return await _of(scene, day)


async def _of(scene: Scene, day: date) -> DayReport:
    return await day_report_of(scene.tx, scene.workspace_id, scene.person, at=scene.at, day=day)


def _recorded(scene: Scene, suggestion_id: UUID, *, ignored: bool) -> None:
    states = {"state": "offered"}, {"state": "ignored"}
    before, after = states if ignored else reversed(states)
    scene.changes.append(
        SettingRecorded(
            subject="suggestion",
            subject_id=suggestion_id,
            change="ignored" if ignored else "offered_again",
            before=before,
            after=after,
        )
    )
