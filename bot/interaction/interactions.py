"""From a payload of Slack's to a visit: who asks, with which key, and where the answer can stand."""

import hashlib
from dataclasses import replace
from typing import Any

from bot.interaction.context import Desk, Visit
from bot.views import form_context
from bot.views.form_context import FormContext
from bot.views.message_refs import Origin, Stands, card_of, origin_of
from domain.errors import Refusal

Payload = dict[str, Any]


def by_command(desk: Desk, command: Payload) -> Visit:
    act = desk.act("command", command["trigger_id"], command["user_id"])
    return Visit(
        act=act,
        trigger_id=command["trigger_id"],
        origin=Origin(stands=Stands.CARD, card_id=card_of(act), owner=act.who),
        channel=command.get("channel_id"),
        response_url=command.get("response_url"),
        beside=True,
    )


def by_press(desk: Desk, body: Payload, action: Payload, *, question: str = "") -> Visit:
    """`question` is what the press answers: all presses that answer it in one message are one act."""
    who, view = body["user"]["id"], body.get("view")
    origin = origin_of(action.get("block_id", ""))
    at = f"{body.get('container', {}).get('message_ts') or (view or {}).get('id', '')}:{action['action_id']}"
    if question and origin:
        asked = hashlib.sha256(question.encode()).hexdigest()[:32]
        act = desk.act("question", f"{origin.card_id}:{asked}", who)
    else:
        act = desk.act("press", f"{at}:{action['action_ts']}:{who}", who)
    if view and view.get("type") == "modal":
        return _of_form(Visit(act=act, trigger_id=body.get("trigger_id", ""), view=view), _remembered(view))
    address = body.get("response_url")
    return Visit(
        act=replace(act, place=origin.place(address) if origin else None),
        trigger_id=body.get("trigger_id", ""),
        origin=origin,
        channel=(body.get("channel") or {}).get("id"),
        response_url=address,
        view=view,
    )


def by_submission(desk: Desk, body: Payload) -> Visit:
    """One modal is one act, however often it is sent; refused, it is sent again under the same id."""
    view = body["view"]
    act = desk.act("form", view["id"], body["user"]["id"])
    about = form_context.read(view.get("private_metadata", ""))
    return _of_form(Visit(act=act, trigger_id=body.get("trigger_id", ""), view=view), about)


def by_shortcut(desk: Desk, body: Payload) -> Visit:
    """On a message its channel and address come along; the answer stands in no message of ours yet."""
    act = desk.act("shortcut", body["trigger_id"], body["user"]["id"])
    return Visit(
        act=act,
        trigger_id=body["trigger_id"],
        origin=Origin(stands=Stands.CARD, card_id=card_of(act), owner=act.who),
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


def _of_form(visit: Visit, about: FormContext) -> Visit:
    return replace(
        visit,
        act=replace(visit.act, place=about.place, by_message=about.by_message),
        origin=about.origin,
        channel=about.channel,
        response_url=about.response_url,
        beside=about.beside,
    )
