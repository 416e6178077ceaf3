"""What a failed call to Slack means: wait, try again, or give up, with Slack's word for why."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.outbox.slack_methods import POST_MESSAGE
from services.outbox.delivery import RateLimit, Rejection, Retry

# Every way in which a call can fail. A SlackApiError is an answer of Slack's; the others are the network's.
FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)

# After these errors a part of the call may have happened, says Slack.
_MAYBE_DONE = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}

# About the whole workspace: every call is refused until somebody installs the app, or its token, again.
SHUT_OUT = {
    "account_inactive",
    "ekm_access_denied",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "token_expired",
    "token_revoked",
}


def read_response(error: SlackApiError) -> tuple[int, dict[str, str], str]:
    # The SDK hands over its response object, or a plain dict where the body was not JSON.
    response: Any = error.response
    if isinstance(response, dict):
        return int(response.get("status", 0)), dict(response.get("headers") or {}), ""
    data = response.data if isinstance(response.data, dict) else {}
    return response.status_code, dict(response.headers), str(data.get("error", ""))


def read_refusal(
    error: SlackApiError, *, again_after: timedelta, method: str = POST_MESSAGE
) -> RateLimit | Retry | Rejection | str:
    """Tell what a failed call means. Slack's word for a plain no; Retry where some of it may have happened; RateLimit
    where Slack wants no more calls (of `method`, where the error does not name the method); Rejection where it refuses
    the workspace."""
    status, headers, reason = read_response(error)
    if status == 429 or reason == "ratelimited":
        called = str(getattr(error.response, "api_url", "")).rpartition("/")[2] or method
        delay = read_retry_after(headers.get("Retry-After") or headers.get("retry-after"))
        return RateLimit(delay=delay, method=called)
    if reason in SHUT_OUT:
        return Rejection(why=reason, everything=True)
    if status >= 500 or reason in _MAYBE_DONE or not reason:
        return Retry(delay=again_after, why=reason or f"status {status}", clearly=False)
    return reason


def read_retry_after(retry_after: str | None) -> timedelta:
    seconds = int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 5
    return timedelta(seconds=seconds)
