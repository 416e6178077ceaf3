"""Imports: preview a dropped file, change how it is read, and import it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from bot.features.imports import form
from bot.features.imports.dropped_files import offer_dropped_files
from bot.features.imports.form import COLUMN_FIELDS, IMPORT_FORM, ORDERS, ImportField
from bot.interaction.button_values import OUT_OF_DATE, read_id
from bot.interaction.context import BotContext, Command
from bot.interaction.features import Button, Event, Feature, Form, Options
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_on_press
from bot.interaction.parsers import parse_alone
from bot.views import imports
from bot.views.blocks import Block, Response
from bot.views.form_context import FormContext
from bot.views.imports import CANCEL_IMPORT, IMPORT, IMPORT_PERSON, OPEN_IMPORT, READ_DATES
from bot.views.inputs import View
from domain.entries.import_files import ColumnRole, ImportFile, ImportOptions
from domain.entries.imports import ImportChanged
from domain.errors import FieldErrors, NotFound, Refusal
from domain.history.operations import Source
from domain.time.zones import find_zone


async def explain_import(_context: BotContext, _interaction: Interaction, _params: None) -> Response:
    """Explain how to import. The command itself takes no file: people drop it into the direct messages."""
    return Response(imports.render_how_to())


async def read_import_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, value: str
) -> View:
    found = await context.services.imports.preview(context.workspace.id, interaction.who, read_id(value))
    return form.render_reading_form(replace(form_state, import_id=found.import_id), found)


async def find_zones(_context: BotContext, _who: str, letters: str) -> list[Block]:
    return form.find_zone_options(letters)


async def carry_out(context: BotContext, interaction: Interaction, value: str) -> Response:
    import_id, _, seen = value.partition(" ")
    request = replace(interaction.request, source=Source.IMPORT)
    try:
        answer = await context.services.imports.carry_out(request, read_id(import_id), seen=seen)
    except ImportChanged as changed:
        return Response(
            imports.render_preview(changed.preview, interaction.message_ref, note=changed.sentence)
        )
    return Response(imports.render_result(answer, interaction.message_ref))


async def read_dates(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Read the same file again with the chosen order of day and month."""
    import_id, _, order = value.partition(" ")
    if order not in ORDERS:
        raise Refusal(OUT_OF_DATE)
    return await _change_options(
        context, interaction, read_id(import_id), ImportOptions(day_first=ORDERS[order])
    )


async def choose_person(context: BotContext, interaction: Interaction, value: str) -> Response:
    """Read the same file again, taking the lines of the chosen person as the importer's."""
    import_id, _, number = value.partition(" ")
    found = await context.services.imports.preview(context.workspace.id, interaction.who, read_id(import_id))
    person = _find_by_index(found.file.people, number)
    if person is None:
        raise Refusal(OUT_OF_DATE)
    return await _change_options(context, interaction, found.import_id, ImportOptions(person=person))


async def submit_reading(context: BotContext, interaction: Interaction, values: FormValues) -> Response:
    """Read the file again with the choices of the form. Raises FieldErrors."""
    import_id = values.form_state.import_id
    if import_id is None:
        raise NotFound("That form is out of date. Please open it again.")
    found = await context.services.imports.preview(context.workspace.id, interaction.who, import_id)
    zone, order = values.choice(ImportField.ZONE), values.choice(ImportField.DATE_ORDER)
    if zone and find_zone(zone) is None:
        raise FieldErrors(
            {ImportField.ZONE.value: "I don't know that time zone. Please choose one from the list."}
        )
    chosen = ImportOptions(
        zone=zone,
        day_first=ORDERS.get(order) if order else None,
        person=_find_by_index(found.file.people, values.choice(ImportField.PERSON) or ""),
        columns=_read_columns(values, found.file) if found.file.columns else (),
    )
    return await _change_options(context, interaction, import_id, chosen)


def _read_columns(values: FormValues, file: ImportFile) -> tuple[tuple[ColumnRole, int], ...]:
    """Return the column chosen for each role, or nothing if the person changed none.

    Columns that are not in the form keep their role.
    """
    chosen: dict[ColumnRole, int] = {}
    for role, (field, label) in COLUMN_FIELDS.items():
        number = values.choice(field) or ""
        if _find_by_index(file.columns, number) is None:
            continue
        if int(number) in chosen.values():
            raise FieldErrors(
                {field.value: f"One column can't be two things. Please choose another for: {label}."}
            )
        chosen[role] = int(number)
    if ColumnRole.START not in chosen:
        raise FieldErrors(
            {ImportField.START_COLUMN.value: "Please choose the column that holds when it began."}
        )
    if ColumnRole.END not in chosen and ColumnRole.DURATION not in chosen:
        raise FieldErrors(
            {ImportField.END_COLUMN.value: "Please choose a column for the end, or one for the length."}
        )
    others = {
        role: number
        for role, number in file.roles
        if role not in COLUMN_FIELDS and number not in chosen.values()
    }
    new_roles = others | chosen
    return () if new_roles == dict(file.roles) else tuple(new_roles.items())


def _find_by_index(names: Sequence[str], number: str) -> str | None:
    is_index = number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(names)
    return names[int(number)] if is_index else None


async def _change_options(
    context: BotContext, interaction: Interaction, import_id: UUID, options: ImportOptions
) -> Response:
    """Store the choice and return the new preview, which replaces the old one."""
    await context.services.imports.choose(interaction.request, import_id, options)
    found = await context.services.imports.preview(context.workspace.id, interaction.who, import_id)
    return Response(imports.render_preview(found, interaction.message_ref))


async def cancel(context: BotContext, interaction: Interaction, value: str) -> Response:
    return Response(
        imports.render_result(
            await context.services.imports.cancel(interaction.request, read_id(value)),
            interaction.message_ref,
        )
    )


FEATURE = Feature(
    commands=(
        Command(
            "import",
            "import",
            "How to bring time along: our own files, those of other trackers, or any table.",
            ("import",),
            parse_alone("import"),
            explain_import,
        ),
    ),
    buttons=(
        Button(IMPORT, carry_out, answered_once=True),
        Button(READ_DATES, read_dates),
        Button(IMPORT_PERSON, choose_person),
        Button(OPEN_IMPORT, open_on_press(read_import_form)),
        Button(CANCEL_IMPORT, cancel),
    ),
    forms=(Form(IMPORT_FORM, submit_reading, ImportField.ZONE),),
    options=(Options(ImportField.ZONE, find_zones),),
    events=(Event("message", offer_dropped_files),),
)
