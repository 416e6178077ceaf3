"""A timesheet, for its owner and for the lead who decides on it."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from bot.views.blocks import (
    COMMAND,
    ActionId,
    Block,
    Message,
    actions,
    beside,
    button,
    context,
    escape,
    format_instant,
    header,
    message,
    option,
    section,
)
from bot.views.card_actions import OPEN_EDIT, OPEN_LOG, SUBMIT_WEEK
from bot.views.form_context import FormContext
from bot.views.inputs import FormId, View, labeled, modal, text_field
from bot.views.message_refs import MessageRef
from bot.views.week_figures import format_owner_and_week, format_projects, format_week, render_figures
from domain.reports.timesheets import (
    LONGEST_REASON,
    Decision,
    Timesheet,
    TimesheetOutcome,
    WaitingWeek,
    WeekReport,
    WeekState,
    format_names,
)
from domain.time.durations import format_duration, format_time_and_day

TAKE_BACK_WEEK = ActionId("take_back_week")
APPROVE_WEEK = ActionId("approve_week")
OPEN_RETURN = ActionId("open_return")
OPEN_DECISION = ActionId("open_decision")
DECISION_FORM = FormId("decision_form")

MOST_WAITING = 10


class DecisionField(StrEnum):
    DECISION = "decision"
    REASON = "reason"


def render_week(report: WeekReport, message_ref: MessageRef | None = None, *, plain: bool = True) -> Message:
    """Render the week. `plain` leaves out the table, for forms and for workspaces that refuse tables."""
    if report.change is TimesheetOutcome.EMPTY:
        return _ask_about_empty_week(report, message_ref)
    state = _format_state(report)
    lead = f"*{format_owner_and_week(report)}*  ·  {format_duration(report.totals.total)}"
    blocks = [context(f":warning: {TOO_LATE}")] if report.change is TimesheetOutcome.TOO_LATE else []
    blocks += [section(f"{lead}\n{state[1]}"), *render_figures(report, plain=plain), *_render_notes(report)]
    fallback = f"{format_owner_and_week(report)}: {format_duration(report.totals.total)}. {state[0]}"
    if report.totals.lines:
        fallback = f"{fallback} {format_projects(report)}."
    if report.change is TimesheetOutcome.TOO_LATE:
        fallback = f"{TOO_LATE} {fallback}"
    return message(fallback, [*blocks, *actions(_make_buttons(report), message_ref)])


def format_too_late(report: WeekReport) -> str:
    """Format a refusal: the week has changed since the form was opened."""
    return f"{TOO_LATE} {format_owner_and_week(report)}: {_format_state(report)[0]}"


TOO_LATE = "This week has changed since you looked at it, so nothing was done. This is how it stands now."


def render_decision_form(form_state: FormContext, report: WeekReport, *, returning: bool) -> View:
    """Render the form that decides on a week; with `returning` it only asks for the reason."""
    again = report.state is WeekState.APPROVED
    approve = option("Approve", Decision.APPROVE)
    choices = {"type": "radio_buttons", "options": [approve, option("Return", Decision.RETURN)]}
    ask = [] if returning else [labeled(DecisionField.DECISION, "What shall it be?", choices, optional=False)]
    first = report.owner.name.split(" ")[0]
    reason = text_field(
        DecisionField.REASON,
        "What is to be changed?" if returning else "When you return it: what is to be changed?",
        most=LONGEST_REASON,
        example="Wednesday's workshop is missing",
        hint=f"It is sent to {first}, and kept.",
        optional=not returning,
    )
    title, submit = (
        ("Reopen", "Reopen") if again else ("Return", "Return") if returning else ("Decide", "Send")
    )
    lead = f"*{format_owner_and_week(report)}*  ·  {format_duration(report.totals.total)}\n{_format_state(report)[1]}"
    mrkdwn = [section(lead), *render_figures(report, plain=True)]
    return modal(DECISION_FORM, f"{title} a week", submit, [*mrkdwn, *ask, reason], form_state)


def render_waiting_weeks(weeks: Sequence[WaitingWeek]) -> list[Block]:
    """Render the weeks that wait for this person's decision, for the Home tab."""
    if not weeks:
        return []
    lines = [
        beside(
            f"*{escape(week.name, 80)}*, {format_week(week.week)}  ·  {format_duration(week.total)}",
            button("Decide…", OPEN_DECISION, f"{week.timesheet_id} {week.version}"),
            None,
        )
        for week in weeks[:MOST_WAITING]
    ]
    count = f"{len(weeks)} weeks wait" if len(weeks) > 1 else "A week waits"
    if len(weeks) > MOST_WAITING:
        count = f"More than {MOST_WAITING} weeks wait"
    return [header(f"{count} for your decision"), *lines, {"type": "divider"}]


