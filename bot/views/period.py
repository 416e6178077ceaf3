"""A week or a month, in the answer to a command: text and bars, the same numbers in words."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.views.blocks import Message, context, escaped, message, section
from domain.durations import spoken
from domain.reports import DayTotal, PeriodReport

BAR_WIDTH = 14
MOST_PROJECTS = 12


def whole_period(report: PeriodReport) -> Message:
    first, last = report.days[0].day, report.days[-1].day
    lead = f"{report.period.value.capitalize()}, {_date(first)} to {_date(last)}"
    if not report.total:
        text = f"{lead}: nothing tracked."
        return message(text, [section(f"*{lead}*"), context("Nothing was tracked.")])
    projects = [
        f"{escaped(one.project.title if one.project else 'No project', 60)} {spoken(one.length)}"
        for one in report.by_project[:MOST_PROJECTS]
    ]
    tracked = sum(1 for one in report.days if one.length)
    return message(
        f"{lead}: {spoken(report.total)}. {'; '.join(projects)}.",
        [
            section(f"*{lead}*  ·  {spoken(report.total)}"),
            section(_bars(report.days)),
            section("*By project*\n" + "\n".join(f"• {line}" for line in projects)),
            context(
                f"{spoken(report.total / tracked)} on a day with something tracked. `/track 2026-11-12` shows a day."
            ),
        ],
    )


def _bars(days: Sequence[DayTotal]) -> str:
    """A line for each day; weekends without work are left out."""
    longest = max(one.length for one in days)
    lines = []
    for one in days:
        if one.length or one.day.weekday() < 5:
            width = max(1, round(BAR_WIDTH * (one.length / longest))) if one.length > timedelta() else 0
            length = spoken(one.length) if one.length else "–"
            lines.append(f"`{one.day:%a} {one.day.day:>2}`  {'▇' * width} {length}")
    return "\n".join(lines)


def _date(day: date) -> str:
    return f"{day.day} {day:%b}"
