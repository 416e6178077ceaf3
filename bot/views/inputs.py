"""Input fields of forms. The id of each field's block begins with the field's name, so that errors can be matched to
it.

Limits are from Slack's reference of views (2026): titles and buttons 24 characters, an option's value 150.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from zoneinfo import ZoneInfo

from bot.views.blocks import Block, context, escape, option, plain
from bot.views.form_context import FormContext, write_form_context
from bot.views.zones import describe_clock
from domain.identity.people import Person
from domain.projects.projects import Project
from domain.time.days import format_date as date_written
from domain.time.local_times import LocalTime

NEW = "new:"
LONGEST_NOTE, LONGEST_TAGS = 500, 500
TAGS_SHOWN = "Tags"  # the name of an entry's tags in FormContext.shown
View = dict[str, Any]


FormId = NewType("FormId", str)
"""Names a form: declared by the view that draws it, and handled by the row of a feature."""


Field = StrEnum
"""A field of a form: a member of the enumeration of that form's fields, which are named in its block and its errors."""


class EntryField(StrEnum):
    """The fields of the forms about a time entry."""

    PROJECT = "project"
    NOTE = "note"
    TAGS = "tags"
    WHEN = "when"
    INTERVAL = "stretch"
    DAY = "day"
    START_DAY = "start_day"
    START_AT = "start_at"
    START_WHICH = "start_which"
    END_DAY = "end_day"
    END_AT = "end_at"
    END_WHICH = "end_which"


def project_option(project: Project) -> Block:
    return option(project.title, str(project.id))


def new_project_option(title: str) -> Block:
    return option(f"Make “{title}”", f"{NEW}{title}")


def modal(form: FormId, title: str, submit: str, blocks: list[Block], form_state: FormContext) -> View:
    return {
        "type": "modal",
        "callback_id": form,
        "title": plain(title, 24),
        "submit": plain(submit, 24),
        "close": plain("Cancel", 24),
        "private_metadata": write_form_context(form_state),
        "blocks": blocks,
    }


def labeled(
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


def text_field(
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
    return labeled(field, label, element, optional=optional, hint=hint, mark=mark)


def project_field(project: Project | None, mark: str = "") -> Block:
    element: Block = {
        "type": "external_select",
        "placeholder": plain("Choose, or type a new one", 150),
        "min_query_length": 0,
    }
    if project:
        element["initial_option"] = project_option(project)
    return labeled(EntryField.PROJECT, "Project", element, mark=mark)


def tags_field(tags: Sequence[str], mark: str = "") -> Block:
    value = " ".join(f"+{tag}" for tag in tags)
    return text_field(
        EntryField.TAGS, "Tags", value=value, most=LONGEST_TAGS, example="+client +urgent", mark=mark
    )


def time_fields(
    label: str, day: Field, at: Field, local: LocalTime, mark: str, *, running: bool = False
) -> list[Block]:
    """Make the fields for a date and a time; both empty for the end of a running entry."""
    clock_: Block = {"type": "timepicker"}
    if running:
        clock_["placeholder"] = plain("Still running", 150)
    else:
        clock_["initial_time"] = f"{local.at:%H:%M}"
    date_ = {"type": "datepicker", "initial_date": local.day.isoformat()}
    return [
        labeled(day, f"{label} date", date_, optional=False, mark=mark),
        labeled(at, f"{label} time", clock_, optional=running, mark=mark),
    ]


def which_fields(
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
    return [labeled(field, label, radio, optional=False, mark=mark)]


def zone_note(person: Person) -> Block:
    return context(describe_clock(person, begin="Times are"))


def zone_note_of_form(zone: ZoneInfo) -> Block:
    """Make a note for a form that was opened before the person changed the time zone."""
    return context(f"Times are {escape(zone.key)}, as when this form was opened.")