def _ask_about_empty_week(report: WeekReport, message_ref: MessageRef | None) -> Message:
    text = f"Nothing is tracked in the week of {format_week(report.week)}. Submit it as it is?"
    buttons = [
        button("Submit it empty", SUBMIT_WEEK, f"{report.week} {EVEN_IF_EMPTY}"),
        button("Log…", OPEN_LOG, report.week.isoformat()),
    ]
    hint = f"`{COMMAND} submit last`, `this` or any day of it names another week. Nothing was changed."
    return message(text, [section(text), *actions(buttons, message_ref), context(hint)])


EVEN_IF_EMPTY = "empty"


def _format_state(report: WeekReport) -> tuple[str, str]:
    """Describe the week's state and who acts next, as plain text and as mrkdwn."""
    sheet, decider = report.sheet, escape(_format_decider(report), 80)
    reason = f" “{escape(sheet.reason, 600)}”" if sheet and sheet.reason else ""
    match report.state:
        case WeekState.SUBMITTED:
            assert sheet is not None
            submitted = f"Submitted {_format_instant(sheet.submitted_at, report, plain=True)}."
            mrkdwn = f":large_yellow_circle: Submitted {_format_instant(sheet.submitted_at, report)}."
            return f"{submitted} {_format_next_step(report)}", f"{mrkdwn} {_format_next_step(report)}"
        case WeekState.APPROVED:
            assert sheet is not None
            plain, mrkdwn = _format_decision_instant(report, sheet)
            return (
                f"Approved by {decider}, {plain}.{reason}",
                f":large_blue_circle: Approved by *{decider}*, {mrkdwn}.{reason}",
            )
        case WeekState.RETURNED:
            assert sheet is not None
            plain, mrkdwn = _format_decision_instant(report, sheet)
            return (
                f"Returned by {decider}, {plain}:{reason}",
                f":red_circle: Returned by *{decider}*, {mrkdwn}:{reason}",
            )
        case WeekState.OPEN:
            fallback = "Taken back." if sheet else "Not submitted."
            return fallback, f":white_circle: {fallback}"


def _format_next_step(report: WeekReport) -> str:
    if report.own and report.decides:
        return "Nobody else here is a lead or an admin, so it is yours to approve."
    if report.decides:
        return "It waits for your decision."
    names = escape(format_names(report.waits_for), 200)
    if names:
        return f"With {names} for approval."
    return (
        f"There is no lead here yet. An admin makes one with {COMMAND} team lead @name; "
        "the lead finds the week on their Home."
    )


def _render_notes(report: WeekReport) -> list[Block]:
    gaps = report.totals.gaps
    lines = [f"{gaps} gap{'s' if gaps > 1 else ''} between entries of a day."] if gaps else []
    if report.own and report.state is WeekState.SUBMITTED:
        until = "" if report.over else ", and nothing more can be tracked in it"
        lines.append(f"Its entries can't be changed now{until}. *Take back* opens it again.")
    elif report.own and report.state is WeekState.APPROVED:
        lines.append("Its entries can't be changed any more, unless a lead or an admin reopens it.")
    elif report.own:
        lines.append(f"`{COMMAND} {report.week}` shows its Monday, with a menu beside each entry.")
    return [context(" ".join(lines))] if lines else []


def _make_buttons(report: WeekReport) -> list[Block]:
    sheet, buttons = report.sheet, []
    seen = f"{sheet.id} {sheet.version}" if sheet else ""
    if report.decides and report.state is WeekState.SUBMITTED:
        buttons += [
            button("Approve", APPROVE_WEEK, seen, style="primary"),
            button("Return…", OPEN_RETURN, seen),
        ]
    if report.decides and report.state is WeekState.APPROVED:
        buttons.append(button("Reopen…", OPEN_RETURN, seen))
    if report.own and report.state is WeekState.SUBMITTED:
        buttons.append(button("Take back", TAKE_BACK_WEEK, seen))
    if report.own and report.state in {WeekState.OPEN, WeekState.RETURNED}:
        again = "Submit again" if sheet else "Submit"
        buttons.append(button(again, SUBMIT_WEEK, report.week.isoformat(), style="primary"))
        if report.last_entry:
            buttons.append(button("Edit…", OPEN_EDIT, str(report.last_entry)))
    return buttons


def _format_decider(report: WeekReport) -> str:
    return "you" if report.sheet and report.sheet.decided_by == report.viewer.id else report.decided_by


def _format_decision_instant(report: WeekReport, sheet: Timesheet) -> tuple[str, str]:
    instant = sheet.decided_at or report.at
    return _format_instant(instant, report, plain=True), _format_instant(instant, report)


def _format_instant(instant: datetime, report: WeekReport, *, plain: bool = False) -> str:
    if plain:
        return format_time_and_day(instant, report.viewer.zone, seen_at=report.at)
    return format_instant(instant, report.viewer.zone, "{date_short_pretty} {time}")
