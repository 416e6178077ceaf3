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
from bot.interaction.context import OUT_OF_DATE, Desk, Trouble, Visit, day_in, id_in, instant_in, version_in
from bot.interaction.modals import open_form
from bot.interaction.responses import day_told, of_day, room_question
from bot.views import form_context, forms, notices
from bot.views.blocks import ActionId, EntryChoice, Told, action_named
from bot.views.timer import name_of
from domain.entries.entries import Change, StartWish, TimerAnswer, Work
from domain.entries.overlaps import Room, Taken, Way
from domain.errors import ChangedMeanwhile, Refusal
from domain.projects.project_names import ArchivedProject
from domain.time.durations import spoken

# None leaves everything as it is: a form came up, or what was pressed is on Home, which is published anew.
Payload = dict[str, Any]
Handler = Callable[[Desk, Visit, str], Awaitable[Told | None]]


async def _stop(desk: Desk, visit: Visit, value: str) -> Told | None:
    return await _shown(desk, visit, await desk.tracker.timers.stop(visit.act, entry_id=id_in(value)))


async def _resume(desk: Desk, visit: Visit, value: str) -> Told | None:
    return await _shown(desk, visit, await desk.tracker.timers.resume(visit.act, entry_id=id_in(value)))


async def _start_on(desk: Desk, visit: Visit, value: str) -> Told | None:
    wish = StartWish(work=Work(project_id=id_in(value)))
    return await _shown(desk, visit, await desk.tracker.timers.start_unless_running(visit.act, wish))


async def _undo(desk: Desk, visit: Visit, value: str) -> Told | None:
    return await _shown(desk, visit, await desk.tracker.timers.undo(visit.act, act_id=id_in(value)))


async def _delete(desk: Desk, visit: Visit, value: str) -> Told | None:
    entry_id, seen = version_in(value)
    answer = await desk.tracker.timers.delete(visit.act, entry_id=entry_id, seen_version=seen)
    return await _shown(desk, visit, answer)


async def _keep(desk: Desk, visit: Visit, value: str) -> Told | None:
    if not value:
        return await responses.unchanged(desk, visit)
    return await _shown(desk, visit, await desk.tracker.timers.show(visit.act, entry_id=id_in(value)))


async def _file_under(desk: Desk, visit: Visit, value: str) -> Told | None:
    entry, _, title = value.partition(" ")
    answer = await desk.tracker.timers.file_under(visit.act, entry_id=id_in(entry), title=title)
    return await _shown(desk, visit, answer)


async def _make_project(desk: Desk, visit: Visit, value: str) -> Told | None:
    act, channel, tracker = visit.act, visit.channel, desk.tracker
    match understood(value):
        case Start(wish):
            wish = replace(wish, make_project=True, channel=channel)
            return await _shown(desk, visit, await tracker.timers.start(act, wish))
        case Log(said):
            said = replace(said, make_project=True, channel=channel)
            return await _shown(desk, visit, await tracker.timers.log(act, said))
        case Here(name) if channel:
            return Told(notices.channel_project(await tracker.projects.bind(act, channel, name, make=True)))
    raise Refusal(OUT_OF_DATE)


async def _on_project(desk: Desk, visit: Visit, value: str) -> Told | None:
    done = await do_on_project(desk, visit, value)
    return done if isinstance(done, Told) else await _shown(desk, visit, done)


async def _make_room(desk: Desk, visit: Visit, value: str) -> Told | None:
    way, _, text = value.partition(" ")
    context = form_context.read(text)
    if way not in set(Way) or context.claim is None:
        raise Refusal(OUT_OF_DATE)
    answer = await desk.tracker.timers.resolve(
        visit.act, claim=context.claim, room=Room(way=Way(way), seen=context.seen)
    )
    return await _shown(desk, visit, answer)


async def _run(desk: Desk, visit: Visit, value: str) -> Told | None:
    return await dispatch.run(desk, visit, value)


async def _show_day(desk: Desk, visit: Visit, _value: str) -> Told | None:
    return day_told(await desk.tracker.reports.today(visit.act), visit)


async def _confirm_day(desk: Desk, visit: Visit, value: str) -> Told | None:
    said, _, seen = value.partition(" ")
    day = day_in(said)
    try:
        return of_day(await desk.tracker.days.confirm(visit.act, day, seen=seen), visit)
    except ChangedMeanwhile as changed:
        now = await desk.tracker.reports.day(desk.workspace.id, visit.who, day)
        return of_day(now, visit, said=changed.sentence)


async def _reopen_day(desk: Desk, visit: Visit, value: str) -> Told | None:
    return of_day(await desk.tracker.days.reopen(visit.act, day_in(value)), visit)


async def _keep_running(desk: Desk, visit: Visit, value: str) -> Told | None:
    return await _shown(desk, visit, await desk.tracker.watching.keep(visit.act, entry_id=id_in(value)))


async def _stop_at(desk: Desk, visit: Visit, value: str) -> Told | None:
    entry, _, said = value.partition(" ")
    answer = await desk.tracker.timers.stop(visit.act, when=instant_in(said), entry_id=id_in(entry))
    return await _shown(desk, visit, answer)


