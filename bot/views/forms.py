"""Modals. Every field's block is named after the field, so that errors find their place.

Limits are from Slack's reference of views (2026): titles and buttons 24 characters, an option's value 150.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from bot.form_context import FormContext, written
from bot.views import overlap
from bot.views.blocks import (
    ActionId,
    Block,
    button,
    confirm,
    context,
    escaped,
    inert,
    option,
    plain,
    section,
)
from bot.views.timer import name_of
from domain.calendar import Span
from domain.durations import clock_and_day
from domain.entries import Editable, LocalTime, TimeEntry
from domain.local_times import local_time
from domain.overlaps import Taken
from domain.people import Person
from domain.projects import Project
from domain.time_words import written as date_written

NEW = "new:"
LONGEST_NOTE, LONGEST_TAGS = 500, 400
View = dict[str, Any]


class FormId(StrEnum):
    """Every form there is. bot.forms has a handler for each."""

    START = "start_form"
    LOG = "log_form"
    EDIT = "edit_form"
    PROJECT = "project_form"
    SETTINGS = "settings_form"
    ROOM = "room_form"
    NOTICE = "notice"


class Field(StrEnum):
    PROJECT = "project"
    NOTE = "note"
    TAGS = "tags"
    WHEN = "when"
    STRETCH = "stretch"
    DAY = "day"
    START_DAY = "start_day"
    START_AT = "start_at"
    START_WHICH = "start_which"
    END_DAY = "end_day"
    END_AT = "end_at"
    END_WHICH = "end_which"
    TITLE = "title"
    DIGEST = "digest"
    DIGEST_AT = "digest_at"
    REMINDER_AT = "reminder_at"
    WAY = "way"


def start_form(about: FormContext, *, project: Project | None, switching: bool) -> View:
    """`project` is the channel's."""
    fields = [
        _project(project),
        _text(Field.NOTE, "What are you working on?", most=LONGEST_NOTE, example="fix login"),
        _tags(()),
        _text(
            Field.WHEN,
            "Since",
            most=100,
            example="now",
            hint="Now, or for example: 20 min ago, at 14:15, since 9",
        ),
    ]
    title, submit = ("Switch", "Switch") if switching else ("Start a timer", "Start")
    return _modal(FormId.START, title, submit, fields, about)


def log_form(
    about: FormContext,
    person: Person,
    at: datetime,
    *,
    project: Project | None,
    day: date | None = None,
    gap: Span | None = None,
) -> View:
    """`day` or `gap` is what is to be filled; otherwise it is about today. `project` is the channel's."""
    day = day or local_time(gap.start if gap else at, person.zone).day
    stretch = ""
    if gap:
        start, end = (local_time(instant, person.zone).at for instant in (gap.start, gap.end))
        stretch = f"{start:%H:%M}-{end:%H:%M}"
    fields = [
        _text(
            Field.STRETCH,
            "How long, or from when to when",
            value=stretch,
            most=100,
            example="1h30 or 9-11:30",
            hint="An amount goes where the day is free",
            optional=False,
        ),
        _input(Field.DAY, "Day", {"type": "datepicker", "initial_date": day.isoformat()}, optional=False),
        _project(project),
        _text(Field.NOTE, "What did you work on?", most=LONGEST_NOTE, example="code review"),
        _tags(()),
    ]
    shown = replace(about, today=day)
    return _modal(FormId.LOG, "Log time", "Log", [*fields, _zone(person)], shown)


