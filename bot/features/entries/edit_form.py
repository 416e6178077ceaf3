"""The form that edits an entry: open it, choose another entry in it, save, delete, and show changes made meanwhile."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from bot.features.entries import edit_view
from bot.interaction.button_values import read_id, read_version
from bot.interaction.context import BotContext
from bot.interaction.features import NextView
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.responses import respond_with_answer
from bot.views import form_context, forms
from bot.views.blocks import Response
from bot.views.form_context import FormContext
from bot.views.inputs import EntryField, View
from domain.entries.params import EditParams
from domain.errors import ChangedMeanwhile, FieldErrors, NotFound, Refusal


async def read_edit_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, value: str
) -> View:
    """Build the edit form. `value` is the entry's id; an empty one means the last entry."""
    entry_id: UUID | None = read_id(value) if value else None
    editable = await context.services.entries.find_editable(context.workspace.id, interaction.who, entry_id)
    return edit_view.render_edit_form(form_state, editable)


async def submit_edit(
    context: BotContext, interaction: Interaction, values: FormValues
) -> Response | NextView:
    form_state = values.form_state
    if form_state.entry_id is None:
        raise NotFound("That form is out of date. Please open it again.")
    params = EditParams(
        entry_id=form_state.entry_id,
        seen_version=form_state.seen_version,
        work=values.work(),
        start=values.require_local_time(EntryField.START_DAY, EntryField.START_AT, EntryField.START_WHICH),
        end=values.local_time(EntryField.END_DAY, EntryField.END_AT, EntryField.END_WHICH),
        make_project=True,
        zone=form_state.time_zone,
        keep_tags=values.has_untouched_tags(),
    )
    try:
        answer = await context.services.timers.edit(interaction.request, params)
    except ChangedMeanwhile as changed:
        return NextView(await render_current_entry(context, interaction, form_state, changed))
    except FieldErrors as wrong:
        if not wrong.repeated_times:
            raise
        return NextView(await _ask_which_time(context, interaction, values, wrong))
    return await respond_with_answer(context, interaction, answer)


async def _ask_which_time(
    context: BotContext, interaction: Interaction, values: FormValues, wrong: FieldErrors
) -> View:
    """Return the same form with a choice beside each time that the clocks show twice; the person's input stays."""
    editable = await context.services.entries.find_editable(
        context.workspace.id, interaction.who, values.form_state.entry_id
    )
    times = {
        "start": values.local_time(EntryField.START_DAY, EntryField.START_AT, EntryField.START_WHICH),
        "end": values.local_time(EntryField.END_DAY, EntryField.END_AT, EntryField.END_WHICH),
    }
    doubled = {name: local for name, local in times.items() if name in wrong.repeated_times and local}
    return edit_view.render_edit_form(
        values.form_state, editable, notes=tuple(wrong.fields.values()), doubled=doubled
    )


async def render_current_entry(
    context: BotContext, interaction: Interaction, form_state: FormContext, changed: ChangedMeanwhile
) -> View:
    """Return the form with the entry as it is now, and with the changes since it was opened. Nothing is saved."""
    try:
        editable = await context.services.entries.find_editable(
            context.workspace.id, interaction.who, form_state.entry_id
        )
    except NotFound:
        return forms.render_notice(changed.sentence)
    person = replace(editable.person, zone=form_state.time_zone or editable.person.zone)
    now = edit_view.describe_entry(editable.entry, person, editable.at)
    different = [
        f"{name} was {before}, is now {after}."
        for (name, before), (_, after) in zip(form_state.shown, now, strict=False)
        if before != after
    ]
    notes = " ".join(
        [changed.sentence, *different, "This is the entry as it is now; your changes were not saved."]
    )
    return edit_view.render_edit_form(form_state, editable, notes=(notes,))


async def choose_entry(context: BotContext, interaction: Interaction, value: str) -> None:
    """Show another entry in the form."""
    assert interaction.view is not None
    # The zone is dropped so that the form renders the new entry in the person's present zone.
    form_state = replace(form_context.read(interaction.view.get("private_metadata", "")), zone="")
    editable = await context.services.entries.find_editable(
        context.workspace.id, interaction.who, read_id(value)
    )
    await context.modals.update(interaction.view, edit_view.render_edit_form(form_state, editable))


async def delete_from_form(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    assert interaction.view is not None
    entry_id, seen = read_version(value)
    try:
        answer = await context.services.timers.delete(
            interaction.request, entry_id=entry_id, seen_version=seen
        )
    except ChangedMeanwhile as changed:
        form_state = replace(
            form_context.read(interaction.view.get("private_metadata", "")), entry_id=entry_id
        )
        view = await render_current_entry(context, interaction, form_state, changed)
        await context.modals.update(interaction.view, view)
        return None
    with suppress(Refusal):  # the entry is deleted, but a refusal would say that nothing was changed
        await context.modals.update(interaction.view, edit_view.render_deleted_notice())
    return await respond_with_answer(context, interaction, answer) if interaction.message_ref else None
