"""Weeks in Slack: submitting, taking back, deciding. What each of their buttons and their form does."""

from uuid import UUID

from bot.commands.intents import Form
from bot.interaction.context import BotContext, Interaction, day_in, version_in
from bot.interaction.fields import Filled
from bot.interaction.modals import open_form
from bot.interaction.responses import looked_back, week_told
from bot.views import week
from bot.views.blocks import Response
from bot.views.inputs import Field
from domain.errors import NotFound
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.timesheets import Decision, DecisionWish, WeekChange
from domain.time.days import CalendarDate
from domain.time.periods import WeekPhrase, WeekWithDay


async def submitted(context: BotContext, interaction: Interaction, said: WeekPhrase | None) -> Response:
    return week_told(await context.services.timesheets.submit(interaction.request, said), interaction)


async def submit_again(context: BotContext, interaction: Interaction, value: str) -> Response:
    named, _, how = value.partition(" ")
    monday = day_in(named)
    said = WeekWithDay(day=CalendarDate(day=monday.day, month=monday.month, year=monday.year))
    report = await context.services.timesheets.submit(
        interaction.request, said, empty_too=how == week.EMPTY_TOO
    )
    if (
        interaction.message_ref
        and interaction.message_ref.kind is LiveMessageKind.LOOK_BACK
        and report.change is not WeekChange.EMPTY
    ):
        said_of_it = week.week_card(report)["text"]
        return await looked_back(context, interaction, interaction.message_ref, monday, said=said_of_it)
    return week_told(report, interaction)


async def take_back(context: BotContext, interaction: Interaction, value: str) -> Response:
    timesheet_id, seen = _seen(value)
    report = await context.services.timesheets.take_back(
        interaction.request, timesheet_id=timesheet_id, seen_version=seen
    )
    return week_told(report, interaction)


async def approve(context: BotContext, interaction: Interaction, value: str) -> Response:
    timesheet_id, seen = _seen(value)
    wish = DecisionWish(timesheet_id=timesheet_id, seen_version=seen, decision=Decision.APPROVE)
    return week_told(await context.services.timesheets.decide(interaction.request, wish), interaction)


async def open_return(context: BotContext, interaction: Interaction, value: str) -> None:
    await open_form(context, interaction, Form.RETURN, value)


async def open_decision(context: BotContext, interaction: Interaction, value: str) -> None:
    await open_form(context, interaction, Form.DECISION, value)


async def decided(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
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
    report = await context.services.timesheets.decide(interaction.request, wish)
    if report.change is WeekChange.TOO_LATE:
        raise NotFound(week.too_late(report))
    return week_told(report, interaction) if interaction.message_ref else None


def _seen(value: str) -> tuple[UUID, int]:
    timesheet_id, version = version_in(value)
    return timesheet_id, version or 0
