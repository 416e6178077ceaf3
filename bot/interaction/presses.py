"""Serves presses of buttons and choices in menus, by their action id."""

from collections.abc import Iterable
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.interaction import interactions
from bot.interaction.answers import Failure, attempt
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext
from bot.interaction.features import Button
from bot.interaction.interactions import Interaction
from bot.interaction.responses import ask_about_overlap, deliver
from bot.views import forms
from bot.views.blocks import Response, strip_number
from domain.entries.overlaps import OverlapConflict
from domain.errors import Refusal
from domain.projects.project_names import ArchivedProject

Payload = dict[str, Any]


class PressListener:
    """Bolt's listener for all buttons and menus."""

    def __init__(self, context: BotContext, buttons: Iterable[Button]) -> None:
        self._context = context
        self._buttons = {str(button.action_id): button for button in buttons}

    async def answer(self, ack: AsyncAck, body: Payload, action: Payload) -> None:
        """Carry out the press, and update its message to the new state."""
        button = self._buttons.get(strip_number(action["action_id"]))
        if button:  # others are menus in forms, which are read when the form is submitted
            await self._answer(button, body, action)
        await ack()

    async def _answer(self, button: Button, body: Payload, action: Payload) -> None:
        context, value = self._context, interactions.read_pressed_value(action)
        question = f"{button.action_id} {button.question(value)}" if button.answered_once else ""
        interaction = interactions.read_press(context.workspace.id, body, action, question=question)
        outcome = await attempt(context, interaction.who, lambda: _press(context, interaction, button, value))
        if isinstance(outcome, Failure):
            await context.background.run(_explain(context, interaction, outcome.sentence), wait=WAIT_SECONDS)
        elif outcome and interaction.response_url:
            await context.background.run(deliver(context, interaction, outcome), wait=WAIT_SECONDS)
        elif interaction.on_home:
            await context.refresh_live_messages(wait=WAIT_SECONDS)


async def _press(
    context: BotContext, interaction: Interaction, button: Button, value: str
) -> Response | None:
    """Run the button's handler. Raises Refusal if the card belongs to somebody else."""
    if interaction.message_ref and interaction.message_ref.owner != interaction.who:
        raise Refusal(
            "That is somebody else's card, and only they can press its buttons. `/track` shows yours."
        )
    try:
        return await button.press(context, interaction, value)
    except OverlapConflict as conflict:
        return ask_about_overlap(conflict, interaction)
    except ArchivedProject as archived:  # the card stays, and the question appears beside it
        raise Refusal(
            f"{archived.sentence} `/track project new {archived.project.title}` brings it back."
        ) from None


async def _explain(context: BotContext, interaction: Interaction, sentence: str) -> None:
    """Show a sentence beside the pressed message, which stays as it is; on Home and in a form, in a modal above."""
    if interaction.view is None:
        await context.response_client.explain(
            interaction.response_url, sentence, who=interaction.who, channel=interaction.channel
        )
        return
    notice = forms.render_notice(sentence)
    outcome = await attempt(
        context,
        interaction.who,
        lambda: context.modals.open(interaction.trigger_id, notice, push=not interaction.on_home),
    )
    if isinstance(outcome, Failure):
        await context.response_client.explain(None, sentence, who=interaction.who, channel=None)
