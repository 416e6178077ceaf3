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
    for row, one in enumerate(report.suggestions[:MOST], start=FIRST_ROW):
        value = f"{one.id} {report.day.isoformat()}"
        buttons = [
            button("Accept", ACCEPT, value),
            button("Edit…", OPEN_SUGGESTION, value),
            button("Ignore", IGNORE, value),
        ]
        blocks += [section(_format_suggestion(report, one)), *actions(buttons, message_ref, row)]
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
    said = "; ".join(
        f"{_when(report, one)} {escape(_what(one), 80)}{_from(one)}" for one in report.suggestions[:MOST]
    )
    return f" Suggested, not tracked: {said}."


def _format_suggestion(report: DayReport, one: Suggestion) -> str:
    project = f"*{escape(one.project.title, 60)}*" if one.project else ""
    what = " · ".join(part for part in (project, escape(one.note, 200)) if part)
    link = f" · <{one.link}|where it is from>" if one.link else ""
    return (
        f"*Suggested{_from(one)}*  `{_when(report, one)}`  {what or '_no project_'} · "
        f"{format_duration(one.span.length)}\n"
        f"_Not tracked yet_{link}"
    )


def _when(report: DayReport, one: Suggestion) -> str:
    return f"{format_time(one.span.start, report.zone)}–{format_time(one.span.end, report.zone)}"


def _what(one: Suggestion) -> str:
    return " ".join(part for part in (one.project.title if one.project else "", one.note) if part)


def _from(one: Suggestion) -> str:
    return f" by {escape(one.told_by, 40)}" if one.told_by else ""
