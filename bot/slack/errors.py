"""Decides after a failed call to Slack whether to wait, try again or give up."""

import asyncio
from datetime import timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from domain.outbox.slack_methods import POST_MESSAGE
from services.outbox.delivery import RateLimit, Rejection, Retry

# Every way in which a call can fail: SlackApiError is an answer of Slack's, the others come from the network.
FAILURES = (SlackClientError, aiohttp.ClientError, asyncio.TimeoutError, OSError)

# Slack documents that the call may have partly happened after these errors.
_UNCERTAIN_ERRORS = {
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
}

# These errors concern the whole workspace: Slack refuses every call until somebody reinstalls the app or renews its
# token.
WORKSPACE_ERRORS = {
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
    # The SDK provides its response object, or a plain dict if the body was not JSON.
    response: Any = error.response
    if isinstance(response, dict):
        return int(response.get("status", 0)), dict(response.get("headers") or {}), ""
    data = response.data if isinstance(response.data, dict) else {}
    return response.status_code, dict(response.headers), str(data.get("error", ""))


def read_refusal(
    error: SlackApiError, *, again_after: timedelta, method: str = POST_MESSAGE
) -> RateLimit | Retry | Rejection | str:
    """Return what to do after a failed call.

    RateLimit if Slack limits calls (of `method`, if the error does not name one); Retry if the call may have partly
    happened; Rejection if Slack refuses the whole workspace; else Slack's error code.
    """
    status, headers, reason = read_response(error)
    if status == 429 or reason == "ratelimited":
        called = str(getattr(error.response, "api_url", "")).rpartition("/")[2] or method
        delay = read_retry_after(headers.get("Retry-After") or headers.get("retry-after"))
        return RateLimit(delay=delay, method=called)
    if reason in WORKSPACE_ERRORS:
        return Rejection(why=reason, everything=True)
    if status >= 500 or reason in _UNCERTAIN_ERRORS or not reason:
        return Retry(delay=again_after, why=reason or f"status {status}", clearly=False)
    return reason


def read_retry_after(retry_after: str | None) -> timedelta:
    seconds = int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 5
    return timedelta(seconds=seconds)
