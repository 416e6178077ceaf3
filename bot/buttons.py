"""What each button does. Presses find their handler in a table, by action id."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import date

from bot.desk import Desk, entry_id_of
from bot.grammar import understood
from bot.intents import Log, Start
from bot.views import day
from bot.views.blocks import ActionId, Message
from bot.views.timer import timer_card
from domain.acts import Act
from domain.errors import Refusal


@dataclass(frozen=True, slots=True)
class Press:
    act: Act
    value: str


async def _stop(desk: Desk, press: Press) -> Message:
    return timer_card(await desk.tracker.timers.stop(press.act, entry_id=entry_id_of(press.value)))


async def _resume(desk: Desk, press: Press) -> Message:
    return timer_card(await desk.tracker.timers.resume(press.act, entry_id=entry_id_of(press.value)))


async def _undo(desk: Desk, press: Press) -> Message:
    return timer_card(await desk.tracker.timers.undo(press.act, act_id=entry_id_of(press.value)))


async def _file_under(desk: Desk, press: Press) -> Message:
    entry, _, title = press.value.partition(" ")
    return timer_card(
        await desk.tracker.timers.file_under(press.act, entry_id=entry_id_of(entry), title=title)
    )


async def _make_project(desk: Desk, press: Press) -> Message:
    match understood(press.value):
        case Start(wish):
            started = await desk.tracker.timers.start(press.act, replace(wish, make_project=True))
            return timer_card(started)
        case Log(wish):
            return timer_card(await desk.tracker.timers.log(press.act, replace(wish, make_project=True)))
    raise Refusal("That button is from another time. `/track` shows what is true now.")


async def _run(desk: Desk, press: Press) -> Message:
    return await desk.command(press.act, press.value)


async def _digest_stop(desk: Desk, press: Press) -> Message:
    entry, _, day_text = press.value.partition(" ")
    await desk.tracker.timers.stop(press.act, entry_id=entry_id_of(entry))
    return await _digest_again(desk, press, day_text)


async def _digest_resume(desk: Desk, press: Press) -> Message:
    entry, _, day_text = press.value.partition(" ")
    await desk.tracker.timers.resume(press.act, entry_id=entry_id_of(entry))
    return await _digest_again(desk, press, day_text)


async def _digest_again(desk: Desk, press: Press, day_text: str) -> Message:
    """The digest as it is true now, in the place of the one that was pressed."""
    try:
        of = date.fromisoformat(day_text)
    except ValueError:
        raise Refusal("That button is from another time. `/track today` shows your day.") from None
    return day.digest(await desk.tracker.reports.day(desk.workspace.id, press.act.who, of))


BUTTONS: dict[ActionId, Callable[[Desk, Press], Awaitable[Message]]] = {
    ActionId.STOP: _stop,
    ActionId.RESUME: _resume,
    ActionId.UNDO: _undo,
    ActionId.FILE_UNDER: _file_under,
    ActionId.MAKE_PROJECT: _make_project,
    ActionId.RUN: _run,
    ActionId.DIGEST_STOP: _digest_stop,
    ActionId.DIGEST_RESUME: _digest_resume,
}


async def pressed(desk: Desk, press: Press, action_id: str) -> Message:
    """What the message that was pressed says from now on."""
    if action_id not in BUTTONS:
        raise Refusal("I don't know that button any more. `/track` shows what is true now.")
    return await BUTTONS[ActionId(action_id)](desk, press)
