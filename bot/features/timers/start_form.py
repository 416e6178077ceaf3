"""The form that starts a timer."""

from bot.features.timers import form_views
from bot.interaction.context import BotContext
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.responses import respond_with_answer
from bot.views.blocks import Response
from bot.views.card_actions import SWITCHING
from bot.views.form_context import FormContext
from bot.views.inputs import EntryField, View
from domain.entries.params import StartParams


async def read_start_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, value: str
) -> View:
    project = await context.services.projects.find_of_channel(context.workspace.id, interaction.channel)
    return form_views.render_start_form(form_state, project=project, switching=value == SWITCHING)


async def submit_start(context: BotContext, interaction: Interaction, values: FormValues) -> Response:
    params = StartParams(work=values.work(), when=values.time_point(EntryField.WHEN), make_project=True)
    answer = await context.services.timers.start(interaction.request, params)
    return await respond_with_answer(context, interaction, answer)
