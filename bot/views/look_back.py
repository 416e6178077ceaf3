"""The weekly summaries: a person's own week, and the team's for its lead."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.views.blocks import (
    Block,
    Message,
    actions,
    bar_chart,
    button,
    context,
    escape,
    header,
    message,
    section,
    sections,
    table,
)
from bot.views.card_actions import OPEN_LOG, SUBMIT_WEEK
from bot.views.message_refs import MessageRef
from bot.views.period import MOST_BARS, render_as_text, render_with_chart
from bot.views.week_figures import format_week
from domain.reports.rounding import share_out_hundredths
from domain.reports.weekly import PersonWeek, TeamWeeklySummary, WeeklySummary
from domain.time.durations import format_duration, format_rounded_duration

MOST_ROWS = 40  # a table holds 10,000 characters
MOST_PROJECTS = 4
MOST_NAMES = 10  # in the fallback text


def render_weekly_summary(
    week: WeeklySummary, message_ref: MessageRef | None, *, plain: bool, note: str = ""
) -> Message:
    """Render a person's week. `plain` leaves out tables and charts, for workspaces that refuse them; `note` is a line
    above.
    """
    period = week.period
    lead, total = (
        f"Your week, {format_week(period.dates.first)}",
        _format_against_target(period.total, week.target),
    )
    blocks = [context(note)] if note else []
    blocks += [header(lead.replace(", ", " · ", 1)), section(f"*{total}*")]
    if period.total:
        blocks += render_as_text(period) if plain else render_with_chart(period)
    empty = ""
    if week.open:
        example = f"{week.open[0].day} {week.open[0]:%b}".lower()
        empty = f"Nothing tracked on {_format_days(week.open)}."
        blocks.append(context(f"{empty} `/track {example}` shows that day, to fill it or to confirm it."))
    blocks += actions(_make_buttons(week), message_ref)
    blocks.append(context("`/track digest weekly off` ends these."))
    return message(f"{lead}: {total}. {empty}".strip(), blocks)


def render_team_summary(week: TeamWeeklySummary, *, plain: bool) -> Message:
    lead = f"The team's week, {format_week(week.dates.first)}"
    blocks = [
        header(lead.replace(", ", " · ", 1)),
        section(f"*{format_duration(week.display_total)}* by {_format_people(week)}"),
    ]
    top_lines = week.lines[:MOST_ROWS]
    if top_lines:
        blocks += _render_lines(top_lines) if plain else _render_table(top_lines)
    if rest := week.lines[MOST_ROWS:]:
        more = (
            f"{len(rest)} more people with less time: {format_rounded_duration(_sum_lengths(rest))} in all."
        )
        blocks.append(context(f"{more} `/track report last week by person`"))
    blocks.append(
        context("Each person's days are those of their own zone. `/track digest team off` ends these.")
    )
    fallback = [
        f"{escape(line.name, 40)} {format_rounded_duration(line.display_length)}"
        for line in week.lines[:MOST_NAMES]
    ]
    if others := week.lines[MOST_NAMES:]:
        fallback.append(f"{len(others)} more {format_rounded_duration(_sum_lengths(others))}")
    return message(f"{lead}: {format_duration(week.display_total)}. {'; '.join(fallback)}", blocks)


def _sum_lengths(lines: Sequence[PersonWeek]) -> timedelta:
    return sum((line.display_length for line in lines), timedelta())


def _make_buttons(week: WeeklySummary) -> list[Block]:
    """Make buttons to log time on empty days, and to submit the week."""
    monday = week.period.dates.first.isoformat()
    return [
        *(button(f"Log {_format_days([day])}…", OPEN_LOG, day.isoformat()) for day in week.open),
        button("Submit week", SUBMIT_WEEK, monday),
    ]


def _format_people(week: TeamWeeklySummary) -> str:
    tracked = sum(1 for line in week.lines if line.length)
    return f"{tracked} of {len(week.lines)} people" if len(week.lines) != 1 else "one person"


def _render_table(lines: Sequence[PersonWeek]) -> list[Block]:
    rows = [("Who", "Time", "Of", "On", "Open days")]
    rows += [
        (
            line.name,
            format_rounded_duration(line.display_length),
            format_duration(line.target) if line.target else "–",
            _format_projects(line),
            _format_days(line.open, year=False) or "–",
        )
        for line in lines
    ]
    chart_lines = lines[:MOST_BARS]
    hours = share_out_hundredths([line.display_length for line in chart_lines], timedelta(hours=1))
    values = [(line.name, value) for line, value in zip(chart_lines, hours, strict=True)]
    return [table(rows, right=(1, 2)), bar_chart("Hours by person", "Hours", values, "Hours")]


def _render_lines(lines: Sequence[PersonWeek]) -> list[Block]:
    entries = []
    for line in lines:
        open_days = f" · open: {_format_days(line.open, year=False)}" if line.open else ""
        length = _format_against_target(line.length, line.target)
        entries.append(
            f"*{escape(line.name, 60)}*  {length} · {escape(_format_projects(line), 200)}{open_days}"
        )
    return sections(entries, most=8)


def _format_projects(line: PersonWeek) -> str:
    """Format the projects with the most time and the total of the others, so that it adds up to the person's total."""
    top_lines = line.groups[:MOST_PROJECTS]
    named = [
        f"{group.name or 'No project'} {format_rounded_duration(group.display_length)}" for group in top_lines
    ]
    if rest := line.groups[MOST_PROJECTS:]:
        named.append(
            f"{len(rest)} more {format_rounded_duration(sum((group.display_length for group in rest), timedelta()))}"
        )
    return ", ".join(named) or "–"


def _format_against_target(total: timedelta, target: timedelta) -> str:
    return (
        f"{format_duration(total)} of {format_duration(target)}"
        if target
        else f"{format_duration(total)} tracked"
    )


def _format_days(days: Sequence[date], *, year: bool = True) -> str:
    return ", ".join(f"{day:%a} {day.day} {day:%b}" if year else f"{day:%a}" for day in days)
