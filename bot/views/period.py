"""A week, a month, or any other days, added up: in text, and with table and chart where they are taken."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.views.blocks import Block, Message, bar_chart, context, escaped, message, section, table
from domain.durations import clock, spoken
from domain.periods import Dates
from domain.reports import DayTotal, Dimension, Group, PeriodReport

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


def whole_period(report: PeriodReport) -> Message:
    """The answer to a command, in words."""
    lead = named(report.dates)
    if not report.total:
        text = f"{lead}: nothing tracked."
        return message(text, [section(f"*{lead}*"), context("Nothing was tracked."), *_partial(report)])
    groups = [f"{_name(report, one)} {spoken(one.length)}" for one in report.groups[:MOST_GROUPS]]
    said = f"{lead}: {spoken(report.total)}. {'; '.join(groups) or _days_in_words(report.days)}."
    blocks = [section(f"*{lead}*  ·  {spoken(report.total)}")]
    blocks += [*written(report), *_average(report.days, report.total), *_partial(report)]
    return message(said, blocks)


def figures(report: PeriodReport) -> Message | None:
    """Table and chart of the same, once there is something in them; they say when they were drawn."""
    if not report.total:
        return None
    as_of = f"{named(report.dates)}, as of {clock(report.at, report.person.zone)}"
    return message(f"{as_of}: {spoken(report.total)}.", [*drawn(report), context(as_of)])


def named(dates: Dates) -> str:
    """What the period is called, and its days."""
    name, first, last = escaped(dates.name, 80), dates.first, dates.last
    return f"{name}, {_date(first)}" if first == last else f"{name}, {_date(first)} to {_date(last)}"


def day_bars(days: Sequence[DayTotal]) -> str:
    """A line for each day, or each week of a long time; weekends without work are left out."""
    rows = _rows(days)
    longest = max((length for _, length in rows), default=timedelta()) or timedelta(1)
    lines = []
    for label, length in rows:
        width = max(1, round(BAR_WIDTH * (length / longest))) if length else 0
        lines.append(f"`{label}`  {'▇' * width} {spoken(length) if length else '–'}")
    return "\n".join(lines)


def group_lines(report: PeriodReport, *, most: int = MOST_GROUPS) -> str:
    shown = [f"• {_name(report, one)} · {spoken(one.length)}" for one in report.groups[:most]]
    rest = report.groups[most:]
    if rest:
        length = sum((one.length for one in rest), timedelta())
        shown.append(f"• {len(rest)} more · {spoken(length)}")
    return "\n".join(shown)


def written(report: PeriodReport) -> list[Block]:
    blocks = [section(day_bars(report.days))] if report.days else []
    if report.groups:
        blocks.append(section(f"*{_BY[report.by][0]}*\n{group_lines(report)}"))
    return blocks


def drawn(report: PeriodReport) -> list[Block]:
    blocks = []
    rows = _rows(report.days)
    if report.by is not Dimension.PERSON and len(rows) > 1:
        blocks.append(_hours(report.days))
        blocks.append(context(_days_in_words(report.days)))
    if report.groups:
        title = _BY[report.by][0]
        named = [(_plain_name(report, one), one.length) for one in report.groups]
        head = [title.removeprefix("By ").capitalize(), "Time", "Share"]
        share = [
            [name, spoken(length), f"{round(100 * (length / report.total))} %"] for name, length in named
        ]
        left = sum((length for _, length in named[MOST_ROWS:]), timedelta())
        rest = [[f"{len(share) - MOST_ROWS} more", spoken(left), "–"]] if left else []
        total = [] if report.by is Dimension.TAG else [["Total", spoken(report.total), "100 %"]]
        blocks.append(table([head, *share[:MOST_ROWS], *rest, *total], right=(1, 2)))
        if report.by is Dimension.PERSON:
            title = (
                "Hours by person" if len(named) <= MOST_BARS else f"Hours by person, the first {MOST_BARS}"
            )
            blocks.insert(0, _chart(title, named[:MOST_BARS]))
    elif rows:
        days = [[label.strip(), spoken(length) if length else "–"] for label, length in rows]
        blocks.append(table([["Day", "Time"], *days, ["Total", spoken(report.total)]], right=(1,)))
    return blocks


def _hours(days: Sequence[DayTotal]) -> Block:
    """By day; by week where the days are too many for one chart, so that none is left out of it unsaid."""
    rows = _by_day(days)
    if len(rows) <= WIDE_BARS:
        return _chart("Hours by day", rows)
    if len(rows) <= MOST_BARS:
        return _chart("Hours by day", [(label[-2:], length) for label, length in rows])
    weeks = _by_week(days)
    if len(weeks) <= MOST_BARS:
        return _chart("Hours by week", weeks)
    return _chart(f"Hours by week, the last {MOST_BARS} weeks", weeks[-MOST_BARS:])


def _chart(title: str, rows: Sequence[tuple[str, timedelta]]) -> Block:
    values = [(label.strip(), round(length / timedelta(hours=1), 2)) for label, length in rows]
    return bar_chart(title, "Hours", values, "Hours")


def _rows(days: Sequence[DayTotal]) -> list[tuple[str, timedelta]]:
    return _by_day(days) if len(days) <= MOST_LINES else _by_week(days)


def _by_day(days: Sequence[DayTotal]) -> list[tuple[str, timedelta]]:
    shown = [one for one in days if one.length or one.day.weekday() < 5]
    return [(f"{one.day:%a} {one.day.day:>2}", one.length) for one in shown]


def _by_week(days: Sequence[DayTotal]) -> list[tuple[str, timedelta]]:
    weeks: dict[date, timedelta] = {}
    for one in days:
        monday = one.day - timedelta(days=one.day.weekday())
        weeks[monday] = weeks.get(monday, timedelta()) + one.length
    return [(f"{monday.day:>2} {monday:%b}", length) for monday, length in weeks.items()]


def _days_in_words(days: Sequence[DayTotal]) -> str:
    return " · ".join(f"{label.strip()}: {spoken(length)}" for label, length in _rows(days) if length)


def _average(days: Sequence[DayTotal], total: timedelta) -> list[Block]:
    tracked = sum(1 for one in days if one.length)
    if tracked < 2:
        return []
    return [
        context(
            f"{spoken(total / tracked)} on a day with something tracked. `/track 2026-11-12` shows a day."
        )
    ]


def _partial(report: PeriodReport) -> list[Block]:
    if not report.partial:
        return []
    return [context("Only your own time: other people's is theirs. Leads and admins see everybody's.")]


def _name(report: PeriodReport, group: Group) -> str:
    return escaped(_plain_name(report, group), 60)


def _plain_name(report: PeriodReport, group: Group) -> str:
    name = group.name or _BY[report.by][1]
    return f"+{name}" if report.by is Dimension.TAG and group.name else name


def _date(day: date) -> str:
    return f"{day.day} {day:%b}"
