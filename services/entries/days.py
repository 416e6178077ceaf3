"""Confirming days: a person says that a day is right as it was shown to them."""

from datetime import date

from domain.errors import ChangedMeanwhile, Refusal
from domain.history.changes import SettingRecord
from domain.permissions import Needs
from domain.reports.reports import DayReport
from domain.time.calendar import local_date
from domain.time.durations import format_duration
from services.entries.answers import require_entry
from services.entries.forgotten_timers import confirm_entry
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.reports.reports import read_day_report
from storage.reports import days


@operation(needs=Needs.ZONE)
async def confirm_day(context: OperationContext, day: date, *, seen: str) -> DayReport:
    """Confirm the person's day in the state `seen`. Confirming it again changes nothing.

    Raises ChangedMeanwhile if the day is in another state by now, and Refusal for a future day or one with a running
    timer.
    """
    report = await _read_report(context, day)
    if day > local_date(context.at, context.person.zone):
        raise Refusal("That day has not come yet.")
    if any(line.running for line in report.lines):
        raise Refusal("A timer still runs in that day. Stop it first, then the day can be confirmed.")
    if report.state != seen:
        raise ChangedMeanwhile(
            "This day has changed since you saw it. Here it is as it stands; nothing was confirmed."
        )
    for line in report.lines:
        if line.unconfirmed:
            await confirm_entry(context, await require_entry(context, line.entry_id))
    if not report.is_confirmed:
        await days.confirm(
            context.tx, context.workspace_id, context.person.id, day, state=report.state, at=context.at
        )
        _record_day(
            context,
            day,
            "confirmed",
            before=_describe_confirmation(report),
            after=f"confirmed, {format_duration(report.total)}",
        )
    return await _read_report(context, day)


@operation(needs=Needs.ZONE)
async def reopen_day(context: OperationContext, day: date) -> DayReport:
    """Withdraw the confirmation of that day."""
    report = await _read_report(context, day)
    if report.confirmed:
        await days.reopen(context.tx, context.workspace_id, context.person.id, day)
        _record_day(context, day, "reopened", before=_describe_confirmation(report), after="open")
    return await _read_report(context, day)


async def _read_report(context: OperationContext, day: date) -> DayReport:
    return await read_day_report(context.tx, context.workspace_id, context.person, at=context.at, day=day)


def _describe_confirmation(report: DayReport) -> str:
    if report.confirmed is None:
        return "open"
    return "confirmed" if report.is_confirmed else "changed since it was confirmed"


def _record_day(context: OperationContext, day: date, change: str, *, before: str, after: str) -> None:
    context.days.add(day)
    context.changes.append(
        SettingRecord(
            subject="day",
            subject_id=context.person.id,
            change=change,
            before={str(day): before},
            after={str(day): after},
        )
    )


class Days(OperationGroup):
    """Operations on a person's days."""

    confirm = confirm_day
    reopen = reopen_day
