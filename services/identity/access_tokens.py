"""Access tokens: signed statements that somebody belongs to a session, for a quarter of an hour (JWT, RFC 9068).

A valid signature is not enough: the session is looked up each time, so that ending it works at once.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt

from domain.identity.callers import Session
from domain.identity.keys import derive_key

LIFE = timedelta(minutes=15)
ALGORITHM = "HS256"
HEADER = {"alg": ALGORITHM, "typ": "at+jwt"}
ISSUER, AUDIENCE = "truth-time-tracker", "truth-time-tracker/api"
CLAIMS = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]
PURPOSE = "access-token"
LONGEST = 1_000  # characters; ours have about 400
# The database's clock may step back when another server takes over.
LEEWAY = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTokenClaims:
    """The content of a token that we signed."""

    session_id: UUID
    account_id: UUID
    issued_at: datetime
    expires_at: datetime

    def holds_at(self, now: datetime) -> bool:
        return self.issued_at - LEEWAY <= now < self.expires_at <= self.issued_at + LIFE


class AccessTokens:
    """Makes and reads access tokens. The first of `keys` signs; a token signed with any of them is accepted."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [derive_key(PURPOSE, key) for key in keys]

    def issue(self, session: Session, *, now: datetime) -> str:
        issued_at = int(now.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": str(session.account_id),
            "sid": str(session.id),
            "jti": uuid4().hex,
            "iat": issued_at,
            "exp": issued_at + int(LIFE.total_seconds()),
        }
        return jwt.encode(claims, self._keys[0], algorithm=ALGORITHM, headers=HEADER)

    def read(self, token: str) -> AccessTokenClaims | None:
        """Return the token's content, or None unless it has exactly the form of ours. The caller must check that it
        still holds."""
        if len(token) > LONGEST or not token.isascii():
            return None
        for key in self._keys:
            try:
                decoded = jwt.decode_complete(
                    token,
                    key,
                    algorithms=[ALGORITHM],
                    issuer=ISSUER,
                    audience=AUDIENCE,
                    # `AccessTokenClaims.holds_at` checks the times, by the database's clock and not by the machine's.
                    options={
                        "require": CLAIMS,
                        "verify_exp": False,
                        "verify_nbf": False,
                        "verify_iat": False,
                    },
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError:
                return None
            # The same bytes can be written as several base64 texts. Accept only the one that we write.
            mark = base64.urlsafe_b64encode(decoded["signature"]).rstrip(b"=").decode()
            return _claim(decoded["header"], decoded["payload"]) if token.endswith(f".{mark}") else None
        return None


def _claim(header: dict[str, object], claims: dict[str, object]) -> AccessTokenClaims | None:
    # PyJWT checks neither "typ" nor surplus claims, and accepts a list of audiences that contains ours.
    if header != HEADER or set(claims) != set(CLAIMS) or claims["aud"] != AUDIENCE:
        return None
    if type(claims["iat"]) is not int or type(claims["exp"]) is not int:
        return None
    try:
        UUID(str(claims["jti"]))
        return AccessTokenClaims(
            session_id=UUID(str(claims["sid"])),
            account_id=UUID(str(claims["sub"])),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (ValueError, OverflowError, OSError):
        return None
