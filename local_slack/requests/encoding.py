"""Encodes and signs payloads as Slack does."""

import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request to the app. `envelope` is the type of its Socket Mode envelope, `payload` the content of the
    envelope."""

    envelope: str
    payload: Json
    body: bytes
    content_type: str


def encode_form(payload: Json) -> Outgoing:
    body = urlencode(payload).encode()
    return Outgoing("slash_commands", payload, body, "application/x-www-form-urlencoded")


def encode_interaction(payload: Json) -> Outgoing:
    body = urlencode({"payload": json.dumps(payload)}).encode()
    return Outgoing("interactive", payload, body, "application/x-www-form-urlencoded")


def encode_event(payload: Json) -> Outgoing:
    return Outgoing("events_api", payload, json.dumps(payload).encode(), "application/json")


def signature_headers(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the two headers of Slack's "Verifying requests from Slack"."""
    signed = f"v0:{timestamp}:".encode() + body
    digest = hmac.digest(secret.encode(), signed, "sha256").hex()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
