"""Keys derived from the service's key, each for one purpose, so that no key both signs and encrypts."""

import hashlib
import hmac


def derive_key(purpose: str, key: bytes) -> bytes:
    """Derive a key of 32 bytes, always the same for the same purpose and key."""
    return hmac.digest(key, b"purpose/1:" + purpose.encode(), "sha256")


def hash_secret(text: str) -> bytes:
    """Return the SHA-256 hash under which a random secret is stored. Random secrets need no slow hash."""
    return hashlib.sha256(text.encode()).digest()
