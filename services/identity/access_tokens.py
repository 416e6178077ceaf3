"""Access tokens: signed statements of which session somebody belongs to, for a quarter of an hour (JWT, RFC 9068).

What can be read from one is claimed, not believed: its session is looked up each time, so that it ends at once.
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
class Claim:
    """What a token says under our signature."""

    session_id: UUID
    account_id: UUID
    issued_at: datetime
    expires_at: datetime

    def holds_at(self, now: datetime) -> bool:
        return self.issued_at - LEEWAY <= now < self.expires_at <= self.issued_at + LIFE


class AccessTokens:
    """Makes and reads access tokens. `keys` are the service's own: the first signs, a token signed by any is
    recognized."""

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

    def read(self, token: str) -> Claim | None:
        """Return what the token claims; None for whatever is not exactly one of ours. The caller asks whether it
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
                    # Whether it holds now is asked of the database's clock (`Claim.holds_at`), not of the machine's.
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
            # Base64 can be written in more than one way; a token only in ours.
            mark = base64.urlsafe_b64encode(decoded["signature"]).rstrip(b"=").decode()
            return _claim(decoded["header"], decoded["payload"]) if token.endswith(f".{mark}") else None
        return None


def _claim(header: dict[str, object], claims: dict[str, object]) -> Claim | None:
    # PyJWT looks neither at "typ" nor at what else is there, and takes a list of audiences that has ours in it.
    if header != HEADER or set(claims) != set(CLAIMS) or claims["aud"] != AUDIENCE:
        return None
    if type(claims["iat"]) is not int or type(claims["exp"]) is not int:
        return None
    try:
        UUID(str(claims["jti"]))
        return Claim(
            session_id=UUID(str(claims["sid"])),
            account_id=UUID(str(claims["sub"])),
            issued_at=datetime.fromtimestamp(claims["iat"], UTC),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except (ValueError, OverflowError, OSError):
        return None