def edit_form(
    about: FormContext, editable: Editable, *, said: Sequence[str] = (), doubled: Mapping[str, LocalTime] = {}
) -> View:
    """`said` are sentences above the fields; `doubled` are the times, by "start" and "end", that the clocks show
    twice and that need to be chosen between."""
    entry, person = editable.entry, editable.person
    shown = replace(
        about, entry_id=entry.id, seen_version=entry.version, shown=shown_of(entry, person, editable.at)
    )
    # A block's new name is what makes Slack show its new value after another entry was chosen.
    mark = f"{entry.id.hex[:8]}.{entry.version}"
    start = local_time(entry.started_at, person.zone)
    end = local_time(entry.ended_at or editable.at, person.zone)
    blocks = [*(section(f":warning: {escaped(one, 600)}") for one in said)]
    blocks += _chooser(editable)
    blocks += [
        _project(entry.project, mark),
        _text(Field.NOTE, "Note", value=entry.note, most=LONGEST_NOTE, mark=mark),
        _tags(entry.tags, mark),
        *_time("Start", Field.START_DAY, Field.START_AT, start, mark),
        *_which("start", Field.START_WHICH, doubled, person.zone, mark),
        *_time("End", Field.END_DAY, Field.END_AT, end, mark, running=entry.running),
        *_which("end", Field.END_WHICH, doubled, person.zone, mark),
        _zone(person),
        {
            "type": "actions",
            "block_id": f"more|{mark}",
            "elements": [
                button(
                    "Delete",
                    ActionId.MODAL_DELETE,
                    f"{entry.id} {entry.version}",
                    style="danger",
                    confirm=confirm("Delete this entry?", "Undo brings it back.", "Delete"),
                )
            ],
        },
    ]
    return _modal(FormId.EDIT, "Edit entry", "Save", blocks, shown)


def project_form(about: FormContext, project: Project | None = None) -> View:
    field = _text(
        Field.TITLE,
        "Name",
        value=project.title if project else "",
        most=80,
        example="Web site",
        optional=False,
    )
    notes = context("Everybody here can track on it. A unique beginning of its name is enough when you type.")
    return _modal(FormId.PROJECT, "New project", "Make it", [field, notes], about)


def settings_form(about: FormContext, person: Person) -> View:
    on, off = option("On", "on"), option("Off", "off")
    reminder: Block = {"type": "timepicker", "placeholder": plain("No reminder", 150)}
    if person.remind_at:
        reminder["initial_time"] = f"{person.remind_at:%H:%M}"
    fields = [
        _input(
            Field.DIGEST,
            "Daily digest",
            {
                "type": "radio_buttons",
                "options": [on, off],
                "initial_option": on if person.digest.on else off,
            },
            optional=False,
        ),
        _input(
            Field.DIGEST_AT,
            "It comes at",
            {"type": "timepicker", "initial_time": f"{person.digest.at:%H:%M}"},
            optional=False,
        ),
        _input(
            Field.REMINDER_AT,
            "Remind me when nothing is tracked by",
            reminder,
            hint="Once, on working days. Leave it empty for no reminder.",
        ),
    ]
    shown = replace(about, shown=((Field.DIGEST_AT.value, f"{person.digest.at:%H:%M}"),))
    return _modal(FormId.SETTINGS, "Settings", "Save", [*fields, _zone(person)], shown)


def room_form(about: FormContext, taken: Taken) -> View:
    """The ways to make room for what a form asked for."""
    shown = replace(about, claim=taken.claim, seen=taken.seen, shown=())
    options = [
        option(name, value) | {"description": plain(words, 75)} for value, name, words in overlap.options()
    ]
    way = {"type": "radio_buttons", "options": options, "initial_option": options[-1]}
    blocks = [
        section(escaped(taken.sentence, 600)),
        section(f"For {overlap.claim_in_words(taken)}:\n{overlap.previews(taken)}"),
        _input(Field.WAY, "What shall I do?", way, optional=False, mark=taken.seen),
    ]
    return _modal(FormId.ROOM, "That time is taken", "Do it", blocks, shown)


def deleted_notice() -> View:
    return notice("The entry is deleted. `/track undo` brings it back.", title="Deleted")


def notice(sentence: str, *, title: str = "Nothing was changed") -> View:
    """For what is said where no message could stand."""
    return {
        "type": "modal",
        "callback_id": FormId.NOTICE.value,
        "title": plain(title, 24),
        "close": plain("OK", 24),
        "blocks": [section(escaped(sentence, 1_000))],
    }


def project_option(project: Project) -> Block:
    return option(project.title, str(project.id))


def new_project_option(title: str) -> Block:
    return option(f"Make “{title}”", f"{NEW}{title}")


def shown_of(entry: TimeEntry, person: Person, at: datetime) -> tuple[tuple[str, str], ...]:
    """An entry in words, to tell later what became different."""
    end = clock_and_day(entry.ended_at, person.zone, seen_at=at) if entry.ended_at else "running"
    return (
        ("Project", entry.project.title if entry.project else "none"),
        ("Note", inert(entry.note, 200) or "none"),
        ("Tags", " ".join(f"+{tag}" for tag in entry.tags) or "none"),
        ("Start", clock_and_day(entry.started_at, person.zone, seen_at=at)),
        ("End", end),
    )