async def _confirm_entry(desk: Desk, visit: Visit, value: str) -> Told | None:
    return await _shown(desk, visit, await desk.tracker.watching.confirm(visit.act, entry_id=id_in(value)))


async def _accept(desk: Desk, visit: Visit, value: str) -> Told | None:
    suggestion, _ = _suggested(value)
    return await _shown(desk, visit, await desk.tracker.suggestions.accept(visit.act, suggestion))


async def _ignore(desk: Desk, visit: Visit, value: str) -> Told | None:
    suggestion, day = _suggested(value)
    return of_day(await desk.tracker.suggestions.ignore(visit.act, suggestion, day), visit)


async def _offer_again(desk: Desk, visit: Visit, value: str) -> Told | None:
    return of_day(await desk.tracker.suggestions.offer_again(visit.act, day_in(value)), visit)


def _suggested(value: str) -> tuple[UUID, date]:
    """A suggestion, and the day that it was pressed in."""
    suggestion, _, day = value.partition(" ")
    return id_in(suggestion), day_in(day)


def _opens(form: Form) -> Handler:
    async def handler(desk: Desk, visit: Visit, value: str) -> None:
        await open_form(desk, visit, form, value)

    return handler


async def _entry_menu(desk: Desk, visit: Visit, value: str) -> Told | None:
    choice, _, entry = value.partition(" ")
    match choice:
        case EntryChoice.EDIT:
            await open_form(desk, visit, Form.EDIT, entry)
            return None
        case EntryChoice.RESUME:
            return await _resume(desk, visit, entry)
        case EntryChoice.DELETE:
            return await _delete(desk, visit, entry)
        case EntryChoice.SHARE if visit.channel:
            if visit.channel.startswith("D"):
                raise Refusal("Nobody else reads these messages. A card in a channel can be shared there.")
            card = visit.origin.card_id if visit.origin else ""
            act = desk.act("share", f"{card}:{visit.channel}:{entry}", visit.who)  # once from each card
            await desk.tracker.timers.share(act, entry_id=id_in(entry), channel=visit.channel)
            await desk.replies.explain(
                visit.response_url,
                "It will stand here in a moment, for everybody to see. Only you can press its buttons.",
                who=visit.who,
                channel=visit.channel,
            )
            return None
    raise Refusal(OUT_OF_DATE)


async def _shown(desk: Desk, visit: Visit, answer: TimerAnswer) -> Told | None:
    if not visit.on_home:
        return await responses.told(desk, visit, answer)
    if (title := _SAID_ON_HOME.get(answer.change)) and answer.entry:
        what = f"“{name_of(answer.entry)}”, {spoken(answer.entry.length(answer.at))}."
        more = " `/track undo` brings it back." if answer.change is Change.DELETED else ""
        # It is done, whether Slack lets it be said or not.
        await desk.attempt(
            visit.who, lambda: desk.screens.open(visit.trigger_id, forms.notice(what + more, title=title))
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


async def pressed(desk: Desk, body: Payload, action: Payload) -> None:
    """Does what the button says, and makes its message say what is true then."""
    name = action_named(action["action_id"])
    if name not in BUTTONS:
        return  # a field of a form, which is read when the form is sent
    action_id, value = ActionId(name), interactions.pressed_value(action)
    visit = interactions.by_press(desk, body, action, question=_question(action_id, value))
    told = await desk.attempt(visit.who, lambda: _owned(desk, visit, action_id, value))
    if isinstance(told, Trouble):
        await desk.afterwards.run(_explain(desk, visit, told.sentence), wait=WAIT_SECONDS)
    elif told and visit.response_url:
        await desk.afterwards.run(responses.show(desk, visit, told), wait=WAIT_SECONDS)
    elif visit.on_home:
        await home.refresh(desk, wait=WAIT_SECONDS)


async def _owned(desk: Desk, visit: Visit, action_id: ActionId, value: str) -> Told | None:
    if visit.origin and visit.origin.owner != visit.who:
        raise Refusal(
            "That is somebody else's card, and only they can press its buttons. `/track` shows yours."
        )
    try:
        return await BUTTONS[action_id](desk, visit, value)
    except Taken as taken:
        return room_question(taken, visit)
    except ArchivedProject as archived:  # the card stays as it is; this is said beside it
        raise Refusal(
            f"{archived.sentence} `/track project new {archived.project.title}` brings it back."
        ) from None


async def _explain(desk: Desk, visit: Visit, sentence: str) -> None:
    """Beside the message that was pressed, which stays as it is; on Home and in a form, in front of it."""
    if visit.view is None:
        await desk.replies.explain(visit.response_url, sentence, who=visit.who, channel=visit.channel)
        return
    notice = forms.notice(sentence)
    trouble = await desk.attempt(
        visit.who, lambda: desk.screens.open(visit.trigger_id, notice, push=not visit.on_home)
    )
    if isinstance(trouble, Trouble):
        await desk.replies.explain(None, sentence, who=visit.who, channel=None)
