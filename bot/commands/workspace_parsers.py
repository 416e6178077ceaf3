"""What follows the name of a command about what everybody shares: projects, channels, roles, webhook endpoints."""

import re

from bot.commands.intents import (
    ArchiveProject,
    Connect,
    Disconnect,
    Form,
    GiveRole,
    Here,
    Intent,
    ListEndpoints,
    MakeProject,
    OpenForm,
    RenameProject,
    ShowAccess,
    ShowTeam,
)
from bot.commands.personal_parsers import NOTHING
from domain.errors import NotUnderstood
from domain.identity.people import Role
from domain.webhooks.endpoints import Provider


def project(rest: str) -> Intent:
    verb, _, words = rest.partition(" ")
    name = _unquoted(words)
    if verb.lower() == "new" and not name:
        return OpenForm(Form.PROJECT)
    if verb.lower() in {"new", "archive"} and name:
        return MakeProject(name) if verb.lower() == "new" else ArchiveProject(name)
    found = _RENAME.fullmatch(words.strip())
    if verb.lower() == "rename" and found:
        return RenameProject(_unquoted(found["name"]), _unquoted(found["title"]))
    raise NotUnderstood(
        "I know `/track project new API`, `/track project rename api to Backend API` "
        "and `/track project archive api`."
    )


_RENAME = re.compile(r"(?P<name>.+?) (?:to|as|->) (?P<title>.+)", re.IGNORECASE)


def here(rest: str) -> Here:
    """The word `project` may come first, as in `/track here project api`."""
    words = re.sub(r"^project\s+", "", rest, flags=re.IGNORECASE)
    if words.lower() in NOTHING:
        return Here(nothing=True)
    return Here(name=_unquoted(words).removesuffix(":"))


def team(rest: str) -> Intent:
    if not rest:
        return ShowTeam()
    if alone := _MENTION.fullmatch(rest.strip()):
        return ShowAccess(alone["id"])
    verb, _, whom = rest.partition(" ")
    found = _MENTION.fullmatch(whom.strip())
    if "@" in rest and "<@" not in rest:
        name = rest[rest.index("@") :][:60]
        raise NotUnderstood(
            f"I don't know who “{name}” is: choose the name from the list that Slack shows after the @. "
            "Nothing was changed."
        )
    if verb.lower() not in set(Role) or not found:
        raise NotUnderstood(
            "I know `/track team`, and for admins `/track team lead @name`, `/track team admin @name`, "
            "`/track team member @name`, and `/track team @name`, which shows their tokens and their link."
        )
    return GiveRole(found["id"], Role(verb.lower()))


_MENTION = re.compile(r"<@(?P<id>[UW][A-Z0-9]{2,20})(?:\|[^<>]*)?>")


def connect(rest: str) -> Intent:
    first, _, more = rest.partition(" ")
    word, name = first.lower(), _unquoted(more)
    if word == "list":
        if more:
            raise NotUnderstood(
                "`/track connect list` stands alone: it shows all endpoints. Nothing was changed."
            )
        return ListEndpoints()
    if word == "off":
        if not name:
            raise NotUnderstood(
                "Which one? `/track connect off deploys` ends the one of that name; `/track connect list` shows all."
            )
        return Disconnect(name)
    if word in _STRANGE_SENDERS:
        raise NotUnderstood(
            f"I can't read what {_STRANGE_SENDERS[word]} sends by itself: only Standard Webhooks are understood. "
            "`/track connect` makes an address that a script or a CI job of yours can post to; docs/api.md, "
            "“Endpoints of your own”, has one ready to copy. Nothing was changed."
        )
    if word in set(Provider):
        return Connect(Provider(word), name or word)
    return Connect(Provider.STANDARD, _unquoted(rest) or Provider.STANDARD.value)


# Those who sign and speak in their own way, so that an address of ours would be of no use to them.
_STRANGE_SENDERS = {
    "github": "GitHub",
    "gitlab": "GitLab",
    "gitea": "Gitea",
    "bitbucket": "Bitbucket",
    "jira": "Jira",
    "linear": "Linear",
}


def _unquoted(words: str) -> str:
    return words.strip(' "“”')
