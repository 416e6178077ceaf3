"""Whether a payload has what its kind always has: the listeners, and Bolt, read it without asking again."""

from typing import Any

# What the listeners read more of than its kind.
_HANDLED = {
    "block_actions",
    "block_suggestion",
    "event_callback",
    "message_action",
    "shortcut",
    "view_submission",
}


def complete(body: dict[str, Any]) -> bool:  # noqa: C901 - a table, a row for each kind
    """Whether a payload of a kind that we handle has what the listeners, and Bolt, read of it."""
    if any(not isinstance(body.get(name), dict | str | None) for name in ("team", "enterprise", "user")):
        return False
    match body:
        case {"command": str(), "user_id": str(), "trigger_id": str()}:
            return True
        case {
            "type": "block_actions",
            "user": {"id": str()},
            "actions": [{"action_id": str(), "action_ts": str()}, *_],
        }:
            return all(isinstance(body.get(name), dict | None) for name in ("view", "container", "channel"))
        case {
            "type": "view_submission",
            "user": {"id": str()},
            "view": {"id": str(), "blocks": list()} as view,
        }:
            return isinstance(view.get("callback_id", ""), str) and _has_state(view)
        case {"type": "block_suggestion", "user": {"id": str()}, "action_id": str(), "block_id": str()}:
            return isinstance(body.get("view"), dict | None)
        case {"type": "shortcut", "user": {"id": str()}, "callback_id": str(), "trigger_id": str()}:
            return True
        case {
            "type": "message_action",
            "user": {"id": str()},
            "callback_id": str(),
            "trigger_id": str(),
            "message": {"ts": str()},
            "channel": {"id": str()},
        }:
            return True
        case {"type": "event_callback", "event": {"type": "user_change"} as event}:
            return isinstance(event.get("user"), dict) and isinstance(event["user"].get("id"), str)
        case {"type": "event_callback", "event": {"type": "message"}, **more}:
            named = more.get("authorizations") or []
            return isinstance(named, list) and all(isinstance(one, dict) for one in named)
        case {"type": "event_callback", "event": {"type": "app_home_opened"} as event}:
            return isinstance(event.get("user"), str)
        case {"type": "event_callback", "event": {"type": str()}}:
            return True
        case {"command": _}:
            return False
        case {"type": str() as kind} if kind in _HANDLED:
            return False
    return True


def _has_state(view: dict[str, Any]) -> bool:
    state = view.get("state", {})
    values = state.get("values", {}) if isinstance(state, dict) else None
    return isinstance(values, dict) and all(
        isinstance(inside, dict) and all(isinstance(one, dict) for one in inside.values())
        for inside in values.values()
    )
