"""Standard Webhooks signatures (specification 1.0.0): HMAC-SHA256 over "{id}.{timestamp}.{body}".

Svix signs the same bytes in the same way and names its headers `svix-*` (Svix, "Verifying Webhooks Manually", 2026).
"""

import base64
import binascii
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from multidict import CIMultiDictProxy

from domain.webhooks.endpoints import SECRET_PREFIX

TOLERANCE = 300  # seconds, both ways
MOST_SIGNATURES = 10
LONGEST_ID = 200


FAMILIES = ("webhook", "svix")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHeaders:
    """What a sender says beside the body."""

    id: str
    timestamp: str
    signature: str


class BadSignature(Exception):
    """Not provably from a sender that knows one of our secrets."""


def key_of(secret: str) -> bytes:
    """The key in a secret such as `whsec_…`. Raises ValueError when it is none of 24 to 64 bytes."""
    if not secret.startswith(SECRET_PREFIX):
        raise ValueError("a webhook secret starts with whsec_")
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is base64 behind whsec_") from None
    if not 24 <= len(key) <= 64:
        raise ValueError("a webhook secret holds 24 to 64 bytes")
    return key


def sign(keys: Sequence[bytes], delivery_id: str, timestamp: int, body: bytes) -> str:
    """The webhook-signature header: one signature for each live key."""
    return " ".join(
        "v1," + signature.decode() for signature in _signatures(keys, delivery_id, str(timestamp), body)
    )


def delivery_headers(headers: CIMultiDictProxy[str], now: float) -> DeliveryHeaders:
    """Find the three headers of one family: they are never mixed, and each stands once.

    Raises BadSignature where no family is whole, or nothing could be signed like that now.
    """
    for family in FAMILIES:
        values = [headers.getall(f"{family}-{name}", []) for name in ("id", "timestamp", "signature")]
        if all(len(one) == 1 for one in values):
            (delivery_id,), (timestamp,), (signature,) = values
            check_claim(delivery_id, timestamp, now)
            return DeliveryHeaders(id=delivery_id, timestamp=timestamp, signature=signature)
    raise BadSignature


def check_claim(delivery_id: str, timestamp: str, now: float) -> None:
    """Raises BadSignature for an id or an instant that no signature would make good."""
    if not 0 < len(delivery_id) <= LONGEST_ID or not delivery_id.isascii() or not delivery_id.isprintable():
        raise BadSignature
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature
    if abs(now - int(timestamp)) > TOLERANCE:
        raise BadSignature


def verify(keys: Sequence[bytes], headers: DeliveryHeaders, body: bytes) -> None:
    """Raises BadSignature. Any of the keys and any signature of the header may match; no key, no match."""
    given = [
        one.removeprefix("v1,").encode("utf-8", "replace")
        for one in headers.signature.split(" ", MOST_SIGNATURES)[:MOST_SIGNATURES]
        if one.startswith("v1,")
    ]
    expected = _signatures(keys, headers.id, headers.timestamp, body)
    # A list, not a generator: every pair is compared, whichever matches.
    matches = [hmac.compare_digest(one, good) for one in given for good in expected]
    if not any(matches):
        raise BadSignature


def _signatures(keys: Sequence[bytes], delivery_id: str, timestamp: str, body: bytes) -> list[bytes]:
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
