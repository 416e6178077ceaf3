"""Queues the digests that are due, and previews of them. services.outbox sends the messages."""

from datetime import datetime, timedelta
from uuid import UUID

from domain.identity.people import Person
from domain.outbox.messages import DigestContent
from domain.permissions import Needs
from domain.reports.digests import DigestOutcome, is_worth_sending
from domain.reports.reports import DayReport
from domain.time.calendar import due_instant, next_due, reschedule
from services.job_failures import DueJob, queue_due
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from services.reports.reports import read_day_report
from storage.outbox import messages
from storage.postgres.database import Database, Transaction
from storage.reports import digests, notification_schedule
from storage.reports.notification_schedule import DueNotification

# After an outage a digest is sent at most this much later. After that the ledger says "too late".
GRACE = timedelta(hours=12)
# Older dates get no row in the ledger, so that a jump of the clock does not go through them all.
CAUGHT_UP = timedelta(days=7)
BATCH = 100


@operation(needs=Needs.ZONE)
async def preview_digest(context: OperationContext) -> DayReport:
    """Send today's digest with what is tracked so far. The evening's digest is still sent."""
    report = await read_day_report(context.tx, context.workspace_id, context.person, at=context.at)
    await messages.queue(
        context.tx,
        context.workspace_id,
        asked=True,
        key=f"preview:{context.request.key}",
        channel=context.person.slack_user_id,
        content=DigestContent(person_id=context.person.id, day=report.day, asked=True),
        person_id=context.person.id,
    )
    return report


async def schedule_digest(
    tx: Transaction, workspace_id: UUID, person: Person, *, now: datetime
) -> datetime | None:
    """Write when the person's next digest is due, and return it. None if they want none, or are not in Slack.

    A change of zone or time never skips a day: if the digest of a date was not sent yet and its new time has passed,
    it is due at once. The ledger prevents a second digest for a date.
    """
    due = None
    if person.digest.on and person.gets_reminders:
        due = next_due(now, person.digest.at, person.zone)
        was = await notification_schedule.find_next(tx, workspace_id, person.id)
        if was.digest_of and was.digest and was.digest_of < due[0]:
            to = due_instant(was.digest_of, person.digest.at, person.zone)
            due = (was.digest_of, reschedule(was.digest, to, now)) if to else due
        while await digests.is_recorded(tx, workspace_id, person.id, due[0]):
            due = next_due(due[1], person.digest.at, person.zone)
    await notification_schedule.set_next_digest(tx, workspace_id, person.id, due)
    return due[1] if due else None


async def _queue(tx: Transaction, due: DueNotification) -> None:
    workspace_id, person = due.workspace_id, due.person
    if not await digests.is_recorded(tx, workspace_id, person.id, due.day):
        message_id = None
        outcome = await _decide_outcome(tx, due)
        if outcome is DigestOutcome.QUEUED:
            message_id = await messages.queue(
                tx,
                workspace_id,
                key=f"digest:{person.id}:{due.day}",
                channel=person.slack_user_id,
                content=DigestContent(person_id=person.id, day=due.day),
                person_id=person.id,
            )
        await digests.record(tx, due, outcome=outcome, message_id=message_id)
    since = max(due.due_at, due.now - CAUGHT_UP)
    await notification_schedule.set_next_digest(
        tx, workspace_id, person.id, next_due(since, person.digest.at, person.zone)
    )


async def _decide_outcome(tx: Transaction, due: DueNotification) -> DigestOutcome:
    if due.now - due.due_at > GRACE:
        return DigestOutcome.TOO_LATE
    report = await read_day_report(tx, due.workspace_id, due.person, day=due.day, at=due.now)
    return DigestOutcome.QUEUED if is_worth_sending(report) else DigestOutcome.NOTHING_TRACKED


_JOB = DueJob(
    name="digest",
    read=notification_schedule.lock_due_digests,
    queue=_queue,
    postpone=notification_schedule.postpone_digest,
    skip=notification_schedule.skip_digest,
)


class Digests(OperationGroup):
    """Operations on digests, and the job that sends them."""

    preview = preview_digest

    def __init__(self, database: Database, runner: OperationRunner) -> None:
        super().__init__(runner)
        self._database = database

    async def queue_due(self) -> int:
        """Queue the digests that are due, once for each person and local date. Any number of replicas may call it.

        Returns how many people were due.
        """
        return await queue_due(self._database, _JOB, most=BATCH)
