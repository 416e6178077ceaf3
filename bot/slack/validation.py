"""Checks which payloads the bot serves, and that they have all fields that Bolt and the listeners read."""

from collections.abc import Mapping
from typing import Any

from bot.slack.json_shapes import (
    MISSING,
    Check,
    each,
    each_value,
    either,
    has,
    is_string,
    is_text,
    is_word,
    maybe,
    optional,
)

_named = has({"id": maybe(is_word), "team_id": maybe(is_word), "enterprise_id": maybe(is_word)})
_authorization = has(
    {
        "team_id": maybe(is_word),
        "enterprise_id": maybe(is_word),
        "user_id": maybe(is_word),
        "team": maybe(either(is_word, _named)),
        "enterprise": maybe(either(is_word, _named)),
        "authorizations": lambda value: value in (None, MISSING),
    }
)
# The fields that Bolt reads from any payload to find team and person (slack_bolt.request.internals).
_ANY: dict[str, Check] = {
    "team": maybe(either(is_word, _named)),
    "enterprise": maybe(either(is_word, _named)),
    "user": maybe(either(is_word, _named)),
    "channel": maybe(either(is_word, _named)),
    "team_id": maybe(is_word),
    "enterprise_id": maybe(is_word),
    "user_id": maybe(is_word),
    "channel_id": maybe(is_word),
    "thread_ts": maybe(is_word),
    "authorizations": maybe(each(_authorization)),
    "response_url": maybe(is_word),
    "response_urls": optional(each(has({"response_url": maybe(is_word)}))),
    "message": maybe(has({"user": maybe(either(is_word, _named)), "thread_ts": maybe(is_word)})),
    "trigger_id": maybe(is_word),
    "function_execution_id": maybe(is_word),
    "bot_access_token": maybe(is_word),
}
_someone = has({"id": is_word, "team_id": maybe(is_word)})
_option = has({"value": maybe(is_string)})
_field = has(
    {
        "value": maybe(is_string),
        "selected_option": maybe(_option),
        "selected_options": maybe(each(_option)),
        "selected_date": maybe(is_text),
        "selected_time": maybe(is_text),
    }
)
_state = has({"values": optional(each_value(each_value(_field)))})
_view: dict[str, Check] = {
    "id": is_word,
    "type": maybe(is_text),
    "callback_id": maybe(is_text),
    "hash": maybe(is_text),
    "private_metadata": optional(is_string),
    "team_id": maybe(is_word),
    "app_installed_team_id": maybe(is_word),
}
_action = has(
    {
        "action_id": is_word,
        "action_ts": is_word,
        "type": maybe(is_text),
        "block_id": optional(is_text),
        "value": maybe(is_text),
        "selected_option": maybe(has({"value": maybe(is_text)})),
    }
)
_block = has({"block_id": optional(is_text)})
_form = has(
    _view
    | {
        "type": lambda value: value == "modal",
        "blocks": each(_block),
        "state": optional(_state),
    }
)

_COMMAND: Mapping[str, Check] = {
    "command": is_word,
    "user_id": is_word,
    "trigger_id": is_word,
    "text": optional(is_string),
}
_KINDS: Mapping[str, dict[str, Check]] = {
    "url_verification": {},
    "block_actions": {
        "user": _someone,
        "actions": lambda value: isinstance(value, list) and value != [] and _action(value[0]),
        "view": maybe(has(_view)),
        "container": optional(has({"message_ts": maybe(is_word)})),
        "channel": maybe(_named),
    },
    "block_suggestion": {
        "user": _someone,
        "action_id": is_word,
        "block_id": is_word,
        "value": maybe(is_string),
        "view": maybe(has(_view)),
    },
    "view_submission": {"user": _someone, "view": _form},
    "shortcut": {"user": _someone, "callback_id": is_word, "trigger_id": is_word},
    "message_action": {
        "user": _someone,
        "callback_id": is_word,
        "trigger_id": is_word,
        "channel": has({"id": is_word}),
        "message": has(
            {"ts": is_word, "text": maybe(is_string), "thread_ts": maybe(is_word), "user": maybe(is_word)}
        ),
    },
    "event_callback": {"event": has(_ANY | {"user": lambda _value: True, "type": is_word})},
}
_profile = has({name: maybe(is_text) for name in ("display_name", "real_name", "email")})
_member = has(
    {"id": is_word, "profile": maybe(_profile)}
    | {name: maybe(is_text) for name in ("name", "real_name", "tz", "locale")}
)
# Events whose listeners read more than that. Bolt ignores all other events, as it has no listener for them.
_EVENTS: Mapping[str, dict[str, Check]] = {
    "user_change": {"user": _member},
    "app_home_opened": {"user": is_word, "tab": maybe(is_text)},
    "message": {
        "user": maybe(is_word),
        "channel": maybe(is_word),
        "channel_type": maybe(is_text),
        "ts": maybe(is_word),
        "bot_id": maybe(is_word),
    },
}


def is_served(body: dict[str, Any]) -> bool:
    """Return whether a listener exists for this kind of payload.

    Slack may send other kinds: dialogs, attachments and workflow steps, which are older than what this app uses, and
    future ones. Bolt would pass some of them to listeners of a similar kind.
    """
    kind = body.get("type")
    if "command" in body or body.get("ssl_check"):
        return kind is None  # a slash command has no type
    return isinstance(kind, str) and kind in _KINDS


def is_complete(body: dict[str, Any]) -> bool:
    """Return whether a served payload has all fields that Bolt and the listeners read."""
    kind = body.get("type")
    if kind is None:
        return has(_ANY)(body) and ("command" not in body or has(_COMMAND)(body))
    if kind == "event_callback":
        event = body.get("event")
        named = event.get("type") if isinstance(event, dict) else None
        more = _EVENTS.get(named, {}) if isinstance(named, str) else {}
        return has(_ANY | _KINDS[kind])(body) and has(more)(event)
    return has(_ANY | _KINDS[str(kind)])(body)
