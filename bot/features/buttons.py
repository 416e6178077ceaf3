"""What each button and menu does. Presses find their handler in a table, by action id."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from bot.commands import dispatch
from bot.commands.intents import Form, Here, Log, Start
from bot.commands.table import understood
from bot.features import access, endpoints, home, imports, weeks
from bot.features.forms import entry_chosen, entry_deleted
from bot.features.project_choices import do_on_project
from bot.interaction import interactions, responses
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import (
    OUT_OF_DATE,
    BotContext,
    Failure,
    Interaction,
    day_in,
    id_in,
    instant_in,
    version_in,
)
from bot.interaction.modals import open_form
from bot.interaction.responses import day_told, of_day, room_question
from bot.views import form_context, forms, notices
from bot.views.blocks import ActionId, EntryChoice, Response, action_named
from bot.views.timer import name_of
from domain.entries.entries import Change, StartWish, TimerAnswer, Work
from domain.entries.overlaps import Room, Taken, Way
from domain.errors import ChangedMeanwhile, Refusal
from domain.projects.project_names import ArchivedProject
from domain.time.durations import format_duration

# None leaves everything as it is: a form came up, or what was pressed is on Home, which is published anew.
Payload = dict[str, Any]
Handler = Callable[[BotContext, Interaction, str], Awaitable[Response | None]]


async def _stop(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return await _shown(
        context, interaction, await context.services.timers.stop(interaction.request, entry_id=id_in(value))
    )


async def _resume(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return await _shown(
        context, interaction, await context.services.timers.resume(interaction.request, entry_id=id_in(value))
    )


async def _start_on(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    wish = StartWish(work=Work(project_id=id_in(value)))
    return await _shown(
        context, interaction, await context.services.timers.start_unless_running(interaction.request, wish)
    )


async def _undo(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return await _shown(
        context, interaction, await context.services.timers.undo(interaction.request, act_id=id_in(value))
    )


async def _delete(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    entry_id, seen = version_in(value)
    answer = await context.services.timers.delete(interaction.request, entry_id=entry_id, seen_version=seen)
    return await _shown(context, interaction, answer)


async def _keep(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    if not value:
        return await responses.unchanged(context, interaction)
    return await _shown(
        context, interaction, await context.services.timers.show(interaction.request, entry_id=id_in(value))
    )


async def _file_under(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    entry, _, title = value.partition(" ")
    answer = await context.services.timers.file_under(interaction.request, entry_id=id_in(entry), title=title)
    return await _shown(context, interaction, answer)


async def _make_project(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    request, channel, services = interaction.request, interaction.channel, context.services
    match understood(value):
        case Start(wish):
            wish = replace(wish, make_project=True, channel=channel)
            return await _shown(context, interaction, await services.timers.start(request, wish))
        case Log(said):
            said = replace(said, make_project=True, channel=channel)
            return await _shown(context, interaction, await services.timers.log(request, said))
        case Here(name) if channel:
            return Response(
                notices.channel_project(await services.projects.bind(request, channel, name, make=True))
            )
    raise Refusal(OUT_OF_DATE)


async def _on_project(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    done = await do_on_project(context, interaction, value)
    return done if isinstance(done, Response) else await _shown(context, interaction, done)


async def _make_room(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    way, _, text = value.partition(" ")
    form_state = form_context.read(text)
    if way not in set(Way) or form_state.claim is None:
        raise Refusal(OUT_OF_DATE)
    answer = await context.services.timers.resolve(
        interaction.request, claim=form_state.claim, room=Room(way=Way(way), seen=form_state.seen)
    )
    return await _shown(context, interaction, answer)


async def _run(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return await dispatch.run(context, interaction, value)


async def _show_day(context: BotContext, interaction: Interaction, _value: str) -> Response | None:
    return day_told(await context.services.reports.today(interaction.request), interaction)


async def _confirm_day(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    said, _, seen = value.partition(" ")
    day = day_in(said)
    try:
        return of_day(await context.services.days.confirm(interaction.request, day, seen=seen), interaction)
    except ChangedMeanwhile as changed:
        now = await context.services.reports.day(context.workspace.id, interaction.who, day)
        return of_day(now, interaction, said=changed.sentence)


async def _reopen_day(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return of_day(await context.services.days.reopen(interaction.request, day_in(value)), interaction)


async def _keep_running(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return await _shown(
        context, interaction, await context.services.watching.keep(interaction.request, entry_id=id_in(value))
    )


async def _stop_at(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    entry, _, said = value.partition(" ")
    answer = await context.services.timers.stop(
        interaction.request, when=instant_in(said), entry_id=id_in(entry)
    )
    return await _shown(context, interaction, answer)


async def _confirm_entry(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return await _shown(
        context,
        interaction,
        await context.services.watching.confirm(interaction.request, entry_id=id_in(value)),
    )


async def _accept(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    suggestion, _ = _suggested(value)
    return await _shown(
        context, interaction, await context.services.suggestions.accept(interaction.request, suggestion)
    )


async def _ignore(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    suggestion, day = _suggested(value)
    return of_day(
        await context.services.suggestions.ignore(interaction.request, suggestion, day), interaction
    )


async def _offer_again(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    return of_day(
        await context.services.suggestions.offer_again(interaction.request, day_in(value)), interaction
    )


def _suggested(value: str) -> tuple[UUID, date]:
    """A suggestion, and the day that it was pressed in."""
    suggestion, _, day = value.partition(" ")
    return id_in(suggestion), day_in(day)


def _opens(form: Form) -> Handler:
    async def handler(context: BotContext, interaction: Interaction, value: str) -> None:
        await open_form(context, interaction, form, value)

    return handler


async def _entry_menu(context: BotContext, interaction: Interaction, value: str) -> Response | None:
    choice, _, entry = value.partition(" ")
    match choice:
        case EntryChoice.EDIT:
            await open_form(context, interaction, Form.EDIT, entry)
            return None
        case EntryChoice.RESUME:
            return await _resume(context, interaction, entry)
        case EntryChoice.DELETE:
            return await _delete(context, interaction, entry)
        case EntryChoice.SHARE if interaction.channel:
            if interaction.channel.startswith("D"):
                raise Refusal("Nobody else reads these messages. A card in a channel can be shared there.")
            card = interaction.message_ref.card_id if interaction.message_ref else ""
            request = context.request(
                "share", f"{card}:{interaction.channel}:{entry}", interaction.who
            )  # once from each card
            await context.services.timers.share(request, entry_id=id_in(entry), channel=interaction.channel)
            await context.response_client.explain(
                interaction.response_url,
                "It will stand here in a moment, for everybody to see. Only you can press its buttons.",
                who=interaction.who,
                channel=interaction.channel,
            )
            return None
    raise Refusal(OUT_OF_DATE)


async def _shown(context: BotContext, interaction: Interaction, answer: TimerAnswer) -> Response | None:
    if not interaction.on_home:
        return await responses.told(context, interaction, answer)
    if (title := _SAID_ON_HOME.get(answer.change)) and answer.entry:
        what = f"“{name_of(answer.entry)}”, {format_duration(answer.entry.length(answer.at))}."
        more = " `/track undo` brings it back." if answer.change is Change.DELETED else ""
        # It is done, whether Slack lets it be said or not.
        await context.attempt(
            interaction.who,
            lambda: context.modals.open(interaction.trigger_id, forms.notice(what + more, title=title)),
        )
    return None


# What Home itself does not show once it is published anew.
_SAID_ON_HOME = {Change.DELETED: "Deleted", Change.ALREADY_STOPPED: "Already stopped"}


BUTTONS: dict[ActionId, Handler] = {
    ActionId.STOP: _stop,
    ActionId.RESUME: _resume,
    ActionId.START_ON: _start_on,
    ActionId.UNDO: _undo,
    ActionId.DELETE: _delete,
    ActionId.KEEP: _keep,
    ActionId.FILE_UNDER: _file_under,
    ActionId.MAKE_PROJECT: _make_project,
    ActionId.ON_PROJECT: _on_project,
    ActionId.MAKE_ROOM: _make_room,
    ActionId.IMPORT: imports.carry_out,
    ActionId.READ_DATES: imports.read_dates,
    ActionId.CANCEL_IMPORT: imports.cancel,
    ActionId.IMPORT_PERSON: imports.choose_person,
    ActionId.OPEN_IMPORT: _opens(Form.IMPORT),
    ActionId.RUN: _run,
    ActionId.SHOW_DAY: _show_day,
    ActionId.ENTRY_MENU: _entry_menu,
    ActionId.OPEN_START: _opens(Form.START),
    ActionId.OPEN_LOG: _opens(Form.LOG),
    ActionId.OPEN_EDIT: _opens(Form.EDIT),
    ActionId.OPEN_PROJECT: _opens(Form.PROJECT),
    ActionId.OPEN_SETTINGS: _opens(Form.SETTINGS),
    ActionId.PICK_ENTRY: entry_chosen,
    ActionId.MODAL_DELETE: entry_deleted,
    ActionId.CONFIRM_DAY: _confirm_day,
    ActionId.REOPEN_DAY: _reopen_day,
    ActionId.SUBMIT_WEEK: weeks.submit_again,
    ActionId.TAKE_BACK_WEEK: weeks.take_back,
    ActionId.APPROVE_WEEK: weeks.approve,
    ActionId.OPEN_RETURN: weeks.open_return,
    ActionId.OPEN_DECISION: weeks.open_decision,
    ActionId.KEEP_RUNNING: _keep_running,
    ActionId.STOP_AT: _stop_at,
    ActionId.CONFIRM_ENTRY: _confirm_entry,
    ActionId.ACCEPT: _accept,
    ActionId.OPEN_SUGGESTION: _opens(Form.SUGGESTION),
    ActionId.IGNORE: _ignore,
    ActionId.OFFER_AGAIN: _offer_again,
    ActionId.ROTATE: endpoints.secret_rotated,
    ActionId.DISCONNECT: endpoints.disconnected,
    ActionId.END_TOKEN: access.revoke_token,
    ActionId.END_LINK: access.end_link,
}
# Questions are answered once: a second press is told what the first one did. The others say which entry they mean,
# and find it as it is.
ANSWERED_ONCE = {
    ActionId.IMPORT,
    ActionId.MAKE_PROJECT,
    ActionId.ON_PROJECT,
    ActionId.MAKE_ROOM,
    ActionId.RUN,
    ActionId.ROTATE,
}


def _question(action_id: ActionId, value: str) -> str:
    """Nothing where it is none. The ways to make room are answers to one: what stands behind the way."""
    if action_id not in ANSWERED_ONCE:
        return ""
    return f"{action_id} {value.partition(' ')[2] if action_id is ActionId.MAKE_ROOM else value}"


async def pressed(context: BotContext, body: Payload, action: Payload) -> None:
    """Does what the button says, and makes its message say what is true then."""
    name = action_named(action["action_id"])
    if name not in BUTTONS:
        return  # a field of a form, which is read when the form is sent
    action_id, value = ActionId(name), interactions.pressed_value(action)
    interaction = interactions.by_press(context, body, action, question=_question(action_id, value))
    told = await context.attempt(interaction.who, lambda: _owned(context, interaction, action_id, value))
    if isinstance(told, Failure):
        await context.background.run(_explain(context, interaction, told.sentence), wait=WAIT_SECONDS)
    elif told and interaction.response_url:
        await context.background.run(responses.show(context, interaction, told), wait=WAIT_SECONDS)
    elif interaction.on_home:
        await home.refresh(context, wait=WAIT_SECONDS)


async def _owned(
    context: BotContext, interaction: Interaction, action_id: ActionId, value: str
) -> Response | None:
    if interaction.message_ref and interaction.message_ref.owner != interaction.who:
        raise Refusal(
            "That is somebody else's card, and only they can press its buttons. `/track` shows yours."
        )
    try:
        return await BUTTONS[action_id](context, interaction, value)
    except Taken as taken:
        return room_question(taken, interaction)
    except ArchivedProject as archived:  # the card stays as it is; this is said beside it
        raise Refusal(
            f"{archived.sentence} `/track project new {archived.project.title}` brings it back."
        ) from None


async def _explain(context: BotContext, interaction: Interaction, sentence: str) -> None:
    """Beside the message that was pressed, which stays as it is; on Home and in a form, in front of it."""
    if interaction.view is None:
        await context.response_client.explain(
            interaction.response_url, sentence, who=interaction.who, channel=interaction.channel
        )
        return
    notice = forms.notice(sentence)
    trouble = await context.attempt(
        interaction.who,
        lambda: context.modals.open(interaction.trigger_id, notice, push=not interaction.on_home),
    )
    if isinstance(trouble, Failure):
        await context.response_client.explain(None, sentence, who=interaction.who, channel=None)
