"""Reports of a week, a month, or any other days: in text, and with table and chart if Slack accepts them."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.views.blocks import Block, Message, bar_chart, context, escape, message, section, table
from domain.reports.period_reports import DayTotal, Dimension, Group, PeriodReport, ReportPart
from domain.reports.rounding import percentages, share_out_hundredths
from domain.time.durations import format_duration, format_rounded_duration, format_time
from domain.time.periods import DateRange

BAR_WIDTH = 14
MOST_GROUPS = 15
MOST_LINES = 31
MOST_ROWS = 60
WIDE_BARS = 10  # with room for the name of the day below each
MOST_BARS = 20  # Slack, data_visualization block (2026): points of one series
_BY = {
    Dimension.PROJECT: ("By project", "No project"),
    Dimension.TAG: ("By tag", "No tag"),
    Dimension.PERSON: ("By person", ""),
    Dimension.DAY: ("By day", ""),
}


def render_period(report: PeriodReport, *, plain: bool = True) -> Message:
    """Render a report as the answer to a command. `plain` leaves out table and chart."""
    lead, total = format_dates(report.dates), format_duration(report.display_total)
    if not report.total:
        text = f"{lead}: nothing tracked."
        return message(
            text, [section(f"*{lead}*"), context("Nothing was tracked."), *_render_partial_note(report)]
        )
    fallback = f"{lead}: {total}. {_format_groups_inline(report) or _format_days_inline(report.days)}."
    blocks = [
        section(f"*{lead}*  ·  {total}"),
        *(render_as_text(report) if plain else render_with_chart(report)),
    ]
    return message(fallback, [*blocks, *_render_notes(report), *_render_partial_note(report)])


def format_dates(dates: DateRange) -> str:
    """Format the name of the period and its dates."""
    name, first, last = escape(dates.name, 80), dates.first, dates.last
    return (
        f"{name}, {_format_date(first)}"
        if first == last
        else f"{name}, {_format_date(first)} to {_format_date(last)}"
    )


def format_day_bars(days: Sequence[DayTotal]) -> str:
    """Draw a bar of text for each day, or each week of a long period; weekends without work are left out."""
    rows = _list_rows(days)
    longest = max((part.length for _, part in rows), default=timedelta()) or timedelta(1)
    lines = []
    for label, part in rows:
        width = max(1, round(BAR_WIDTH * (part.length / longest))) if part.length else 0
        lines.append(f"`{label}`  {'▇' * width} {_format_length(part)}")
    return "\n".join(lines)


def format_groups(report: PeriodReport, *, most: int = MOST_GROUPS) -> str:
    lines = [
        f"• {_format_name(report, part)} · {format_rounded_duration(part.display_length)}"
        for part in report.groups[:most]
    ]
    if rest := report.groups[most:]:
        lines.append(f"• {len(rest)} more · {format_rounded_duration(_sum_lengths(rest))}")
    return "\n".join(lines)


def render_as_text(report: PeriodReport) -> list[Block]:
    blocks = [section(format_day_bars(report.days))] if report.days else []
    if report.groups:
        blocks.append(section(f"*{_BY[report.by][0]}*\n{format_groups(report)}"))
    return blocks


def render_with_chart(report: PeriodReport) -> list[Block]:
    """Render a chart by day, or by person, and a table of the groups, or of the days if there are no groups."""
    blocks = []
    rows = _list_rows(report.days)
    if report.by is not Dimension.PERSON and len(rows) > 1:
        blocks.append(_render_hours_chart(report.days))
        blocks.append(context(_format_days_inline(report.days)))
    if report.by is Dimension.PERSON and report.groups:
        more = "" if len(report.groups) <= MOST_BARS else f", the first {MOST_BARS}"
        blocks.append(
            _render_chart(f"Hours by person{more}", [(part.name, part) for part in report.groups[:MOST_BARS]])
        )
    if report.groups:
        blocks.append(_render_groups_table(report))
    elif rows:
        days = [[label.strip(), _format_length(part)] for label, part in rows]
        blocks.append(
            table([["Day", "Time"], *days, ["Total", format_duration(report.display_total)]], right=(1,))
        )
    return blocks


def _render_groups_table(report: PeriodReport) -> Block:
    """Make a table of the groups. Shares add up to 100 % unless time counts in several groups."""
    groups = report.groups
    is_exclusive = sum((part.length for part in groups), timedelta()) == report.total
    shares = [round(100 * (part.length / report.total)) for part in groups]
    if is_exclusive:
        shares = percentages([part.length for part in groups])
    rows = [[_BY[report.by][0].removeprefix("By ").capitalize(), "Time", "Share"]]
    rows += [
        [_format_plain_name(report, part), format_rounded_duration(part.display_length), f"{share} %"]
        for part, share in zip(groups[:MOST_ROWS], shares, strict=False)
    ]
    if rest := groups[MOST_ROWS:]:
        share = f"{sum(shares[MOST_ROWS:])} %" if is_exclusive else "–"
        rows.append([f"{len(rest)} more", format_rounded_duration(_sum_lengths(rest)), share])
    if is_exclusive:
        rows.append(["Total", format_duration(report.display_total), "100 %"])
    return table(rows, right=(1, 2))


def _render_hours_chart(days: Sequence[DayTotal]) -> Block:
    """Make a chart by day, or by week if there are too many days for one chart."""
    rows = _list_days(days)
    if len(rows) <= WIDE_BARS:
        return _render_chart("Hours by day", rows)
    if len(rows) <= MOST_BARS:
        return _render_chart("Hours by day", [(label[-2:], part) for label, part in rows])
    weeks = _sum_by_week(days)
    if len(weeks) <= MOST_BARS:
        return _render_chart("Hours by week", weeks)
    return _render_chart(f"Hours by week, the last {MOST_BARS} weeks", weeks[-MOST_BARS:])


def _render_chart(title: str, rows: Sequence[tuple[str, ReportPart]]) -> Block:
    values = share_out_hundredths([part.display_length for _, part in rows], timedelta(hours=1))
    labels = [label.strip() for label, _ in rows]
    return bar_chart(title, "Hours", list(zip(labels, values, strict=True)), "Hours")


def _list_rows(days: Sequence[DayTotal]) -> list[tuple[str, ReportPart]]:
    return _list_days(days) if len(days) <= MOST_LINES else _sum_by_week(days)


def _list_days(days: Sequence[DayTotal]) -> list[tuple[str, ReportPart]]:
    rows = [part for part in days if part.length or part.day.weekday() < 5]
    return [(f"{part.day:%a} {part.day.day:>2}", part) for part in rows]


def _sum_by_week(days: Sequence[DayTotal]) -> list[tuple[str, ReportPart]]:
    weeks: dict[date, list[DayTotal]] = {}
    for part in days:
        weeks.setdefault(part.day - timedelta(days=part.day.weekday()), []).append(part)
    return [
        (
            f"{monday.day:>2} {monday:%b}",
            ReportPart(length=sum((part.length for part in week), timedelta()), rounded=_sum_lengths(week)),
        )
        for monday, week in weeks.items()
    ]


def _sum_lengths(parts: Sequence[ReportPart]) -> timedelta:
    return sum((part.display_length for part in parts), timedelta())


def _format_length(part: ReportPart) -> str:
    return format_rounded_duration(part.display_length) if part.length else "–"


def _format_days_inline(days: Sequence[DayTotal]) -> str:
    return " · ".join(
        f"{label.strip()}: {_format_length(part)}" for label, part in _list_rows(days) if part.length
    )


def _format_groups_inline(report: PeriodReport) -> str:
    parts = [
        f"{_format_name(report, part)} {format_rounded_duration(part.display_length)}"
        for part in report.groups[:MOST_GROUPS]
    ]
    if rest := report.groups[MOST_GROUPS:]:
        parts.append(f"{len(rest)} more {format_rounded_duration(_sum_lengths(rest))}")
    return "; ".join(parts)


def _render_notes(report: PeriodReport) -> list[Block]:
    """Render the instant of the report, because the message is not updated later."""
    as_of = f"As of {format_time(report.at, report.person.zone)}."
    tracked = sum(1 for part in report.days if part.length)
    if report.of_everybody:
        as_of = f"Each person's days are those of their own zone. {as_of}"
    if tracked < 2:
        return [context(as_of)]
    average = f"On average {format_duration(report.total / tracked)} on the days with something tracked."
    return [context(f"{average} {as_of} `/track 2026-11-12` shows a day.")]


def _render_partial_note(report: PeriodReport) -> list[Block]:
    if not report.partial:
        return []
    return [context("This is your own time only. Leads and admins see everybody's.")]


def _format_name(report: PeriodReport, group: Group) -> str:
    return escape(_format_plain_name(report, group), 60)


def _format_plain_name(report: PeriodReport, group: Group) -> str:
    name = group.name or _BY[report.by][1]
    return f"+{name}" if report.by is Dimension.TAG and group.name else name


def _format_date(day: date) -> str:
    return f"{day.day} {day:%b}"
