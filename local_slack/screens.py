"""The actions of a person on modals, Home, menus and shortcuts, and the effects of the app's answers on their
screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from local_slack.answers import Answer
from local_slack.delivery import EventDelivery
from local_slack.forms import State, fill_fields, find_field, find_field_errors, merge_state
from local_slack.refusals import Refused
from local_slack.requests import encoding, events, interactions
from local_slack.requests.places import Place
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
    """The screens of all people. `make_trigger` makes a trigger id for a person, `make_response_url` a response_url
    for a channel."""

    workspace: Workspace
    delivery: EventDelivery
    make_trigger: Callable[[str], str]
    make_response_url: Callable[[str, str, Message | None], str]

    async def open_home(self, user: str, tab: str = "home") -> View | None:
        """Open the app's Home as that person, and return the view that they see afterwards."""
        inner = events.home_opened(self.workspace, user, tab)
        await self.event(inner)
        return self.workspace.views.homes.get(user)

    async def drop(
        self, user: str, name: str, content: bytes, *, channel: str | None = None
    ) -> tuple[Message, Answer | None]:
        """Drop a file into the direct messages with the app, or into a channel.

        The app gets an event only for its direct messages. Otherwise the answer is None.
        """
        place = channel or self.workspace.dm(user)
        file = self.workspace.files.drop(name, content, user=user)
        message = self.workspace.post(Message(place, "", user, "", files=(file,)))
        if not self.workspace.channels[place].person:
            return message, None
        return message, await self.event(events.direct_message(message))

    async def event(self, inner: Json, *, event_id: str | None = None, url: str | None = None) -> Answer:
        """Send an event, and repeat it as Slack does while the app does not answer with 2xx."""
        event_id = event_id or f"Ev{self.workspace.next_id():08d}"
        envelope = events.event_envelope(inner, event_id=event_id, at=self.workspace.clock())
        return await self.delivery.deliver_until_accepted(encoding.encode_event(envelope), url)

    async def shortcut(self, user: str, callback_id: str) -> View | None:
        """Take a global shortcut as that person, and return the modal that it opened."""
        await self.global_shortcut(user, callback_id)
        return self.workspace.views.top(user)

    async def global_shortcut(self, user: str, callback_id: str) -> Answer:
        payload = interactions.shortcut(
            self.workspace, user, callback_id, action_ts=self._action_ts(), trigger_id=self.make_trigger(user)
        )
        return await self._deliver(payload)

    async def message_shortcut(self, user: str, message: Message, callback_id: str) -> Answer:
        """Take a shortcut on a message, also one in a thread, as that person."""
        payload = interactions.message_action(
            self.workspace,
            user,
            message,
            callback_id,
            action_ts=self._action_ts(),
            trigger_id=self.make_trigger(user),
            response_url=self.make_response_url(message.channel, user, None),
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
        """Fill fields, named by their label, and submit the modal. Raises LookupError.

        Instead of `wanted`, `state` is a whole state as the page has it. Afterwards `workspace.views` holds the
        effect of the answer: errors at fields, another view, a view on top, or none.
        """
        given = merge_state(view.blocks, state) if state is not None else view.state
        view.state = fill_fields(view.blocks, given, wanted or {})
        view.errors = find_field_errors(view.blocks, view.state)
        if view.errors:  # Slack shows the errors to the person, and sends the app nothing
            self.workspace.notify()
            return Answer(200, b"", errors=("incomplete",))
        payload = interactions.view_submission(self.workspace, view, trigger_id=self.make_trigger(view.user))
        answer = await self._deliver(payload, request_url)
        if answer.accepted:
            answer = await self._apply_response(view, answer)
        self.workspace.notify()
        return answer

    async def close(self, view: View, *, all_of_them: bool = False) -> None:
        for closed in self.workspace.views.close(view, all_of_them=all_of_them):
            await self._deliver(interactions.view_closed(self.workspace, closed, cleared=all_of_them))
        self.workspace.notify()

    async def options(
        self, user: str, place: Place, name: str, typed: str = "", *, block_id: str | None = None
    ) -> list[Json]:
        """Return the options that the app offers in an external menu for the typed letters. Raises LookupError and
        Refused."""
        block, element = find_field(place.blocks, name, block_id)
        payload = interactions.block_suggestion(self.workspace, user, place, block, element, typed)
        answer = await self._deliver(payload)
        given = answer.json or {}
        groups: list[Json] = given.get("option_groups") or []
        found: list[Json] = [*(given.get("options") or [])]
        for group in groups:
            found += group["options"]
        if not answer.accepted or len(found) > 100:
            raise Refused("invalid_options")
        return found

    async def _apply_response(self, view: View, answer: Answer) -> Answer:
        """Change the person's screen as the answer to a submission demands."""
        said, views = answer.json or {}, self.workspace.views
        try:
            match said.get("response_action"):
                case "errors":
                    view.errors = dict(said["errors"])
                    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
                    if not view.errors or not set(view.errors) <= inputs:
                        raise Refused("invalid_arguments", ["errors name no input of this view"])
                case "update":
                    views.update(view, said["view"], None)
                case "push":
                    views.push_modal(view, said["view"])
                case "clear":
                    await self.close(view, all_of_them=True)
                case None:
                    views.close(view)
                case other:
                    raise Refused("invalid_arguments", [f"unknown response_action {other}"])
        except Refused as refused:
            return replace(answer, errors=(refused.error, *(refused.messages or ())))
        return answer

    async def _deliver(self, payload: Json, request_url: str | None = None) -> Answer:
        answer = await self.delivery.deliver(encoding.encode_interaction(payload), request_url=request_url)
        return answer if answer.accepted else replace(answer, errors=(answer.failure,))

    def _action_ts(self) -> str:
        return f"{self.workspace.clock():.6f}{self.workspace.next_id()}"
