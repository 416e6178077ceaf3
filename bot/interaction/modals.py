"""Opening forms. What a form shows is read first; Slack takes the trigger for three seconds after it was made."""

import asyncio
from dataclasses import replace
from datetime import date
from uuid import UUID

from bot.commands.intents import Form
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import OUT_OF_DATE, BotContext, Failure, Interaction, id_in, version_in
from bot.interaction.modal_calls import NOT_OPENED
from bot.views import forms, import_form, week
from bot.views.blocks import SWITCHING
from bot.views.day import filled
from bot.views.form_context import FormContext
from bot.views.inputs import View
from domain.errors import Refusal
from domain.permissions import Needs
from domain.time.calendar import Span

READING_SECONDS = 1.5


async def open_form(
    context: BotContext, interaction: Interaction, form: Form, value: str = "", *, by_message: bool = False
) -> None:
    """`value` is what the form is about: an entry's id, a day or a gap. With `by_message` its outcome is a message
    of its own. Raises Refusal, PersonUnknown."""
    about = replace(interaction.form_context, by_message=by_message)
    try:
        async with asyncio.timeout(READING_SECONDS):
            view = await _view(context, interaction, form, value, about)
    except TimeoutError:
        raise Refusal(NOT_OPENED) from None
    await context.modals.open(interaction.trigger_id, view)


async def open_later(context: BotContext, interaction: Interaction, form: Form, value: str = "") -> None:
    """The same beside an answer that does not depend on it."""

    async def opening() -> None:
        trouble = await context.attempt(interaction.who, lambda: open_form(context, interaction, form, value))
        if isinstance(trouble, Failure):
            await context.response_client.explain(
                interaction.response_url, trouble.sentence, who=interaction.who, channel=interaction.channel
            )

    await context.background.run(opening(), wait=WAIT_SECONDS)


async def _view(
    context: BotContext, interaction: Interaction, form: Form, value: str, about: FormContext
) -> View:
    services, workspace_id = context.services, context.workspace.id
    match form:
        case Form.START:
            bound = await services.projects.bound(workspace_id, interaction.channel)
            return forms.start_form(about, project=bound, switching=value == SWITCHING)
        case Form.PROJECT:
            return forms.project_form(about)
        case Form.SETTINGS:
            here = await services.people.now(workspace_id, interaction.who, needs=Needs.STANDING)
            return forms.settings_form(about, here.person)
        case Form.LOG:
            day, gap = _offered(value)
            here = await services.people.now(workspace_id, interaction.who)
            bound = await services.projects.bound(workspace_id, interaction.channel)
            return forms.log_form(about, here.person, here.at, project=bound, day=day, gap=gap)
        case Form.SUGGESTION:
            suggested, person, at = await services.suggestions.looked_at(
                workspace_id, interaction.who, id_in(value.partition(" ")[0])
            )
            about = replace(about, suggestion_id=suggested.id)
            return forms.log_form(
                about, person, at, project=suggested.project, gap=suggested.span, note=suggested.note
            )
        case Form.RETURN | Form.DECISION:
            timesheet_id, seen = version_in(value)
            report = await services.timesheets.looked_at(workspace_id, interaction.who, timesheet_id)
            about = replace(about, timesheet_id=timesheet_id, seen_version=seen or 0)
            return week.decision_form(about, report, returning=form is Form.RETURN)
        case Form.IMPORT:
            found = await services.imports.preview(workspace_id, interaction.who, id_in(value))
            return import_form.reading_form(replace(about, import_id=found.import_id), found)
        case Form.EDIT:
            entry_id: UUID | None = id_in(value) if value else None
            return forms.edit_form(
                about, await services.entries.editable(workspace_id, interaction.who, entry_id)
            )


def _offered(value: str) -> tuple[date | None, Span | None]:
    """The day or the gap that a button offers to fill."""
    try:
        if gap := filled(value):
            return None, gap
        return (date.fromisoformat(value) if value else None), None
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None
