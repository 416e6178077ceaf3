"""The figures of a week by project and day: as a table, and in words if Slack refuses tables."""

from datetime import date, timedelta

from bot.views.blocks import Block, context, escape, section, table
from domain.reports.reports import sum_by_key
from domain.reports.timesheets import WeekReport
from domain.time.durations import format_duration, format_rounded_duration

MOST_PROJECTS = 30
_DAY = timedelta(days=1)


def render_figures(report: WeekReport, *, plain: bool) -> list[Block]:
    """Render the figures; `plain` leaves out the table."""
    if not report.totals.lines:
        return [context("Nothing is tracked in it.")]
    if not plain:
        return [_render_table(report)]
    days = "  ·  ".join(
        f"{day:%a} {day.day}: {format_rounded_duration(display_length)}"
        for day, display_length in _sum_by_day(report).items()
        if display_length is not None
    )
    lines = [
        f"• {escape(title, 60)} · {format_rounded_duration(_sum_lengths(row))}"
        for title, row in _sum_by_project(report)
    ]
    return [section("\n".join(lines)), context(days)]


def format_projects(report: WeekReport) -> str:
    return "; ".join(
        f"{escape(title, 60)} {format_rounded_duration(_sum_lengths(row))}"
        for title, row in _sum_by_project(report)
    )


def format_week(week: date) -> str:
    """Format "16–22 Nov" or "30 Nov–6 Dec"; with the year if the week ends in another year than it begins."""
    last = week + 6 * _DAY
    if week.year != last.year:
        return f"{week.day} {week:%b %Y}–{last.day} {last:%b %Y}"
    first = f"{week.day}" if week.month == last.month else f"{week.day} {week:%b}"
    return f"{first}–{last.day} {last:%b}"


def format_owner_and_week(report: WeekReport) -> str:
    """Format "Your week, 9–15 Nov", or another person's week with their name."""
    year = "" if report.week.year == report.at.year else f" {report.week.year}"
    dates = f"{format_week(report.week)}{year if report.week.year == (report.week + 6 * _DAY).year else ''}"
    return f"Your week, {dates}" if report.own else f"{escape(report.owner.name, 80)}, {dates}"


def _render_table(report: WeekReport) -> Block:
    """Make a table with a row for each project and a column for each day; weekends only if they have entries."""
    by_day = _sum_by_day(report)
    days = [day for day, display_length in by_day.items() if display_length is not None or day.weekday() < 5]
    rows = [["Project", *(f"{day:%a} {day.day}" for day in days), "Total"]]
    for title, row in _sum_by_project(report):
        rows.append(
            [
                title,
                *(_format_length(row.get(day)) for day in days),
                format_rounded_duration(_sum_lengths(row)),
            ]
        )
    rows.append(
        ["Total", *(_format_length(by_day[day]) for day in days), format_duration(report.totals.total)]
    )
    return table(rows, right=range(1, len(days) + 2))


def _format_length(display_length: timedelta | None) -> str:
    return "–" if display_length is None else format_rounded_duration(display_length)


def _sum_by_project(report: WeekReport) -> list[tuple[str, dict[date, timedelta]]]:
    """Return the lengths by project and day, the project with the most time first; the last row sums up the rest."""
    exact = sum_by_key(
        (line.project.title if line.project else "", line.length) for line in report.totals.lines
    )
    ordered = sorted(exact, key=lambda title: (-exact[title], title))
    rows: dict[str, dict[date, timedelta]] = {title: {} for title in ordered}
    for (title, day), display_length in report.display_cells.items():
        rows[title][day] = display_length
    rest = sum_by_key(pair for title in ordered[MOST_PROJECTS:] for pair in rows[title].items())
    more = [(f"{len(ordered) - MOST_PROJECTS} more", rest)] if rest else []
    return [(title or "No project", rows[title]) for title in ordered[:MOST_PROJECTS]] + more


def _sum_by_day(report: WeekReport) -> dict[date, timedelta | None]:
    """Return the length of each day; None for a day without entries."""
    sums = sum_by_key((day, display_length) for (_, day), display_length in report.display_cells.items())
    return {day: sums.get(day) for day in (report.week + number * _DAY for number in range(7))}


def _sum_lengths(row: dict[date, timedelta]) -> timedelta:
    return sum(row.values(), timedelta())
