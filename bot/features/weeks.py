"""Weeks: submit a week, withdraw it, and approve or return the weeks of others."""

from dataclasses import replace
from uuid import UUID

from bot.interaction.button_values import read_day, read_version
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Feature, Form
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_on_press
from bot.interaction.responses import respond_with_week, respond_with_weekly_summary
from bot.views import week
from bot.views.blocks import Response
from bot.views.card_actions import SUBMIT_WEEK
from bot.views.form_context import FormContext
from bot.views.inputs import View
from bot.views.week import (
    APPROVE_WEEK,
    DECISION_FORM,
    OPEN_DECISION,
    OPEN_RETURN,
    TAKE_BACK_WEEK,
    DecisionField,
)
from domain.errors import NotFound
from domain.language.periods import parse_week
from domain.outbox.live_messages import LiveMessageKind
from domain.reports.timesheets import Decision, DecisionParams, TimesheetOutcome
from domain.time.days import CalendarDate
from domain.time.periods import WeekPhrase, WeekWithDay


async def submit_week(context: BotContext, interaction: Interaction, named: WeekPhrase | None) -> Response:
    """Submit a week; `named` is the phrase that the person typed, None the week that is due."""
    return respond_with_week(
        await context.services.timesheets.submit(interaction.request, named), interaction
    )


def parse_submit(rest: str) -> WeekPhrase | None:
    return parse_week(rest) if rest else None


async def press_submit(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Submit the week that begins on that Monday; ask first if it is empty."""
    named, _, how = value.partition(" ")
    monday = read_day(named)
    phrase = WeekWithDay(day=CalendarDate(day=monday.day, month=monday.month, year=monday.year))
    report = await context.services.timesheets.submit(
        interaction.request, phrase, empty_too=how == week.EVEN_IF_EMPTY
    )
    message_ref = interaction.message_ref
    if (
        message_ref
        and message_ref.kind is LiveMessageKind.LOOK_BACK
        and report.change is not TimesheetOutcome.EMPTY
    ):
        line = week.render_week(report)["text"]
        return await respond_with_weekly_summary(context, interaction, message_ref, monday, note=line)
    return respond_with_week(report, interaction)


async def withdraw_week(context: BotContext, interaction: Interaction, value: str) -> Response:
    timesheet_id, seen = _read_seen(value)
    report = await context.services.timesheets.take_back(
        interaction.request, timesheet_id=timesheet_id, seen_version=seen
    )
    return respond_with_week(report, interaction)


async def approve(context: BotContext, interaction: Interaction, value: str) -> Response:
    timesheet_id, seen = _read_seen(value)
    params = DecisionParams(timesheet_id=timesheet_id, seen_version=seen, decision=Decision.APPROVE)
    return respond_with_week(
        await context.services.timesheets.decide(interaction.request, params), interaction
    )


async def read_decision_form(
    context: BotContext,
    interaction: Interaction,
    form_state: FormContext,
    value: str,
    *,
    returning: bool = False,
) -> View:
    """Build the form that decides on a week; with `returning` it only asks for the reason."""
    timesheet_id, seen = _read_seen(value)
    report = await context.services.timesheets.report_timesheet(
        context.workspace.id, interaction.who, timesheet_id
    )
    form_state = replace(form_state, timesheet_id=timesheet_id, seen_version=seen)
    return week.render_decision_form(form_state, report, returning=returning)


async def read_return_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, value: str
) -> View:
    return await read_decision_form(context, interaction, form_state, value, returning=True)


async def submit_decision(
    context: BotContext, interaction: Interaction, values: FormValues
) -> Response | None:
    """Save a lead's decision on a week. Raises FieldErrors, and NotFound if somebody else has decided already."""
    # The form that only asks for a reason has no decision field, and returns the week.
    form_state, choice = values.form_state, values.choice(DecisionField.DECISION) or Decision.RETURN
    if form_state.timesheet_id is None or choice not in set(Decision):
        raise NotFound("That form is out of date. Please open it again.")
    params = DecisionParams(
        timesheet_id=form_state.timesheet_id,
        seen_version=form_state.seen_version,
        decision=Decision(choice),
        reason=values.text(DecisionField.REASON),
    )
    report = await context.services.timesheets.decide(interaction.request, params)
    if report.change is TimesheetOutcome.TOO_LATE:
        raise NotFound(week.format_too_late(report))
    return respond_with_week(report, interaction) if interaction.message_ref else None


def _read_seen(value: str) -> tuple[UUID, int]:
    timesheet_id, version = read_version(value)
    return timesheet_id, version or 0


FEATURE = Feature(
    commands=(
        Command(
            "submit",
            "submit [week]",
            "Submit a week to your lead: from Friday noon on this week, before that the last one.",
            ("submit", "submit last", "submit this", "submit 2026-W47", "submit 16 nov"),
            parse_submit,
            submit_week,
        ),
    ),
    buttons=(
        Button(SUBMIT_WEEK, press_submit),
        Button(TAKE_BACK_WEEK, withdraw_week),
        Button(APPROVE_WEEK, approve),
        Button(OPEN_RETURN, open_on_press(read_return_form)),
        Button(OPEN_DECISION, open_on_press(read_decision_form)),
    ),
    forms=(Form(DECISION_FORM, submit_decision, DecisionField.REASON),),
)
