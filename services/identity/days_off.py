"""Days on which a person does not work."""

from domain.history.changes import SettingRecord
from domain.identity.preferences import Preferences
from domain.language.days_off import DaysOffParams, resolve_days_off
from domain.permissions import Needs
from domain.time.calendar import local_date
from services.identity.settings import read_preferences
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.reports.reminders import schedule_reminder
from services.reports.weekly import schedule_weekly
from storage.reports import days


@operation(needs=Needs.ZONE)
async def take_days_off(context: OperationContext, params: DaysOffParams) -> Preferences:
    """Mark days on which the person does not work, or remove such marks. Raises Refusal."""
    person = context.person
    today = local_date(context.at, person.zone)
    meant = resolve_days_off(params, today=today, day_first=person.day_first)
    change = days.add_days_off if params.off else days.delete_days_off
    await change(context.tx, context.workspace_id, person.id, meant)
    context.days |= set(meant)
    first, last = meant[0], meant[-1]
    context.changes.append(
        SettingRecord(
            subject="person",
            subject_id=person.id,
            change="days_off" if params.off else "days_worked",
            before={},
            after={"first": str(first), "last": str(last)},
        )
    )
    await schedule_reminder(context.tx, context.workspace_id, person, now=context.at)
    await schedule_weekly(context.tx, context.workspace_id, person, now=context.at)
    return await read_preferences(context, person)


class DaysOff(OperationGroup):
    """Operations on days on which a person does not work."""

    take_off = take_days_off
