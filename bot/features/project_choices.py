"""What was typed is done, now that the person has said which project it is about."""

from dataclasses import replace

from bot.commands.intents import Here, Log, Resume, Start
from bot.commands.table import understood
from bot.interaction.context import OUT_OF_DATE, BotContext, Interaction, id_in
from bot.views import notices
from bot.views.blocks import Response
from bot.views.project_questions import WITHOUT
from domain.entries.entries import TimerAnswer, Work
from domain.errors import Refusal


async def do_on_project(context: BotContext, interaction: Interaction, value: str) -> TimerAnswer | Response:
    """Does it on the chosen project, which is brought back where it is archived; or with its name as a note.
    Raises NotFound for a project that was deleted since."""
    chosen, _, typed = value.partition(" ")
    timers, channel = context.services.timers, interaction.channel
    match understood(typed):
        case Start(wish):
            work = _work_on_chosen(wish.work, chosen)
            return await timers.start(
                interaction.request, replace(wish, work=work, bring_back=True, channel=channel)
            )
        case Log(said):
            work = _work_on_chosen(said.work, chosen)
            return await timers.log(
                interaction.request, replace(said, work=work, bring_back=True, channel=channel)
            )
        case Resume():
            return await timers.resume(interaction.request, bring_back=True)
        case Here() if channel:
            bound = await context.services.projects.bind_chosen(interaction.request, channel, id_in(chosen))
            return Response(notices.channel_project(bound))
    raise Refusal(OUT_OF_DATE)


def _work_on_chosen(work: Work, chosen: str) -> Work:
    if chosen != WITHOUT:
        return replace(work, project=None, project_id=id_in(chosen))
    name = work.project.name if work.project else ""
    return replace(work, project=None, note=f"{name} {work.note}")
