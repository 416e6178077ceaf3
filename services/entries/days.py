"""Confirming days: a person says that a day is true as they saw it."""

from datetime import date

from domain.errors import ChangedMeanwhile, Refusal
from domain.history.changes import SettingRecorded
from domain.history.operations import Act
from domain.permissions import Needs
from domain.reports.reports import DayReport
from domain.time.calendar import day_of
from domain.time.durations import spoken
from services.entries.answers import known
from services.entries.forgotten_timers import confirmed
from services.operations import Acts, Scene
from services.reports.reports import day_report_of
from storage.reports import days


class Days:
    """Acts raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, acts: Acts) -> None:
        self._acts = acts

    async def confirm(self, act: Act, day: date, *, seen: str) -> DayReport:
        """The person says that their day is true, as they saw it: in the state `seen`. Twice is once.

        Where it is in another state by now, or something still runs in it, nothing is confirmed: raises
        ChangedMeanwhile or Refusal.
        """
        return await self._acts.perform(
            act, DayReport, lambda scene: _confirm(scene, day, seen), needs=Needs.ZONE
        )

    async def reopen(self, act: Act, day: date) -> DayReport:
        """Takes that back."""
        return await self._acts.perform(act, DayReport, lambda scene: _reopen(scene, day), needs=Needs.ZONE)


async def _confirm(scene: Scene, day: date, seen: str) -> DayReport:
    report = await _of(scene, day)
    if day > day_of(scene.at, scene.person.zone):
        raise Refusal("That day has not come yet.")
    if any(line.running for line in report.lines):
        raise Refusal("A timer still runs in that day. Stop it first, then the day can be confirmed.")
    if report.state != seen:
        raise ChangedMeanwhile(
            "This day has changed since you saw it. Here it is as it stands; nothing was confirmed."
        )
    for line in report.lines:
        if line.unconfirmed:
            await confirmed(scene, await known(scene, line.entry_id))
    if not report.true:
        await days.confirm(
            scene.tx, scene.workspace_id, scene.person.id, day, state=report.state, at=scene.at
        )
        _record(scene, day, "confirmed", before=_words(report), after=f"confirmed, {spoken(report.total)}")
    return await _of(scene, day)


async def _reopen(scene: Scene, day: date) -> DayReport:
    report = await _of(scene, day)
    if report.confirmed:
        await days.reopen(scene.tx, scene.workspace_id, scene.person.id, day)
        _record(scene, day, "reopened", before=_words(report), after="open")
    return await _of(scene, day)


async def _of(scene: Scene, day: date) -> DayReport:
    return await day_report_of(scene.tx, scene.workspace_id, scene.person, at=scene.at, day=day)


def _words(report: DayReport) -> str:
    if report.confirmed is None:
        return "open"
    return "confirmed" if report.true else "changed since it was confirmed"


def _record(scene: Scene, day: date, change: str, *, before: str, after: str) -> None:
    scene.days.add(day)
    scene.changes.append(
        SettingRecorded(
            subject="day",
            subject_id=scene.person.id,
            change=change,
            before={str(day): before},
            after={str(day): after},
        )
    )
