"""Timers: start, stop and resume them, and log past time."""

from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from bot.features.timers import shortcuts
from bot.features.timers.form_views import LOG_FORM, START_FORM
from bot.features.timers.log_form import read_log_form, submit_log
from bot.features.timers.parsers import parse_log, parse_start, parse_stop, parse_switch
from bot.features.timers.start_form import read_start_form, submit_start
from bot.interaction.button_values import OUT_OF_DATE, read_id, read_instant
from bot.interaction.context import BotContext, Command, ProjectChoice
from bot.interaction.features import Button, Feature, Form, ReadForm, Shortcut
from bot.interaction.interactions import Interaction
from bot.interaction.modals import open_beside_answer, open_on_press
from bot.interaction.parsers import parse_alone
from bot.interaction.responses import respond_to_press
from bot.views.blocks import Response
from bot.views.card_actions import OPEN_LOG, OPEN_START, RESUME, STOP
from bot.views.home import START_ON
from bot.views.inputs import EntryField
from bot.views.timer import render_timer_card
from bot.views.watch import KEEP_RUNNING, STOP_AT
from domain.entries.entries import Work
from domain.entries.params import LogParams, StartParams
from domain.errors import Refusal
from domain.time.time_points import TimePoint


async def start(context: BotContext, interaction: Interaction, params: StartParams) -> Response:
    params = replace(params, channel=interaction.channel)
    answer = await context.services.timers.start(interaction.request, params)
    return Response(render_timer_card(answer, interaction.message_ref))


async def switch(context: BotContext, interaction: Interaction, params: StartParams | None) -> Response:
    """Start a timer and stop the running one; without parameters, open the form."""
    if params is None:
        return await _show_status_and_form(context, interaction, read_start_form)
    return await start(context, interaction, params)


async def stop(context: BotContext, interaction: Interaction, when: TimePoint | None) -> Response:
    """Stop the running timer at `when`; None is now."""
    answer = await context.services.timers.stop(interaction.request, when=when)
    return Response(render_timer_card(answer, interaction.message_ref))


async def log(context: BotContext, interaction: Interaction, params: LogParams | None) -> Response:
    """Log past time; without parameters, open the form."""
    if params is None:
        return await _show_status_and_form(context, interaction, read_log_form)
    params = replace(params, channel=interaction.channel)
    answer = await context.services.timers.log(interaction.request, params)
    return Response(render_timer_card(answer, interaction.message_ref))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeParams:
    """Parameters to resume an entry; `bring_back` unarchives its project."""

    bring_back: bool = False


async def resume(context: BotContext, interaction: Interaction, params: ResumeParams) -> Response:
    answer = await context.services.timers.resume(interaction.request, bring_back=params.bring_back)
    return Response(render_timer_card(answer, interaction.message_ref))


def parse_resume(rest: str) -> ResumeParams:
    parse_alone("resume")(rest)
    return ResumeParams()


async def show_status(context: BotContext, interaction: Interaction, _params: None) -> Response:
    answer = await context.services.timers.status(interaction.request)
    return Response(render_timer_card(answer, interaction.message_ref))


async def _show_status_and_form(
    context: BotContext, interaction: Interaction, read_form: ReadForm
) -> Response:
    """Open the form above a card of the running timer. The card has a button for the same form."""
    response = await show_status(context, interaction, None)
    await open_beside_answer(context, interaction, read_form)
    return response


TimerParams = TypeVar("TimerParams", StartParams, LogParams)


def apply_project_choice(params: TimerParams | None, choice: ProjectChoice) -> TimerParams:
    """Put the chosen project into the parameters. Raises Refusal for parameters that name no project."""
    if params is None:
        raise Refusal(OUT_OF_DATE)
    if choice.make:
        return replace(params, make_project=True)
    return replace(params, work=_set_project(params.work, choice.project_id), bring_back=True)


