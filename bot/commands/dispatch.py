"""What each command answers. Text becomes an intent; the intent's verb is asked; its value becomes a message."""

import asyncio
import logging
from dataclasses import replace
from typing import Any

from bot.commands.intents import (
    ArchiveProject,
    Chosen,
    Connect,
    Delete,
    DigestNow,
    Disconnect,
    EndMyLink,
    Export,
    Form,
    GiveRole,
    Help,
    Here,
    HowToImport,
    Intent,
    ListEndpoints,
    ListProjects,
    Log,
    MakeLinkCode,
    MakeProject,
    MakeToken,
    OpenForm,
    ProjectIntent,
    RenameProject,
    Report,
    Resume,
    RevokeToken,
    SetPreferences,
    SetZone,
    ShowAccess,
    ShowDay,
    Shown,
    ShowTeam,
    Start,
    Status,
    Stop,
    SubmitWeek,
    TakeOff,
    TimerIntent,
    Undo,
    Unknown,
)
from bot.commands.table import understood
from bot.features import access, endpoints, weeks
from bot.interaction import interactions
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext, Failure, Interaction, Newcomer
from bot.interaction.modals import open_later
from bot.interaction.responses import day_told, room_question
from bot.slack.directory import LONGEST_NAME
from bot.views import day, exports, imports, notices, people, project_questions
from bot.views import period as period_view
from bot.views.blocks import Message, Response
from bot.views.timer import delete_question, timer_card
from domain.entries.overlaps import Taken
from domain.errors import NotFound, UnknownProject
from domain.identity.preferences import PreferencesWish
from domain.permissions import Needs
from domain.projects.project_names import AmbiguousProject, ArchivedProject
from domain.projects.projects import ChannelProject
from domain.text import storable

GREETING_SECONDS = 0.5

log = logging.getLogger(__name__)


async def typed(context: BotContext, command: dict[str, Any]) -> Message | None:
    """The answer to what was typed after /track; refusals and failures are answers too.

    None where there is nothing to say in the acknowledgment, for the answer is at the command's response address.
    """
    interaction, text = interactions.by_command(context, command), command.get("text", "")
    named = str(command.get("user_name") or interaction.who)
    newcomer = Newcomer(name=storable(named)[:LONGEST_NAME], payload=command)
    told = await context.attempt(
        interaction.who,
        lambda: _greeted(context, interaction, text),
        by=interaction.request.key,
        newcomer=newcomer,
    )
    if isinstance(told, Failure):
        return notices.refusal(told.sentence)
    return await _drawn(context, interaction, told) if told.drawn else told.message


async def _drawn(context: BotContext, interaction: Interaction, told: Response) -> Message | None:
    """Posts the answer with its table and chart; returns it in words where that was refused in time to be said."""
    stands: bool | None = None
    acknowledged = False

    async def draw() -> None:
        nonlocal stands
        stands = await context.response_client.draw(interaction.response_url, told)
        if acknowledged and not stands:
            await context.response_client.beside(
                interaction.response_url, told.message, who=interaction.who, channel=interaction.channel
            )

    await context.background.run(draw(), wait=WAIT_SECONDS)
    acknowledged = True
    return told.message if stands is False else None


async def _greeted(context: BotContext, interaction: Interaction, text: str) -> Response:
    told = await run(context, interaction, text)
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            newcomer = await context.services.people.met(interaction.request)
    except Exception as error:  # noqa: BLE001 - the command has succeeded already
        # What was done is done; who can not be greeted now is told that, and not that something went wrong.
        log.info("nobody could be greeted: %s", type(error).__name__)
        newcomer = None
    if newcomer is None:
        return told
    drawn = notices.greeted(newcomer, told.drawn) if told.drawn else None
    return Response(notices.greeted(newcomer, told.message), drawn)


async def run(context: BotContext, interaction: Interaction, text: str) -> Response:
    """Raises what tracking raises but for what can be answered with a choice: an overlap, or a project that is
    unknown, archived or one of several."""
    try:
        return await _answer(context, interaction, understood(text))
    except AmbiguousProject as error:
        return Response(project_questions.ambiguous_project(error, text, interaction.message_ref))
    except ArchivedProject as error:
        return Response(project_questions.archived_project(error, text, interaction.message_ref))
    except UnknownProject as error:
        return Response(notices.unknown_project(error, text, interaction.message_ref))
    except Taken as taken:
        return room_question(taken, interaction)


async def _answer(context: BotContext, interaction: Interaction, intent: Intent) -> Response:
    match intent:
        case Unknown():
            return Response(notices.unknown_command(intent, interaction.message_ref))
        case Help(about):
            return Response(notices.help_page(about))
        case OpenForm(form):
            return await _with_form(context, interaction, form)
        case ListProjects() | MakeProject() | RenameProject() | ArchiveProject() | Here():
            return await _of_projects(context, interaction, intent)
        case ShowDay() | Report() | ShowTeam() | Export() | HowToImport() | SubmitWeek():
            return await _reported(context, interaction, intent)
        case SetPreferences() | TakeOff() | DigestNow() | GiveRole() | SetZone():
            return await _chosen(context, interaction, intent)
        case MakeToken() | RevokeToken() | MakeLinkCode() | EndMyLink() | ShowAccess():
            return await access.answer_access(context, interaction, intent)
        case Connect() | ListEndpoints() | Disconnect():
            return await endpoints.answered(context, interaction, intent)
        case _:
            return await _of_timers(context, interaction, intent)


