"""Slack's shortcuts: a global one, and one on any message, which also works in threads, where commands do not."""

import re
from dataclasses import replace
from typing import Any

from bot.features.timers.start_form import read_start_form
from bot.interaction import interactions
from bot.interaction.answers import Failure, attempt, read_newcomer
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext
from bot.interaction.interactions import Interaction
from bot.interaction.message_notes import read_message_text
from bot.interaction.modals import open_form
from bot.interaction.responses import ask_about_overlap, respond_with_answer
from bot.slack.marked_text import read_marked_text
from bot.views.blocks import Response
from bot.views.notices import render_refusal
from domain.entries.entries import LONGEST_NOTE, Work
from domain.entries.overlaps import OverlapConflict
from domain.entries.params import StartParams

Payload = dict[str, Any]


async def open_start_form(context: BotContext, body: Payload) -> None:
    """Open the form that starts a timer. Its answer is a direct message, because a global shortcut has no channel."""
    interaction = replace(interactions.read_shortcut(context.workspace.id, body), message_ref=None)
    outcome = await attempt(
        context, interaction.who, lambda: open_form(context, interaction, read_start_form, by_message=True)
    )
    if isinstance(outcome, Failure):
        await context.response_client.explain(None, outcome.sentence, who=interaction.who, channel=None)


async def start_on_message(context: BotContext, body: Payload) -> None:
    """Start a timer on the channel's project, with the message as its note and a link to it."""
    interaction, message = interactions.read_shortcut(context.workspace.id, body), body["message"]
    outcome = await attempt(
        context,
        interaction.who,
        lambda: _start(context, interaction, message),
        newcomer=read_newcomer(
            body["user"].get("name") or body["user"].get("username") or interaction.who, body
        ),
    )
    reply = context.response_client.beside(
        interaction.response_url,
        render_refusal(outcome.sentence) if isinstance(outcome, Failure) else outcome.message,
        who=interaction.who,
        channel=interaction.channel,
        thread=message.get("thread_ts"),
    )
    await context.background.run(reply, wait=WAIT_SECONDS)


async def _start(context: BotContext, interaction: Interaction, message: Payload) -> Response:
    link = await context.modals.permalink(interaction.channel or "", message["ts"])
    work = Work(note=await _read_note(context, read_message_text(message)))
    params = StartParams(work=work, channel=interaction.channel, link=link)
    try:
        answer = await context.services.timers.start_unless_running(interaction.request, params)
    except OverlapConflict as conflict:
        return ask_about_overlap(conflict, interaction)
    return await respond_with_answer(context, interaction, answer)


async def _read_note(context: BotContext, text: str) -> str:
    """Return the message as a person reads it, with names for the bare ids that Slack sends. At most LONGEST_NOTE
    characters.
    """
    names = await context.services.people.find_names(
        context.workspace.id, _MENTION.findall(text)[:MOST_MENTIONS]
    )
    note = read_marked_text(_MENTION.sub(lambda mention: f"@{names.get(mention[1], 'someone')}", text))
    return note if len(note) <= LONGEST_NOTE else note[: LONGEST_NOTE - 1].rstrip() + "…"


_MENTION = re.compile(r"<@([UW][A-Z0-9]{2,20})>")
MOST_MENTIONS = 20
