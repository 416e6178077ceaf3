"""Personal API tokens: their form, and how one is derived."""

import hashlib
import hmac
import re
import zlib

PREFIX = "tt_"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BODY, _CHECK = 36, 6
_FORM = re.compile(rf"{PREFIX}[{_ALPHABET}]{{{_BODY + _CHECK}}}")


def derived_token(key: bytes, purpose: str) -> str:
    """The token that `key` gives for `purpose`: the same every time, and so a repeated request that made one
    can be answered again although nobody keeps it. 36 characters hold 210 bits."""
    digest = hmac.digest(key, b"api-token/1:" + purpose.encode(), "sha512")
    body = _base58(int.from_bytes(digest), _BODY)
    return PREFIX + body + _checksum(body)


def well_formed(token: str) -> bool:
    """Whether it could be a token at all; a mistyped one is told apart without asking the database."""
    return bool(_FORM.fullmatch(token)) and token[-_CHECK:] == _checksum(token[len(PREFIX) : -_CHECK])


def token_hash(token: str) -> bytes:
    """What is stored. A token is random enough for a plain SHA-256."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(body: str) -> str:
    return _base58(zlib.crc32(body.encode()), _CHECK)


def _base58(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)
