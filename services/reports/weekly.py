"""Weekly summaries: a person's own, and the team's for leads. There is one for each person and week."""

from datetime import date, datetime, timedelta
from uuid import UUID

from domain.identity.people import Person
from domain.outbox.messages import LookBackContent, TeamLookBackContent
from domain.reports.period_reports import Dimension
from domain.reports.weekly import (
    TeamWeeklySummary,
    WeeklySummary,
    build_person_week,
    build_weekly_summary,
    next_weekly_summary,
    week_dates,
    week_span,
    weekly_summary_due,
)
from domain.time.calendar import local_date, reschedule
from services.job_failures import DueJob, queue_due
from services.reports.reports import read_period_report, sum_time_of_everybody
from storage.identity import people
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.reports import days, notification_schedule
from storage.reports.notification_schedule import DueNotification

# After an outage a summary is sent at most this much later.
GRACE = timedelta(days=2)
BATCH = 100
LATELY = timedelta(weeks=4)  # people who tracked nothing for this long are left out of the team's summary


class Weekly:
    """Reads weekly summaries, and the job that sends them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue_due(self) -> int:
        """Queue the weekly summaries that are due, once for each person and week.

        Any number of replicas may call it. Returns how many people were due.
        """
        return await queue_due(self._database, _JOB, most=BATCH)

    async def report_week(self, workspace_id: UUID, who: str, monday: date) -> WeeklySummary:
        """Report the week of the person with that Slack id, as it is now. Raises PersonUnknown."""
        async with self._database.transaction(workspace_id) as tx:
            person = await people.require_person(tx, workspace_id, who)
            return await read_look_back(tx, workspace_id, person, monday, at=await tx.now())


async def schedule_weekly(
    tx: Transaction, workspace_id: UUID, person: Person, *, now: datetime, after: date | None = None
) -> None:
    """Write when the person's next weekly summary is due; none if they want none, or are not in Slack.

    A week whose summary was not sent yet is not skipped. `after` is the Monday of the last week that is done.
    """
    due = None
    if person.gets_reminders and (person.weekly.on or person.weekly.team):
        was = await notification_schedule.find_next(tx, workspace_id, person.id)
        since = min(local_date(now, person.zone), was.week_of or date.max) - timedelta(days=7)
        off = frozenset(await days.find_days_off_since(tx, workspace_id, person.id, since))
        due = next_weekly_summary(now, person.zone, person.week, off)
        if due and was.week_of and was.week and after != was.week_of < due[0]:
            to = weekly_summary_due(was.week_of, person.zone, person.week, off)
            due = (was.week_of, reschedule(was.week, to, now)) if to else due
    await notification_schedule.set_next_week(tx, workspace_id, person.id, due)


async def read_look_back(
    tx: Transaction, workspace_id: UUID, person: Person, monday: date, *, at: datetime
) -> WeeklySummary:
    period = await read_period_report(
        tx, workspace_id, person, week_dates(monday), by=Dimension.PROJECT, at=at
    )
    off = await days.find_days_off_since(tx, workspace_id, person.id, monday)
    return build_weekly_summary(period, frozenset(off))


async def read_team_look_back(
    tx: Transaction, workspace_id: UUID, reader: Person, monday: date, *, at: datetime
) -> TeamWeeklySummary:
    """Report the week of everybody who tracked something in it or lately. The caller decides who may see it."""
    dates = week_dates(monday)
    cells: dict[UUID, dict[tuple[str, date], timedelta]] = {}
    for one, day in await sum_time_of_everybody(tx, workspace_id, dates, by_day=True, at=at):
        assert one.person_id is not None
        assert day is not None
        place = one.project or "", day
        of_person = cells.setdefault(one.person_id, {})
        of_person[place] = of_person.get(place, timedelta()) + one.length
    off = await days.find_days_off_between(tx, workspace_id, first=dates.first, last=dates.last)
    span = week_span(monday, reader.zone)
    there = await people.find_active(tx, workspace_id, since=span.start - LATELY, until=span.end)
    # Include people whose week ends later than the reader's, because they may have tracked something only in its
    # last hours.
    for missing in cells.keys() - {person.id for person in there}:
        if found := await people.find_by_id(tx, workspace_id, missing):
            there.append(found)
    lines = [
        build_person_week(person, dates, cells.get(person.id, {}), off.get(person.id, frozenset()))
        for person in there
    ]
    ordered = sorted(lines, key=lambda line: (-line.length, line.name))
    return TeamWeeklySummary(person=reader, dates=dates, at=at, lines=tuple(ordered))


async def _queue_and_schedule_next(tx: Transaction, due: DueNotification) -> None:
    """Queue the summary, and schedule the next one after now. Weeks that passed during an outage are skipped."""
    if due.now - due.due_at <= GRACE:
        await _queue(tx, due)
    since = max(due.due_at, due.now - GRACE)
    await schedule_weekly(tx, due.workspace_id, due.person, now=since, after=due.day)


async def _queue(tx: Transaction, due: DueNotification) -> None:
    """Queue the summaries of the week that began on the Monday `due.day`. The key of each message prevents a second
    one."""
    person, monday = due.person, due.day
    if person.weekly.on:
        report = await read_look_back(tx, due.workspace_id, person, monday, at=due.now)
        if report.period.total or report.target:
            await messages.queue(
                tx,
                due.workspace_id,
                key=f"look_back:{person.id}:{monday}",
                channel=person.slack_user_id,
                content=LookBackContent(person_id=person.id, monday=monday),
                person_id=person.id,
            )
    if person.weekly.team and person.sees_others:
        await messages.queue(
            tx,
            due.workspace_id,
            key=f"team_look_back:{person.id}:{monday}",
            channel=person.weekly.channel or person.slack_user_id,
            content=TeamLookBackContent(person_id=person.id, monday=monday),
            person_id=person.id,
        )


_JOB = DueJob(
    name="weekly digest",
    read=notification_schedule.lock_due_weeks,
    queue=_queue_and_schedule_next,
    postpone=notification_schedule.postpone_week,
    skip=notification_schedule.skip_week,
)
