"""From a payload of Slack's to a visit: who asks, with which key, and where the answer can stand."""

import hashlib
from dataclasses import replace
from typing import Any

from bot.interaction.context import BotContext, Interaction
from bot.views import form_context
from bot.views.form_context import FormContext
from bot.views.message_refs import MessageRef, card_of, origin_of
from domain.errors import Refusal
from domain.outbox.live_messages import LiveMessageKind

Payload = dict[str, Any]


def by_command(context: BotContext, command: Payload) -> Interaction:
    request = context.request("command", command["trigger_id"], command["user_id"])
    return Interaction(
        request=request,
        trigger_id=command["trigger_id"],
        message_ref=MessageRef(kind=LiveMessageKind.CARD, card_id=card_of(request), owner=request.who),
        channel=command.get("channel_id"),
        response_url=command.get("response_url"),
        beside=True,
    )


def by_press(context: BotContext, body: Payload, action: Payload, *, question: str = "") -> Interaction:
    """`question` is what the press answers: all presses that answer it in one message are one act."""
    who, view = body["user"]["id"], body.get("view")
    message_ref = origin_of(action.get("block_id", ""))
    at = f"{body.get('container', {}).get('message_ts') or (view or {}).get('id', '')}:{action['action_id']}"
    if question and message_ref:
        asked = hashlib.sha256(question.encode()).hexdigest()[:32]
        request = context.request("question", f"{message_ref.card_id}:{asked}", who)
    else:
        request = context.request("press", f"{at}:{action['action_ts']}:{who}", who)
    if view and view.get("type") == "modal":
        return _of_form(
            Interaction(request=request, trigger_id=body.get("trigger_id", ""), view=view), _remembered(view)
        )
    address = body.get("response_url")
    return Interaction(
        request=replace(request, place=message_ref.place(address) if message_ref else None),
        trigger_id=body.get("trigger_id", ""),
        message_ref=message_ref,
        channel=(body.get("channel") or {}).get("id"),
        response_url=address,
        view=view,
    )


def by_submission(context: BotContext, body: Payload) -> Interaction:
    """One modal is one act, however often it is sent; refused, it is sent again under the same id."""
    view = body["view"]
    request = context.request("form", view["id"], body["user"]["id"])
    about = form_context.read(view.get("private_metadata", ""))
    return _of_form(Interaction(request=request, trigger_id=body.get("trigger_id", ""), view=view), about)


def by_shortcut(context: BotContext, body: Payload) -> Interaction:
    """On a message its channel and address come along; the answer stands in no message of ours yet."""
    request = context.request("shortcut", body["trigger_id"], body["user"]["id"])
    return Interaction(
        request=request,
        trigger_id=body["trigger_id"],
        message_ref=MessageRef(kind=LiveMessageKind.CARD, card_id=card_of(request), owner=request.who),
        channel=(body.get("channel") or {}).get("id"),
        response_url=body.get("response_url"),
        beside=True,
    )


def pressed_value(action: Payload) -> str:
    """What the pressed button carries, or what was chosen in a menu."""
    chosen = action.get("selected_option") or action
    return str(chosen.get("value", ""))


def _remembered(view: Payload) -> FormContext:
    """Of a form from another time nothing: whoever needs more of it reads it again, and says so."""
    try:
        return form_context.read(view.get("private_metadata", ""))
    except Refusal:
        return FormContext()


def _of_form(interaction: Interaction, about: FormContext) -> Interaction:
    return replace(
        interaction,
        request=replace(interaction.request, place=about.place, by_message=about.by_message),
        message_ref=about.message_ref,
        channel=about.channel,
        response_url=about.response_url,
        beside=about.beside,
    )
