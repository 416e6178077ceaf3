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

TOLERANCE = 300  # seconds, before or after now
MAX_SIGNATURES = 10
LONGEST_ID = 200


HEADER_FAMILIES = ("webhook", "svix")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryHeaders:
    """The headers of a delivery."""

    id: str
    timestamp: str
    signature: str


class BadSignature(Exception):
    """The signature does not prove that the sender has one of the secrets."""


def decode_secret(secret: str) -> bytes:
    """Decode a secret such as `whsec_…` to its key. Raises ValueError unless it has 24 to 64 bytes."""
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
    """Make the value of a webhook-signature header, with one signature per key."""
    return " ".join(
        "v1," + signature.decode() for signature in _signatures(keys, delivery_id, str(timestamp), body)
    )


def read_delivery_headers(headers: CIMultiDictProxy[str], now: float) -> DeliveryHeaders:
    """Read the three headers of one family. Families are not mixed, and each header must occur once.

    Raises BadSignature if no family is complete, or if the id or the timestamp can not be valid.
    """
    for family in HEADER_FAMILIES:
        values = [headers.getall(f"{family}-{name}", []) for name in ("id", "timestamp", "signature")]
        if all(len(one) == 1 for one in values):
            (delivery_id,), (timestamp,), (signature,) = values
            check_headers(delivery_id, timestamp, now)
            return DeliveryHeaders(id=delivery_id, timestamp=timestamp, signature=signature)
    raise BadSignature


def check_headers(delivery_id: str, timestamp: str, now: float) -> None:
    """Check the form of the id and the age of the timestamp, before the body is read. Raises BadSignature."""
    if not 0 < len(delivery_id) <= LONGEST_ID or not delivery_id.isascii() or not delivery_id.isprintable():
        raise BadSignature
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise BadSignature
    if abs(now - int(timestamp)) > TOLERANCE:
        raise BadSignature


def verify(keys: Sequence[bytes], headers: DeliveryHeaders, body: bytes) -> None:
    """Check that any signature of the header matches any of the keys. Raises BadSignature."""
    given = [
        one.removeprefix("v1,").encode("utf-8", "replace")
        for one in headers.signature.split(" ", MAX_SIGNATURES)[:MAX_SIGNATURES]
        if one.startswith("v1,")
    ]
    expected = _signatures(keys, headers.id, headers.timestamp, body)
    # A list and not a generator, so that all pairs are compared in the same time.
    matches = [hmac.compare_digest(one, good) for one in given for good in expected]
    if not any(matches):
        raise BadSignature


def _signatures(keys: Sequence[bytes], delivery_id: str, timestamp: str, body: bytes) -> list[bytes]:
    signed = f"{delivery_id}.{timestamp}.".encode() + body
    return [base64.b64encode(hmac.digest(key, signed, "sha256")) for key in keys]
