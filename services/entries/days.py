"""Confirming days: a person says that a day is true as they saw it."""

from datetime import date

from domain.errors import ChangedMeanwhile, Refusal
from domain.history.changes import SettingRecorded
from domain.history.operations import OperationRequest
from domain.permissions import Needs
from domain.reports.reports import DayReport
from domain.time.calendar import local_date
from domain.time.durations import format_duration
from services.entries.answers import known
from services.entries.forgotten_timers import confirmed
from services.operations import OperationContext, OperationRunner
from services.reports.reports import day_report_of
from storage.reports import days


class Days:
    """Acts raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, runner: OperationRunner) -> None:
        self._runner = runner

    async def confirm(self, request: OperationRequest, day: date, *, seen: str) -> DayReport:
        """The person says that their day is true, as they saw it: in the state `seen`. Twice is once.

        Where it is in another state by now, or something still runs in it, nothing is confirmed: raises
        ChangedMeanwhile or Refusal.
        """
        return await self._runner.perform(
            request, DayReport, lambda context: _confirm(context, day, seen), needs=Needs.ZONE
        )

    async def reopen(self, request: OperationRequest, day: date) -> DayReport:
        """Takes that back."""
        return await self._runner.perform(
            request, DayReport, lambda context: _reopen(context, day), needs=Needs.ZONE
        )


async def _confirm(context: OperationContext, day: date, seen: str) -> DayReport:
    report = await _of(context, day)
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
            await confirmed(context, await known(context, line.entry_id))
    if not report.true:
        await days.confirm(
            context.tx, context.workspace_id, context.person.id, day, state=report.state, at=context.at
        )
        _record(
            context,
            day,
            "confirmed",
            before=_words(report),
            after=f"confirmed, {format_duration(report.total)}",
        )
    return await _of(context, day)


async def _reopen(context: OperationContext, day: date) -> DayReport:
    report = await _of(context, day)
    if report.confirmed:
        await days.reopen(context.tx, context.workspace_id, context.person.id, day)
        _record(context, day, "reopened", before=_words(report), after="open")
    return await _of(context, day)


async def _of(context: OperationContext, day: date) -> DayReport:
    return await day_report_of(context.tx, context.workspace_id, context.person, at=context.at, day=day)


def _words(report: DayReport) -> str:
    if report.confirmed is None:
        return "open"
    return "confirmed" if report.true else "changed since it was confirmed"


def _record(context: OperationContext, day: date, change: str, *, before: str, after: str) -> None:
    context.days.add(day)
    context.changes.append(
        SettingRecorded(
            subject="day",
            subject_id=context.person.id,
            change=change,
            before={str(day): before},
            after={str(day): after},
        )
    )
