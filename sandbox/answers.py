"""What comes back from the app: to a request at once, or later to a response_url."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox import blocks as judge
from sandbox.workspace import BOT_USER, Message, Workspace

Json = dict[str, Any]
MOST_USES, LIFETIME = 5, 30 * 60  # uses, seconds; Slack's "Handling user interaction"


@dataclass(frozen=True, slots=True)
class Answer:
    """`message` is what the person sees of it; `errors` is what Slack would have refused in it."""

    status: int
    body: bytes
    content_type: str = ""
    message: Message | None = None
    errors: tuple[str, ...] = ()

    @property
    def json(self) -> Json | None:
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return None
        return parsed if isinstance(parsed, dict) else None


@dataclass
class ResponseUrl:
    """`about` is the message whose button was pressed, which may be replaced through it."""

    channel: str
    user: str
    made_at: float
    about: Message | None = None
    uses: int = 0


@dataclass
class ResponseUrls:
    workspace: Workspace
    _urls: dict[str, ResponseUrl] = field(default_factory=dict)

    def make(self, channel: str, user: str, about: Message | None = None) -> str:
        name = f"R{self.workspace.unique():08d}"
        self._urls[name] = ResponseUrl(channel, user, self.workspace.clock(), about)
        return name

    def used(self, name: str, given: Json) -> tuple[int, Json]:
        """The status and body that Slack answers with."""
        url = self._urls.get(name)
        if url is None:
            return 404, {"ok": False, "error": "no_such_url"}
        if self.workspace.clock() - url.made_at > LIFETIME:
            return 404, {"ok": False, "error": "expired_url"}
        if url.uses >= MOST_USES:
            return 404, {"ok": False, "error": "used_url"}
        url.uses += 1
        if given.get("delete_original") and url.about:
            self.workspace.delete(url.about)
            return 200, {"ok": True}
        found = problems_of(given)
        if found:
            return 400, {"ok": False, "error": "invalid_blocks", "response_metadata": {"messages": found}}
        if given.get("replace_original") and url.about:
            current = self.workspace.find(url.about.channel, url.about.ts)
            if current:
                url.about = self.workspace.rewrite(
                    current, str(given.get("text", "")), tuple(given.get("blocks") or ())
                )
            return 200, {"ok": True}
        shown(self.workspace, given, channel=url.channel, user=url.user)
        return 200, {"ok": True}


def problems_of(given: Json) -> list[str]:
    if not given.get("text") and not given.get("blocks"):
        return ["no_text"]
    return judge.problems(given["blocks"]) if given.get("blocks") else []


def shown(workspace: Workspace, given: Json, *, channel: str, user: str) -> Message:
    """A message as an answer carries it: for the person alone unless it says otherwise."""
    to_all = given.get("response_type") == "in_channel"
    return workspace.post(
        Message(
            channel=channel,
            ts="",
            author=BOT_USER,
            text=str(given.get("text", "")),
            blocks=tuple(given.get("blocks") or ()),
            ephemeral_for=None if to_all else user,
        )
    )


def to_command(workspace: Workspace, answer: Answer, *, channel: str, user: str) -> Answer:
    """The answer to a slash command, put in front of whoever typed it."""
    if answer.status != 200:
        reason = "operation_timeout" if answer.status == 408 else "dispatch_failed"
        said = {"text": f"/track failed with the error “{reason}”"}
        return replace(answer, message=shown(workspace, said, channel=channel, user=user), errors=(reason,))
    given = answer.json or ({"text": answer.body.decode("utf-8", "replace")} if answer.body else None)
    if given is None:
        return answer
    found = problems_of(given)
    if found:
        said = {"text": f"/track answered with invalid blocks: {'; '.join(found)}"}
        return replace(
            answer, message=shown(workspace, said, channel=channel, user=user), errors=tuple(found)
        )
    return replace(answer, message=shown(workspace, given, channel=channel, user=user))
