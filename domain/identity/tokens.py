"""Personal API tokens: their form, their names and their derivation."""

import hmac
import re
import zlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from domain.errors import FieldErrors
from domain.identity.callers import Scope

PREFIX = "tt_"
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BODY, _CHECK = 36, 6
_FORM = re.compile(rf"{PREFIX}[{_ALPHABET}]{{{_BODY + _CHECK}}}")
DEFAULT_NAME = "slack"
READING = frozenset({Scope.READ})
READING_AND_WRITING = frozenset({Scope.READ, Scope.WRITE})
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_RESERVED_NAMES = {"off", "read", "write"}  # each has another meaning in "/track token …"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenParams:
    """The parameters of a new token. It replaces the person's token of the same name."""

    name: str = DEFAULT_NAME
    scopes: frozenset[Scope] = READING_AND_WRITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A stored token. The token's text is shown once and not stored."""

    id: UUID
    name: str
    scopes: frozenset[Scope]
    last4: str
    created_at: datetime
    last_used_at: datetime | None = None


def validate_token_name(name: str) -> str:
    """Return the name in lower case. Raises FieldErrors for `name` if it is not a valid name."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name) or name in _RESERVED_NAMES:
        raise FieldErrors(
            {
                "name": "A token's name is one word of up to 40 letters, digits, dots, dashes: backup-script is one."
            }
        )
    return name


def derive_token(key: bytes, purpose: str) -> str:
    """Derive the token for `purpose`, always the same, so that a repeated request gets the same token although it is
    not stored. 36 characters hold 210 bits."""
    digest = hmac.digest(key, b"api-token/1:" + purpose.encode(), "sha512")
    body = _base58(int.from_bytes(digest), _BODY)
    return PREFIX + body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Return whether the text has the form and the checksum of a token. Mistyped tokens are refused without a
    query."""
    return bool(_FORM.fullmatch(token)) and token[-_CHECK:] == _checksum(token[len(PREFIX) : -_CHECK])


def _checksum(body: str) -> str:
    return _base58(zlib.crc32(body.encode()), _CHECK)


def _base58(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(digits)
