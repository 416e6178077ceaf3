"""Reports of a person's own time."""

from datetime import date, datetime
from uuid import UUID

from domain.acts import Act
from domain.calendar import day_of, day_span
from domain.errors import PersonUnknown, Refusal
from domain.people import Person
from domain.reports import DayReport, Period, PeriodReport, dates_of, day_report, period_report
from domain.time_words import Day, resolve_day
from storage import people, timelines
from storage.database import Database, Transaction
from tracking.acts import Acts, Scene


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

        return await self._acts.perform(act, DayReport, effect)

    async def period(self, act: Act, period: Period) -> PeriodReport:
        """A week or a month of the person, by day and by project."""

        async def effect(scene: Scene) -> PeriodReport:
            zone = scene.person.zone
            dates = dates_of(period, day_of(scene.at, zone))
            days = [(day, span) for day in dates if (span := day_span(day, zone))]
            found = await timelines.between(
                scene.tx, scene.workspace_id, scene.person.id, start=days[0][1].start, end=days[-1][1].end
            )
            return period_report(person=scene.person, period=period, days=days, entries=found, at=scene.at)

        return await self._acts.perform(act, PeriodReport, effect)

    async def day(self, workspace_id: UUID, who: str, day: date) -> DayReport:
        """One local date of the person with that Slack id, as it is true now. Raises PersonUnknown."""
        async with self._database.transaction() as tx:
            person = await people.find(tx, workspace_id, who)
            if person is None:
                raise PersonUnknown(who)
            return await day_report_of(tx, workspace_id, person, at=await tx.now(), day=day)


async def day_report_of(
    tx: Transaction, workspace_id: UUID, person: Person, *, at: datetime, day: date | None = None
) -> DayReport:
    """`day` is a local date of the person; today when it is not given."""
    day = day or day_of(at, person.zone)
    span = day_span(day, person.zone)
    if span is None:
        raise Refusal(f"{day} did not exist in {person.zone.key}: the calendar left it out.")
    found = await timelines.between(tx, workspace_id, person.id, start=span.start, end=span.end)
    return day_report(person=person, day=day, span=span, entries=found, at=at)
