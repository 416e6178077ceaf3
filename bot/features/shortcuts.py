"""Slack's shortcuts: one from anywhere, and one on any message, in threads too, where commands do not work."""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.intents import Form
from bot.commands.table import plain
from bot.interaction import interactions
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import Desk, Newcomer, Trouble, Visit
from bot.interaction.message_notes import text_of_message
from bot.interaction.modals import open_form
from bot.interaction.responses import room_question, told
from bot.slack.directory import LONGEST_NAME
from bot.views.blocks import Told
from bot.views.notices import refusal
from domain.entries.entries import LONGEST_NOTE, StartWish, Work
from domain.entries.overlaps import Taken
from domain.text import storable


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
Payload = dict[str, Any]


async def start_timer(desk: Desk, body: Payload) -> None:
    """A form; what came of it is a direct message, for the shortcut has no channel."""
    visit = replace(interactions.by_shortcut(desk, body), origin=None)
    trouble = await desk.attempt(visit.who, lambda: open_form(desk, visit, Form.START, by_message=True))
    if isinstance(trouble, Trouble):
        await desk.replies.explain(None, trouble.sentence, who=visit.who, channel=None)


async def track_message(desk: Desk, body: Payload) -> None:
    """Starts a timer whose note is the message, with a link back to it and the channel's project."""
    visit, message = interactions.by_shortcut(desk, body), body["message"]
    named = str(body["user"].get("name") or body["user"].get("username") or visit.who)
    newcomer = Newcomer(name=storable(named)[:LONGEST_NAME], payload=body)
    answer = await desk.attempt(visit.who, lambda: _started(desk, visit, message), newcomer=newcomer)
    said = refusal(answer.sentence) if isinstance(answer, Trouble) else answer.message
    saying = desk.replies.beside(
        visit.response_url, said, who=visit.who, channel=visit.channel, thread=message.get("thread_ts")
    )
    await desk.afterwards.run(saying, wait=WAIT_SECONDS)


async def _started(desk: Desk, visit: Visit, message: Payload) -> Told:
    link = await desk.screens.permalink(visit.channel or "", message["ts"])
    work = Work(note=await _note(desk, text_of_message(message)))
    wish = StartWish(work=work, channel=visit.channel, link=link)
    try:
        return await told(desk, visit, await desk.tracker.timers.start_unless_running(visit.act, wish))
    except Taken as taken:
        return room_question(taken, visit)


async def _note(desk: Desk, text: str) -> str:
    """The message as it reads: Slack sends people in it as bare ids."""
    found = await desk.tracker.people.names(desk.workspace.id, _MENTION.findall(text)[:MOST_MENTIONS])
    note = plain(_MENTION.sub(lambda mention: f"@{found.get(mention[1], 'someone')}", text))
    return note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1].rstrip() + "…"


_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,20})>")
MOST_MENTIONS = 20
