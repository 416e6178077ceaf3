"""Payloads of slash commands, whose text is escaped as in Slack."""

import re
from typing import Any

from local_slack.requests.tokens import VERIFICATION_TOKEN
from local_slack.workspace import APP_ID, TEAM_DOMAIN, TEAM_ID, Workspace

Json = dict[str, Any]


def command_form(
    workspace: Workspace, user: str, text: str, channel: str, *, trigger_id: str, response_url: str
) -> Json:
    person, place = workspace.people[user], workspace.channels[channel]
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel,
        "channel_name": "directmessage" if place.person else place.name,
        "user_id": user,
        "user_name": person.handle,
        "command": "/track",
        "text": escape_text(workspace, text),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


_WORD = re.compile(r"(?<!\S)(?:([@#])([\w.-]+(?: [A-Z]\w+)?)|(https?://[^\s<>|]+))")


def escape_text(workspace: Workspace, text: str) -> str:
    """Escape text as the manifest's `should_escape` demands: entities, and people, channels and links in angle
    brackets."""

    def link_word(found: re.Match[str]) -> str:
        sign, name, link = found.groups()
        if link:
            return f"<{link}>"
        first = name.split(" ")[0]
        for words, left in ((name, ""), (first, name.removeprefix(first))):
            inside = (
                _find_person_mention(workspace, words)
                if sign == "@"
                else _find_channel_mention(workspace, words)
            )
            if inside:
                return f"<{inside}>{left}"
        return found.group()

    return _WORD.sub(link_word, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def _find_person_mention(workspace: Workspace, words: str) -> str | None:
    """Return the mention of the person with that handle, whole name or first name, in any case.

    These are the names that Slack's list of people matches behind an `@`.
    """
    wanted = words.casefold()
    names = (
        (one, (one.handle, one.name.casefold(), one.name.split()[0].casefold()))
        for one in workspace.people.values()
    )
    return next((f"@{one.id}|{one.handle}" for one, spoken in names if wanted in spoken), None)


def _find_channel_mention(workspace: Workspace, words: str) -> str | None:
    public = (one for one in workspace.channels.values() if not one.person)
    return next((f"#{one.id}|{one.name}" for one in public if one.name == words), None)
