"""Payloads of events, and the challenge that verifies a request URL."""

from typing import Any

from local_slack.requests.tokens import VERIFICATION_TOKEN
from local_slack.workspace import APP_ID, BOT_USER, TEAM_ID, Message, Workspace

Json = dict[str, Any]


def home_opened(workspace: Workspace, user: str, tab: str) -> Json:
    home = workspace.views.homes.get(user)
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": workspace.dm(user),
        "tab": tab,
        "event_ts": f"{workspace.clock():.6f}",
        **({"view": home.as_json()} if home else {}),
    }


def direct_message(message: Message) -> Json:
    """Return the event for a message in the app's direct messages."""
    return {
        **message.as_json(),
        "channel": message.channel,
        "channel_type": "im",
        "event_ts": message.ts,
        **({"subtype": "file_share"} if message.files else {}),
    }


def event_envelope(inner: Json, *, event_id: str, at: float) -> Json:
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


def url_verification(challenge: str) -> Json:
    return {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
