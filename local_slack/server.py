"""The workspace as a server: what a test or the page can do in it, and every route on one screen."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from aiohttp import web

from local_slack import control, page, requests
from local_slack.answers import Answer, ResponseUrls, to_command
from local_slack.delivery import Delivery, EventDelivery
from local_slack.faults import RESPONSE_URL, Fault, Faults
from local_slack.files import LARGEST
from local_slack.forms import STATES, State, kept_state, state_of
from local_slack.listening import listen, only_here, without_versions
from local_slack.methods import user_object
from local_slack.requests import Outgoing, Place
from local_slack.screens import Screens, Shortcut
from local_slack.socket_mode import SocketMode
from local_slack.views import View
from local_slack.web_api import Call, WebApi
from local_slack.workspace import Message, Person, Workspace

Json = dict[str, Any]


class LocalSlack:
    """Slack, on loopback. `clock` gives seconds since 1970; `transport` is "http" or "socket".

    `completions` are what the page's composer offers after `/track`: usage and what it is about. `shortcuts`
    are those of the manifest, which the page offers too.
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
        self.signing_secret, self.bot_token, self.app_token = signing_secret, bot_token, app_token
        self.completions, self.shortcuts = tuple(completions), tuple(shortcuts)
        self.reply_seconds = reply_seconds
        self.url = ""
        self._response_urls = ResponseUrls(self.workspace)
        self._sockets = SocketMode()
        self._api = WebApi(
            self.workspace, self._sockets, bot_token, app_token, lambda: self.faults, lambda: self.url
        )
        self._courier = EventDelivery(
            clock, signing_secret, self._sockets, retry_delays, self.workspace.tell, request_url
        )
        self.screens = Screens(self.workspace, self._courier, self._trigger, self._response_url)
        self._runner: web.AppRunner | None = None
        self._server: asyncio.Server | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def request_url(self) -> str:
        return self._courier.request_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self._courier.request_url = url

    @property
    def transport(self) -> str:
        return self._courier.transport

    @transport.setter
    def transport(self, transport: str) -> None:
        if transport not in {"http", "socket"}:
            raise ValueError("transport is http or socket")
        self._courier.transport = transport

    @property
    def answer_seconds(self) -> float:
        """How long the app may take; 3 in Slack."""
        return self._courier.answer_seconds

    @answer_seconds.setter
    def answer_seconds(self, seconds: float) -> None:
        self._courier.answer_seconds = seconds

    @property
    def calls(self) -> deque[Call]:
        """Every call of the Web API and of a response_url, in order; the last 100 000."""
        return self._api.calls

    @property
    def tally(self) -> Counter[tuple[str, str]]:
        """How often each method had each outcome, of all calls ever."""
        return self._api.tally

    @property
    def deliveries(self) -> deque[Delivery]:
        return self._courier.deliveries

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=LARGEST, middlewares=[only_here])
        app.on_response_prepare.append(without_versions)
        app.add_routes(
            [
                web.route("*", "/api/{method}", self._api.serve),
                web.post("/response/{name}", self._response),
                web.post("/upload/{ticket}", self._api.upload),
                web.get("/files/{file}/download", self._api.download),
                web.get("/socket", self._sockets.serve),
                *page.routes(),
                *control.Control(self).routes(),
            ]
        )
        await self._courier.start()
        self._runner = web.AppRunner(app, shutdown_timeout=1)
        await self._runner.setup()
        try:
            self._server = await listen(self._runner, port)
        except OSError:
            await self.stop()
            raise
        self.url = self.workspace.files.address = (
            f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        )

    async def stop(self) -> None:
        await self._sockets.close()
        await self._courier.stop()
        if self._server:
            self._server.close()
        if self._runner:
            await self._runner.cleanup()

    async def command(
        self,
        user: str,
        text: str,
        channel: str = "C0GENERAL",
        *,
        trigger_id: str | None = None,
        request_url: str | None = None,
    ) -> Answer:
        """The person types `/track` and this text. Where the app acknowledges it with nothing, what they see is what
        it says through the command's address, waited for as long as `reply_seconds`."""
        form = self.command_form(user, text, channel, trigger_id=trigger_id)
        answer = await self.deliver(requests.as_form(form), request_url=request_url)
        shown = to_command(self.workspace, answer, channel=channel, user=user)
        if shown.message is None:
            said = await self._response_urls.said_through(form["response_url"], self.reply_seconds)
            return replace(shown, message=said)
        return shown

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
        """The person presses the button of that text, or chooses in that menu. Raises LookupError.
        `state` is what stands in the fields around it, as the page has it.
        What the message says then is in the workspace: `current` finds it; views are in `workspace.views`."""
        payload = self.press_payload(
            user, place, button, choice=choice, state=state, block_id=block_id, action_ts=action_ts
        )
        answer = await self.deliver(requests.as_interaction(payload), request_url=request_url)
        return answer if answer.taken else replace(answer, errors=(answer.failure,))

    async def event(
        self, inner: Json, *, event_id: str | None = None, request_url: str | None = None
    ) -> Answer:
        """An event, repeated as Slack repeats it while the app does not answer with 2xx."""
        return await self.screens.event(inner, event_id=event_id, url=request_url)

    async def change_person(self, person: Person) -> Answer:
        """Somebody's profile changes, or they come, become a guest, or are deactivated: the app hears of it."""
        self.workspace.add_person(person)
        user = user_object(self.workspace, person, locale=True)
        return await self.event({"type": "user_change", "user": user})

    async def verify_url(self, challenge: str, *, request_url: str | None = None) -> Answer:
        """Slack's question when a request address is entered: whether the challenge comes back."""
        return await self.deliver(
            requests.as_event(requests.url_verification(challenge)), request_url=request_url
        )

    def command_form(
        self, user: str, text: str, channel: str = "C0GENERAL", *, trigger_id: str | None = None
    ) -> dict[str, str]:
        if trigger_id:
            self.workspace.views.made_trigger(trigger_id, user)
        return requests.command(
            self.workspace,
            user,
            text,
            channel,
            trigger_id=trigger_id or self._trigger(user),
            response_url=self._response_url(channel, user),
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
        about = self.place_of(place, state)
        block, element = requests.pressable(about, button, block_id)
        at = action_ts or f"{self.workspace.clock():.6f}{self.workspace.unique()}"
        action = requests.action(block, element, choice, action_ts=at)
        if element["type"] in STATES:
            about.state[block["block_id"]][element["action_id"]] = state_of(element, choice)
        url = None if isinstance(place, View) else self._response_url(place.channel, user, place)
        return requests.block_action(
            self.workspace, user, about, action, trigger_id=self._trigger(user), response_url=url
        )

    def place_of(self, place: Message | View, state: State | None = None) -> Place:
        """With the fields in it as `state` has them, as far as it has those fields."""
        if isinstance(place, View):
            place.state = kept_state(place.blocks, place.state | (state or {}))
            return Place(view=place, state=place.state)
        return Place(message=place, state=kept_state(place.as_json()["blocks"], state or {}))

    def current(self, message: Message) -> Message | None:
        """What that message says by now; None when it was deleted."""
        return self.workspace.find(message.channel, message.ts)

    def signed(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        return self._courier.signed(body, timestamp)

    async def deliver(self, outgoing: Outgoing, *, request_url: str | None = None) -> Answer:
        """One attempt, over the transport that is set. 408 when the app does not answer in time."""
        return await self._courier.deliver(outgoing, request_url=request_url)

    async def post(self, body: bytes, headers: dict[str, str], *, request_url: str | None = None) -> Answer:
        """Raw bytes to the app, for who wants to send them twice, or wrong."""
        return await self._courier.post(body, headers, request_url=request_url)

    def _trigger(self, user: str) -> str:
        name = f"{self.workspace.unique()}.{int(self.workspace.clock() * 1000)}.local-slack"
        return self.workspace.views.made_trigger(name, user)

    def _response_url(self, channel: str, user: str, about: Message | None = None) -> str:
        return f"{self.url}/response/{self._response_urls.make(channel, user, about)}"

    async def _response(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.draw(RESPONSE_URL)
        await asyncio.sleep(self.faults.response_url_latency)
        try:
            given: object = await request.json()
        except (ValueError, RecursionError):
            given = None
        if fault in {Fault.NONE, Fault.ACCEPTED_THEN_500, Fault.ACCEPTED_THEN_CUT}:
            name, unknown = request.match_info["name"], self.faults.unknown_blocks
            status, body = self._response_urls.used(name, given, unknown)
        else:
            status, body = 500, {"ok": False, "error": fault.value}
        shown = given if isinstance(given, dict) else {}
        self._api.note(RESPONSE_URL, shown, str(body.get("error", "ok")))
        if fault is Fault.RATE_LIMITED:
            return web.json_response(body, status=429, headers={"Retry-After": str(self.faults.retry_after)})
        if fault is Fault.ACCEPTED_THEN_CUT and request.transport:
            request.transport.abort()
        return web.json_response(body, status=500 if fault is Fault.ACCEPTED_THEN_500 else status)
