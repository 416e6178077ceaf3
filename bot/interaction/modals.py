"""Opens forms. The data of a form is read before its modal opens, within the trigger's three seconds."""

import asyncio
from dataclasses import replace

from bot.interaction.answers import Failure, attempt
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext
from bot.interaction.features import Press, ReadForm
from bot.interaction.interactions import Interaction
from bot.interaction.modal_calls import NOT_OPENED
from domain.errors import Refusal

READING_SECONDS = 1.5


async def open_form(
    context: BotContext,
    interaction: Interaction,
    read_form: ReadForm,
    value: str = "",
    *,
    by_message: bool = False,
) -> None:
    """Build a form and open it.

    `value` is an entry's id, a day or a gap, by the form. With `by_message` the outcome comes as a message of its own.
    Raises Refusal, PersonUnknown.
    """
    form_state = replace(interaction.form_context, by_message=by_message)
    try:
        async with asyncio.timeout(READING_SECONDS):
            view = await read_form(context, interaction, form_state, value)
    except TimeoutError:
        raise Refusal(NOT_OPENED) from None
    await context.modals.open(interaction.trigger_id, view)


def open_on_press(read_form: ReadForm) -> Press:
    """Return the handler of a button that opens the form."""

    async def press(context: BotContext, interaction: Interaction, value: str) -> None:
        await open_form(context, interaction, read_form, value)

    return press


async def open_beside_answer(
    context: BotContext, interaction: Interaction, read_form: ReadForm, value: str = ""
) -> None:
    """Open a form next to an answer; the answer is sent even if the form fails."""

    async def open_later() -> None:
        outcome = await attempt(
            context, interaction.who, lambda: open_form(context, interaction, read_form, value)
        )
        if isinstance(outcome, Failure):
            await context.response_client.explain(
                interaction.response_url, outcome.sentence, who=interaction.who, channel=interaction.channel
            )

    await context.background.run(open_later(), wait=WAIT_SECONDS)
