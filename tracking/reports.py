"""Reports of a person's own time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from domain.acts import Act
from domain.calendar import day_of, day_span
from domain.errors import Refusal
from domain.people import Person
from domain.periods import Dates, PeriodSaid, resolve_period
from domain.reports import DayReport, Dimension, Group, PeriodReport, day_report, period_report
from domain.standing import Needs
from domain.summaries import By, Summary, SummaryLine, days_between
from domain.time_words import Day, resolve_day
from storage import days as days_said
from storage import entries, people, suggestions, summaries, team, timelines
from storage.database import Database, Transaction
from tracking.acts import Acts, Scene


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryWish:
    """What is to be added up, [start, end), by what. `of` is one person; None is everybody whom the reader sees."""

    start: datetime
    end: datetime
    by: tuple[By, ...]
    of: UUID | None = None
    project_id: UUID | None = None


class Reports:
    def __init__(self, database: Database, acts: Acts) -> None:
        self._database = database
        self._acts = acts

    async def today(self, act: Act, day: Day | None = None) -> DayReport:
        """The person's day so far, or another day as they named it. Raises Refusal for a day that is none.

        An act like the others, so that a repeat gets the same answer.
        """

        async def effect(scene: Scene) -> DayReport:
            person, today = scene.person, day_of(scene.at, scene.person.zone)
            meant = resolve_day(day, today=today, day_first=person.day_first) if day else today
            return await day_report_of(scene.tx, scene.workspace_id, person, at=scene.at, day=meant)

        return await self._acts.perform(act, DayReport, effect, needs=Needs.ZONE)

    async def period(self, act: Act, said: PeriodSaid, by: Dimension) -> PeriodReport:
        """Some days added up. Raises Refusal for days that have not come, or are too many."""

        async def effect(scene: Scene) -> PeriodReport:
            person, today = scene.person, day_of(scene.at, scene.person.zone)
            dates = resolve_period(said, today=today, day_first=person.day_first)
            if by is Dimension.PERSON and person.sees_others:
                return await _of_everybody(scene, dates)
            return await period_report_of(scene.tx, scene.workspace_id, person, dates, by=by, at=scene.at)

        return await self._acts.perform(act, PeriodReport, effect, needs=Needs.ZONE)

    async def day(self, workspace_id: UUID, who: str, day: date) -> DayReport:
        """One local date of the person with that Slack id, as it is true now. Raises PersonUnknown."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.known(tx, workspace_id, who)
            return await day_report_of(tx, workspace_id, person, at=await tx.now(), day=day)

    async def summary(self, workspace_id: UUID, reader: Person, wish: SummaryWish) -> Summary:
        """Added up in the database. Of a colleague nothing, unless the reader sees others. Raises FieldErrors."""
        days = days_between(wish.start, wish.end, reader.zone)
        edges = [span.start for _, span in days] if By.DAY in wish.by else [days[0][1].start]
        hidden = not reader.sees_others and wish.of not in (None, reader.id)
        async with self._database.transaction(workspace_id) as tx:
            at = await tx.now()
            found = (
                []
                if hidden
                else await summaries.sums(
                    tx,
                    workspace_id,
                    edges=[*edges, days[-1][1].end],
                    by_project=By.PROJECT in wish.by,
                    by_person=By.USER in wish.by,
                    of=wish.of if reader.sees_others else reader.id,
                    project_id=wish.project_id,
                    at=at,
                )
            )
        lines = [
            SummaryLine(
                day=days[one.number][0] if By.DAY in wish.by else None,
                project_id=one.project_id,
                project=one.project,
                person_id=one.person_id,
                person=one.person,
                length=one.length,
            )
            for one in found
        ]
        return Summary(
            start=wish.start, end=wish.end, zone=reader.zone.key, at=at, by=wish.by, lines=tuple(lines)
        )


async def day_report_of(
    tx: Transaction, workspace_id: UUID, person: Person, *, at: datetime, day: date | None = None
) -> DayReport:
    """`day` is a local date of the person; today when it is not given."""
    day = day or day_of(at, person.zone)
    span = day_span(day, person.zone)
    if span is None:
        raise Refusal(f"{day} did not exist in {person.zone.key}: the calendar left it out.")
    found = await timelines.between(tx, workspace_id, person.id, start=span.start, end=span.end)
    marks = await days_said.marks(tx, workspace_id, person.id, day, span)
    doubts = (
        await entries.several(tx, workspace_id, person.id, marks.unconfirmed) if marks.unconfirmed else {}
    )
    suggested = (
        await suggestions.several(tx, workspace_id, person.id, marks.suggested) if marks.suggested else []
    )
    return day_report(
        person=person,
        day=day,
        span=span,
        entries=found,
        at=at,
        marks=marks,
        doubts=sorted(doubts.values(), key=lambda entry: entry.started_at),
        suggested=suggested,
    )


async def period_report_of(
    tx: Transaction, workspace_id: UUID, person: Person, dates: Dates, *, by: Dimension, at: datetime
) -> PeriodReport:
    """The person's own time in those local dates."""
    days = [(day, span) for day in dates.days if (span := day_span(day, person.zone))]
    if not days:
        raise Refusal(f"{dates.name} did not exist in {person.zone.key}: the calendar left it out.")
    found = await timelines.between(tx, workspace_id, person.id, start=days[0][1].start, end=days[-1][1].end)
    return period_report(person=person, dates=dates, by=by, days=days, entries=found, at=at)


async def _of_everybody(scene: Scene, dates: Dates) -> PeriodReport:
    """Whole days of whoever asks: colleagues in other zones are cut where that person's days begin and end."""
    spans = [span for day in dates.days if (span := day_span(day, scene.person.zone))]
    found = await team.totals(
        scene.tx, scene.workspace_id, start=spans[0].start, end=spans[-1].end, at=scene.at
    )
    groups = tuple(Group(name=name, length=length) for name, length in found)
    return PeriodReport(
        person=scene.person,
        dates=dates,
        by=Dimension.PERSON,
        at=scene.at,
        days=(),
        groups=groups,
        total=sum((group.length for group in groups), timedelta()),
    )
