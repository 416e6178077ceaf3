"""Imports: instructions, the preview of a file, and the result."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.views.blocks import (
    ActionId,
    Block,
    Message,
    actions,
    button,
    context,
    escape,
    message,
    option,
    section,
    select,
)
from bot.views.card_actions import UNDO
from bot.views.exports import format_amount
from bot.views.message_refs import MessageRef
from domain.entries.import_files import DateOrder, ImportFormat, ImportLine, ImportQuestion
from domain.entries.imports import ImportAnswer, ImportOutcome, ImportPlan, ImportPreview
from domain.reports.rounding import share_out
from domain.time.calendar import local_date
from domain.time.days import format_date
from domain.time.durations import format_duration, format_time
from domain.time.zones import find_zone
from files.imports import KNOWN

IMPORT = ActionId("import_entries")
READ_DATES = ActionId("read_dates")
IMPORT_PERSON = ActionId("import_person")
OPEN_IMPORT = ActionId("open_import")
CANCEL_IMPORT = ActionId("cancel_import")

MOST_PROJECTS = 12
MOST_LINES = 8
MOST_NUMBERS = 30
MOST_NAMES = 5
# Formats whose problems are numbered by entry, not by line.
_IN_JSON = {
    ImportFormat.OWN_JSON, ImportFormat.TOGGL_JSON, ImportFormat.TIMEWARRIOR, ImportFormat.WATSON, ImportFormat.JSON,
}  # fmt: skip


def render_how_to() -> Message:
    text = (
        "Drop the file here, in our direct messages. I show what is in it, and write nothing before you say so. "
        "One press brings all of it in, and Undo takes all of it back."
    )
    lead = "*Importing time*"
    return message(f"Importing time: {text} {KNOWN}", [section(f"{lead}\n{text}"), context(KNOWN)])


def render_preview(
    preview: ImportPreview, message_ref: MessageRef | None = None, *, note: str = ""
) -> Message:
    """Render what an import would do; `note` describes the last choice when the preview is shown again."""
    plan, name = preview.plan, escape(preview.name, 100)
    intro = f"{escape(note, 300)}\n" if note else ""
    blocks = [section(f"{intro}*{name}* is {preview.file.format.value}.\n{_format_summary(preview)}")]
    if plan.takes:
        blocks += [section(_format_projects(plan)), section(_format_first_entry(preview))]
    blocks += [*_render_owner(preview), *_render_date_question(preview)]
    if preview.file.notices:
        blocks.append(section("\n".join(f"• {escape(notice, 500)}" for notice in preview.file.notices)))
    blocks += _render_left_out(preview)
    if plan.takes:
        blocks.append(context("Nothing is written yet."))
    blocks += actions(_make_buttons(preview), message_ref)
    return message(f"{escape(note, 300)} {name}: {_format_summary(preview)}".strip(), blocks)


def render_result(answer: ImportAnswer, message_ref: MessageRef | None = None) -> Message:
    name = escape(answer.name, 100)
    if answer.outcome is ImportOutcome.CANCELED:
        text = f"Nothing of {name} was imported, and the file is forgotten."
        return message(text, [section(text)])
    text = f"Imported {format_amount(answer.entries, answer.total)}, from {name}."
    made = ", ".join(escape(title, 80) for title in answer.made[:MOST_PROJECTS])
    notes = [f"New projects: {made}{_format_rest(answer.made, MOST_PROJECTS)}."] if made else []
    notes.append("Undo takes the whole import back, as long as nothing in it has changed.")
    undo = [button("Undo", UNDO, str(answer.act_id))] if answer.act_id else []
    return message(
        text, [section(f":inbox_tray: {text}"), context(" ".join(notes)), *actions(undo, message_ref)]
    )


def _format_summary(preview: ImportPreview) -> str:
    plan, zone = preview.plan, _find_zone(preview)
    match preview.file.question:
        case ImportQuestion.COLUMNS:
            return "I can't tell yet when its entries began and ended. Which columns say so?"
        case ImportQuestion.PERSON:
            return (
                f"It holds the time of {len(preview.file.people)} people, and none of them has your name or "
                "e-mail. Which of them are you? The lines of the others are left out."
            )
    if not plan.takes:
        return "There is nothing in it to import."
    first, last = (
        format_date(local_date(instant, zone))
        for instant in (plan.takes[0].start, max(line.end for line in plan.takes))
    )
    days = first if first == last else f"{first} to {last}"
    return f"To import: {format_amount(len(plan.takes), plan.total)}, {days}."


def _find_zone(preview: ImportPreview) -> ZoneInfo:
    """Return the zone in which the file is read and its times are shown."""
    return (find_zone(preview.file.zone) if preview.file.zone else None) or preview.person.zone


def _format_first_entry(preview: ImportPreview) -> str:
    """Format the first entry as it would be imported, so that the person notices a wrong zone or order of dates."""
    line = preview.plan.takes[0]
    zone = (find_zone(line.zone) if line.zone else None) or preview.person.zone
    start, end = line.start.astimezone(zone), line.end.astimezone(zone)
    until = f"{end:%H:%M}" if start.date() == end.date() else f"{end:%a} {end.day} {end:%b %H:%M}"
    text = f"First: {start:%a} {start.day} {start:%b %Y} {start:%H:%M}–{until}, {escape(zone.key)}"
    if not preview.file.zone:
        return text
    own = "" if zone.key == preview.person.zone.key else f" You are in {escape(preview.person.zone.key)}."
    return f"{text}\nIts times have no zone: they are read in *{escape(preview.file.zone)}*.{own}"


def _format_projects(plan: ImportPlan) -> str:
    counts: dict[str, int] = {}
    lengths: dict[str, timedelta] = {}
    for line in plan.takes:
        counts[line.project] = counts.get(line.project, 0) + 1
        lengths[line.project] = lengths.get(line.project, timedelta()) + line.length
    ordered = sorted(lengths, key=lambda title: lengths[title], reverse=True)
    display_lengths = dict(zip(ordered, share_out([lengths[title] for title in ordered]), strict=True))
    new = set(plan.makes)
    label_notes = {title: f" (called {escape(now, 80)} now)" for title, now in plan.renamed}
    label_notes |= {title: f"{label_notes.get(title, '')} (archived)" for title in plan.archived}
    label_notes |= dict.fromkeys(new, " (new project)")
    lines = [
        f"• {escape(title, 80) or '_No project_'}{label_notes.get(title, '')} · "
        f"{format_amount(counts[title], display_lengths[title])}"
        for title in ordered[:MOST_PROJECTS]
    ]
    rest = ordered[MOST_PROJECTS:]
    if rest:
        length = sum((display_lengths[title] for title in rest), timedelta())
        lines.append(f"• {len(rest)} more · {format_duration(length)}")
    if hidden := len(new & set(rest)):
        lines.append(f"• {hidden} of these are new projects too")
    return "\n".join(lines)


def _render_left_out(preview: ImportPreview) -> list[Block]:
    plan, unit = preview.plan, "entry" if preview.file.format in _IN_JSON else "line"
    blocks = []
    for lead, lines in (
        ("Here already, left out", plan.duplicates),
        (
            "Here already at other times (read in another zone or order of dates, or moved since), left out",
            plan.shifted,
        ),
        ("In a week that is submitted or approved, left out", plan.locked),
    ):
        if lines:
            numbers = ", ".join(str(line.number) for line in lines[:MOST_NUMBERS])
            line_numbers = f"{unit.capitalize()} {numbers}{_format_rest(lines, MOST_NUMBERS)}"
            blocks.append(section(f"*{lead}: {len(lines)}*\n{line_numbers}"))
    problems = {
        "Time that is taken": [(line.number, _format_overlap(preview, line)) for line in plan.overlaps],
        "Could not be read": [(line.number, escape(line.reason, 200)) for line in plan.unread],
    }
    for lead, reasons in problems.items():
        if reasons:
            listed = "\n".join(f"• {unit} {number}: {text}" for number, text in reasons[:MOST_LINES])
            rest = f"\n• and {len(reasons) - MOST_LINES} more" if len(reasons) > MOST_LINES else ""
            blocks.append(section(f"*{lead}, left out: {len(reasons)}*\n{listed}{rest}"))
    return blocks


def _format_overlap(preview: ImportPreview, line: ImportLine) -> str:
    zone = _find_zone(preview)
    work = ", ".join(escape(part, 60) for part in (line.project, line.note) if part)
    day = format_date(local_date(line.start, zone))
    return (
        f"{day}, {format_time(line.start, zone)}–{format_time(line.end, zone)}{' · ' if work else ''}{work}"
    )


def _format_rest(items: Sequence[object], most: int) -> str:
    return f" and {len(items) - most} more" if len(items) > most else ""


def _render_owner(preview: ImportPreview) -> list[Block]:
    """Render whose time the file holds; warn if it names somebody else, who may be the person under another address."""
    file = preview.file
    if file.person and not file.person_known:
        name = escape(file.person, 80)
        return [section(f":warning: The file says that this is the time of {name}. It is imported as yours.")]
    if not file.person or not file.others:
        return []
    count = sum(number for _, number in file.others)
    names = ", ".join(escape(name, 60) or "nobody named" for name, _ in file.others[:MOST_NAMES])
    left = f"{count:,} {'line' if count == 1 else 'lines'} of others: {names}{_format_rest(file.others, MOST_NAMES)}"
    return [section(f"You are *{escape(file.person, 80)}* in this file. Left out: {left}.")]


def _render_date_question(preview: ImportPreview) -> list[Block]:
    order = preview.file.order
    if not order or not order.example:
        return []
    return [
        section(
            f":warning: {escape(order.example, 20)} can be read in two ways. {_format_date_question(order)}"
        )
    ]


def _format_date_question(order: DateOrder) -> str:
    return (
        "I took the first number for the day. Is it the month in this file?"
        if order.day_first
        else "I took the first number for the month. Is it the day in this file?"
    )


def _make_buttons(preview: ImportPreview) -> list[Block]:
    plan, file, import_id = preview.plan, preview.file, preview.import_id
    buttons = []
    if plan.takes:
        count = len(plan.takes)
        words = f"Import {count:,} {'entry' if count == 1 else 'entries'}"
        buttons.append(button(words, IMPORT, f"{import_id} {plan.fingerprint}", style="primary"))
    if len(file.people) > 1:
        people = [option(name, f"{import_id} {number}") for number, name in enumerate(file.people)]
        at = file.people.index(file.person) if file.person in file.people else None
        buttons.append(select(IMPORT_PERSON, "Which one are you?", people, f"{import_id} {at}"))
    if file.order and file.order.example:
        words = "Read dates as month/day" if file.order.day_first else "Read dates as day/month"
        value = f"{import_id} {'m' if file.order.day_first else 'd'}"
        buttons.append(button(words, READ_DATES, value))
    if file.columns:
        asks_for_columns = file.question is ImportQuestion.COLUMNS
        words = "Say which columns…" if asks_for_columns else "Zone, columns…"
        buttons.append(
            button(words, OPEN_IMPORT, str(import_id), style="primary" if asks_for_columns else None)
        )
    return [*buttons, button("Cancel" if plan.takes else "Forget it", CANCEL_IMPORT, str(import_id))]
