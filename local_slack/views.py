"""Modals and Home tabs: what each person has open, and the methods that open and change them.

Trigger ids live for three seconds and are used once; a stack holds three views (Slack's "Modals", 2026).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from local_slack import blocks as judge
from local_slack.forms import State, first_state, kept_state
from local_slack.refusals import Refused

if TYPE_CHECKING:
    from local_slack.workspace import Workspace

Json = dict[str, Any]
TRIGGER_SECONDS = 3.0
MOST_STACKED = 3
APP_ID, BOT_ID, TEAM_ID = "A0TRACKER", "B0TRACKER", "T0LOCAL"


@dataclass
class View:
    """One modal or Home as it is shown now. `errors` stand at their fields, by block id."""

    id: str
    user: str
    given: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.given["type"])

    @property
    def blocks(self) -> list[Json]:
        return [{"block_id": f"b{index}", **block} for index, block in enumerate(self.given["blocks"])]

    @property
    def title(self) -> str:
        return str(self.given.get("title", {}).get("text", ""))

    def as_json(self) -> Json:
        """The view object of Slack's payloads."""
        given = self.given
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": given.get("private_metadata", ""),
            "callback_id": given.get("callback_id", ""),
            "state": {"values": self.state},
            "hash": self.hash,
            "title": given.get("title"),
            "submit": given.get("submit"),
            "close": given.get("close"),
            "clear_on_close": given.get("clear_on_close", False),
            "notify_on_close": given.get("notify_on_close", False),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "external_id": given.get("external_id", ""),
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


@dataclass
class Views:
    """What everybody has open. `clock` gives seconds since 1970."""

    clock: Callable[[], float]
    unique: Callable[[], int]
    homes: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, float, bool]] = field(default_factory=dict)

    def made_trigger(self, trigger_id: str, user: str) -> str:
        self._triggers[trigger_id] = (user, self.clock(), False)
        return trigger_id

    def top(self, user: str) -> View | None:
        """The modal in front of that person."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str) -> View | None:
        opened = [one for stack in self.stacks.values() for one in stack]
        return next((one for one in [*opened, *self.homes.values()] if one.id == view_id), None)

    def opened(self, trigger_id: str, given: Json, *, push: bool) -> View:
        """Raises Refused, with the words of Slack's Web API."""
        checked(given, "modal")
        user = self._used(trigger_id)
        stack = self.stacks.setdefault(user, [])
        if push and not stack:
            raise Refused("not_found")
        if not push:
            stack.clear()
        if len(stack) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        view = self._made(user, given, stack[-1] if stack else None)
        stack.append(view)
        return view

    def updated(self, view: View, given: Json, wanted_hash: str | None) -> View:
        checked(given, view.kind)
        if wanted_hash and wanted_hash != view.hash:
            raise Refused("hash_conflict")
        view.given, view.hash, view.errors = given, self._hash(), {}
        view.state = kept_state(view.blocks, view.state)
        return view

    def published(self, user: str, given: Json, wanted_hash: str | None) -> View:
        checked(given, "home")
        home = self.homes.get(user)
        if home:
            return self.updated(home, given, wanted_hash)
        self.homes[user] = home = self._made(user, given, None)
        return home

    def pushed(self, view: View, given: Json) -> View:
        """As the answer to a submission."""
        checked(given, "modal")
        stack = self.stacks[view.user]
        if len(stack) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        stack.append(self._made(view.user, given, view))
        return stack[-1]

    def closed(self, view: View, *, all_of_them: bool = False) -> list[View]:
        """Takes it from the screen; those that are told of it."""
        stack = self.stacks.get(view.user, [])
        gone = list(stack) if all_of_them or view.given.get("clear_on_close") else [view]
        self.stacks[view.user] = [one for one in stack if one not in gone]
        return [one for one in reversed(gone) if one.given.get("notify_on_close")]

    def clear(self) -> None:
        self.homes.clear()
        self.stacks.clear()

    def _used(self, trigger_id: str) -> str:
        user, made, used = self._triggers.get(trigger_id, ("", 0.0, False))
        if not user:
            raise Refused("invalid_trigger_id")
        if self.clock() - made > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        if used:
            raise Refused("exchanged_trigger_id")
        self._triggers[trigger_id] = (user, made, True)
        return user

    def _made(self, user: str, given: Json, below: View | None) -> View:
        name = f"V{self.unique():08d}"
        view = View(
            name,
            user,
            given,
            self._hash(),
            root_id=below.root_id if below else name,
            previous_id=below.id if below else None,
        )
        view.state = first_state(view.blocks)
        return view

    def _hash(self) -> str:
        return f"{int(self.clock())}.{self.unique():08x}"


def checked(given: object, kind: str) -> None:
    """Raises Refused with what Slack would not take."""
    if found := judge.view_problems(given, kind):
        raise Refused("invalid_arguments", found)


def open_view(workspace: "Workspace", given: Json) -> Json:
    return _shown(workspace, workspace.views.opened(_text(given, "trigger_id"), _view(given), push=False))


def push_view(workspace: "Workspace", given: Json) -> Json:
    return _shown(workspace, workspace.views.opened(_text(given, "trigger_id"), _view(given), push=True))


def update_view(workspace: "Workspace", given: Json) -> Json:
    views = workspace.views
    wanted = given.get("external_id")
    stacked = [one for stack in views.stacks.values() for one in stack]
    by_name = next((one for one in stacked if wanted and one.given.get("external_id") == wanted), None)
    view = views.find(str(given.get("view_id", ""))) or by_name
    if view is None:
        raise Refused("not_found")
    return _shown(workspace, views.updated(view, _view(given), given.get("hash")))


def publish_view(workspace: "Workspace", given: Json) -> Json:
    user = _text(given, "user_id")
    if user not in workspace.people:
        raise Refused("user_not_found")
    return _shown(workspace, workspace.views.published(user, _view(given), given.get("hash")))


def _shown(workspace: "Workspace", view: View) -> Json:
    workspace.tell()
    return {"view": view.as_json()}


def _text(given: Json, name: str) -> str:
    if not given.get(name):
        raise Refused("invalid_arguments", [f"missing required field: {name}"])
    return str(given[name])


def _view(given: Json) -> Json:
    view = given.get("view")
    if not isinstance(view, dict):
        raise Refused("invalid_arguments", ["missing required field: view"])
    return view
