"""Encrypts secrets that must be read again: AES-256-GCM under keys that are derived from the service's own."""

import base64
import binascii
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from domain.identity.keys import derive_key

_NONCE = 12  # bytes, as NIST SP 800-38D recommends for GCM


class KeyLost(Exception):
    """The text was encrypted under a key that we do not have, or for another purpose or place."""


class Seal:
    """Encrypts and decrypts for one `purpose`, with keys that are used for nothing else. The first key encrypts, all
    decrypt."""

    def __init__(self, keys: Sequence[bytes], purpose: str) -> None:
        names = [derive_key(f"{purpose}/name", key)[:6].hex() for key in keys]
        self._first = names[0]
        self._keys = {name: AESGCM(derive_key(purpose, key)) for name, key in zip(names, keys, strict=True)}

    def close(self, secret: bytes, place: str) -> str:
        """Encrypt the secret, as text that begins with the name of the key. It can be decrypted only with the same
        `place`, which names its owner."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self._keys[self._first].encrypt(nonce, secret, _about(self._first, place))
        return f"{self._first}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, place: str) -> bytes:
        """Decrypt the text. Raises KeyLost."""
        name, _, text = sealed.partition(".")
        try:
            data = base64.urlsafe_b64decode(text)
            return self._keys[name].decrypt(data[:_NONCE], data[_NONCE:], _about(name, place))
        except (KeyError, ValueError, binascii.Error, InvalidTag):
            raise KeyLost from None


def _about(name: str, place: str) -> bytes:
    return f"{name}/{place}".encode()
