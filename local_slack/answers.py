"""Answers of the app: to a request at once, or later through a response_url."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from local_slack.judge import blocks as judge
from local_slack.workspace import BOT_USER, Message, Workspace

Json = dict[str, Any]
MOST_USES, LIFETIME = 5, 30 * 60  # uses, seconds; Slack's "Handling user interaction"
TIMED_OUT, UNREACHABLE = 408, 503  # our statuses if the app does not answer in time, or does not listen
CONNECTION_REFUSED = b"refused"  # the body if no connection was accepted, so that nothing was sent


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the app. `message` is what the person sees of it; `errors` are what Slack would refuse in it."""

    status: int
    body: bytes
    content_type: str = ""
    message: Message | None = None
    errors: tuple[str, ...] = ()
    final: bool = False  # the app asked Slack not to repeat this request

    @property
    def json(self) -> Json | None:
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return None
        return parsed if isinstance(parsed, dict) else None

    @property
    def accepted(self) -> bool:
        return 200 <= self.status < 300

    @property
    def failure(self) -> str:
        """Return Slack's name for the error that a failed command or press shows."""
        return "operation_timeout" if self.status == TIMED_OUT else "dispatch_failed"


@dataclass
class ResponseUrl:
    """A response_url. `about` is the message whose button was pressed, which the app may replace.

    The response_url of a command or a shortcut has no such message: it adds a message whatever it is asked to replace
    (slackapi/bolt-python #1268, slackapi/bolt-js #2287).
    """

    channel: str
    user: str
    made_at: float
    about: Message | None = None
    uses: int = 0
    first_message: Message | None = None  # messages that it added
    answered: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class ResponseUrls:
    """All response_urls of the workspace, by the last part of their path."""

    workspace: Workspace
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def make(self, channel: str, user: str, about: Message | None = None) -> str:
        name = f"R{self.workspace.next_id():08d}{secrets.token_hex(8)}"  # whoever knows the path may use it
        self._urls[name] = ResponseUrl(channel, user, self.workspace.clock(), about)
        return name

    def use(self, name: str, body: object, unknown_blocks: Collection[str] = ()) -> tuple[int, Json]:
        """Take the app's request to this response_url; return the status and body of Slack's answer.

        Blocks of the types in `unknown_blocks` are refused.
        """
        url = self._urls.get(name)
        if url is None:
            return _refuse(404, "no_such_url")
        if self.workspace.clock() - url.made_at > LIFETIME:
            return _refuse(404, "expired_url")
        if url.uses >= MOST_USES:
            return _refuse(404, "used_url")
        if not isinstance(body, dict):
            return _refuse(400, "invalid_payload")
        url.uses += 1
        if body.get("delete_original"):
            if url.about:
                self.workspace.delete(url.about)
            return 200, {"ok": True}
        found = find_message_problems(body)
        if found == ["no_text"]:
            return _refuse(400, "no_text")
        found = found or [f"unsupported type: {one}" for one in unknown_blocks if one in _types(body)]
        if found:
            return _refuse(400, "invalid_blocks", found)
        self._show(url, body)
        return 200, {"ok": True}

    def _show(self, url: ResponseUrl, body: Json) -> None:
        current = self.workspace.find(url.about.channel, url.about.ts) if url.about else None
        if body.get("replace_original") and current:
            url.about = self.workspace.rewrite(current, *_read_content(body))
        else:
            added = post_answer(self.workspace, body, channel=url.channel, user=url.user)
            url.first_message = url.first_message or added
            url.answered.set()

    async def wait_for_message(self, address: str, seconds: float) -> Message | None:
        """Wait for the first message that this response_url adds, for at most so many seconds."""
        url = self._urls[address.rpartition("/")[2]]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(url.answered.wait(), seconds)
        return url.first_message


def _types(body: Json) -> set[str]:
    return {block["type"] for block in body.get("blocks") or ()}


def _refuse(status: int, error: str, messages: list[str] | None = None) -> tuple[int, Json]:
    more = {"response_metadata": {"messages": messages}} if messages else {}
    return status, {"ok": False, "error": error, **more}


def _read_content(body: Json) -> tuple[str, tuple[Json, ...]]:
    return str(body.get("text") or ""), tuple(body.get("blocks") or ())


def find_message_problems(body: Json) -> list[str]:
    """Return what Slack would refuse in this message."""
    if not body.get("text") and not body.get("blocks"):
        return ["no_text"]
    return judge.find_problems(body["blocks"]) if body.get("blocks") else []


def post_answer(workspace: Workspace, body: Json, *, channel: str, user: str) -> Message:
    """Post the message of an answer. Only that person sees it, unless the answer is for the channel."""
    text, blocks = _read_content(body)
    alone = None if body.get("response_type") == "in_channel" else user
    thread = body.get("thread_ts")
    return workspace.post(Message(channel, "", BOT_USER, text, blocks, ephemeral_for=alone, thread_ts=thread))


def show_command_answer(workspace: Workspace, answer: Answer, *, channel: str, user: str) -> Answer:
    """Post the answer to a slash command for the person who typed it, or Slack's error message."""

    def with_message(body: Json, errors: tuple[str, ...] = ()) -> Answer:
        return replace(
            answer, message=post_answer(workspace, body, channel=channel, user=user), errors=errors
        )

    if not answer.accepted:
        return with_message({"text": f"/track failed with the error “{answer.failure}”"}, (answer.failure,))
    if not answer.body.strip():
        return answer
    body = answer.json or {"text": answer.body.decode("utf-8", "replace")}
    if found := find_message_problems(body):
        return with_message(
            {"text": f"/track answered with invalid blocks: {'; '.join(found)}"}, tuple(found)
        )
    return with_message(body)
