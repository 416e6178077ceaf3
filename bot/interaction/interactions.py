"""One interaction of a person with the bot, read from a payload: the operation, and where to show its answer."""

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
    """One payload: the operation it asks for, and where to show the answer.

    `message_ref` is the message that the answer creates or replaces; None in a modal and on Home. `view` is the modal
    or Home tab with the button. `trigger_id` opens one modal within three seconds. `beside` means that posts to the
    response URL make a new message. This holds for the URL of a command, even if a post asks to replace the message
    (slackapi/bolt-python #1268, slackapi/bolt-js #2287). The URL of a press rewrites the pressed message.
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
        """The context that a form opened from here stores: where to show its outcome."""
        return FormContext(
            message_ref=self.message_ref,
            response_url=self.response_url,
            beside=self.beside,
            channel=self.channel,
        )

    def derive_message_ref(self, kind: LiveMessageKind, day: date | None = None) -> MessageRef | None:
        """Return a reference to the same message after it changes to another kind and day."""
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
    """Read the press of a button.

    `question` is the question that the button answers, or "". All answers to a question within one message share one
    idempotency key, so that only the first counts.
    """
    who, view = body["user"]["id"], body.get("view")
    message_ref = read_block_id(action.get("block_id", ""))
    at = f"{body.get('container', {}).get('message_ts') or (view or {}).get('id', '')}:{action['action_id']}"
    if question and message_ref:
        question_hash = hashlib.sha256(question.encode()).hexdigest()[:32]
        request = make_request(workspace_id, "question", f"{message_ref.card_id}:{question_hash}", who)
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
    """Read the submission of a modal.

    One modal is one operation, however often Slack sends it: after a refusal it comes again with the same id.
    """
    view = body["view"]
    request = make_request(workspace_id, "form", view["id"], body["user"]["id"])
    form_state = form_context.read(view.get("private_metadata", ""))
    return _inside_form(
        Interaction(request=request, trigger_id=body.get("trigger_id", ""), view=view), form_state
    )


def read_shortcut(workspace_id: UUID, body: Payload) -> Interaction:
    """Read a shortcut. A message shortcut brings a channel and a response URL; the answer becomes a new message."""
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
    """Return the value of the pressed button or of the chosen option."""
    chosen = action.get("selected_option") or action
    return str(chosen.get("value", ""))


def _read_form_context(view: Payload) -> FormContext:
    """Return the context of a form, or an empty one for a form of another version; handlers that need more read it
    again and refuse.
    """
    try:
        return form_context.read(view.get("private_metadata", ""))
    except Refusal:
        return FormContext()


def _inside_form(interaction: Interaction, form_state: FormContext) -> Interaction:
    return replace(
        interaction,
        request=replace(interaction.request, place=form_state.place, by_message=form_state.by_message),
        message_ref=form_state.message_ref,
        channel=form_state.channel,
        response_url=form_state.response_url,
        beside=form_state.beside,
    )
