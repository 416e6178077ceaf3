"""What a person does with modals, Home, menus and shortcuts, and what the app's answer does to their screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from local_slack import requests
from local_slack.answers import Answer
from local_slack.delivery import EventDelivery
from local_slack.forms import State, field, filled, kept_state, refusals
from local_slack.refusals import Refused
from local_slack.requests import Place
from local_slack.views import View
from local_slack.workspace import Message, Workspace

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A row of the manifest: `kind` is "global" or "message"."""

    name: str
    callback_id: str
    kind: str


@dataclass
class Screens:
    """`trigger` makes a fresh trigger id for a person; `response_url` an address for a channel."""

    workspace: Workspace
    courier: EventDelivery
    trigger: Callable[[str], str]
    response_url: Callable[[str, str, Message | None], str]

    async def open_home(self, user: str, tab: str = "home") -> View | None:
        """The person opens the app; what they see there afterwards."""
        inner = requests.home_opened(self.workspace, user, tab)
        await self.event(inner)
        return self.workspace.views.homes.get(user)

    async def drop(
        self, user: str, name: str, content: bytes, *, channel: str | None = None
    ) -> tuple[Message, Answer | None]:
        """The person puts a file into a conversation: the direct messages with the app, or a channel, of which the
        app is told nothing."""
        place = channel or self.workspace.dm(user)
        file = self.workspace.files.drop(name, content, user=user)
        message = self.workspace.post(Message(place, "", user, "", files=(file,)))
        if not self.workspace.channels[place].person:
            return message, None
        return message, await self.event(requests.direct_message(message))

    async def event(self, inner: Json, *, event_id: str | None = None, url: str | None = None) -> Answer:
        """An event, repeated as Slack repeats it while the app does not answer with 2xx."""
        event_id = event_id or f"Ev{self.workspace.unique():08d}"
        envelope = requests.event(inner, event_id=event_id, at=self.workspace.clock())
        return await self.courier.deliver_until_taken(requests.as_event(envelope), url)

    async def shortcut(self, user: str, callback_id: str) -> View | None:
        """The person takes a global shortcut; the modal that it opened."""
        await self.global_shortcut(user, callback_id)
        return self.workspace.views.top(user)

    async def global_shortcut(self, user: str, callback_id: str) -> Answer:
        payload = requests.shortcut(
            self.workspace, user, callback_id, action_ts=self._action_ts(), trigger_id=self.trigger(user)
        )
        return await self._deliver(payload)

    async def message_shortcut(self, user: str, message: Message, callback_id: str) -> Answer:
        """The person takes a shortcut on a message, in a thread too."""
        payload = requests.message_action(
            self.workspace,
            user,
            message,
            callback_id,
            action_ts=self._action_ts(),
            trigger_id=self.trigger(user),
            response_url=self.response_url(message.channel, user, None),
        )
        return await self._deliver(payload)

    async def submit(
        self,
        view: View,
        wanted: Mapping[str, object] | None = None,
        *,
        state: State | None = None,
        request_url: str | None = None,
    ) -> Answer:
        """The person fills fields, named by their label, and sends the modal. Raises LookupError.

        `state` is a whole state instead, as the page has it. What the answer did is in `workspace.views`:
        errors at their fields, another view, one on top, or nothing left.
        """
        given = kept_state(view.blocks, state) if state is not None else view.state
        view.state = filled(view.blocks, given, wanted or {})
        view.errors = refusals(view.blocks, view.state)
        if view.errors:  # Slack itself asks for them and sends nothing
            self.workspace.tell()
            return Answer(200, b"", errors=("incomplete",))
        payload = requests.view_submission(self.workspace, view, trigger_id=self.trigger(view.user))
        answer = await self._deliver(payload, request_url)
        if answer.taken:
            answer = await self._shown(view, answer)
        self.workspace.tell()
        return answer

    async def close(self, view: View, *, all_of_them: bool = False) -> None:
        for told in self.workspace.views.closed(view, all_of_them=all_of_them):
            await self._deliver(requests.view_closed(self.workspace, told, cleared=all_of_them))
        self.workspace.tell()

    async def options(
        self, user: str, place: Place, name: str, typed: str = "", *, block_id: str | None = None
    ) -> list[Json]:
        """What the app offers in an external menu for these letters. Raises LookupError, Refused."""
        block, element = field(place.blocks, name, block_id)
        payload = requests.block_suggestion(self.workspace, user, place, block, element, typed)
        answer = await self._deliver(payload)
        given = answer.json or {}
        groups: list[Json] = given.get("option_groups") or []
        found: list[Json] = [*(given.get("options") or [])]
        for group in groups:
            found += group["options"]
        if not answer.taken or len(found) > 100:
            raise Refused("invalid_options")
        return found

    async def _shown(self, view: View, answer: Answer) -> Answer:
        """What the answer to a submission says is to be seen next."""
        said, views = answer.json or {}, self.workspace.views
        try:
            match said.get("response_action"):
                case "errors":
                    view.errors = dict(said["errors"])
                    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                    if not view.errors or not set(view.errors) <= inputs:
                        raise Refused("invalid_arguments", ["errors name no input of this view"])
                case "update":
                    views.updated(view, said["view"], None)
                case "push":
                    views.pushed(view, said["view"])
                case "clear":
                    await self.close(view, all_of_them=True)
                case None:
                    views.closed(view)
                case other:
                    raise Refused("invalid_arguments", [f"unknown response_action {other}"])
        except Refused as refused:
            return replace(answer, errors=(refused.error, *(refused.messages or ())))
        return answer

    async def _deliver(self, payload: Json, request_url: str | None = None) -> Answer:
        answer = await self.courier.deliver(requests.as_interaction(payload), request_url=request_url)
        return answer if answer.taken else replace(answer, errors=(answer.failure,))

    def _action_ts(self) -> str:
        return f"{self.workspace.clock():.6f}{self.workspace.unique()}"
