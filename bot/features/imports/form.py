"""The form that sets how a file is read: time zone, order of dates, which person in it is "me", and columns."""

from enum import StrEnum

from bot.views.blocks import Block, context, option, plain
from bot.views.form_context import FormContext
from bot.views.inputs import Field, FormId, View, labeled, modal
from domain.entries.import_files import ColumnRole, ImportFile, ImportQuestion
from domain.entries.imports import ImportPreview
from domain.time.zones import ZONE_NAMES

IMPORT_FORM = FormId("import_form")

MOST_OPTIONS = 100  # the most that a menu of Slack takes
_MOST_ZONES = 40
_USUAL_ZONES = (
    "UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Kyiv", "America/New_York",
    "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Sao_Paulo", "Asia/Kolkata", "Asia/Singapore",
    "Asia/Tokyo", "Australia/Sydney",
)  # fmt: skip


class ImportField(StrEnum):
    ZONE = "zone"
    DATE_ORDER = "date_order"
    PERSON = "person"
    START_COLUMN = "start_column"
    END_COLUMN = "end_column"
    DATE_COLUMN = "date_column"
    END_DATE_COLUMN = "end_date_column"
    LENGTH_COLUMN = "length_column"
    PROJECT_COLUMN = "project_column"
    NOTE_COLUMN = "note_column"
    TAGS_COLUMN = "tags_column"
    PERSON_COLUMN = "person_column"


COLUMN_FIELDS: dict[ColumnRole, tuple[Field, str]] = {
    ColumnRole.START: (ImportField.START_COLUMN, "Start"),
    ColumnRole.END: (ImportField.END_COLUMN, "End"),
    ColumnRole.DATE: (ImportField.DATE_COLUMN, "Date, where start and end are only times"),
    ColumnRole.END_DATE: (ImportField.END_DATE_COLUMN, "Date of the end, where it is another column"),
    ColumnRole.DURATION: (ImportField.LENGTH_COLUMN, "Length"),
    ColumnRole.PROJECT: (ImportField.PROJECT_COLUMN, "Project"),
    ColumnRole.NOTE: (ImportField.NOTE_COLUMN, "Note"),
    ColumnRole.TAGS: (ImportField.TAGS_COLUMN, "Tags"),
    ColumnRole.USER: (ImportField.PERSON_COLUMN, "Person, where the file holds several people's time"),
}
ORDERS = {"d": True, "m": False}  # the codes of forms and buttons, and whether the day comes first


def render_reading_form(form_state: FormContext, preview: ImportPreview) -> View:
    file = preview.file
    fields = []
    if file.zone or file.question or preview.options.zone:
        zone = preview.options.zone or file.zone or preview.person.zone.key
        fields.append(_zone_field(zone))
    if file.order and file.order.example:
        fields.append(_order_field(file.order.day_first))
    if len(file.people) > 1:
        fields.append(_person_field(file))
    if file.columns:
        fields += _column_fields(file)
    if not fields:
        fields = [context("This file leaves nothing to choose.")]
    return modal(IMPORT_FORM, "How to read the file", "Show the preview", fields, form_state)


def find_zone_options(letters: str) -> list[Block]:
    """Return zones whose name holds these letters; without any match, some usual zones."""
    query = letters.casefold().replace(" ", "_")
    if not query:
        return [option(name, name) for name in _USUAL_ZONES]
    matches = [name for name in ZONE_NAMES if query in name.casefold()]
    matches.sort(
        key=lambda name: (*_rank_city(name.rpartition("/")[2].casefold(), query), name.count("/"), name)
    )
    return [option(name, name) for name in matches[:_MOST_ZONES]]


def _rank_city(city: str, query: str) -> tuple[bool, bool]:
    """Return a sort key: exact matches first, then names that begin with the letters, then all others."""
    return city != query, not city.startswith(query)


def _zone_field(zone: str) -> Block:
    element: Block = {
        "type": "external_select",
        "placeholder": plain("Type a city or a zone", 150),
        "min_query_length": 0,
        "initial_option": option(zone, zone),
    }
    hint = "For times in the file that have no zone of their own."
    return labeled(ImportField.ZONE, "Time zone of the file", element, optional=False, hint=hint)


def _order_field(day_first: bool) -> Block:
    options = [option("Day first: 16/11/2026", "d"), option("Month first: 11/16/2026", "m")]
    element = {"type": "radio_buttons", "options": options, "initial_option": options[0 if day_first else 1]}
    return labeled(ImportField.DATE_ORDER, "Dates", element, optional=False)


def _person_field(file: ImportFile) -> Block:
    options = [option(name, str(number)) for number, name in enumerate(file.people[:MOST_OPTIONS])]
    element: Block = {
        "type": "static_select",
        "placeholder": plain("Choose yourself", 150),
        "options": options,
    }
    chosen = next(
        (made for made, name in zip(options, file.people, strict=False) if name == file.person), None
    )
    return labeled(
        ImportField.PERSON,
        "You in this file",
        element | ({"initial_option": chosen} if chosen else {}),
        optional=False,
    )


def _column_fields(file: ImportFile) -> list[Block]:
    options = [
        option(name or f"Column {number}", str(number - 1))
        for number, name in enumerate(file.columns[:MOST_OPTIONS], start=1)
    ]
    roles = dict(file.roles)
    fields = []
    for role, (field, label) in COLUMN_FIELDS.items():
        element: Block = {
            "type": "static_select",
            "placeholder": plain("Choose a column" if role is ColumnRole.START else "None", 150),
            "options": options,
        }
        if roles.get(role, MOST_OPTIONS) < MOST_OPTIONS:
            element["initial_option"] = options[roles[role]]
        fields.append(labeled(field, label, element, optional=role is not ColumnRole.START))
    if file.question is ImportQuestion.COLUMNS:
        fields.append(context("An entry needs a start, and an end or a length."))
    return fields
