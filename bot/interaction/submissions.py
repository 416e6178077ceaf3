"""Serves submitted forms, and menus whose options depend on typed letters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.interaction import interactions
from bot.interaction.answers import Failure, attempt
from bot.interaction.background import WAIT_SECONDS
from bot.interaction.context import BotContext
from bot.interaction.features import Form, NextView, Options
from bot.interaction.fields import FormValues
from bot.interaction.interactions import Interaction
from bot.interaction.responses import deliver
from bot.views import forms
from bot.views.blocks import Response, clean_text
from bot.views.inputs import EntryField
from domain.entries.overlaps import OverlapConflict
from domain.errors import FieldErrors, NotFound, Refusal
from domain.text import sanitize_text

LONGEST_ERROR = 300
Payload = dict[str, Any]
# The names of the form's fields in the services' errors.
_FIELDS = {"start": EntryField.START_AT, "end": EntryField.END_AT}


@dataclass(frozen=True, slots=True)
class _CloseForm:
    """The form is closed; `response` replaces the message that opened it, or stands below it."""

    response: Response | None


@dataclass(frozen=True, slots=True)
class _ShowErrors:
    """The form stays open; `errors` holds sentences by block id."""

    errors: dict[str, str]


class FormListener:
    """Bolt's listener for all forms."""

    def __init__(self, context: BotContext, rows: Iterable[Form]) -> None:
        self._context = context
        self._forms = {str(form.form_id): form for form in rows}

    async def answer(self, ack: AsyncAck, body: Payload) -> None:
        """Carry out the form, and acknowledge: Slack then closes it, shows errors, or shows another view."""
        form = self._forms.get(body["view"].get("callback_id"))
        await ack(**(await self._answer(form, body) if form else {}))

    async def _answer(self, form: Form, body: Payload) -> dict[str, Any]:
        context = self._context
        try:
            interaction, values = (
                interactions.read_submission(context.workspace.id, body),
                FormValues(body["view"]),
            )
        except Refusal as refusal:
            return {"response_action": "update", "view": forms.render_notice(refusal.sentence)}
        outcome = await attempt(context, interaction.who, lambda: _submit(context, interaction, form, values))
        match outcome:
            case Failure(sentence=sentence):
                return _make_error_answer({values.block(form.main_field): sentence})
            case _ShowErrors(errors):
                return _make_error_answer(errors)
            case NextView(view):
                return {"response_action": "update", "view": view}
            case _CloseForm(response):
                await _deliver(context, interaction, response)
                return {}


async def _submit(
    context: BotContext, interaction: Interaction, form: Form, values: FormValues
) -> _CloseForm | _ShowErrors | NextView:
    try:
        outcome = await form.submit(context, interaction, values)
        return outcome if isinstance(outcome, NextView) else _CloseForm(outcome)
    except OverlapConflict as conflict:
        return NextView(forms.render_overlap_form(values.form_state, conflict))
    except FieldErrors as wrong:
        return _ShowErrors(
            {
                values.block_or(_FIELDS.get(name, name), form.main_field): sentence
                for name, sentence in wrong.fields.items()
            }
        )
    except NotFound as gone:
        return NextView(forms.render_notice(gone.sentence))


def _make_error_answer(errors: dict[str, str]) -> dict[str, Any]:
    """Make the acknowledgment that shows errors, without backticks: Slack shows errors as plain text."""
    return {
        "response_action": "errors",
        "errors": {
            block: clean_text(sentence.replace("`", ""), LONGEST_ERROR) for block, sentence in errors.items()
        },
    }


async def _deliver(context: BotContext, interaction: Interaction, response: Response | None) -> None:
    if response and interaction.response_url:
        await context.background.run(deliver(context, interaction, response), wait=WAIT_SECONDS)
    elif not interaction.request.by_message:
        await context.refresh_live_messages(wait=WAIT_SECONDS)


class OptionsListener:
    """Bolt's listener for menus whose options depend on typed letters. If it fails, the menu is empty."""

    def __init__(self, context: BotContext, rows: Iterable[Options]) -> None:
        self._context = context
        self._finders = {str(row.field): row.find for row in rows}

    async def answer(self, ack: AsyncAck, body: Payload) -> None:
        letters, who = " ".join(sanitize_text(str(body.get("value") or "")).split()), body["user"]["id"]
        find = self._finders.get(str(body.get("action_id")))
        if find is None:
            await ack(options=[])
            return
        found = await attempt(self._context, who, lambda: find(self._context, who, letters))
        await ack(options=[] if isinstance(found, Failure) else found)
