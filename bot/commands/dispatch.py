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
from bot.interaction.context import Desk, Newcomer, Trouble, Visit
from bot.interaction.modals import open_later
from bot.interaction.responses import day_told, room_question
from bot.slack.directory import LONGEST_NAME
from bot.views import day, exports, imports, notices, people, project_questions
from bot.views import period as period_view
from bot.views.blocks import Message, Told
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


async def typed(desk: Desk, command: dict[str, Any]) -> Message | None:
    """The answer to what was typed after /track; refusals and failures are answers too.

    None where there is nothing to say in the acknowledgment, for the answer is at the command's response address.
    """
    visit, text = interactions.by_command(desk, command), command.get("text", "")
    named = str(command.get("user_name") or visit.who)
    newcomer = Newcomer(name=storable(named)[:LONGEST_NAME], payload=command)
    told = await desk.attempt(
        visit.who, lambda: _greeted(desk, visit, text), by=visit.act.key, newcomer=newcomer
    )
    if isinstance(told, Trouble):
        return notices.refusal(told.sentence)
    return await _drawn(desk, visit, told) if told.drawn else told.message


async def _drawn(desk: Desk, visit: Visit, told: Told) -> Message | None:
    """Posts the answer with its table and chart; returns it in words where that was refused in time to be said."""
    stands: bool | None = None
    acknowledged = False

    async def draw() -> None:
        nonlocal stands
        stands = await desk.replies.draw(visit.response_url, told)
        if acknowledged and not stands:
            await desk.replies.beside(visit.response_url, told.message, who=visit.who, channel=visit.channel)

    await desk.afterwards.run(draw(), wait=WAIT_SECONDS)
    acknowledged = True
    return told.message if stands is False else None


async def _greeted(desk: Desk, visit: Visit, text: str) -> Told:
    told = await run(desk, visit, text)
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            newcomer = await desk.tracker.people.met(visit.act)
    except Exception as error:
        # What was done is done; who can not be greeted now is told that, and not that something went wrong.
        log.info("nobody could be greeted: %s", type(error).__name__)
        newcomer = None
    if newcomer is None:
        return told
    drawn = notices.greeted(newcomer, told.drawn) if told.drawn else None
    return Told(notices.greeted(newcomer, told.message), drawn)


async def run(desk: Desk, visit: Visit, text: str) -> Told:
    """Raises what tracking raises but for what can be answered with a choice: an overlap, or a project that is
    unknown, archived or one of several."""
    try:
        return await _answer(desk, visit, understood(text))
    except AmbiguousProject as error:
        return Told(project_questions.ambiguous_project(error, text, visit.origin))
    except ArchivedProject as error:
        return Told(project_questions.archived_project(error, text, visit.origin))
    except UnknownProject as error:
        return Told(notices.unknown_project(error, text, visit.origin))
    except Taken as taken:
        return room_question(taken, visit)


async def _answer(desk: Desk, visit: Visit, intent: Intent) -> Told:
    match intent:
        case Unknown():
            return Told(notices.unknown_command(intent, visit.origin))
        case Help(about):
            return Told(notices.help_page(about))
        case OpenForm(form):
            return await _with_form(desk, visit, form)
        case ListProjects() | MakeProject() | RenameProject() | ArchiveProject() | Here():
            return await _of_projects(desk, visit, intent)
        case ShowDay() | Report() | ShowTeam() | Export() | HowToImport() | SubmitWeek():
            return await _reported(desk, visit, intent)
        case SetPreferences() | TakeOff() | DigestNow() | GiveRole() | SetZone():
            return await _chosen(desk, visit, intent)
        case MakeToken() | RevokeToken() | MakeLinkCode() | EndMyLink() | ShowAccess():
            return await access.answer_access(desk, visit, intent)
        case Connect() | ListEndpoints() | Disconnect():
            return await endpoints.answered(desk, visit, intent)
        case _:
            return await _of_timers(desk, visit, intent)


