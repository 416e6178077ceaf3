"""The gaps of a day between its entries: as text, and as buttons that fill them."""

from datetime import datetime

from bot.views.blocks import Block, button, context
from bot.views.card_actions import OPEN_LOG
from domain.reports.reports import DayReport
from domain.time.calendar import Span
from domain.time.durations import format_time

MOST_GAPS = 10


def format_gaps(report: DayReport) -> str:
    return ", ".join(format_gap(report, gap) for gap in report.gaps[:MOST_GAPS])


def render_gaps(report: DayReport) -> list[Block]:
    return [context(f"Empty: {format_gaps(report)}")] if report.gaps else []


def format_gap(report: DayReport, gap: Span) -> str:
    return f"{format_time(gap.start, report.zone)}–{format_time(gap.end, report.zone)}"


def make_fill_buttons(report: DayReport, *, most: int) -> list[Block]:
    return [
        button(f"Fill {format_gap(report, gap)}…", OPEN_LOG, write_gap(gap)) for gap in report.gaps[-most:]
    ]


def write_gap(gap: Span) -> str:
    """Return the value of a button that fills this gap, for `read_gap`."""
    return f"{gap.start.isoformat()}/{gap.end.isoformat()}"


def read_gap(value: str) -> Span | None:
    """Read a gap from the value of a button; None if it is a day or empty. Raises ValueError for anything else."""
    start, slash, end = value.partition("/")
    if not slash:
        return None
    return Span(start=datetime.fromisoformat(start), end=datetime.fromisoformat(end))
