"""A day: as the answer to /track today, and as the digest."""

from datetime import timedelta

from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    bar_chart,
    button,
    context,
    escaped,
    header,
    message,
    section,
    table,
)
from domain.calendar import day_of
from domain.durations import clock, spoken
from domain.projects import Project
from domain.reports import DayLine, DayReport

BAR_WIDTH = 16
MOST_LINES = 30


def whole_day(report: DayReport) -> Message:
    """In the answer to a command, where Slack would refuse a block without saying so: text and bars only."""
    is_today = report.day == day_of(report.at, report.zone)
    lead = "Today" if is_today else "Your day"
    blocks = [section(f"*{lead}, {_date(report)}*  ·  {spoken(report.total)}")]
    if not report.lines and is_today:
        blocks.append(context("Nothing tracked yet. Start with `/track start api fix login`."))
    elif not report.lines:
        blocks.append(context("Nothing was tracked on that day."))
    else:
        blocks += [_lines(report), *_gaps(report)]
    if report.by_project:
        blocks.append(section(_bars(report)))
    buttons = _buttons(report, ActionId.STOP, ActionId.RESUME, "") if is_today else []
    return message(_words(report, lead), [*blocks, *buttons])


def digest(report: DayReport, *, plain: bool = False) -> Message:
    """The evening's message. `plain` is for workspaces that refuse tables and charts: the same in text."""
    blocks = [header(f"Your day · {_date(report)}")]
    if not report.lines:
        blocks.append(section("Nothing tracked today. `/track start` is one line away whenever you need it."))
    else:
        blocks.append(section(f"*{spoken(report.total)}* tracked"))
        if plain:
            blocks += [_lines(report), section(_bars(report))]
        else:
            blocks += [_table(report), _chart(report), context(_sums(report))]
        blocks += _gaps(report)
    if report.running:
        blocks.append(context(f":large_green_circle: {escaped(_running_name(report), 80)} is still running"))
    suffix = f" {report.day}"
    return message(
        _words(report, "Your day"),
        [
            *blocks,
            *_buttons(report, ActionId.DIGEST_STOP, ActionId.DIGEST_RESUME, suffix),
            context("`/track digest off` ends these, `/track digest 17:30` moves them."),
        ],
    )


def digest_on_its_way(report: DayReport) -> Message:
    """The answer to `/track digest now`: the digest itself comes as it does in the evening."""
    shown = f"{_words(report, 'Your day so far')} The whole digest is in your direct messages with me."
    return message(shown, [section(shown)])


def _date(report: DayReport) -> str:
    return f"{report.day:%a} {report.day.day} {report.day:%b}"


def _line(report: DayReport, line: DayLine) -> str:
    mark = ":large_green_circle: " if line.running else ""
    what = " · ".join(
        part
        for part in (
            f"*{escaped(line.project.title, 60)}*" if line.project else "",
            escaped(line.note, 120),
        )
        if part
    )
    until = "now" if line.running else clock(line.span.end, report.zone)
    stretch = f"`{clock(line.span.start, report.zone)}–{until}`"
    return f"{stretch}  {mark}{what or '_no project_'} · {spoken(line.span.length)}"


def _gaps(report: DayReport) -> list[Block]:
    if not report.gaps:
        return []
    stretches = ", ".join(
        f"{clock(gap.start, report.zone)}–{clock(gap.end, report.zone)}" for gap in report.gaps[:10]
    )
    return [context(f"Empty: {stretches}")]


def _lines(report: DayReport) -> Block:
    return section("\n".join(_line(report, line) for line in report.lines[-MOST_LINES:]))


def _bars(report: DayReport) -> str:
    longest = max(total.length for total in report.by_project)
    rows = []
    for total in report.by_project[:10]:
        width = max(1, round(BAR_WIDTH * (total.length / longest))) if longest > timedelta() else 1
        rows.append(f"{'▇' * width}  {escaped(_title(total.project), 40)} · {spoken(total.length)}")
    return "\n".join(rows)


def _table(report: DayReport) -> Block:
    rows = [("Time", "Project", "Note", "Length")]
    for line in report.lines:
        until = "now" if line.running else clock(line.span.end, report.zone)
        stretch = f"{clock(line.span.start, report.zone)}–{until}"
        rows.append((stretch, _title(line.project), line.note, spoken(line.span.length)))
    if len(rows) > MOST_LINES:
        rows = [rows[0], ("…", "", f"{len(rows) - MOST_LINES} earlier", ""), *rows[1 - MOST_LINES :]]
    return table(rows, right=(3,))


def _chart(report: DayReport) -> Block:
    hours = report.total >= timedelta(hours=1)
    unit, name = (timedelta(hours=1), "Hours") if hours else (timedelta(minutes=1), "Minutes")
    values = [(_title(total.project), round(total.length / unit, 2)) for total in report.by_project]
    return bar_chart(f"{name} by project", name, values, name)


def _sums(report: DayReport) -> str:
    """The chart in words, for who does not see it."""
    return " · ".join(
        f"{escaped(_title(total.project), 40)} {spoken(total.length)}" for total in report.by_project[:10]
    )


def _words(report: DayReport, lead: str) -> str:
    if not report.lines:
        return f"{lead}, {_date(report)}: nothing tracked."
    projects = "; ".join(
        f"{escaped(_title(total.project), 40)} {spoken(total.length)}" for total in report.by_project[:10]
    )
    gaps = "".join(
        f" Empty {clock(gap.start, report.zone)}–{clock(gap.end, report.zone)}." for gap in report.gaps[:5]
    )
    running = f" {escaped(_running_name(report), 80)} is still running." if report.running else ""
    return f"{lead}, {_date(report)}: {spoken(report.total)}. {projects}.{gaps}{running}"


def _buttons(report: DayReport, stop: ActionId, resume: ActionId, suffix: str) -> list[Block]:
    if report.running:
        return actions([button("Stop", stop, f"{report.running.id}{suffix}", style="primary")])
    if report.last:
        return actions([button("Resume", resume, f"{report.last.id}{suffix}")])
    return []


def _running_name(report: DayReport) -> str:
    running = report.running
    if running is None:
        return ""
    return running.project.title if running.project else running.note or "A timer"


def _title(project: Project | None) -> str:
    return project.title if project else "No project"
