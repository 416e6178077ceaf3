"""A day: the answer to /track today, and the parts of it that the digest shows too."""

from datetime import timedelta

from bot.views import suggestion
from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    beside,
    button,
    context,
    escape,
    format_instant,
    message,
    option,
    overflow,
    section,
    sections,
)
from bot.views.card_actions import ENTRY_MENU, OPEN_LOG, RESUME, STOP, EntryChoice
from bot.views.day_figures import (
    MOST_LINES,
    format_earlier_entries,
    format_project_bars,
    format_projects,
    render_projects_chart,
    render_projects_table,
)
from bot.views.gaps import format_gap, make_fill_buttons, render_gaps
from bot.views.message_refs import MessageRef
from domain.reports.reports import DayLine, DayReport
from domain.time.calendar import local_date
from domain.time.durations import format_duration, format_rounded_duration, format_time

CONFIRM_DAY = ActionId("confirm_day")
REOPEN_DAY = ActionId("reopen_day")

MOST_MENUS = 20


def render_day(
    report: DayReport, message_ref: MessageRef | None = None, *, plain: bool = True, note: str = ""
) -> Message:
    """Render the day as the answer to a command.

    `plain` leaves out table and chart; `note` is a line above the day about the last change.
    """
    is_today = report.day == local_date(report.at, report.zone)
    lead = "Today" if is_today else "Your day"
    blocks = [context(note)] if note else []
    blocks.append(section(f"*{lead}, {format_date_of(report)}*  ·  {format_duration(report.total)}"))
    blocks += render_confirmation(report)
    if not report.lines and is_today:
        blocks.append(context("Nothing tracked yet. Start with `/track start api fix login`."))
    elif not report.lines:
        blocks.append(context("Nothing was tracked on that day."))
    else:
        blocks += [*render_entry_lines(report, message_ref), *render_gaps(report)]
    blocks += suggestion.render_suggestions(report, message_ref)
    if len(report.by_project) > 1:  # for a single project it would repeat the total
        blocks += (
            [section(format_project_bars(report))]
            if plain
            else [*render_projects_chart(report), render_projects_table(report)]
        )
    return message(
        format_fallback(report, lead),
        [*blocks, *actions(_make_day_buttons(report, is_today=is_today), message_ref)],
    )


def render_entry_lines(
    report: DayReport, message_ref: MessageRef | None, *, most: int = MOST_MENUS
) -> list[Block]:
    """Render a line for each entry with its menu; if there are more than `most`, the earlier ones have no menu."""
    lines = list(zip(report.lines, report.display_by_line, strict=True))
    earlier, later = lines[:-most], lines[-most:]
    blocks = []
    if earlier:
        left_out = (
            [f"_{format_earlier_entries(earlier[:-MOST_LINES], ' · ')}_"] if len(earlier) > MOST_LINES else []
        )
        blocks += sections(
            [*left_out, *(_format_line(report, *line) for line in earlier[-MOST_LINES:])], most=3
        )
    for row, (line, length) in enumerate(later, start=1):
        blocks.append(beside(_format_line(report, line, length), _make_entry_menu(line), message_ref, row))
    return blocks


def _make_entry_menu(line: DayLine) -> Block:
    choices = [(EntryChoice.EDIT, "Edit…"), (EntryChoice.DELETE, "Delete")]
    if not line.running:
        choices.insert(1, (EntryChoice.RESUME, "Resume"))
    return overflow(ENTRY_MENU, [option(words, f"{kind} {line.entry_id}") for kind, words in choices])


def format_date_of(report: DayReport) -> str:
    return f"{report.day:%a} {report.day.day} {report.day:%b}"


def _format_line(report: DayReport, line: DayLine, length: timedelta) -> str:
    mark = ":large_green_circle: " if line.running else ""
    what = " · ".join(
        part
        for part in (
            f"*{escape(line.project.title, 60)}*" if line.project else "",
            escape(line.note, 120),
            " ".join(f"`+{escape(tag, 40)}`" for tag in line.tags[:5]),
        )
        if part
    )
    until = "now" if line.running else format_time(line.span.end, report.zone)
    interval = f"`{format_time(line.span.start, report.zone)}–{until}`"
    unconfirmed_mark = " · _unconfirmed_" if line.unconfirmed else ""
    return f"{interval}  {mark}{what or '_no project_'} · {format_rounded_duration(length)}{unconfirmed_mark}"


def render_confirmation(report: DayReport) -> list[Block]:
    """Render whether the day is confirmed and has changed since; nothing for a day that never was confirmed."""
    if report.confirmed is None:
        return []
    same_day = local_date(report.confirmed.at, report.zone) == report.day
    when = format_instant(
        report.confirmed.at, report.zone, "{time}" if same_day else "{date_short_pretty} {time}"
    )
    if report.is_confirmed:
        return [context(f"✓ Confirmed {when}")]
    return [context(f":warning: Changed since you confirmed it {when}")]


def format_fallback(report: DayReport, lead: str, *, of: timedelta | None = None) -> str:
    status = f"{suggestion.format_suggestions(report)}{_format_confirmation(report)}"
    if not report.lines:
        return f"{lead}, {format_date_of(report)}: nothing tracked.{status}"
    projects = format_projects(report, "; ")
    gaps = "".join(f" Empty {format_gap(report, gap)}." for gap in report.gaps[:5])
    running = f" {escape(format_running_name(report), 80)} is still running." if report.running else ""
    total = (
        f"{format_duration(report.total)} of {format_duration(of)}" if of else format_duration(report.total)
    )
    return f"{lead}, {format_date_of(report)}: {total}. {projects}.{gaps}{running}{status}"


def _format_confirmation(report: DayReport) -> str:
    if report.confirmed is None:
        return ""
    return " Confirmed." if report.is_confirmed else " Changed since you confirmed it."


def _make_day_buttons(report: DayReport, *, is_today: bool) -> list[Block]:
    buttons = [*make_timer_buttons(report)] if is_today else []
    buttons += make_fill_buttons(report, most=1)
    buttons += [button("Log…", OPEN_LOG, report.day.isoformat()), *suggestion.render_ignored(report)]
    return buttons if is_today else [*buttons, *make_confirmation_buttons(report)]


def make_timer_buttons(report: DayReport) -> list[Block]:
    if report.running:
        return [button("Stop", STOP, str(report.running.id), style="primary")]
    return [button("Resume", RESUME, str(report.last.id))] if report.last else []


def make_confirmation_buttons(report: DayReport) -> list[Block]:
    """Render the button that confirms or reopens the day; none while a timer runs in it."""
    day = report.day.isoformat()
    if report.is_confirmed:
        return [button("Reopen", REOPEN_DAY, day)]
    if any(line.running for line in report.lines):
        return []
    words = "Confirm again" if report.confirmed else "Confirm day"
    return [button(words, CONFIRM_DAY, f"{day} {report.state}", style="primary")]


def format_running_name(report: DayReport) -> str:
    running = report.running
    if running is None:
        return ""
    return running.project.title if running.project else running.note or "A timer"
