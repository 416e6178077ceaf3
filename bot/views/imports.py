"""About files that are brought: how to, what one would do, what became of it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.origins import Origin
from bot.views.blocks import ActionId, Block, Message, actions, button, context, escaped, message, section
from bot.views.exports import amount
from domain.calendar import day_of
from domain.durations import clock, spoken
from domain.imports import DateOrder, ImportAnswer, Imported, ImportFormat, ImportPreview, Line, Plan
from domain.rounding import share_out
from domain.time_words import written
from files.imports import KNOWN

ORDERS = {"d": True, "m": False}  # how a button says in which order dates are read
MOST_PROJECTS = 12
MOST_LINES = 8
MOST_NUMBERS = 30
_COUNTED = {ImportFormat.OWN_JSON: "entry"}  # what the numbers count, where it is not lines


def how_to() -> Message:
    said = (
        "Drop the file here, in our direct messages. I show what is in it, and write nothing before you say so. "
        "One press brings all of it in, and Undo takes all of it back."
    )
    lead = "*Importing time*"
    return message(f"Importing time: {said} {KNOWN}", [section(f"{lead}\n{said}"), context(KNOWN)])


def preview(found: ImportPreview, origin: Origin | None = None, *, said: str = "") -> Message:
    """`said` is what happened, where this is shown once more."""
    plan, name = found.plan, escaped(found.name, 100)
    intro = f"{escaped(said, 300)}\n" if said else ""
    what = f"*{name}* is {found.format.value}."
    blocks = [section(f"{intro}{what}\n{_sum(found)}")]
    if plan.takes:
        blocks.append(section(_by_project(plan)))
    blocks += _left_out(found)
    blocks += [*_whose(found), *_dates(found)]
    if plan.takes:
        blocks.append(context("Nothing is written yet."))
    blocks += actions(_buttons(found), origin)
    return message(f"{escaped(said, 300)} {name}: {_sum(found)}".strip(), blocks)


def settled(answer: ImportAnswer, origin: Origin | None = None) -> Message:
    name = escaped(answer.name, 100)
    if answer.outcome is Imported.CANCELED:
        text = f"Nothing of {name} was imported, and the file is forgotten."
        return message(text, [section(text)])
    text = f"Imported {amount(answer.entries, answer.total)}, from {name}."
    made = ", ".join(escaped(title, 80) for title in answer.made[:MOST_PROJECTS])
    notes = [f"New projects: {made}{_more(answer.made, MOST_PROJECTS)}."] if made else []
    notes.append("Undo takes the whole import back, as long as nothing in it has changed.")
    undo = [button("Undo", ActionId.UNDO, str(answer.act_id))] if answer.act_id else []
    return message(text, [section(f":inbox_tray: {text}"), context(" ".join(notes)), *actions(undo, origin)])


def _sum(found: ImportPreview) -> str:
    plan, zone = found.plan, found.person.zone
    if not plan.takes:
        return "There is nothing in it to import."
    first, last = (
        written(day_of(instant, zone))
        for instant in (plan.takes[0].start, max(line.end for line in plan.takes))
    )
    days = first if first == last else f"{first} to {last}"
    return f"To import: {amount(len(plan.takes), plan.total)}, {days}."


def _by_project(plan: Plan) -> str:
    counts: dict[str, int] = {}
    lengths: dict[str, timedelta] = {}
    for line in plan.takes:
        counts[line.project] = counts.get(line.project, 0) + 1
        lengths[line.project] = lengths.get(line.project, timedelta()) + line.length
    ordered = sorted(lengths, key=lambda title: lengths[title], reverse=True)
    shown = dict(zip(ordered, share_out([lengths[title] for title in ordered]), strict=True))
    new = set(plan.makes)
    lines = [
        f"• {escaped(title, 80) or '_No project_'}{' (new project)' if title in new else ''} · "
        f"{amount(counts[title], shown[title])}"
        for title in ordered[:MOST_PROJECTS]
    ]
    rest = ordered[MOST_PROJECTS:]
    if rest:
        length = sum((shown[title] for title in rest), timedelta())
        lines.append(f"• {len(rest)} more · {spoken(length)}")
    if hidden := len(new & set(rest)):
        lines.append(f"• {hidden} of these are new projects too")
    return "\n".join(lines)


def _left_out(found: ImportPreview) -> list[Block]:
    plan, unit = found.plan, _COUNTED.get(found.format, "line")
    blocks = []
    for lead, lines in (
        ("Here already, left out", plan.duplicates),
        ("In a week that is submitted or approved, left out", plan.locked),
    ):
        if lines:
            numbers = ", ".join(str(line.number) for line in lines[:MOST_NUMBERS])
            shown = f"{unit.capitalize()} {numbers}{_more(lines, MOST_NUMBERS)}"
            blocks.append(section(f"*{lead}: {len(lines)}*\n{shown}"))
    told = {
        "Time that is taken": [(one.number, _when(found, one)) for one in plan.overlaps],
        "Could not be read": [(one.number, escaped(one.reason, 200)) for one in plan.unread],
    }
    for lead, reasons in told.items():
        if reasons:
            listed = "\n".join(f"• {unit} {number}: {said}" for number, said in reasons[:MOST_LINES])
            rest = f"\n• and {len(reasons) - MOST_LINES} more" if len(reasons) > MOST_LINES else ""
            blocks.append(section(f"*{lead}, left out: {len(reasons)}*\n{listed}{rest}"))
    return blocks


def _when(found: ImportPreview, line: Line) -> str:
    zone = found.person.zone
    work = ", ".join(escaped(part, 60) for part in (line.project, line.note) if part)
    day = written(day_of(line.start, zone))
    return f"{day}, {clock(line.start, zone)}–{clock(line.end, zone)}{' · ' if work else ''}{work}"


def _more(shown: Sequence[object], most: int) -> str:
    return f" and {len(shown) - most} more" if len(shown) > most else ""


def _whose(found: ImportPreview) -> list[Block]:
    """A file that names somebody else alone may still be theirs, under another address."""
    person = found.person
    own = {name.casefold() for name in (person.name, person.email) if name}
    others = {line.whose for line in found.plan.takes if line.whose and line.whose.casefold() not in own}
    if not others:
        return []
    names = ", ".join(escaped(name, 80) for name in sorted(others))
    return [section(f":warning: The file says that this is the time of {names}. It comes in as yours.")]


def _dates(found: ImportPreview) -> list[Block]:
    if not found.order or not found.order.example:
        return []
    return [
        section(
            f":warning: {escaped(found.order.example, 20)} can be read in two ways. {_read_as(found.order)}"
        )
    ]


def _read_as(order: DateOrder) -> str:
    return (
        "I took the first number for the day. Is it the month in this file?"
        if order.day_first
        else "I took the first number for the month. Is it the day in this file?"
    )


def _buttons(found: ImportPreview) -> list[Block]:
    plan, import_id, order = found.plan, found.import_id, found.order
    letter = "d" if order is None or order.day_first else "m"
    buttons = []
    if plan.takes:
        count = len(plan.takes)
        words = f"Import {count:,} {'entry' if count == 1 else 'entries'}"
        value = f"{import_id} {letter} {plan.fingerprint}"
        buttons.append(button(words, ActionId.IMPORT, value, style="primary"))
    if order and order.example:
        words = "Read dates as month/day" if order.day_first else "Read dates as day/month"
        buttons.append(button(words, ActionId.READ_DATES, f"{import_id} {'m' if order.day_first else 'd'}"))
    return [*buttons, button("Cancel" if plan.takes else "Forget it", ActionId.CANCEL_IMPORT, str(import_id))]
