"""Reminders of a day without entries: for whom they are due, and whether they are still needed."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.identity.people import Person
from domain.outbox.messages import ReminderContent
from domain.reports.reminders import next_reminder
from domain.time.calendar import due_instant, local_date
from services.job_failures import DueJob, queue_due
from services.reports.reports import read_day_report
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.reports import days, notification_schedule
from storage.reports.notification_schedule import DueNotification

# A reminder that is later than this is not sent.
GRACE = timedelta(hours=2)
BATCH = 100


class Reminders:
    """The job that sends reminders."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def queue_due(self) -> int:
        """Remind people who asked for it and have tracked nothing on their day, once per person and local date.

        Any number of replicas may call it. Returns how many people were due.
        """
        return await queue_due(self._database, _JOB, most=BATCH)


async def schedule_reminder(tx: Transaction, workspace_id: UUID, person: Person, *, now: datetime) -> None:
    """Write when the person's next reminder after `now` is due; none if they want none, or are not in Slack."""
    wanted = person.remind_at if person.gets_reminders else None
    due = None
    if wanted:
        off = await days.find_days_off_since(tx, workspace_id, person.id, local_date(now, person.zone))
        due = next_reminder(now, wanted, person.zone, person.week, frozenset(off))
    await notification_schedule.set_reminder(tx, workspace_id, person.id, at=person.remind_at, due=due)


async def is_still_wanted(
    tx: Transaction, workspace_id: UUID, person: Person, content: ReminderContent, *, at: datetime
) -> bool:
    """Return whether the person still has no entries on that day, and the reminder is not too late. Checked when the
    reminder is queued, and again when it is sent."""
    if person.remind_at is None:
        return False
    due = due_instant(content.day, person.remind_at, person.zone)
    if due is None or at - due > GRACE:
        return False
    report = await read_day_report(tx, workspace_id, person, day=content.day, at=at)
    return report.expected and not report.lines and report.running is None


async def _remind_and_schedule_next(tx: Transaction, due: DueNotification) -> None:
    """Queue the reminder, and schedule the next one after now. Days that passed during an outage are skipped."""
    await _remind(tx, due)
    await schedule_reminder(tx, due.workspace_id, due.person, now=max(due.due_at, due.now - GRACE))


async def _remind(tx: Transaction, due: DueNotification) -> None:
    content = ReminderContent(person_id=due.person.id, day=due.day)
    if await is_still_wanted(tx, due.workspace_id, due.person, content, at=due.now):
        await messages.queue(
            tx,
            due.workspace_id,
            key=f"reminder:{due.person.id}:{due.day}",
            channel=due.person.slack_user_id,
            content=content,
            person_id=due.person.id,
        )


_JOB = DueJob(
    name="reminder",
    read=notification_schedule.lock_due_reminders,
    queue=_remind_and_schedule_next,
    postpone=notification_schedule.postpone_reminder,
    skip=notification_schedule.skip_reminder,
)
