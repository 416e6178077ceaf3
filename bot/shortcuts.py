"""Slack's shortcuts: one from anywhere, and one on any message, in threads too, where commands do not work."""

from dataclasses import dataclass, replace
from typing import Any

from bot import visits
from bot.desk import Desk, Trouble, Visit
from bot.grammar import plain
from bot.intents import Form
from bot.opening import open_form
from bot.showing import room_question, told
from bot.views.blocks import Told
from bot.views.notices import refusal
from domain.entries import LONGEST_NOTE, StartWish, Work
from domain.overlaps import Taken


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`kind` is "global" or "message"; the name is what Slack's menus say."""

    name: str
    callback_id: str
    kind: str


START_TIMER, TRACK_MESSAGE = "start_timer", "track_message"
SHORTCUTS = (
    Shortcut("Start a timer", START_TIMER, "global"),
    Shortcut("Track time on this", TRACK_MESSAGE, "message"),
)
WAIT_SECONDS = 0.5
Payload = dict[str, Any]


async def start_timer(desk: Desk, body: Payload) -> None:
    """A form; what came of it is a direct message, for the shortcut has no channel."""
    visit = replace(visits.by_shortcut(desk, body), origin=None)
    trouble = await desk.attempt(visit.who, lambda: open_form(desk, visit, Form.START, by_message=True))
    if isinstance(trouble, Trouble):
        await desk.replies.explain(None, trouble.sentence, who=visit.who, channel=None)


async def track_message(desk: Desk, body: Payload) -> None:
    """Starts a timer whose note is the message, with a link back to it and the channel's project."""
    visit, message = visits.by_shortcut(desk, body), body["message"]
    link = await desk.screens.permalink(visit.channel or "", message["ts"])
    wish = StartWish(work=Work(note=_note(message)), channel=visit.channel, link=link)
    answer = await desk.attempt(visit.who, lambda: _started(desk, visit, wish))
    said = refusal(answer.sentence) if isinstance(answer, Trouble) else answer.message
    saying = desk.replies.beside(
        visit.response_url, said, who=visit.who, channel=visit.channel, thread=message.get("thread_ts")
    )
    await desk.afterwards.run(saying, wait=WAIT_SECONDS)


async def _started(desk: Desk, visit: Visit, wish: StartWish) -> Told:
    try:
        return await told(desk, visit, await desk.tracker.timers.start_unless_running(visit.act, wish))
    except Taken as taken:
        return room_question(taken, visit)


def _note(message: Payload) -> str:
    text = plain(str(message.get("text") or ""))
    return text if len(text) <= LONGEST_NOTE else text[: LONGEST_NOTE - 1].rstrip() + "…"
