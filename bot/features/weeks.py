"""Weeks in Slack: submitting, taking back, deciding. What each of their buttons and their form does."""

from uuid import UUID

from bot.commands.intents import Form
from bot.interaction.context import Desk, Visit, day_in, version_in
from bot.interaction.fields import Filled
from bot.interaction.modals import open_form
from bot.interaction.responses import looked_back, week_told
from bot.views import week
from bot.views.blocks import Told
from bot.views.inputs import Field
from bot.views.message_refs import Stands
from domain.errors import NotFound
from domain.reports.timesheets import Decision, DecisionWish, WeekChange
from domain.time.days import OnDate
from domain.time.periods import WeekOf, WeekSaid


async def submitted(desk: Desk, visit: Visit, said: WeekSaid | None) -> Told:
    return week_told(await desk.tracker.timesheets.submit(visit.act, said), visit)


async def submit_again(desk: Desk, visit: Visit, value: str) -> Told:
    named, _, how = value.partition(" ")
    monday = day_in(named)
    said = WeekOf(day=OnDate(day=monday.day, month=monday.month, year=monday.year))
    report = await desk.tracker.timesheets.submit(visit.act, said, empty_too=how == week.EMPTY_TOO)
    if visit.origin and visit.origin.stands is Stands.LOOK_BACK and report.change is not WeekChange.EMPTY:
        said_of_it = week.week_card(report)["text"]
        return await looked_back(desk, visit, visit.origin, monday, said=said_of_it)
    return week_told(report, visit)


async def take_back(desk: Desk, visit: Visit, value: str) -> Told:
    timesheet_id, seen = _seen(value)
    report = await desk.tracker.timesheets.take_back(visit.act, timesheet_id=timesheet_id, seen_version=seen)
    return week_told(report, visit)


async def approve(desk: Desk, visit: Visit, value: str) -> Told:
    timesheet_id, seen = _seen(value)
    wish = DecisionWish(timesheet_id=timesheet_id, seen_version=seen, decision=Decision.APPROVE)
    return week_told(await desk.tracker.timesheets.decide(visit.act, wish), visit)


async def open_return(desk: Desk, visit: Visit, value: str) -> None:
    await open_form(desk, visit, Form.RETURN, value)


async def open_decision(desk: Desk, visit: Visit, value: str) -> None:
    await open_form(desk, visit, Form.DECISION, value)


async def decided(desk: Desk, visit: Visit, filled: Filled) -> Told | None:
    """The form was sent. Raises FieldErrors, and NotFound where somebody else was faster."""
    # The form that only asks for a reason returns the week.
    about, choice = filled.about, filled.choice(Field.DECISION) or Decision.RETURN
    if about.timesheet_id is None or choice not in set(Decision):
        raise NotFound("That form is from another time. Please open it again.")
    wish = DecisionWish(
        timesheet_id=about.timesheet_id,
        seen_version=about.seen_version,
        decision=Decision(choice),
        reason=filled.text(Field.REASON),
    )
    report = await desk.tracker.timesheets.decide(visit.act, wish)
    if report.change is WeekChange.TOO_LATE:
        raise NotFound(week.too_late(report))
    return week_told(report, visit) if visit.origin else None


def _seen(value: str) -> tuple[UUID, int]:
    timesheet_id, version = version_in(value)
    return timesheet_id, version or 0
