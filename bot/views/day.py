"""A day: the answer to /track today, and the daily digest."""

from datetime import datetime, timedelta

from bot.views import suggestion
from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    beside,
    button,
    clean_text,
    context,
    escape,
    format_instant,
    header,
    message,
    option,
    overflow,
    section,
    sections,
)
from bot.views.card_actions import ENTRY_MENU, OPEN_EDIT, OPEN_LOG, RESUME, STOP, EntryChoice
from bot.views.day_figures import (
    MOST_LINES,
    format_earlier_entries,
    format_project_bars,
    format_projects,
    render_entries_table,
    render_projects_chart,
    render_projects_table,
)
from bot.views.message_refs import MessageRef
from bot.views.watch import render_unconfirmed
from domain.reports.reports import DayLine, DayReport
from domain.time.calendar import Span, local_date
from domain.time.durations import format_duration, format_rounded_duration, format_time, whole_minutes

CONFIRM_DAY = ActionId("confirm_day")
REOPEN_DAY = ActionId("reopen_day")

MOST_MENUS = 20
MOST_GAPS = 10
MOST_FILL_BUTTONS = 5
MOST_EDIT_BUTTONS = 10
MOST_UNCONFIRMED = 5
UNCONFIRMED_ROW, EDIT_ROW = 60, 90  # row numbers after those of the menus, so that block ids differ


def render_day(
    report: DayReport, message_ref: MessageRef | None = None, *, plain: bool = True, note: str = ""
) -> Message:
    """Render the day as the answer to a command.

    `plain` leaves out table and chart; `note` is a line above the day about the last change.
    """
    is_today = report.day == local_date(report.at, report.zone)
    lead = "Today" if is_today else "Your day"
    blocks = [context(note)] if note else []
    blocks.append(section(f"*{lead}, {_format_day(report)}*  ·  {format_duration(report.total)}"))
    blocks += _render_confirmation(report)
    if not report.lines and is_today:
        blocks.append(context("Nothing tracked yet. Start with `/track start api fix login`."))
    elif not report.lines:
        blocks.append(context("Nothing was tracked on that day."))
    else:
        blocks += [*render_entry_lines(report, message_ref), *_render_gaps(report)]
    blocks += suggestion.render_suggestions(report, message_ref)
    if len(report.by_project) > 1:  # for a single project it would repeat the total
        blocks += (
            [section(format_project_bars(report))]
            if plain
            else [*render_projects_chart(report), render_projects_table(report)]
        )
    return message(
        _format_fallback(report, lead),
        [*blocks, *actions(_make_day_buttons(report, is_today=is_today), message_ref)],
    )


def render_digest(
    report: DayReport, message_ref: MessageRef | None = None, *, plain: bool = False, note: str = ""
) -> Message:
    """Render the daily digest, in which the person can correct and complete the day.

    `plain` leaves out tables and charts, for workspaces that refuse them, and puts a menu beside each entry. Rows of a
    table can have no menu, so the other version has a button for each entry below the table. `note` is a line above.
    """
    blocks = [context(note)] if note else []
    blocks += [
        header(f"Your day · {_format_day(report)}"),
        section(_format_against_target(report)),
        *_render_confirmation(report),
    ]
    if not report.lines:
        blocks.append(context("Nothing tracked. `/track start` is one line away whenever you need it."))
    elif plain:
        blocks += [*render_entry_lines(report, message_ref), section(format_project_bars(report))]
    else:
        blocks += [
            render_entries_table(report),
            *render_projects_chart(report),
            context(format_projects(report)),
        ]
    blocks += _render_gaps(report)
    for row, entry in enumerate(report.doubts[-MOST_UNCONFIRMED:], start=UNCONFIRMED_ROW):
        blocks += render_unconfirmed(entry, report.person, report.at, message_ref, row)
    blocks += suggestion.render_suggestions(report, message_ref)
    if report.running:
        blocks.append(
            context(f":large_green_circle: {escape(_format_running_name(report), 80)} is still running")
        )
    return message(
        _format_fallback(report, "Your day", of=report.target),
        [
            *blocks,
            *([] if plain else actions(_make_edit_buttons(report), message_ref, EDIT_ROW)),
            *actions(_make_digest_buttons(report), message_ref),
            context("`/track digest off` ends these, `/track digest 17:30` moves them."),
        ],
    )


def render_digest_announcement(report: DayReport) -> Message:
    """Render the answer to `/track digest now`; the digest itself comes as a direct message."""
    shown = (
        f"{_format_fallback(report, 'Your day so far')} The whole digest is in your direct messages with me."
    )
    return message(shown, [section(shown)])


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
    for row, (line, shown) in enumerate(later, start=1):
        blocks.append(beside(_format_line(report, line, shown), _make_entry_menu(line), message_ref, row))
    return blocks


def format_gaps(report: DayReport) -> str:
    return ", ".join(_format_gap(report, gap) for gap in report.gaps[:MOST_GAPS])


