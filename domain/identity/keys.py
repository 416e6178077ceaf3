"""Keys for one purpose each, made of the service's own: what signs never encrypts."""

import hashlib
import hmac


def derive_key(purpose: str, key: bytes) -> bytes:
    """32 bytes, the same for the same purpose and key."""
    return hmac.digest(key, b"purpose/1:" + purpose.encode(), "sha256")


def hash_secret(text: str) -> bytes:
    """What is stored of a secret that is random enough to need no more: SHA-256."""
    return hashlib.sha256(text.encode()).digest()
