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
        return message(text, [section(f"*{lead}*"), context("Nothing was tracked."), *_partial(report)])
    fallback = f"{lead}: {total}. {_groups_in_words(report) or _days_in_words(report.days)}."
    blocks = [
        section(f"*{lead}*  ·  {total}"),
        *(render_as_text(report) if plain else render_with_chart(report)),
    ]
    return message(fallback, [*blocks, *_notes(report), *_partial(report)])


def format_dates(dates: DateRange) -> str:
    """Format the name of the period and its dates."""
    name, first, last = escape(dates.name, 80), dates.first, dates.last
    return f"{name}, {_date(first)}" if first == last else f"{name}, {_date(first)} to {_date(last)}"


def format_day_bars(days: Sequence[DayTotal]) -> str:
    """Draw a bar of text for each day, or each week of a long period; weekends without work are left out."""
    rows = _rows(days)
    longest = max((one.length for _, one in rows), default=timedelta()) or timedelta(1)
    lines = []
    for label, one in rows:
        width = max(1, round(BAR_WIDTH * (one.length / longest))) if one.length else 0
        lines.append(f"`{label}`  {'▇' * width} {_format_length(one)}")
    return "\n".join(lines)


def format_groups(report: PeriodReport, *, most: int = MOST_GROUPS) -> str:
    shown = [
        f"• {_name(report, one)} · {format_rounded_duration(one.display_length)}"
        for one in report.groups[:most]
    ]
    if rest := report.groups[most:]:
        shown.append(f"• {len(rest)} more · {format_rounded_duration(_sum(rest))}")
    return "\n".join(shown)


def render_as_text(report: PeriodReport) -> list[Block]:
    blocks = [section(format_day_bars(report.days))] if report.days else []
    if report.groups:
        blocks.append(section(f"*{_BY[report.by][0]}*\n{format_groups(report)}"))
    return blocks


def render_with_chart(report: PeriodReport) -> list[Block]:
    """Render a chart by day, or by person, and a table of the groups, or of the days if there are no groups."""
    blocks = []
    rows = _rows(report.days)
    if report.by is not Dimension.PERSON and len(rows) > 1:
        blocks.append(_hours(report.days))
        blocks.append(context(_days_in_words(report.days)))
    if report.by is Dimension.PERSON and report.groups:
        more = "" if len(report.groups) <= MOST_BARS else f", the first {MOST_BARS}"
        blocks.append(
            _chart(f"Hours by person{more}", [(one.name, one) for one in report.groups[:MOST_BARS]])
        )
    if report.groups:
        blocks.append(_groups_table(report))
    elif rows:
        days = [[label.strip(), _format_length(one)] for label, one in rows]
        blocks.append(
            table([["Day", "Time"], *days, ["Total", format_duration(report.display_total)]], right=(1,))
        )
    return blocks


def _groups_table(report: PeriodReport) -> Block:
    """Make a table of the groups. Shares add up to 100 % unless time counts in several groups."""
    groups = report.groups
    once = sum((one.length for one in groups), timedelta()) == report.total
    shares = [round(100 * (one.length / report.total)) for one in groups]
    if once:
        shares = percentages([one.length for one in groups])
    rows = [[_BY[report.by][0].removeprefix("By ").capitalize(), "Time", "Share"]]
    rows += [
        [_plain_name(report, one), format_rounded_duration(one.display_length), f"{share} %"]
        for one, share in zip(groups[:MOST_ROWS], shares, strict=False)
    ]
    if rest := groups[MOST_ROWS:]:
        share = f"{sum(shares[MOST_ROWS:])} %" if once else "–"
        rows.append([f"{len(rest)} more", format_rounded_duration(_sum(rest)), share])
    if once:
        rows.append(["Total", format_duration(report.display_total), "100 %"])
    return table(rows, right=(1, 2))


def _hours(days: Sequence[DayTotal]) -> Block:
    """Make a chart by day, or by week if there are too many days for one chart."""
    rows = _by_day(days)
    if len(rows) <= WIDE_BARS:
        return _chart("Hours by day", rows)
    if len(rows) <= MOST_BARS:
        return _chart("Hours by day", [(label[-2:], one) for label, one in rows])
    weeks = _by_week(days)
    if len(weeks) <= MOST_BARS:
        return _chart("Hours by week", weeks)
    return _chart(f"Hours by week, the last {MOST_BARS} weeks", weeks[-MOST_BARS:])


def _chart(title: str, rows: Sequence[tuple[str, ReportPart]]) -> Block:
    values = share_out_hundredths([one.display_length for _, one in rows], timedelta(hours=1))
    labels = [label.strip() for label, _ in rows]
    return bar_chart(title, "Hours", list(zip(labels, values, strict=True)), "Hours")


def _rows(days: Sequence[DayTotal]) -> list[tuple[str, ReportPart]]:
    return _by_day(days) if len(days) <= MOST_LINES else _by_week(days)


def _by_day(days: Sequence[DayTotal]) -> list[tuple[str, ReportPart]]:
    shown = [one for one in days if one.length or one.day.weekday() < 5]
    return [(f"{one.day:%a} {one.day.day:>2}", one) for one in shown]


def _by_week(days: Sequence[DayTotal]) -> list[tuple[str, ReportPart]]:
    weeks: dict[date, list[DayTotal]] = {}
    for one in days:
        weeks.setdefault(one.day - timedelta(days=one.day.weekday()), []).append(one)
    return [
        (
            f"{monday.day:>2} {monday:%b}",
            ReportPart(length=sum((one.length for one in week), timedelta()), rounded=_sum(week)),
        )
        for monday, week in weeks.items()
    ]


def _sum(parts: Sequence[ReportPart]) -> timedelta:
    return sum((one.display_length for one in parts), timedelta())


def _format_length(one: ReportPart) -> str:
    return format_rounded_duration(one.display_length) if one.length else "–"


def _days_in_words(days: Sequence[DayTotal]) -> str:
    return " · ".join(f"{label.strip()}: {_format_length(one)}" for label, one in _rows(days) if one.length)


def _groups_in_words(report: PeriodReport) -> str:
    parts = [
        f"{_name(report, one)} {format_rounded_duration(one.display_length)}"
        for one in report.groups[:MOST_GROUPS]
    ]
    if rest := report.groups[MOST_GROUPS:]:
        parts.append(f"{len(rest)} more {format_rounded_duration(_sum(rest))}")
    return "; ".join(parts)


def _notes(report: PeriodReport) -> list[Block]:
    """Render the instant of the report, because the message is not updated later."""
    as_of = f"As of {format_time(report.at, report.person.zone)}."
    tracked = sum(1 for one in report.days if one.length)
    if report.of_everybody:
        as_of = f"Each person's days are those of their own zone. {as_of}"
    if tracked < 2:
        return [context(as_of)]
    average = f"On average {format_duration(report.total / tracked)} on the days with something tracked."
    return [context(f"{average} {as_of} `/track 2026-11-12` shows a day.")]


def _partial(report: PeriodReport) -> list[Block]:
    if not report.partial:
        return []
    return [context("Only your own time: other people's is theirs. Leads and admins see everybody's.")]


def _name(report: PeriodReport, group: Group) -> str:
    return escape(_plain_name(report, group), 60)


def _plain_name(report: PeriodReport, group: Group) -> str:
    name = group.name or _BY[report.by][1]
    return f"+{name}" if report.by is Dimension.TAG and group.name else name


def _date(day: date) -> str:
    return f"{day.day} {day:%b}"
