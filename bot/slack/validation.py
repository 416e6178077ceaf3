"""Which payloads we serve, and what each of them always has: the listeners, and Bolt, read it without asking again."""

from collections.abc import Mapping
from typing import Any

from bot.slack.json_shapes import (
    MISSING,
    Check,
    anything_typed,
    each,
    each_value,
    either,
    has,
    maybe,
    optional,
    text,
    word,
)

_named = has({"id": maybe(word), "team_id": maybe(word), "enterprise_id": maybe(word)})
_authorization = has(
    {
        "team_id": maybe(word),
        "enterprise_id": maybe(word),
        "user_id": maybe(word),
        "team": maybe(either(word, _named)),
        "enterprise": maybe(either(word, _named)),
        "authorizations": lambda value: value in (None, MISSING),
    }
)
# What Bolt reads of any payload, to say who it is about (slack_bolt.request.internals).
_ANY: dict[str, Check] = {
    "team": maybe(either(word, _named)),
    "enterprise": maybe(either(word, _named)),
    "user": maybe(either(word, _named)),
    "channel": maybe(either(word, _named)),
    "team_id": maybe(word),
    "enterprise_id": maybe(word),
    "user_id": maybe(word),
    "channel_id": maybe(word),
    "thread_ts": maybe(word),
    "authorizations": maybe(each(_authorization)),
    "response_url": maybe(word),
    "response_urls": optional(each(has({"response_url": maybe(word)}))),
    "message": maybe(has({"user": maybe(either(word, _named)), "thread_ts": maybe(word)})),
    "trigger_id": maybe(word),
    "function_execution_id": maybe(word),
    "bot_access_token": maybe(word),
}
_someone = has({"id": word, "team_id": maybe(word)})
_option = has({"value": maybe(anything_typed)})
_field = has(
    {
        "value": maybe(anything_typed),
        "selected_option": maybe(_option),
        "selected_options": maybe(each(_option)),
        "selected_date": maybe(text),
        "selected_time": maybe(text),
    }
)
_state = has({"values": optional(each_value(each_value(_field)))})
_view: dict[str, Check] = {
    "id": word,
    "type": maybe(text),
    "callback_id": maybe(text),
    "hash": maybe(text),
    "private_metadata": optional(anything_typed),
    "team_id": maybe(word),
    "app_installed_team_id": maybe(word),
}
_action = has(
    {
        "action_id": word,
        "action_ts": word,
        "type": maybe(text),
        "block_id": optional(text),
        "value": maybe(text),
        "selected_option": maybe(has({"value": maybe(text)})),
    }
)
_block = has({"block_id": optional(text)})
_form = has(
    _view
    | {
        "type": lambda value: value == "modal",
        "blocks": each(_block),
        "state": optional(_state),
    }
)

_COMMAND: Mapping[str, Check] = {
    "command": word,
    "user_id": word,
    "trigger_id": word,
    "text": optional(anything_typed),
}
_KINDS: Mapping[str, dict[str, Check]] = {
    "url_verification": {},
    "block_actions": {
        "user": _someone,
        "actions": lambda value: isinstance(value, list) and value != [] and _action(value[0]),
        "view": maybe(has(_view)),
        "container": optional(has({"message_ts": maybe(word)})),
        "channel": maybe(_named),
    },
    "block_suggestion": {
        "user": _someone,
        "action_id": word,
        "block_id": word,
        "value": maybe(anything_typed),
        "view": maybe(has(_view)),
    },
    "view_submission": {"user": _someone, "view": _form},
    "shortcut": {"user": _someone, "callback_id": word, "trigger_id": word},
    "message_action": {
        "user": _someone,
        "callback_id": word,
        "trigger_id": word,
        "channel": has({"id": word}),
        "message": has(
            {"ts": word, "text": maybe(anything_typed), "thread_ts": maybe(word), "user": maybe(word)}
        ),
    },
    "event_callback": {"event": has(_ANY | {"user": lambda _value: True, "type": word})},
}
_profile = has({name: maybe(text) for name in ("display_name", "real_name", "email")})
_member = has(
    {"id": word, "profile": maybe(_profile)}
    | {name: maybe(text) for name in ("name", "real_name", "tz", "locale")}
)
# Events whose listeners read more than that. Others reach Bolt, which finds no listener for them.
_EVENTS: Mapping[str, dict[str, Check]] = {
    "user_change": {"user": _member},
    "app_home_opened": {"user": word, "tab": maybe(text)},
    "message": {
        "user": maybe(word),
        "channel": maybe(word),
        "channel_type": maybe(text),
        "ts": maybe(word),
        "bot_id": maybe(word),
    },
}


def is_served(body: dict[str, Any]) -> bool:
    """Whether a payload is of a kind that some listener is there for.

    Slack may send others: those of dialogs, attachments and workflow steps, which are older than what we use, and those
    of kinds to come. Bolt would hand some of them to listeners of a kind that looks alike.
    """
    kind = body.get("type")
    if "command" in body or body.get("ssl_check"):
        return kind is None  # a slash command has no type
    return isinstance(kind, str) and kind in _KINDS


def complete(body: dict[str, Any]) -> bool:
    """Whether a payload that is served has what the listeners, and Bolt, read of it."""
    kind = body.get("type")
    if kind is None:
        return has(_ANY)(body) and ("command" not in body or has(_COMMAND)(body))
    if kind == "event_callback":
        event = body.get("event")
        named = event.get("type") if isinstance(event, dict) else None
        more = _EVENTS.get(named, {}) if isinstance(named, str) else {}
        return has(_ANY | _KINDS[kind])(body) and has(more)(event)
    return has(_ANY | _KINDS[str(kind)])(body)
