"""Slack's requests over HTTP: the signature is verified on the raw bytes before anything is parsed.

The signature and its 300 seconds are specified in Slack's "Verifying requests from Slack" (2026).
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import web

from web.http.bodies import BadBody, check_body_headers, parse_form, parse_json_object, read_body

TOLERANCE = 300  # seconds, before or after now
SIGNATURE_LENGTH = len("v0=") + 64
Dispatch = Callable[[dict[str, Any], dict[str, str]], Awaitable["DispatchResult"]]


class DispatchResult(Protocol):
    """The answer to a request from Slack."""

    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def content_type(self) -> str: ...


class ForgedRequest(Exception):
    """The request may not come from Slack: its signature is wrong, missing or outdated."""


def verify_signature(secret: bytes, timestamp: str, signature: str, body: bytes, now: float) -> None:
    """Check that `signature` is Slack's for exactly these bytes, made within 300 s of `now`. Raises ForgedRequest."""
    check_headers(timestamp, signature, now)
    expected = b"v0=" + hmac.digest(secret, b"v0:%b:%b" % (timestamp.encode(), body), "sha256").hex().encode()
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected):
        raise ForgedRequest("signature")


def check_headers(timestamp: str, signature: str, now: float) -> None:
    """Check the form and the age of the signature's headers before the body is read. Raises ForgedRequest."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise ForgedRequest("timestamp")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise ForgedRequest("stale")
    if len(signature) != SIGNATURE_LENGTH or not signature.startswith("v0="):
        raise ForgedRequest("signature")


def make_events_route(
    secret: bytes, dispatch: Dispatch, clock: Callable[[], float]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler that verifies and parses a request and passes it to `dispatch`. `clock` is Unix time."""

    async def events(request: web.Request) -> web.Response:
        check_body_headers(request)
        timestamp = _single_header(request, "X-Slack-Request-Timestamp")
        signature = _single_header(request, "X-Slack-Signature")
        try:
            check_headers(timestamp, signature, clock())
            body = await read_body(request)
            verify_signature(secret, timestamp, signature, body, clock())
        except ForgedRequest:
            return web.Response(status=401, text="The signature does not hold.")
        try:
            payload = parse_payload(body, request.content_type)
        except BadBody as error:
            return web.Response(status=400, text=str(error))
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = await dispatch(payload, headers)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    return events


def parse_payload(body: bytes, content_type: str) -> dict[str, Any]:
    """Parse a signed body: JSON for events, a form for commands, JSON in a form for buttons and modals.

    Raises BadBody.
    """
    if content_type == "application/json":
        return parse_json_object(body)
    fields = parse_form(body)
    # A command may have a field `payload` too, if somebody typed something like "payload=…" as its text.
    if "payload" in fields and "command" not in fields:
        return parse_json_object(fields["payload"].encode("utf-8", "surrogatepass"))
    return dict(fields)


def _single_header(request: web.Request, name: str) -> str:
    """Return a header's value, or "" if it is missing or repeated, which Slack never does."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else ""
