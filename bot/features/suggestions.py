"""Suggestions: time that another system saw, which the person accepts, edits or ignores."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from bot.features.timers.form_views import render_log_form
from bot.interaction.button_values import read_day, read_id
from bot.interaction.context import BotContext
from bot.interaction.features import Button, Feature
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_on_press
from bot.interaction.responses import respond_with_answer, respond_with_day
from bot.views.blocks import Response
from bot.views.form_context import FormContext
from bot.views.inputs import View
from bot.views.suggestion import ACCEPT, IGNORE, OFFER_AGAIN, OPEN_SUGGESTION


async def accept(context: BotContext, interaction: Interaction, value: str) -> Response:
    suggestion, _ = _read_suggestion(value)
    answer = await context.services.suggestions.accept(interaction.request, suggestion)
    return await respond_with_answer(context, interaction, answer)


async def ignore(context: BotContext, interaction: Interaction, value: str) -> Response:
    suggestion, day = _read_suggestion(value)
    report = await context.services.suggestions.ignore(interaction.request, suggestion, day)
    return respond_with_day(report, interaction)


async def offer_again(context: BotContext, interaction: Interaction, value: str) -> Response:
    report = await context.services.suggestions.offer_again(interaction.request, read_day(value))
    return respond_with_day(report, interaction)


async def read_suggestion_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, value: str
) -> View:
    """Build the form to log time, filled in with the suggestion."""
    suggested, person, at = await context.services.suggestions.read_suggestion(
        context.workspace.id, interaction.who, read_id(value.partition(" ")[0])
    )
    form_state = replace(form_state, suggestion_id=suggested.id)
    return render_log_form(
        form_state, person, at, project=suggested.project, gap=suggested.span, note=suggested.note
    )


def _read_suggestion(value: str) -> tuple[UUID, date]:
    """Read the suggestion's id and the date of the day whose message holds the button."""
    suggestion, _, day = value.partition(" ")
    return read_id(suggestion), read_day(day)


FEATURE = Feature(
    buttons=(
        Button(ACCEPT, accept),
        Button(OPEN_SUGGESTION, open_on_press(read_suggestion_form)),
        Button(IGNORE, ignore),
        Button(OFFER_AGAIN, offer_again),
    )
)
