"""What a week adds up to, by project and day: as a table, and in words where tables are not taken."""

from datetime import date, timedelta

from bot.views.blocks import Block, Message, context, escaped, message, section, table
from domain.durations import spoken
from domain.timesheets import WeekReport

MOST_PROJECTS = 30
_DAY = timedelta(days=1)


def figures(report: WeekReport, *, plain: bool) -> list[Block]:
    """`plain` is without a table."""
    if not report.totals.lines:
        return [context("Nothing is tracked in it.")]
    if not plain:
        return [_table(report)]
    days = "  ·  ".join(
        f"{day:%a} {day.day}: {spoken(length)}" for day, length in _by_day(report).items() if length
    )
    projects = _by_project(report)
    lines = [f"• {escaped(title, 60)} · {spoken(sum(row.values(), timedelta()))}" for title, row in projects]
    return [section("\n".join(lines)), context(days)]


def table_after(report: WeekReport) -> Message | None:
    """The table as a message of its own, for after an answer that could not hold it."""
    if not report.totals.lines:
        return None
    return message(f"{whose_in_words(report)}: {_by_project_in_words(report)}", [_table(report)])


def dates_in_words(week: date) -> str:
    """ "16–22 Nov", "30 Nov–6 Dec"; with the year where it ends in another one than it begins."""
    last = week + 6 * _DAY
    if week.year != last.year:
        return f"{week.day} {week:%b %Y}–{last.day} {last:%b %Y}"
    first = f"{week.day}" if week.month == last.month else f"{week.day} {week:%b}"
    return f"{first}–{last.day} {last:%b}"


def whose_in_words(report: WeekReport) -> str:
    """ "Your week, 9–15 Nov"; somebody else's by their name."""
    year = "" if report.week.year == report.at.year else f" {report.week.year}"
    dates = (
        f"{dates_in_words(report.week)}{year if report.week.year == (report.week + 6 * _DAY).year else ''}"
    )
    return f"Your week, {dates}" if report.own else f"{escaped(report.owner.name, 80)}, {dates}"


def _table(report: WeekReport) -> Block:
    """A row for each project, a column for each day; weekends only where there is something in them."""
    by_day = _by_day(report)
    days = [day for day, length in by_day.items() if length or day.weekday() < 5]
    rows = [["Project", *(f"{day:%a} {day.day}" for day in days), "Total"]]
    for title, row in _by_project(report):
        cells = (row.get(day, timedelta()) for day in days)
        total = spoken(sum(row.values(), timedelta()))
        rows.append([title, *(spoken(length) if length else "–" for length in cells), total])
    sums = (spoken(by_day[day]) if by_day[day] else "–" for day in days)
    rows.append(["Total", *sums, spoken(report.totals.total)])
    return table(rows, right=range(1, len(days) + 2))


def _by_project(report: WeekReport) -> list[tuple[str, dict[date, timedelta]]]:
    """Those with the most first; of very many, the rest in one."""
    found: dict[str, dict[date, timedelta]] = {}
    for line in report.totals.lines:
        row = found.setdefault(line.project.title if line.project else "No project", {})
        row[line.day] = row.get(line.day, timedelta()) + line.length
    ordered = sorted(found.items(), key=lambda item: sum(item[1].values(), timedelta()), reverse=True)
    rest: dict[date, timedelta] = {}
    for _, row in ordered[MOST_PROJECTS:]:
        for day, length in row.items():
            rest[day] = rest.get(day, timedelta()) + length
    more = [(f"{len(ordered) - MOST_PROJECTS} more", rest)] if rest else []
    return ordered[:MOST_PROJECTS] + more


def _by_day(report: WeekReport) -> dict[date, timedelta]:
    found = {report.week + number * _DAY: timedelta() for number in range(7)}
    for line in report.totals.lines:
        found[line.day] += line.length
    return found


def _by_project_in_words(report: WeekReport) -> str:
    return "; ".join(
        f"{escaped(title, 60)} {spoken(sum(row.values(), timedelta()))}" for title, row in _by_project(report)
    )
