"""Suggestions: time that another system saw, with buttons to accept, edit or ignore it."""

from bot.views.blocks import ActionId, Block, actions, button, context, escape, section
from bot.views.message_refs import MessageRef
from domain.entries.suggestions import Suggestion
from domain.reports.reports import DayReport
from domain.time.durations import format_duration, format_time

ACCEPT = ActionId("accept")
OPEN_SUGGESTION = ActionId("open_suggestion")
IGNORE = ActionId("ignore")
OFFER_AGAIN = ActionId("offer_again")

# The next ones appear after the person has decided on these.
MOST = 3
FIRST_ROW = 70  # row numbers after those of menus and unconfirmed entries, so that block ids differ


def render_suggestions(report: DayReport, message_ref: MessageRef | None) -> list[Block]:
    blocks = []
    for row, suggestion in enumerate(report.suggestions[:MOST], start=FIRST_ROW):
        value = f"{suggestion.id} {report.day.isoformat()}"
        buttons = [
            button("Accept", ACCEPT, value),
            button("Edit…", OPEN_SUGGESTION, value),
            button("Ignore", IGNORE, value),
        ]
        blocks += [section(_format_suggestion(report, suggestion)), *actions(buttons, message_ref, row)]
    if len(report.suggestions) > MOST:
        more = len(report.suggestions) - MOST
        blocks.append(context(f"{more} more suggested, as soon as you have decided on these"))
    return blocks


def render_ignored(report: DayReport) -> list[Block]:
    """Make a button that shows ignored suggestions again; nothing if there are none."""
    if not report.ignored:
        return []
    return [button(f"Show {report.ignored} ignored", OFFER_AGAIN, report.day.isoformat())]


def format_suggestions(report: DayReport) -> str:
    if not report.suggestions:
        return ""
    descriptions = "; ".join(
        f"{_format_interval(report, suggestion)} {escape(_format_work(suggestion), 80)}{_format_source(suggestion)}"
        for suggestion in report.suggestions[:MOST]
    )
    return f" Suggested, not tracked: {descriptions}."


def _format_suggestion(report: DayReport, suggestion: Suggestion) -> str:
    project = f"*{escape(suggestion.project.title, 60)}*" if suggestion.project else ""
    what = " · ".join(part for part in (project, escape(suggestion.note, 200)) if part)
    link = f" · <{suggestion.link}|where it is from>" if suggestion.link else ""
    return (
        f"*Suggested{_format_source(suggestion)}*  `{_format_interval(report, suggestion)}`  "
        f"{what or '_no project_'} · {format_duration(suggestion.span.length)}\n"
        f"_Not tracked yet_{link}"
    )


def _format_interval(report: DayReport, suggestion: Suggestion) -> str:
    return (
        f"{format_time(suggestion.span.start, report.zone)}–{format_time(suggestion.span.end, report.zone)}"
    )


def _format_work(suggestion: Suggestion) -> str:
    return " ".join(
        part for part in (suggestion.project.title if suggestion.project else "", suggestion.note) if part
    )


def _format_source(suggestion: Suggestion) -> str:
    return f" by {escape(suggestion.told_by, 40)}" if suggestion.told_by else ""