def _modal(form: FormId, title: str, submit: str, blocks: list[Block], about: FormContext) -> View:
    return {
        "type": "modal",
        "callback_id": form.value,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Cancel", 24),
        "private_metadata": written(about),
        "blocks": blocks,
    }


def _input(
    field: Field,
    label: str,
    element: Block,
    *,
    optional: bool = True,
    hint: str = "",
    mark: str = "",
) -> Block:
    made: Block = {
        "type": "input",
        "block_id": f"{field.value}|{mark}" if mark else field.value,
        "label": plain(label, 200),
        "element": element | {"action_id": field.value},
        "optional": optional,
    }
    return made | ({"hint": plain(hint, 200)} if hint else {})


def _text(
    field: Field,
    label: str,
    *,
    most: int,
    value: str = "",
    example: str = "",
    hint: str = "",
    optional: bool = True,
    mark: str = "",
) -> Block:
    element: Block = {"type": "plain_text_input", "max_length": most}
    if value:
        element["initial_value"] = value
    if example:
        element["placeholder"] = plain(example, 150)
    return _input(field, label, element, optional=optional, hint=hint, mark=mark)


def _project(project: Project | None, mark: str = "") -> Block:
    element: Block = {
        "type": "external_select",
        "placeholder": plain("Choose, or type a new one", 150),
        "min_query_length": 0,
    }
    if project:
        element["initial_option"] = project_option(project)
    return _input(Field.PROJECT, "Project", element, mark=mark)


def _tags(tags: Sequence[str], mark: str = "") -> Block:
    value = " ".join(f"+{tag}" for tag in tags)
    return _text(Field.TAGS, "Tags", value=value, most=LONGEST_TAGS, example="+client +urgent", mark=mark)


def _time(
    label: str, day: Field, at: Field, local: LocalTime, mark: str, *, running: bool = False
) -> list[Block]:
    """A date and a time. A running entry's end is empty: it has none."""
    clock_: Block = {"type": "timepicker"}
    if running:
        clock_["placeholder"] = plain("Still running", 150)
    else:
        clock_["initial_time"] = f"{local.at:%H:%M}"
    date_ = {"type": "datepicker", "initial_date": local.day.isoformat()}
    return [
        _input(day, f"{label} date", date_, optional=False, mark=mark),
        _input(at, f"{label} time", clock_, optional=running, mark=mark),
    ]


def _which(
    end: str, field: Field, doubled: Mapping[str, LocalTime], zone: ZoneInfo, mark: str
) -> list[Block]:
    if end not in doubled:
        return []
    local = doubled[end]
    wall = datetime.combine(local.day, local.at, tzinfo=zone)
    options = [
        option(f"{words} {wall:%H:%M} ({wall.replace(fold=fold):%Z, UTC%z})", value)
        for fold, words, value in ((0, "The first", "first"), (1, "The second", "second"))
    ]
    radio = {"type": "radio_buttons", "options": options}
    label = f"{date_written(local.day)}: the clocks show {wall:%H:%M} twice. Which one?"
    return [_input(field, label, radio, optional=False, mark=mark)]


def _chooser(editable: Editable) -> list[Block]:
    """The latest entries, to choose another one to edit."""
    if len(editable.others) < 2:
        return []
    options = [
        option(
            f"{clock_and_day(one.started_at, editable.person.zone, seen_at=editable.at)} {name_of(one)}",
            str(one.id),
        )
        for one in editable.others
    ]
    select: Block = {
        "type": "static_select",
        "action_id": ActionId.PICK_ENTRY.value,
        "placeholder": plain("Another entry", 150),
        "options": options,
    }
    chosen = next((made for made in options if made["value"] == str(editable.entry.id)), None)
    if chosen:
        select["initial_option"] = chosen
    return [section("Which entry?") | {"block_id": f"which|{editable.entry.id.hex[:8]}", "accessory": select}]


def _zone(person: Person) -> Block:
    return context(f"Times are {escaped(person.zone.key)}, as in your Slack profile.")
