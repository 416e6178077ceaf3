"""The actions of people in the workspace, each with the requests that Slack sends to the app for it. The page and the
tests call them."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from local_slack.answers import Answer, ResponseUrls, show_command_answer
from local_slack.delivery import Delivery, EventDelivery
from local_slack.faults import Faults
from local_slack.forms import STATES, State, element_state, merge_state
from local_slack.requests import commands, encoding, events, interactions, places
from local_slack.requests.encoding import Outgoing
from local_slack.requests.places import Place
from local_slack.screens import Screens, Shortcut
from local_slack.socket_mode import SocketMode
from local_slack.views import View
from local_slack.web_api.endpoint import Call, WebApi
from local_slack.web_api.people import user_object
from local_slack.workspace import Message, Person, Workspace

Json = dict[str, Any]


class WorkspaceActions:
    """The whole workspace without its HTTP server.

    `clock` returns seconds since 1970. `completions` are pairs of usage and description that the page offers after
    `/track`. `shortcuts` are those of the manifest, which the page offers too. `retry_delays` are the seconds before
    each repeat of an event. `reply_seconds` is how long a command waits for a message through its response_url.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float],
        signing_secret: str,
        bot_token: str,
        app_token: str | None = None,
        request_url: str = "",
        completions: Sequence[tuple[str, str]] = (),
        shortcuts: Sequence[Shortcut] = (),
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
        reply_seconds: float = 0.0,
    ) -> None:
        self.workspace = Workspace(clock)
        self.faults = Faults()
        self.response_urls_open = asyncio.Event()  # no response_url answers while this is not set
        self.response_urls_open.set()
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token
        self.completions, self.shortcuts = tuple(completions), tuple(shortcuts)
        self.reply_seconds = reply_seconds
        self.url = ""
        self.sockets = SocketMode()
        self.api = WebApi(
            self.workspace, self.sockets, bot_token, app_token, lambda: self.faults, lambda: self.url
        )
        self.delivery = EventDelivery(
            clock, signing_secret, self.sockets, retry_delays, self.workspace.notify, request_url
        )
        self.response_urls = ResponseUrls(self.workspace)
        self.screens = Screens(self.workspace, self.delivery, self._make_trigger, self._make_response_url)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def request_url(self) -> str:
        return self.delivery.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self.delivery.request_url = url

    @property
    def transport(self) -> str:
        """The transport of requests to the app: "http" or "socket"."""
        return self.delivery.transport

    @transport.setter
    def transport(self, transport: str) -> None:
        if transport not in {"http", "socket"}:
            raise ValueError("transport is http or socket")
        self.delivery.transport = transport

    @property
    def answer_seconds(self) -> float:
        """How many seconds the app may take to answer; 3 in Slack."""
        return self.delivery.answer_seconds

    @answer_seconds.setter
    def answer_seconds(self, seconds: float) -> None:
        self.delivery.answer_seconds = seconds

    @property
    def calls(self) -> deque[Call]:
        """Return all calls of the Web API and of response_urls, in order; the last 100 000."""
        return self.api.calls

    @property
    def tally(self) -> Counter[tuple[str, str]]:
        """Return how often each method had each outcome, over all calls."""
        return self.api.tally

    @property
    def deliveries(self) -> deque[Delivery]:
        return self.delivery.deliveries

    async def command(
        self,
        user: str,
        text: str,
        channel: str = "C0GENERAL",
        *,
        trigger_id: str | None = None,
        request_url: str | None = None,
    ) -> Answer:
        """Type `/track` and this text as that person.

        If the app acknowledges with an empty body, the answer's message is the first one that the app sends to the
        command's response_url within `reply_seconds`.
        """
        form = self.command_form(user, text, channel, trigger_id=trigger_id)
        answer = await self.deliver(encoding.encode_form(form), request_url=request_url)
        visible = show_command_answer(self.workspace, answer, channel=channel, user=user)
        if visible.message is None:
            later = await self.response_urls.wait_for_message(form["response_url"], self.reply_seconds)
            return replace(visible, message=later)
        return visible

    async def press(
        self,
        user: str,
        place: Message | View,
        button: str,
        *,
        choice: object = None,
        state: State | None = None,
        block_id: str | None = None,
        action_ts: str | None = None,
        request_url: str | None = None,
    ) -> Answer:
        """Press the button with that text, or choose in that menu. `state` holds the values of the fields around it.

        Afterwards `current` returns the message as it is then, and `workspace.views` holds the views. Raises
        LookupError.
        """
        payload = self.press_payload(
            user, place, button, choice=choice, state=state, block_id=block_id, action_ts=action_ts
        )
        answer = await self.deliver(encoding.encode_interaction(payload), request_url=request_url)
        return answer if answer.accepted else replace(answer, errors=(answer.failure,))

    async def event(
        self, inner: Json, *, event_id: str | None = None, request_url: str | None = None
    ) -> Answer:
        """Send an event, and repeat it as Slack does while the app does not answer with 2xx."""
        return await self.screens.event(inner, event_id=event_id, url=request_url)

    async def change_person(self, person: Person) -> Answer:
        """Add or change a person (their profile, guest, deactivated), and send the app the event."""
        self.workspace.add_person(person)
        user = user_object(self.workspace, person, locale=True)
        return await self.event({"type": "user_change", "user": user})

    async def verify_url(self, challenge: str, *, request_url: str | None = None) -> Answer:
        """Send the challenge that Slack sends when somebody enters a request URL."""
        verification = encoding.encode_event(events.url_verification(challenge))
        return await self.deliver(verification, request_url=request_url)

    def command_form(
        self, user: str, text: str, channel: str = "C0GENERAL", *, trigger_id: str | None = None
    ) -> dict[str, str]:
        if trigger_id:
            self.workspace.views.add_trigger(trigger_id, user)
        return commands.command_form(
            self.workspace,
            user,
            text,
            channel,
            trigger_id=trigger_id or self._make_trigger(user),
            response_url=self._make_response_url(channel, user),
        )

    def press_payload(
        self,
        user: str,
        place: Message | View,
        button: str,
        *,
        choice: object = None,
        state: State | None = None,
        block_id: str | None = None,
        action_ts: str | None = None,
    ) -> Json:
        pressed_in = self.make_place(place, state)
        block, element = places.find_pressable(pressed_in, button, block_id)
        at = action_ts or f"{self.workspace.clock():.6f}{self.workspace.next_id()}"
        action = interactions.action_object(block, element, choice, action_ts=at)
        if element["type"] in STATES:
            pressed_in.state[block["block_id"]][element["action_id"]] = element_state(element, choice)
        url = None if isinstance(place, View) else self._make_response_url(place.channel, user, place)
        return interactions.block_action(
            self.workspace, user, pressed_in, action, trigger_id=self._make_trigger(user), response_url=url
        )

    def make_place(self, place: Message | View, state: State | None = None) -> Place:
        """Return the place of an interaction, with the values of `state` for the fields that it has."""
        if isinstance(place, View):
            place.state = merge_state(place.blocks, place.state | (state or {}))
            return Place(view=place, state=place.state)
        return Place(message=place, state=merge_state(place.as_json()["blocks"], state or {}))

    def current(self, message: Message) -> Message | None:
        """Return the message as it is now, or None if it was deleted."""
        return self.workspace.find(message.channel, message.ts)

    def sign(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        """Return the headers that sign this body, with the present time or `timestamp` in seconds since 1970."""
        return self.delivery.sign(body, timestamp)

    async def deliver(self, outgoing: Outgoing, *, request_url: str | None = None) -> Answer:
        """Send a request once over the present transport. The answer has the status 408 if the app takes too long."""
        return await self.delivery.deliver(outgoing, request_url=request_url)

    async def post(self, body: bytes, headers: dict[str, str], *, request_url: str | None = None) -> Answer:
        """Post raw bytes to the app, for tests that repeat or damage a request."""
        return await self.delivery.post(body, headers, request_url=request_url)

    def _make_trigger(self, user: str) -> str:
        name = f"{self.workspace.next_id()}.{int(self.workspace.clock() * 1000)}.local-slack"
        return self.workspace.views.add_trigger(name, user)

    def _make_response_url(self, channel: str, user: str, about: Message | None = None) -> str:
        return f"{self.url}/response/{self.response_urls.make(channel, user, about)}"
