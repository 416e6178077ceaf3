"""What comes back from the app: to a request at once, or later to a response_url."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from local_slack import blocks as judge
from local_slack.workspace import BOT_USER, Message, Workspace

Json = dict[str, Any]
MOST_USES, LIFETIME = 5, 30 * 60  # uses, seconds; Slack's "Handling user interaction"
LATE, AWAY = 408, 503  # our words for no answer in time, and for nobody there
REFUSED = b"refused"  # the body where no connection was taken, so that nothing was sent


@dataclass(frozen=True, slots=True)
class Answer:
    """`message` is what the person sees of it; `errors` is what Slack would have refused in it."""

    status: int
    body: bytes
    content_type: str = ""
    message: Message | None = None
    errors: tuple[str, ...] = ()
    final: bool = False  # the app asked not to be sent this again

    @property
    def json(self) -> Json | None:
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return None
        return parsed if isinstance(parsed, dict) else None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def failure(self) -> str:
        """Slack's own word for a command or a press that went wrong."""
        return "operation_timeout" if self.status == LATE else "dispatch_failed"


@dataclass
class ResponseUrl:
    """`about` is the message whose button was pressed, and that may be replaced. A command's or a shortcut's address
    has none: whatever it is asked to replace, it adds (slackapi/bolt-python #1268, slackapi/bolt-js #2287)."""

    channel: str
    user: str
    made_at: float
    about: Message | None = None
    uses: int = 0
    said: Message | None = None  # the first message that it added
    speaks: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class ResponseUrls:
    workspace: Workspace
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def make(self, channel: str, user: str, about: Message | None = None) -> str:
        name = f"R{self.workspace.unique():08d}{secrets.token_hex(8)}"  # knowing it is all that is asked
        self._urls[name] = ResponseUrl(channel, user, self.workspace.clock(), about)
        return name

    def used(self, name: str, given: object, unknown_blocks: Collection[str] = ()) -> tuple[int, Json]:
        """The status and body that Slack answers with; blocks of those types it does not know yet."""
        url = self._urls.get(name)
        if url is None:
            return _refused(404, "no_such_url")
        if self.workspace.clock() - url.made_at > LIFETIME:
            return _refused(404, "expired_url")
        if url.uses >= MOST_USES:
            return _refused(404, "used_url")
        if not isinstance(given, dict):
            return _refused(400, "invalid_payload")
        url.uses += 1
        if given.get("delete_original"):
            if url.about:
                self.workspace.delete(url.about)
            return 200, {"ok": True}
        found = problems_of(given)
        if found == ["no_text"]:
            return _refused(400, "no_text")
        found = found or [f"unsupported type: {one}" for one in unknown_blocks if one in _types(given)]
        if found:
            return _refused(400, "invalid_blocks", found)
        self._show(url, given)
        return 200, {"ok": True}

    def _show(self, url: ResponseUrl, given: Json) -> None:
        current = self.workspace.find(url.about.channel, url.about.ts) if url.about else None
        if given.get("replace_original") and current:
            url.about = self.workspace.rewrite(current, *_said(given))
        else:
            added = shown(self.workspace, given, channel=url.channel, user=url.user)
            url.said = url.said or added
            url.speaks.set()

    async def said_through(self, address: str, seconds: float) -> Message | None:
        """The first message that this address added, waited for as long as that."""
        url = self._urls[address.rpartition("/")[2]]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(url.speaks.wait(), seconds)
        return url.said


def _types(given: Json) -> set[str]:
    return {block["type"] for block in given.get("blocks") or ()}


def _refused(status: int, error: str, messages: list[str] | None = None) -> tuple[int, Json]:
    more = {"response_metadata": {"messages": messages}} if messages else {}
    return status, {"ok": False, "error": error, **more}


def _said(given: Json) -> tuple[str, tuple[Json, ...]]:
    return str(given.get("text") or ""), tuple(given.get("blocks") or ())


def problems_of(given: Json) -> list[str]:
    if not given.get("text") and not given.get("blocks"):
        return ["no_text"]
    return judge.problems(given["blocks"]) if given.get("blocks") else []


def shown(workspace: Workspace, given: Json, *, channel: str, user: str) -> Message:
    """A message as an answer carries it: for the person alone unless it says otherwise."""
    text, blocks = _said(given)
    alone = None if given.get("response_type") == "in_channel" else user
    thread = given.get("thread_ts")
    return workspace.post(Message(channel, "", BOT_USER, text, blocks, ephemeral_for=alone, thread_ts=thread))


def to_command(workspace: Workspace, answer: Answer, *, channel: str, user: str) -> Answer:
    """The answer to a slash command, put in front of whoever typed it."""

    def with_message(given: Json, errors: tuple[str, ...] = ()) -> Answer:
        return replace(answer, message=shown(workspace, given, channel=channel, user=user), errors=errors)

    if not answer.taken:
        return with_message({"text": f"/track failed with the error “{answer.failure}”"}, (answer.failure,))
    if not answer.body.strip():
        return answer
    given = answer.json or {"text": answer.body.decode("utf-8", "replace")}
    if found := problems_of(given):
        return with_message(
            {"text": f"/track answered with invalid blocks: {'; '.join(found)}"}, tuple(found)
        )
    return with_message(given)
