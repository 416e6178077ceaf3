"""The figures of a day as bars in text, charts and tables. Each of them adds up to the day's total."""

from collections.abc import Sequence
from datetime import timedelta

from bot.views.blocks import Block, bar_chart, escape, table
from domain.projects.projects import Project
from domain.reports.reports import DayLine, DayReport
from domain.reports.rounding import percentages, share_out_hundredths
from domain.time.durations import format_duration, format_rounded_duration, format_time

BAR_WIDTH = 16
MOST_LINES = 30
MOST_PROJECTS = 10


def format_earlier_entries(lines: Sequence[tuple[DayLine, timedelta]], separator: str) -> str:
    """Format "12 earlier · 3 h 10 min" for entries that are left out, so that the list adds up to the total."""
    total = sum((display_length for _, display_length in lines), timedelta())
    return f"{len(lines)} earlier{separator}{format_rounded_duration(total)}"


def format_project_bars(report: DayReport) -> str:
    longest = max(total.length for total in report.by_project)
    rows = []
    for (title, display_length), total in zip(_list_projects(report), report.by_project, strict=False):
        width = max(1, round(BAR_WIDTH * (total.length / longest))) if longest > timedelta() else 1
        rows.append(f"{'▇' * width}  {escape(title, 40)} · {format_rounded_duration(display_length)}")
    return "\n".join(
        [
            *rows,
            *(
                f"{count} more · {format_rounded_duration(display_length)}"
                for count, display_length in _sum_up_rest(report)
            ),
        ]
    )


def _list_projects(report: DayReport) -> list[tuple[str, timedelta]]:
    """Return the projects with the most time, each with its displayed length."""
    display_length = zip(report.by_project, report.display_by_project, strict=True)
    return [(project_title(total.project), length) for total, length in display_length][:MOST_PROJECTS]


def _sum_up_rest(report: DayReport) -> list[tuple[int, timedelta]]:
    """Return how many more projects there are and their total; an empty list if there are none."""
    rest = report.display_by_project[MOST_PROJECTS:]
    return [(len(rest), sum(rest, timedelta()))] if rest else []


def render_entries_table(report: DayReport) -> Block:
    rows = [("Time", "Project", "Note", "Length")]
    lines = list(zip(report.lines, report.display_by_line, strict=True))
    if len(lines) >= MOST_LINES:
        earlier, lines = lines[: 1 - MOST_LINES], lines[1 - MOST_LINES :]
        count, _, length = format_earlier_entries(earlier, "\n").partition("\n")
        rows.append(("…", "", count, length))
    for line, display_length in lines:
        until = "now" if line.running else format_time(line.span.end, report.zone)
        interval = f"{format_time(line.span.start, report.zone)}–{until}"
        length = f"{format_rounded_duration(display_length)}{', unconfirmed' if line.unconfirmed else ''}"
        rows.append((interval, project_title(line.project), line.note, length))
    return table(rows, right=(3,))


def render_projects_table(report: DayReport) -> Block:
    shares = percentages([total.length for total in report.by_project])
    rows = [("Project", "Time", "Share")]
    rows += [
        (title, format_rounded_duration(display_length), f"{share} %")
        for (title, display_length), share in zip(_list_projects(report), shares, strict=False)
    ]
    for count, display_length in _sum_up_rest(report):
        rows.append(
            (f"{count} more", format_rounded_duration(display_length), f"{sum(shares[MOST_PROJECTS:])} %")
        )
    return table([*rows, ("Total", format_duration(report.total), "100 %")], right=(1, 2))


def render_projects_chart(report: DayReport) -> list[Block]:
    """Render a chart of hours by project, or of minutes below an hour.

    There is no chart below a minute, where the axis would show hundredths.
    """
    if report.total < timedelta(minutes=1):
        return []
    hours = report.total >= timedelta(hours=1)
    unit, name = (timedelta(hours=1), "Hours") if hours else (timedelta(minutes=1), "Minutes")
    titles = [project_title(total.project) for total in report.by_project]
    values = share_out_hundredths(report.display_by_project, unit)
    return [bar_chart(f"{name} by project", name, list(zip(titles, values, strict=True)), name)]


def format_projects(report: DayReport, separator: str = " · ") -> str:
    """Format the time by project in words, for readers who do not see the chart."""
    parts = [
        f"{escape(title, 40)} {format_rounded_duration(display_length)}"
        for title, display_length in _list_projects(report)
    ]
    return separator.join(
        [
            *parts,
            *(
                f"{count} more {format_rounded_duration(display_length)}"
                for count, display_length in _sum_up_rest(report)
            ),
        ]
    )


def project_title(project: Project | None) -> str:
    return project.title if project else "No project"
