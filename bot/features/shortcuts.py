"""Slack's shortcuts: one from anywhere, and one on any message, in threads too, where commands do not work."""

import re
from dataclasses import dataclass, replace
from typing import Any

from bot.commands.intents import Form
from bot.commands.table import plain
from bot.interaction import interactions
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext, Failure, Interaction, Newcomer
from bot.interaction.message_notes import text_of_message
from bot.interaction.modals import open_form
from bot.interaction.responses import room_question, told
from bot.slack.directory import LONGEST_NAME
from bot.views.blocks import Response
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


async def start_timer(context: BotContext, body: Payload) -> None:
    """A form; what came of it is a direct message, for the shortcut has no channel."""
    interaction = replace(interactions.by_shortcut(context, body), message_ref=None)
    trouble = await context.attempt(
        interaction.who, lambda: open_form(context, interaction, Form.START, by_message=True)
    )
    if isinstance(trouble, Failure):
        await context.response_client.explain(None, trouble.sentence, who=interaction.who, channel=None)


async def track_message(context: BotContext, body: Payload) -> None:
    """Starts a timer whose note is the message, with a link back to it and the channel's project."""
    interaction, message = interactions.by_shortcut(context, body), body["message"]
    named = str(body["user"].get("name") or body["user"].get("username") or interaction.who)
    newcomer = Newcomer(name=storable(named)[:LONGEST_NAME], payload=body)
    answer = await context.attempt(
        interaction.who, lambda: _started(context, interaction, message), newcomer=newcomer
    )
    said = refusal(answer.sentence) if isinstance(answer, Failure) else answer.message
    saying = context.response_client.beside(
        interaction.response_url,
        said,
        who=interaction.who,
        channel=interaction.channel,
        thread=message.get("thread_ts"),
    )
    await context.background.run(saying, wait=WAIT_SECONDS)


async def _started(context: BotContext, interaction: Interaction, message: Payload) -> Response:
    link = await context.modals.permalink(interaction.channel or "", message["ts"])
    work = Work(note=await _note(context, text_of_message(message)))
    wish = StartWish(work=work, channel=interaction.channel, link=link)
    try:
        return await told(
            context,
            interaction,
            await context.services.timers.start_unless_running(interaction.request, wish),
        )
    except Taken as taken:
        return room_question(taken, interaction)


async def _note(context: BotContext, text: str) -> str:
    """The message as it reads: Slack sends people in it as bare ids."""
    found = await context.services.people.names(context.workspace.id, _MENTION.findall(text)[:MOST_MENTIONS])
    note = plain(_MENTION.sub(lambda mention: f"@{found.get(mention[1], 'someone')}", text))
    return note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1].rstrip() + "…"


_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,20})>")
MOST_MENTIONS = 20