async def _of_timers(context: BotContext, interaction: Interaction, intent: TimerIntent) -> Response:
    timers, request, channel = context.services.timers, interaction.request, interaction.channel
    match intent:
        case Status():
            answer = await timers.status(request)
        case Start(wish):
            answer = await timers.start(request, replace(wish, channel=channel))
        case Stop(when):
            answer = await timers.stop(request, when=when)
        case Log(wish):
            answer = await timers.log(request, replace(wish, channel=channel))
        case Resume():
            answer = await timers.resume(request)
        case Undo():
            answer = await timers.undo_last(request)
        case Delete():
            shown = await timers.show(request)
            if shown.entry is None:
                raise NotFound("There is no entry to delete.")
            return Response(delete_question(shown.entry, shown.person, shown.at, interaction.message_ref))
    return Response(timer_card(answer, interaction.message_ref))


async def _of_projects(context: BotContext, interaction: Interaction, intent: ProjectIntent) -> Response:
    projects, request = context.services.projects, interaction.request
    match intent:
        case ListProjects():
            return Response(notices.project_list(await projects.all(request), interaction.message_ref))
        case MakeProject(title):
            return Response(notices.project(await projects.make(request, title)))
        case RenameProject(name, title):
            return Response(notices.project(await projects.rename(request, name, title)))
        case ArchiveProject(name):
            return Response(notices.project(await projects.archive(request, name)))
        case Here():
            return Response(notices.channel_project(await _here(context, interaction, intent)))


async def _here(context: BotContext, interaction: Interaction, intent: Here) -> ChannelProject:
    projects, request, channel = context.services.projects, interaction.request, interaction.channel
    if channel is None or channel.startswith("D"):
        raise NotFound("Only channels have a project of their own. Type `/track here api` in one.")
    if intent.nothing:
        return await projects.unbind(request, channel)
    if intent.name:
        return await projects.bind(request, channel, intent.name)
    return await projects.of_channel(request, channel)


async def _reported(context: BotContext, interaction: Interaction, intent: Shown) -> Response:
    match intent:
        case ShowDay(named):
            return day_told(await context.services.reports.today(interaction.request, named), interaction)
        case Report(said, by):
            report = await context.services.reports.period(interaction.request, said, by)
            return Response(period_view.whole_period(report), period_view.whole_period(report, plain=False))
        case Export(wish):
            return Response(exports.on_its_way(await context.services.exports.ask(interaction.request, wish)))
        case SubmitWeek(said):
            return await weeks.submitted(context, interaction, said)
        case HowToImport():
            return Response(imports.how_to())
        case ShowTeam():
            return Response(people.team_now(await context.services.team.now(interaction.request)))


async def _chosen(context: BotContext, interaction: Interaction, intent: Chosen) -> Response:
    request = interaction.request
    match intent:
        case SetPreferences(wish):
            wish = _placed(wish, interaction.channel)
            return Response(
                people.preferences(
                    await context.services.settings.save(request, wish), interaction.message_ref
                )
            )
        case TakeOff(wish):
            return Response(
                people.preferences(
                    await context.services.days_off.take_off(request, wish), interaction.message_ref
                )
            )
        case DigestNow():
            return Response(day.digest_on_its_way(await context.services.digests.preview(request)))
        case GiveRole(to, role):
            return Response(
                people.role_given(await context.services.team.give_role(request, to=to, role=role))
            )
        case SetZone(zone):
            if zone:
                return Response(people.zone(await context.services.people.set_zone(request, zone)))
            here = await context.services.people.now(
                context.workspace.id, interaction.who, needs=Needs.STANDING
            )
            return Response(people.zone(here.person))


def _placed(wish: PreferencesWish, channel: str | None) -> PreferencesWish:
    """Where "here" is."""
    if wish.team is None or not wish.team.here:
        return wish
    if channel is None or channel.startswith("D"):
        raise NotFound("Only in a channel others can read it. Type `/track digest team here` in one.")
    return replace(wish, team=replace(wish.team, channel=channel))


async def _with_form(context: BotContext, interaction: Interaction, form: Form) -> Response:
    """The form comes up over a message that says how things stand, which has a button for it too."""
    value = ""
    match form:
        case Form.EDIT:
            answer = await context.services.timers.show(interaction.request)
            told, value = (
                timer_card(answer, interaction.message_ref),
                str(answer.entry.id) if answer.entry else "",
            )
        case Form.SETTINGS:
            told = people.preferences(
                await context.services.settings.show(interaction.request), interaction.message_ref
            )
        case Form.PROJECT:
            told = notices.project_list(
                await context.services.projects.all(interaction.request), interaction.message_ref
            )
        case Form.START | Form.LOG:
            told = timer_card(
                await context.services.timers.status(interaction.request), interaction.message_ref
            )
    await open_later(context, interaction, form, value)
    return Response(told)