def _set_project(work: Work, project_id: UUID | None) -> Work:
    """Return the work with that project; without one, the project's name moves to the front of the note."""
    if project_id:
        return replace(work, project=None, project_id=project_id)
    name = work.project.name if work.project else ""
    return replace(work, project=None, note=f"{name} {work.note}")


def apply_resume_choice(params: ResumeParams, choice: ProjectChoice) -> ResumeParams:
    """Set `bring_back`. Raises Refusal for the choice to make a project: a resumed entry has one."""
    if choice.make:
        raise Refusal(OUT_OF_DATE)
    return replace(params, bring_back=True)


async def press_stop(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    answer = await context.services.timers.stop(interaction.request, entry_id=read_id(value))
    return await respond_to_press(context, interaction, answer)


async def press_stop_at(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Stop at the instant that the question about a forgotten timer offered."""
    entry, _, instant = value.partition(" ")
    answer = await context.services.timers.stop(
        interaction.request, when=read_instant(instant), entry_id=read_id(entry)
    )
    return await respond_to_press(context, interaction, answer)


async def press_keep_running(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    answer = await context.services.forgotten_timers.keep(interaction.request, entry_id=read_id(value))
    return await respond_to_press(context, interaction, answer)


async def press_resume(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    answer = await context.services.timers.resume(interaction.request, entry_id=read_id(value))
    return await respond_to_press(context, interaction, answer)


async def press_start_on(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    """Start a timer on the chosen project; if one runs on it already, show that timer."""
    params = StartParams(work=Work(project_id=read_id(value)))
    answer = await context.services.timers.start_unless_running(interaction.request, params)
    return await respond_to_press(context, interaction, answer)


FEATURE = Feature(
    commands=(
        Command(
            "start",
            "start [when] [project] [note] [+tag…]",
            "Start a timer. One that is running ends at the same instant.",
            (
                "start api fix login",
                "start 20 min ago api review +client",
                'start "Web site" new footer',
            ),
            parse_start,
            start,
            apply_project_choice=apply_project_choice,
            continue_label="start",
        ),
        Command(
            "switch",
            "switch [when] [project] [note] [+tag…]",
            "The same as start. Alone it opens a form.",
            ("switch support printer", "switch 10 min ago api review"),
            parse_switch,
            switch,
            apply_project_choice=apply_project_choice,
            continue_label="switch",
        ),
        Command(
            "stop",
            "stop [when]",
            "Stop the timer, now or at a time that has passed.",
            ("stop", "stop 17:30", "stop 10 min ago"),
            parse_stop,
            stop,
        ),
        Command(
            "log",
            "log amount-or-range [day] [project] [note] [+tag…]",
            "Record time that has passed. An amount ends now, or goes where its day is free. Alone it opens a form.",
            ("log 1h30 api fix login", "log 9-11:30 yesterday api review", "log 45 min mon support"),
            parse_log,
            log,
            apply_project_choice=apply_project_choice,
            continue_label="log",
        ),
        Command(
            "resume",
            "resume",
            "Start your last work again.",
            ("resume",),
            parse_resume,
            resume,
            apply_project_choice=apply_resume_choice,
            continue_label="resume",
        ),
        Command(
            "status",
            "status",
            "The running timer, and today so far. The same as /track alone.",
            ("status",),
            parse_alone("status"),
            show_status,
            is_default=True,
        ),
    ),
    buttons=(
        Button(STOP, press_stop),
        Button(STOP_AT, press_stop_at),
        Button(KEEP_RUNNING, press_keep_running),
        Button(RESUME, press_resume),
        Button(START_ON, press_start_on),
        Button(OPEN_START, open_on_press(read_start_form)),
        Button(OPEN_LOG, open_on_press(read_log_form)),
    ),
    forms=(
        Form(START_FORM, submit_start, EntryField.WHEN),
        Form(LOG_FORM, submit_log, EntryField.INTERVAL),
    ),
    shortcuts=(
        Shortcut("Start a timer", "start_timer", "global", shortcuts.open_start_form),
        Shortcut("Track time on this", "track_message", "message", shortcuts.start_on_message),
    ),
)
