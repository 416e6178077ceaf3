"""The guard before Bolt: Slack's signature is checked on the raw bytes, and only then is anything parsed.

Signature and its 300 seconds: Slack's "Verifying requests from Slack" (2026).
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from aiohttp import web

from web.http.bodies import BadBody, form, json_object, read, refuse_announced

TOLERANCE = 300  # seconds, both ways
SIGNATURE_LENGTH = len("v0=") + 64
Dispatch = Callable[[dict[str, Any], dict[str, str]], Awaitable["Answered"]]


class Answered(Protocol):
    @property
    def status(self) -> int: ...
    @property
    def body(self) -> str: ...
    @property
    def content_type(self) -> str: ...


class Forged(Exception):
    """Not provably from Slack."""


def verify(secret: bytes, timestamp: str, signature: str, body: bytes, now: float) -> None:
    """Raises Forged unless `signature` is Slack's for exactly these bytes, made within 300 s of `now`."""
    check_claim(timestamp, signature, now)
    expected = b"v0=" + hmac.digest(secret, b"v0:%b:%b" % (timestamp.encode(), body), "sha256").hex().encode()
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), expected):
        raise Forged("signature")


def check_claim(timestamp: str, signature: str, now: float) -> None:
    """Raises Forged for what no body would make good, before any of it is read."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Forged("timestamp")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise Forged("stale")
    if len(signature) != SIGNATURE_LENGTH or not signature.startswith("v0="):
        raise Forged("signature")


def events_route(
    secret: bytes, dispatch: Dispatch, clock: Callable[[], float]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def events(request: web.Request) -> web.Response:
        refuse_announced(request)
        timestamp = _only(request, "X-Slack-Request-Timestamp")
        signature = _only(request, "X-Slack-Signature")
        try:
            check_claim(timestamp, signature, clock())
            body = await read(request)
            verify(secret, timestamp, signature, body, clock())
        except Forged:
            return web.Response(status=401, text="The signature does not hold.")
        try:
            payload = parsed(body, request.content_type)
        except BadBody as error:
            return web.Response(status=400, text=str(error))
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = await dispatch(payload, headers)
        return web.Response(status=answer.status, text=answer.body, content_type=answer.content_type)

    return events


def parsed(body: bytes, content_type: str) -> dict[str, Any]:
    """A signed body as the dict that it is: JSON for events, a form for commands, JSON in a form for presses.

    Raises BadBody.
    """
    if content_type == "application/json":
        return json_object(body)
    fields = form(body)
    # Only where it is a field: the word may as well stand in what somebody typed.
    if "payload" in fields and "command" not in fields:
        return json_object(fields["payload"].encode("utf-8", "surrogatepass"))
    return dict(fields)


def _only(request: web.Request, name: str) -> str:
    """A header's value; none where it is missing or stands twice, which Slack never does."""
    values = request.headers.getall(name, [])
    return values[0] if len(values) == 1 else ""
