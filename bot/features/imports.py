"""A file is dropped into the direct messages; its preview is answered."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from bot.interaction.context import OUT_OF_DATE, BotContext, Interaction, id_in
from bot.interaction.fields import Filled
from bot.slack.downloads import NOT_HANDED_OVER, TOO_LARGE
from bot.slack.json_shapes import word
from bot.views import imports
from bot.views.blocks import Response
from bot.views.import_form import COLUMN_FIELDS, ORDERS
from bot.views.inputs import Field
from domain.entries.import_files import ColumnRole, ImportFile, ImportOptions
from domain.entries.imports import LARGEST_FILE, ImportChanged
from domain.errors import FieldErrors, NotFound, PersonUnknown, Refusal
from domain.history.operations import OperationRequest, Source
from domain.text import storable
from domain.time.zones import find_zone

Payload = dict[str, Any]
MOST_FILES = 5  # of one message
LONGEST_NAME = 200


async def dropped(context: BotContext, body: Payload) -> None:
    """Offers what the files of a direct message hold. Raises what can not be told, so that Slack sends it again."""
    event = body["event"]
    who, files = event.get("user"), event.get("files")
    ours = event.get("bot_id") or who in {one.get("user_id") for one in body.get("authorizations") or ()}
    if event.get("channel_type") != "im" or ours or not isinstance(who, str) or not isinstance(files, list):
        return
    for file in files[:MOST_FILES]:
        if isinstance(file, dict) and word(file.get("id")):
            request = context.request("file", f"{event.get('channel')}:{event.get('ts')}:{file['id']}", who)
            try:
                await _offered(context, request, file)
            except PersonUnknown:
                try:
                    await context.introduce(who)
                except NotFound:
                    return  # a bot, or somebody who is not a member any more
                await _offered(context, request, file)


async def _offered(context: BotContext, request: OperationRequest, file: Payload) -> None:
    name = " ".join(storable(str(file.get("name") or "the file")).split())[:LONGEST_NAME]
    try:
        content = await _fetched(context, file, name)
    except Refusal as refusal:
        await context.services.imports.decline(request, refusal.sentence)
        return
    await context.services.imports.offer(request, name=name, content=content)


async def _fetched(context: BotContext, file: Payload, name: str) -> bytes:
    size, url = file.get("size"), file.get("url_private_download") or file.get("url_private")
    if isinstance(size, int) and size > LARGEST_FILE:
        raise Refusal(TOO_LARGE.format(name=name))
    if not isinstance(url, str):
        raise Refusal(NOT_HANDED_OVER.format(name=name))
    return await context.downloads.fetch(url, name=name)


async def carry_out(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    import_id, _, seen = value.partition(" ")
    request = replace(interaction.request, source=Source.IMPORT)
    try:
        answer = await context.services.imports.carry_out(request, id_in(import_id), seen=seen)
    except ImportChanged as changed:
        return Response(imports.preview(changed.preview, interaction.message_ref, said=changed.sentence))
    return Response(imports.settled(answer, interaction.message_ref))


async def read_dates(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """The same file, with its dates read in that order."""
    import_id, _, order = value.partition(" ")
    if order not in ORDERS:
        raise Refusal(OUT_OF_DATE)
    return await _chosen(context, interaction, id_in(import_id), ImportOptions(day_first=ORDERS[order]))


async def choose_person(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """The same file, of which the lines of that person are read."""
    import_id, _, number = value.partition(" ")
    found = await context.services.imports.preview(context.workspace.id, interaction.who, id_in(import_id))
    person = _numbered(found.file.people, number)
    if person is None:
        raise Refusal(OUT_OF_DATE)
    return await _chosen(context, interaction, found.import_id, ImportOptions(person=person))


async def read_otherwise(context: BotContext, interaction: Interaction, filled: Filled) -> Response | None:
    """The form about how the file is read was sent. Raises FieldErrors."""
    import_id = filled.about.import_id
    if import_id is None:
        raise NotFound("That form is from another time. Please open it again.")
    found = await context.services.imports.preview(context.workspace.id, interaction.who, import_id)
    zone, order = filled.choice(Field.ZONE), filled.choice(Field.DATE_ORDER)
    if zone and find_zone(zone) is None:
        raise FieldErrors({Field.ZONE.value: "I don't know that time zone. Please choose one from the list."})
    chosen = ImportOptions(
        zone=zone,
        day_first=ORDERS.get(order) if order else None,
        person=_numbered(found.file.people, filled.choice(Field.PERSON) or ""),
        columns=_columns(filled, found.file) if found.file.columns else (),
    )
    return await _chosen(context, interaction, import_id, chosen)


def _columns(filled: Filled, file: ImportFile) -> tuple[tuple[ColumnRole, int], ...]:
    """What each column was chosen for; nothing where the form was left as it stood. What is not in the form stays."""
    chosen: dict[ColumnRole, int] = {}
    for role, (field, label) in COLUMN_FIELDS.items():
        number = filled.choice(field) or ""
        if _numbered(file.columns, number) is None:
            continue
        if int(number) in chosen.values():
            raise FieldErrors(
                {field.value: f"One column can't be two things. Please choose another for: {label}."}
            )
        chosen[role] = int(number)
    if ColumnRole.START not in chosen:
        raise FieldErrors({Field.START_COLUMN.value: "Please choose the column that holds when it began."})
    if ColumnRole.END not in chosen and ColumnRole.DURATION not in chosen:
        raise FieldErrors(
            {Field.END_COLUMN.value: "Please choose a column for the end, or one for the length."}
        )
    others = {
        role: number
        for role, number in file.roles
        if role not in COLUMN_FIELDS and number not in chosen.values()
    }
    wanted = others | chosen
    return () if wanted == dict(file.roles) else tuple(wanted.items())


def _numbered(names: Sequence[str], number: str) -> str | None:
    known = number.isascii() and number.isdigit() and len(number) < 6 and int(number) < len(names)
    return names[int(number)] if known else None


async def _chosen(
    context: BotContext, interaction: Interaction, import_id: UUID, options: ImportOptions
) -> Response:
    """What the file would do now that this is chosen, in the place of its preview."""
    await context.services.imports.choose(interaction.request, import_id, options)
    found = await context.services.imports.preview(context.workspace.id, interaction.who, import_id)
    return Response(imports.preview(found, interaction.message_ref))


async def cancel(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return Response(
        imports.settled(
            await context.services.imports.cancel(interaction.request, id_in(value)), interaction.message_ref
        )
    )