async def _of_timers(desk: Desk, visit: Visit, intent: TimerIntent) -> Told:
    timers, act, channel = desk.tracker.timers, visit.act, visit.channel
    match intent:
        case Status():
            answer = await timers.status(act)
        case Start(wish):
            answer = await timers.start(act, replace(wish, channel=channel))
        case Stop(when):
            answer = await timers.stop(act, when=when)
        case Log(wish):
            answer = await timers.log(act, replace(wish, channel=channel))
        case Resume():
            answer = await timers.resume(act)
        case Undo():
            answer = await timers.undo_last(act)
        case Delete():
            shown = await timers.show(act)
            if shown.entry is None:
                raise NotFound("There is no entry to delete.")
            return Told(delete_question(shown.entry, shown.person, shown.at, visit.origin))
    return Told(timer_card(answer, visit.origin))


async def _of_projects(desk: Desk, visit: Visit, intent: ProjectIntent) -> Told:
    projects, act = desk.tracker.projects, visit.act
    match intent:
        case ListProjects():
            return Told(notices.project_list(await projects.all(act), visit.origin))
        case MakeProject(title):
            return Told(notices.project(await projects.make(act, title)))
        case RenameProject(name, title):
            return Told(notices.project(await projects.rename(act, name, title)))
        case ArchiveProject(name):
            return Told(notices.project(await projects.archive(act, name)))
        case Here():
            return Told(notices.channel_project(await _here(desk, visit, intent)))


async def _here(desk: Desk, visit: Visit, intent: Here) -> ChannelProject:
    projects, act, channel = desk.tracker.projects, visit.act, visit.channel
    if channel is None or channel.startswith("D"):
        raise NotFound("Only channels have a project of their own. Type `/track here api` in one.")
    if intent.nothing:
        return await projects.unbind(act, channel)
    if intent.name:
        return await projects.bind(act, channel, intent.name)
    return await projects.of_channel(act, channel)


async def _reported(desk: Desk, visit: Visit, intent: Shown) -> Told:
    match intent:
        case ShowDay(named):
            return day_told(await desk.tracker.reports.today(visit.act, named), visit)
        case Report(said, by):
            report = await desk.tracker.reports.period(visit.act, said, by)
            return Told(period_view.whole_period(report), period_view.whole_period(report, plain=False))
        case Export(wish):
            return Told(exports.on_its_way(await desk.tracker.exports.ask(visit.act, wish)))
        case SubmitWeek(said):
            return await weeks.submitted(desk, visit, said)
        case HowToImport():
            return Told(imports.how_to())
        case ShowTeam():
            return Told(people.team_now(await desk.tracker.team.now(visit.act)))


async def _chosen(desk: Desk, visit: Visit, intent: Chosen) -> Told:
    act = visit.act
    match intent:
        case SetPreferences(wish):
            wish = _placed(wish, visit.channel)
            return Told(people.preferences(await desk.tracker.settings.save(act, wish), visit.origin))
        case TakeOff(wish):
            return Told(people.preferences(await desk.tracker.days_off.take_off(act, wish), visit.origin))
        case DigestNow():
            return Told(day.digest_on_its_way(await desk.tracker.digests.preview(act)))
        case GiveRole(to, role):
            return Told(people.role_given(await desk.tracker.team.give_role(act, to=to, role=role)))
        case SetZone(zone):
            if zone:
                return Told(people.zone(await desk.tracker.people.set_zone(act, zone)))
            here = await desk.tracker.people.now(desk.workspace.id, visit.who, needs=Needs.STANDING)
            return Told(people.zone(here.person))


def _placed(wish: PreferencesWish, channel: str | None) -> PreferencesWish:
    """Where "here" is."""
    if wish.team is None or not wish.team.here:
        return wish
    if channel is None or channel.startswith("D"):
        raise NotFound("Only in a channel others can read it. Type `/track digest team here` in one.")
    return replace(wish, team=replace(wish.team, channel=channel))


async def _with_form(desk: Desk, visit: Visit, form: Form) -> Told:
    """The form comes up over a message that says how things stand, which has a button for it too."""
    value = ""
    match form:
        case Form.EDIT:
            answer = await desk.tracker.timers.show(visit.act)
            told, value = timer_card(answer, visit.origin), str(answer.entry.id) if answer.entry else ""
        case Form.SETTINGS:
            told = people.preferences(await desk.tracker.settings.show(visit.act), visit.origin)
        case Form.PROJECT:
            told = notices.project_list(await desk.tracker.projects.all(visit.act), visit.origin)
        case Form.START | Form.LOG:
            told = timer_card(await desk.tracker.timers.status(visit.act), visit.origin)
    await open_later(desk, visit, form, value)
    return Told(told)
