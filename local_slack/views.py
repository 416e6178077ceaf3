"""Modals and Home tabs that people have open.

Trigger ids are valid for three seconds and once; a stack holds three views (Slack's "Modals", 2026).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from local_slack.forms import State, initial_state, merge_state
from local_slack.judge import blocks as judge
from local_slack.refusals import Refused

Json = dict[str, Any]
TRIGGER_SECONDS = 3.0
MOST_STACKED = 3
APP_ID, BOT_ID, TEAM_ID = "A0TRACKER", "B0TRACKER", "T0LOCAL"


@dataclass
class View:
    """A modal or Home as a person sees it. `definition` is the view that the app sent; `errors` are by block id."""

    id: str
    user: str
    definition: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: State = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return str(self.definition["type"])

    @property
    def blocks(self) -> list[Json]:
        return [{"block_id": f"b{index}", **block} for index, block in enumerate(self.definition["blocks"])]

    @property
    def title(self) -> str:
        return str(self.definition.get("title", {}).get("text", ""))

    def as_json(self) -> Json:
        """Return the view object of Slack's payloads."""
        definition = self.definition
        return {
            "id": self.id,
            "team_id": TEAM_ID,
            "type": self.kind,
            "blocks": self.blocks,
            "private_metadata": definition.get("private_metadata", ""),
            "callback_id": definition.get("callback_id", ""),
            "state": {"values": self.state},
            "hash": self.hash,
            "title": definition.get("title"),
            "submit": definition.get("submit"),
            "close": definition.get("close"),
            "clear_on_close": definition.get("clear_on_close", False),
            "notify_on_close": definition.get("notify_on_close", False),
            "previous_view_id": self.previous_id,
            "root_view_id": self.root_id,
            "external_id": definition.get("external_id", ""),
            "app_id": APP_ID,
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }


@dataclass
class Views:
    """The open views of all people. `clock` returns seconds since 1970."""

    clock: Callable[[], float]
    next_id: Callable[[], int]
    homes: dict[str, View] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, float, bool]] = field(default_factory=dict)

    def add_trigger(self, trigger_id: str, user: str) -> str:
        self._triggers[trigger_id] = (user, self.clock(), False)
        return trigger_id

    def top(self, user: str) -> View | None:
        """Return the modal in front of that person."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def find(self, view_id: str) -> View | None:
        opened = [one for stack in self.stacks.values() for one in stack]
        return next((one for one in [*opened, *self.homes.values()] if one.id == view_id), None)

    def open_modal(self, trigger_id: str, definition: Json, *, push: bool) -> View:
        """Open a modal, on top of the open ones or instead of them. Raises Refused with Slack's error."""
        check_view(definition, "modal")
        user = self._use_trigger(trigger_id)
        stack = self.stacks.setdefault(user, [])
        if push and not stack:
            raise Refused("not_found")
        if not push:
            stack.clear()
        if len(stack) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        view = self._make(user, definition, stack[-1] if stack else None)
        stack.append(view)
        return view

    def update(self, view: View, definition: Json, wanted_hash: str | None) -> View:
        check_view(definition, view.kind)
        if wanted_hash and wanted_hash != view.hash:
            raise Refused("hash_conflict")
        view.definition, view.hash, view.errors = definition, self._hash(), {}
        view.state = merge_state(view.blocks, view.state)
        return view

    def publish_home(self, user: str, definition: Json, wanted_hash: str | None) -> View:
        check_view(definition, "home")
        home = self.homes.get(user)
        if home:
            return self.update(home, definition, wanted_hash)
        self.homes[user] = home = self._make(user, definition, None)
        return home

    def push_modal(self, view: View, definition: Json) -> View:
        """Put a modal on top of the others, for an answer to a submission that demands it. Raises Refused."""
        check_view(definition, "modal")
        stack = self.stacks[view.user]
        if len(stack) >= MOST_STACKED:
            raise Refused("push_limit_reached")
        stack.append(self._make(view.user, definition, view))
        return stack[-1]

    def close(self, view: View, *, all_of_them: bool = False) -> list[View]:
        """Close the view; return the closed views whose app wants to be notified."""
        stack = self.stacks.get(view.user, [])
        gone = list(stack) if all_of_them or view.definition.get("clear_on_close") else [view]
        self.stacks[view.user] = [one for one in stack if one not in gone]
        return [one for one in reversed(gone) if one.definition.get("notify_on_close")]

    def clear(self) -> None:
        self.homes.clear()
        self.stacks.clear()

    def _use_trigger(self, trigger_id: str) -> str:
        user, made, used = self._triggers.get(trigger_id, ("", 0.0, False))
        if not user:
            raise Refused("invalid_trigger_id")
        if self.clock() - made > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")
        if used:
            raise Refused("exchanged_trigger_id")
        self._triggers[trigger_id] = (user, made, True)
        return user

    def _make(self, user: str, definition: Json, below: View | None) -> View:
        name = f"V{self.next_id():08d}"
        view = View(
            name,
            user,
            definition,
            self._hash(),
            root_id=below.root_id if below else name,
            previous_id=below.id if below else None,
        )
        view.state = initial_state(view.blocks)
        return view

    def _hash(self) -> str:
        return f"{int(self.clock())}.{self.next_id():08x}"


def check_view(definition: object, kind: str) -> None:
    """Raise Refused with the judge's problems, if it finds any."""
    if found := judge.find_view_problems(definition, kind):
        raise Refused("invalid_arguments", found)
