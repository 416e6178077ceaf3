"""Days on which a person does not work."""

from domain.history.changes import SettingRecorded
from domain.history.operations import OperationRequest
from domain.identity.preferences import Preferences
from domain.language.days_off import DaysOffRequest, resolve_days_off
from domain.permissions import Needs
from domain.time.calendar import local_date
from services.identity.settings import told
from services.operations import OperationContext, OperationRunner
from services.reports.reminders import remind_from
from services.reports.weekly import weekly_from
from storage.reports import days


class DaysOff:
    """Operations raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, runner: OperationRunner) -> None:
        self._runner = runner

    async def take_off(self, request: OperationRequest, wish: DaysOffRequest) -> Preferences:
        """Days on which the person does not work, or works after all."""
        return await self._runner.perform(
            request, Preferences, lambda context: _take_off(context, wish), needs=Needs.ZONE
        )


async def _take_off(context: OperationContext, wish: DaysOffRequest) -> Preferences:
    person = context.person
    today = local_date(context.at, person.zone)
    meant = resolve_days_off(wish, today=today, day_first=person.day_first)
    change = days.add_days_off if wish.off else days.delete_days_off
    await change(context.tx, context.workspace_id, person.id, meant)
    context.days |= set(meant)
    first, last = meant[0], meant[-1]
    context.changes.append(
        SettingRecorded(
            subject="person",
            subject_id=person.id,
            change="days_off" if wish.off else "days_worked",
            before={},
            after={"first": str(first), "last": str(last)},
        )
    )
    await remind_from(context.tx, context.workspace_id, person, now=context.at)
    await weekly_from(context.tx, context.workspace_id, person, now=context.at)
    return await told(context, person)
