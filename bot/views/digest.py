"""The daily digest, in which the person corrects and completes the day."""

from datetime import timedelta

from bot.views import suggestion
from bot.views.blocks import (
    Block,
    Message,
    actions,
    button,
    clean_text,
    context,
    escape,
    header,
    message,
    section,
)
from bot.views.card_actions import OPEN_EDIT, OPEN_LOG
from bot.views.day import (
    format_date_of,
    format_fallback,
    format_running_name,
    make_confirmation_buttons,
    make_timer_buttons,
    render_confirmation,
    render_entry_lines,
)
from bot.views.day_figures import (
    format_project_bars,
    format_projects,
    render_entries_table,
    render_projects_chart,
)
from bot.views.gaps import make_fill_buttons, render_gaps
from bot.views.message_refs import MessageRef
from bot.views.watch import render_unconfirmed
from domain.reports.reports import DayLine, DayReport
from domain.time.durations import format_duration, format_time, whole_minutes

MOST_FILL_BUTTONS = 5
MOST_EDIT_BUTTONS = 10
MOST_UNCONFIRMED = 5
# Row numbers after those of the menus, so that block ids differ.
UNCONFIRMED_ROW, EDIT_ROW = 60, 90


def render_digest(
    report: DayReport, message_ref: MessageRef | None = None, *, plain: bool = False, note: str = ""
) -> Message:
    """Render the daily digest, in which the person can correct and complete the day.

    `plain` leaves out tables and charts, for workspaces that refuse them, and puts a menu beside each entry. Rows of a
    table can have no menu, so the other version has a button for each entry below the table. `note` is a line above.
    """
    blocks = [context(note)] if note else []
    blocks += [
        header(f"Your day · {format_date_of(report)}"),
        section(_format_against_target(report)),
        *render_confirmation(report),
    ]
    if not report.lines:
        blocks.append(context("Nothing tracked. `/track start` starts a timer."))
    elif plain:
        blocks += [*render_entry_lines(report, message_ref), section(format_project_bars(report))]
    else:
        blocks += [
            render_entries_table(report),
            *render_projects_chart(report),
            context(format_projects(report)),
        ]
    blocks += render_gaps(report)
    for row, entry in enumerate(report.doubts[-MOST_UNCONFIRMED:], start=UNCONFIRMED_ROW):
        blocks += render_unconfirmed(entry, report.person, report.at, message_ref, row)
    blocks += suggestion.render_suggestions(report, message_ref)
    if report.running:
        blocks.append(
            context(f":large_green_circle: {escape(format_running_name(report), 80)} is still running")
        )
    return message(
        format_fallback(report, "Your day", of=report.target),
        [
            *blocks,
            *([] if plain else actions(_make_edit_buttons(report), message_ref, EDIT_ROW)),
            *actions(_make_digest_buttons(report), message_ref),
            context("`/track digest off` ends these, `/track digest 17:30` moves them."),
        ],
    )


def render_digest_announcement(report: DayReport) -> Message:
    """Render the answer to `/track digest now`; the digest itself comes as a direct message."""
    text = (
        f"{format_fallback(report, 'Your day so far')} The whole digest is in your direct messages with me."
    )
    return message(text, [section(text)])


def _format_against_target(report: DayReport) -> str:
    """Format the total against the person's target: "5 h 30 min of 8 h · 2 h 30 min to go"."""
    total, target = report.total, report.target
    if report.off:
        return f"*{format_duration(total)}* on a day off" if total else "A day off"
    if not target:
        return f"*{format_duration(total)}* tracked"
    if abs(total - target) < timedelta(minutes=1):
        return f"*{format_duration(total)}* of {format_duration(target)}: target reached"
    whole = timedelta(
        minutes=whole_minutes(total)
    )  # whole minutes, so that the two figures add up to the target
    rest = (
        f"{format_duration(target - whole)} to go"
        if whole < target
        else f"{format_duration(whole - target)} more"
    )
    return f"*{format_duration(total)}* of {format_duration(target)} · {rest}"


def _make_edit_buttons(report: DayReport) -> list[Block]:
    """Render a button for each of the latest entries, which opens the edit form."""
    return [
        button(
            f"{format_time(line.span.start, report.zone)} {_format_entry_name(line)}…",
            OPEN_EDIT,
            str(line.entry_id),
        )
        for line in report.lines[-MOST_EDIT_BUTTONS:]
    ]


def _format_entry_name(line: DayLine) -> str:
    return clean_text(line.project.title if line.project else line.note, 30) or "no project"


def _make_digest_buttons(report: DayReport) -> list[Block]:
    return [
        *make_timer_buttons(report),
        *make_fill_buttons(report, most=MOST_FILL_BUTTONS),
        button("Log…", OPEN_LOG, report.day.isoformat()),
        *suggestion.render_ignored(report),
        *make_confirmation_buttons(report),
    ]
