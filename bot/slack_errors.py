"""What a refusal of Slack's says: its status, its word for it, and how long to wait."""

from typing import Any

from slack_sdk.errors import SlackApiError

# Slack says of these that part of it may have happened.
MAYBE_DONE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}


def response_of(error: SlackApiError) -> tuple[int, dict[str, str], str]:
    # The SDK hands over its response object, or a plain dict where the body was not JSON.
    response: Any = error.response
    if isinstance(response, dict):
        return int(response.get("status", 0)), dict(response.get("headers") or {}), ""
    data = response.data if isinstance(response.data, dict) else {}
    return response.status_code, dict(response.headers), str(data.get("error", ""))


def retry_after_seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 5.0
