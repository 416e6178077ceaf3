"""One interaction of a person with the bot, read from Slack's payload: who, with which key, where the answer can be."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from bot.views import form_context
from bot.views.form_context import FormContext
from bot.views.message_refs import MessageRef, card_id_for, read_block_id
from domain.errors import Refusal
from domain.history.operations import OperationRequest, Source
from domain.outbox.live_messages import LiveMessageKind

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One payload: the operation it asks for, and where its answer can be shown.

    `message_ref` is the message that the answer is, or replaces; None in a modal and on Home. `view` is the modal or
    Home tab that was acted on. `trigger_id` opens one modal within three seconds. `beside` says that what is sent to
    the response address is a message of its own: so it is with a command's, whatever it asks to replace
    (slackapi/bolt-python #1268, slackapi/bolt-js #2287). A press's address rewrites the message that was pressed.
    """

    request: OperationRequest
    trigger_id: str
    message_ref: MessageRef | None = None
    channel: str | None = None
    response_url: str | None = None
    beside: bool = False
    view: dict[str, Any] | None = None

    @property
    def who(self) -> str:
        return self.request.who

    @property
    def on_home(self) -> bool:
        return self.view is not None and self.view.get("type") == "home"

    @property
    def form_context(self) -> FormContext:
        """What a form that is opened from here remembers: where its outcome is to be shown."""
        return FormContext(
            message_ref=self.message_ref,
            response_url=self.response_url,
            beside=self.beside,
            channel=self.channel,
        )

    def message_showing(self, kind: LiveMessageKind, day: date | None = None) -> MessageRef | None:
        """The same message, once it shows something else."""
        return replace(self.message_ref, kind=kind, day=day) if self.message_ref else None


def make_request(workspace_id: UUID, kind: str, key: str, who: str) -> OperationRequest:
    return OperationRequest(workspace_id=workspace_id, source=Source.SLACK, key=f"{kind}:{key}", who=who)


def read_command(workspace_id: UUID, command: Payload) -> Interaction:
    request = make_request(workspace_id, "command", command["trigger_id"], command["user_id"])
    return Interaction(
        request=request,
        trigger_id=command["trigger_id"],
        message_ref=MessageRef(kind=LiveMessageKind.CARD, card_id=card_id_for(request), owner=request.who),
        channel=command.get("channel_id"),
        response_url=command.get("response_url"),
        beside=True,
    )


def read_press(workspace_id: UUID, body: Payload, action: Payload, *, question: str = "") -> Interaction:
    """`question` is what the press answers: all presses that answer it in one message are one operation."""
    who, view = body["user"]["id"], body.get("view")
    message_ref = read_block_id(action.get("block_id", ""))
    at = f"{body.get('container', {}).get('message_ts') or (view or {}).get('id', '')}:{action['action_id']}"
    if question and message_ref:
        asked = hashlib.sha256(question.encode()).hexdigest()[:32]
        request = make_request(workspace_id, "question", f"{message_ref.card_id}:{asked}", who)
    else:
        request = make_request(workspace_id, "press", f"{at}:{action['action_ts']}:{who}", who)
    if view and view.get("type") == "modal":
        return _inside_form(
            Interaction(request=request, trigger_id=body.get("trigger_id", ""), view=view),
            _read_form_context(view),
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


def read_submission(workspace_id: UUID, body: Payload) -> Interaction:
    """One modal is one operation, however often it is sent; refused, it is sent again under the same id."""
    view = body["view"]
    request = make_request(workspace_id, "form", view["id"], body["user"]["id"])
    about = form_context.read(view.get("private_metadata", ""))
    return _inside_form(Interaction(request=request, trigger_id=body.get("trigger_id", ""), view=view), about)


def read_shortcut(workspace_id: UUID, body: Payload) -> Interaction:
    """On a message its channel and address come along; no message of ours shows the answer yet."""
    request = make_request(workspace_id, "shortcut", body["trigger_id"], body["user"]["id"])
    return Interaction(
        request=request,
        trigger_id=body["trigger_id"],
        message_ref=MessageRef(kind=LiveMessageKind.CARD, card_id=card_id_for(request), owner=request.who),
        channel=(body.get("channel") or {}).get("id"),
        response_url=body.get("response_url"),
        beside=True,
    )


def read_pressed_value(action: Payload) -> str:
    """What the pressed button carries, or what was chosen in a menu."""
    chosen = action.get("selected_option") or action
    return str(chosen.get("value", ""))


def _read_form_context(view: Payload) -> FormContext:
    """Empty for a form from another time: whoever needs more of it reads it again, and says so."""
    try:
        return form_context.read(view.get("private_metadata", ""))
    except Refusal:
        return FormContext()


def _inside_form(interaction: Interaction, about: FormContext) -> Interaction:
    return replace(
        interaction,
        request=replace(interaction.request, place=about.place, by_message=about.by_message),
        message_ref=about.message_ref,
        channel=about.channel,
        response_url=about.response_url,
        beside=about.beside,
    )
