"""The form that logs past time."""

from datetime import date

from bot.features.timers import form_views
from bot.interaction.button_values import OUT_OF_DATE
from bot.interaction.context import BotContext
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.responses import respond_with_answer
from bot.views.blocks import Response
from bot.views.form_context import FormContext
from bot.views.gaps import read_gap
from bot.views.inputs import View
from domain.entries.params import LogParams
from domain.errors import Refusal
from domain.time.calendar import Span


async def read_log_form(
    context: BotContext, interaction: Interaction, form_state: FormContext, value: str
) -> View:
    """Build the form that logs time. `value` is the day or gap of the pressed button; an empty one means today."""
    services, workspace_id = context.services, context.workspace.id
    day, gap = _read_offer(value)
    here = await services.people.read_with_clock(workspace_id, interaction.who)
    project = await services.projects.find_of_channel(workspace_id, interaction.channel)
    return form_views.render_log_form(form_state, here.person, here.at, project=project, day=day, gap=gap)


async def submit_log(context: BotContext, interaction: Interaction, values: FormValues) -> Response:
    params = LogParams(
        work=values.work(),
        interval=values.interval(),
        make_project=True,
        suggestion_id=values.form_state.suggestion_id,
        zone=values.form_state.time_zone,
    )
    answer = await context.services.timers.log(interaction.request, params)
    return await respond_with_answer(context, interaction, answer)


def _read_offer(value: str) -> tuple[date | None, Span | None]:
    try:
        if gap := read_gap(value):
            return None, gap
        return (date.fromisoformat(value) if value else None), None
    except ValueError:
        raise Refusal(OUT_OF_DATE) from None