def _make_entry_menu(line: DayLine) -> Block:
    choices = [(EntryChoice.EDIT, "Edit…"), (EntryChoice.DELETE, "Delete")]
    if not line.running:
        choices.insert(1, (EntryChoice.RESUME, "Resume"))
    return overflow(ENTRY_MENU, [option(words, f"{kind} {line.entry_id}") for kind, words in choices])


def _format_day(report: DayReport) -> str:
    return f"{report.day:%a} {report.day.day} {report.day:%b}"


def _format_line(report: DayReport, line: DayLine, shown: timedelta) -> str:
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
    return f"{interval}  {mark}{what or '_no project_'} · {format_rounded_duration(shown)}{unconfirmed_mark}"


def _render_gaps(report: DayReport) -> list[Block]:
    return [context(f"Empty: {format_gaps(report)}")] if report.gaps else []


def _format_gap(report: DayReport, gap: Span) -> str:
    return f"{format_time(gap.start, report.zone)}–{format_time(gap.end, report.zone)}"


def _format_against_target(report: DayReport) -> str:
    """Format the total against the person's target: "5 h 30 min of 8 h · 2 h 30 min to go"."""
    total, target = report.total, report.target
    if report.off:
        return f"*{format_duration(total)}* on a day off" if total else "A day off"
    if not target:
        return f"*{format_duration(total)}* tracked"
    if abs(total - target) < timedelta(minutes=1):
        return f"*{format_duration(total)}* of {format_duration(target)}: all of it"
    shown = timedelta(
        minutes=whole_minutes(total)
    )  # whole minutes, so that the two figures add up to the target
    rest = (
        f"{format_duration(target - shown)} to go"
        if shown < target
        else f"{format_duration(shown - target)} more"
    )
    return f"*{format_duration(total)}* of {format_duration(target)} · {rest}"


def _render_confirmation(report: DayReport) -> list[Block]:
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


def _format_fallback(report: DayReport, lead: str, *, of: timedelta | None = None) -> str:
    status = f"{suggestion.format_suggestions(report)}{_format_confirmation(report)}"
    if not report.lines:
        return f"{lead}, {_format_day(report)}: nothing tracked.{status}"
    projects = format_projects(report, "; ")
    gaps = "".join(f" Empty {_format_gap(report, gap)}." for gap in report.gaps[:5])
    running = f" {escape(_format_running_name(report), 80)} is still running." if report.running else ""
    total = (
        f"{format_duration(report.total)} of {format_duration(of)}" if of else format_duration(report.total)
    )
    return f"{lead}, {_format_day(report)}: {total}. {projects}.{gaps}{running}{status}"


def _format_confirmation(report: DayReport) -> str:
    if report.confirmed is None:
        return ""
    return " Confirmed." if report.is_confirmed else " Changed since you confirmed it."


def _make_day_buttons(report: DayReport, *, is_today: bool) -> list[Block]:
    buttons = [*_make_timer_buttons(report)] if is_today else []
    buttons += _make_fill_buttons(report, most=1)
    buttons += [button("Log…", OPEN_LOG, report.day.isoformat()), *suggestion.render_ignored(report)]
    return buttons if is_today else [*buttons, *_make_confirmation_buttons(report)]


def _make_digest_buttons(report: DayReport) -> list[Block]:
    return [
        *_make_timer_buttons(report),
        *_make_fill_buttons(report, most=MOST_FILL_BUTTONS),
        button("Log…", OPEN_LOG, report.day.isoformat()),
        *suggestion.render_ignored(report),
        *_make_confirmation_buttons(report),
    ]


def _make_timer_buttons(report: DayReport) -> list[Block]:
    if report.running:
        return [button("Stop", STOP, str(report.running.id), style="primary")]
    return [button("Resume", RESUME, str(report.last.id))] if report.last else []


def _make_fill_buttons(report: DayReport, *, most: int) -> list[Block]:
    return [
        button(f"Fill {_format_gap(report, gap)}…", OPEN_LOG, write_gap(gap)) for gap in report.gaps[-most:]
    ]


def _make_confirmation_buttons(report: DayReport) -> list[Block]:
    """Render the button that confirms or reopens the day; none while a timer runs in it."""
    day = report.day.isoformat()
    if report.is_confirmed:
        return [button("Reopen", REOPEN_DAY, day)]
    if any(line.running for line in report.lines):
        return []
    words = "Confirm again" if report.confirmed else "Confirm day"
    return [button(words, CONFIRM_DAY, f"{day} {report.state}", style="primary")]


def write_gap(gap: Span) -> str:
    """Return the value of a button that fills this gap, for `read_gap`."""
    return f"{gap.start.isoformat()}/{gap.end.isoformat()}"


def read_gap(value: str) -> Span | None:
    """Read a gap from the value of a button; None if it is a day or empty. Raises ValueError for anything else."""
    start, slash, end = value.partition("/")
    if not slash:
        return None
    return Span(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))


def _format_running_name(report: DayReport) -> str:
    running = report.running
    if running is None:
        return ""
    return running.project.title if running.project else running.note or "A timer"
