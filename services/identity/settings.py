"""Reads and writes people's settings, and schedules the messages that depend on them."""

from dataclasses import replace

from domain.errors import FieldErrors, Refusal
from domain.history.changes import SettingRecord
from domain.identity.people import DigestSettings, Person
from domain.identity.preferences import DigestChoice, Preferences, PreferencesParams, WeekChoice
from domain.time.calendar import local_date
from domain.time.durations import format_duration
from domain.time.workdays import LONGEST_TARGET, WorkWeek
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.reports.digests import schedule_digest
from services.reports.reminders import schedule_reminder
from services.reports.weekly import schedule_weekly
from storage.identity import preferences
from storage.outbox import messages
from storage.reports import days, notification_schedule


@operation
async def show_settings(context: OperationContext) -> Preferences:
    """Show the person's settings. A repeated request gets the stored answer."""
    return await read_preferences(context, context.person)


@operation
async def save_settings(context: OperationContext, params: PreferencesParams) -> Preferences:
    """Change the settings that the parameters name. Raises FieldErrors or Refusal."""
    person = context.person
    if params.digest:
        person = await _save_digest(context, person, params.digest)
    if params.week:
        person = await _save_week(context, person, params.week)
    if params.reminder:
        person = replace(person, remind_at=params.reminder.at)
        if params.reminder.at is None:
            await messages.cancel(context.tx, context.workspace_id, person.id, beginning="reminder:")
    if params.weekly is not None or params.team:
        person = await _save_weekly(context, person, params)
    if params.weekly is not None or params.team or params.week:
        await schedule_weekly(context.tx, context.workspace_id, person, now=context.at)
    if params.reminder or params.week:
        await schedule_reminder(context.tx, context.workspace_id, person, now=context.at)
    before, after = _describe_settings(context.person), _describe_settings(person)
    if before != after:
        context.changes.append(
            SettingRecord(
                subject="person", subject_id=person.id, change="settings", before=before, after=after
            )
        )
    return await read_preferences(context, person)


async def _save_digest(context: OperationContext, person: Person, choice: DigestChoice) -> Person:
    old = person.digest
    params = DigestSettings(on=choice.on, at=choice.at or old.at, daily=old.daily or choice.at is not None)
    await preferences.set_digest(context.tx, context.workspace_id, person.id, params)
    if not params.on:
        await messages.cancel(context.tx, context.workspace_id, person.id, beginning="digest:")
    changed = replace(person, digest=params)
    await schedule_digest(context.tx, context.workspace_id, changed, now=context.at)
    return changed


async def _save_week(context: OperationContext, person: Person, choice: WeekChoice) -> Person:
    target = person.week.target if choice.target is None else choice.target
    if target > LONGEST_TARGET:
        raise FieldErrors({"target": "A day has 24 hours. Please give a shorter target."})
    week = WorkWeek(days=person.week.days if choice.days is None else choice.days, target=target)
    if week != person.week:
        await preferences.set_week(context.tx, context.workspace_id, person.id, week)
        context.days.add(local_date(context.at, person.zone))
    return replace(person, week=week)


async def _save_weekly(context: OperationContext, person: Person, params: PreferencesParams) -> Person:
    old, team = person.weekly, params.team
    if team and team.on and not person.sees_others:
        raise Refusal(
            "The team's week is for leads and admins: only they see what others track. Nothing was changed."
        )
    new = replace(old, on=old.on if params.weekly is None else params.weekly)
    if team:
        new = replace(new, team=team.on, channel=team.channel if team.here else None)
    await preferences.set_weekly(context.tx, context.workspace_id, person.id, new)
    for kind, on in (("look_back:", new.on), ("team_look_back:", new.team)):
        if not on:
            await messages.cancel(context.tx, context.workspace_id, person.id, beginning=kind)
    return replace(person, weekly=new)


async def read_preferences(context: OperationContext, person: Person) -> Preferences:
    """Return the person's preferences, including the operation's changes."""
    due = await notification_schedule.find_next(context.tx, context.workspace_id, person.id)
    today = local_date(context.at, person.zone)
    return Preferences(
        person=person,
        next_digest=due.digest,
        next_reminder=due.reminder,
        next_weekly=due.week,
        at=context.at,
        days_off=tuple(await days.find_days_off_since(context.tx, context.workspace_id, person.id, today)),
    )


def _describe_settings(person: Person) -> dict[str, str]:
    digest = f"{person.digest.at:%H:%M}" + (" daily" if person.digest.daily else "")
    return {
        "digest": digest if person.digest.on else "off",
        "reminder": f"{person.remind_at:%H:%M}" if person.remind_at else "off",
        "week": f"{person.week.day_names}, {format_duration(person.week.target)}",
        "weekly": "on" if person.weekly.on else "off",
        "team": (person.weekly.channel or "to them") if person.weekly.team else "off",
    }


class Settings(OperationGroup):
    """Operations on the settings of people."""

    show = show_settings
    save = save_settings
