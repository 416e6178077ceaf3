"""Logging in, staying logged in, and logging out."""

import base64
import hmac
import logging
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from domain.errors import LoginFailed
from domain.identity.accounts import normalize_email, normalize_password
from domain.identity.callers import Session
from domain.identity.keys import derive_key, hash_secret
from domain.quotas import address_block
from services.identity.access_tokens import LIFE, AccessTokens
from services.identity.passwords import Passwords
from services.identity.quotas import PER_ACCOUNT_AND_ADDRESS, PER_ACCOUNT_FROM_ANYWHERE, PER_ADDRESS, Quotas
from services.outages import not_saved_on_outage
from storage.identity import accounts, sessions
from storage.identity.accounts import Credentials
from storage.identity.sessions import PresentedToken
from storage.postgres.database import Database

# A session that nobody uses ends after this long.
IDLE = timedelta(days=30)
# For how long a used refresh token gives the same successor, as long as nobody has used the successor: the reply
# may have been lost. After that, or once the successor was used, two parties must have a copy.
GRACE = timedelta(seconds=10)
WRONG = "This e-mail address and password don't belong together."
ENDED = "This session has ended. Please log in again."
OFTEN = "Too many tries to log in."
_REFRESH = "ttr_"
_FORM = re.compile(rf"{_REFRESH}[A-Za-z0-9_-]{{43}}")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTokens:
    """The tokens that a client gets. `expires_in` is the access token's life in seconds."""

    access_token: str
    expires_in: int
    refresh_token: str


class Sessions:
    """Logs people in and out. The first of `keys` derives new tokens; all of them are accepted. `address` is the
    caller's IP address."""

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        quotas: Quotas,
        access_tokens: AccessTokens,
        keys: Sequence[bytes],
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._quotas = quotas
        self._access_tokens = access_tokens
        self._successors = [derive_key("refresh-token", key) for key in keys]
        self._address_key = derive_key("address", keys[0])

    async def log_in(self, email: str, password: str, *, address: str) -> SessionTokens:
        """Begin a session.

        Raises LoginFailed, in the same words and after the same time whether the account exists or not; QuotaExceeded
        or Busy.
        """
        email_address, secret = normalize_email(email), normalize_password(password)
        if email_address is None or secret is None:
            raise LoginFailed(WRONG)
        block = address_block(address)
        address_digest = hmac.digest(self._address_key, block.encode(), "sha256")
        with not_saved_on_outage():
            return await self._log_in(email_address, secret, block, address_digest)

    async def _log_in(
        self, email_address: str, secret: str, block: str, address_digest: bytes
    ) -> SessionTokens:
        async with self._database.across_workspaces() as tx:
            found = await accounts.find_by_email(tx, email_address, address=address_digest)
        known_address = found is not None and found.at_home
        await self._check_quotas(email_address, block, known_address=known_address)
        fits = await self._passwords.verify(
            secret, found.password_hash if found else None, known_address=known_address
        )
        if found is None or not fits:
            raise LoginFailed(WRONG)
        logged_in = await self._open_session(found, secret, address_digest)
        await self._quotas.give_back(PER_ACCOUNT_AND_ADDRESS, f"{email_address} {block}")
        return logged_in

    async def refresh(self, token: str) -> SessionTokens:
        """Return the next pair of tokens, and use up this one.

        Raises LoginFailed if it is none of ours, was used before, or its session has ended. A token that was used
        before ends its session, because somebody else has a copy.
        """
        if not _FORM.fullmatch(token):
            raise LoginFailed(ENDED)
        with not_saved_on_outage():
            return await self._refresh(token)

    async def _refresh(self, token: str) -> SessionTokens:
        used = hash_secret(token)
        async with self._database.across_workspaces() as tx:
            presented = await sessions.lock_by_refresh_token(tx, used)
            successor = self._derive_successor(token, presented) if presented else None
            if presented and successor is None:
                await sessions.end_session(tx, presented.session)
                if presented.used_at and not presented.ended_at:
                    log.warning("a used refresh token came back: session %s was ended", presented.session.id)
            elif presented and successor and presented.used_at is None:
                until = presented.now + IDLE
                await sessions.rotate_refresh_token(
                    tx, presented, token_hash=used, next_hash=hash_secret(successor), until=until
                )
        if presented is None or successor is None:
            raise LoginFailed(ENDED)
        return self._make_tokens(presented.session, successor, now=presented.now)

    async def log_out(self, session: Session) -> None:
        """End the session. Its tokens stop working at once."""
        with not_saved_on_outage():
            async with self._database.transaction(session.workspace_id) as tx:
                await sessions.end_session(tx, session)

    async def delete_expired(self) -> int:
        """Delete sessions that expired long ago. Returns how many were deleted."""
        async with self._database.across_workspaces() as tx:
            return await sessions.delete_before(tx, before=await tx.now() - IDLE)

    async def _check_quotas(self, email: str, block: str, *, known_address: bool) -> None:
        """Count a log-in against the quotas. An address from which the account was logged in before has a quota of
        its own, so that guesses from elsewhere can not keep the account's person out. Raises QuotaExceeded."""
        if not known_address:
            await self._quotas.take_or_refuse(PER_ADDRESS, block, OFTEN)
        await self._quotas.take_or_refuse(PER_ACCOUNT_AND_ADDRESS, f"{email} {block}", OFTEN)
        if not known_address:
            await self._quotas.take_or_refuse(PER_ACCOUNT_FROM_ANYWHERE, email, OFTEN)

    async def _open_session(
        self, account: Credentials, password: str, address_digest: bytes
    ) -> SessionTokens:
        outdated = self._passwords.needs_rehash(account.password_hash)
        anew = await self._passwords.hash(password) if outdated else None
        session = Session(id=uuid4(), account_id=account.account_id, workspace_id=account.workspace_id)
        token = _REFRESH + _encode(secrets.token_bytes(32))
        async with self._database.transaction(account.workspace_id) as tx:
            now = await tx.now()
            if not await sessions.open_session(
                tx, account, session_id=session.id, address=address_digest, at=now, until=now + IDLE
            ):
                raise LoginFailed(WRONG)
            await sessions.insert_refresh_token(
                tx, account.workspace_id, session.id, token_hash=hash_secret(token), parent=None, at=now
            )
            if anew:
                await accounts.update_hash(tx, account, password_hash=anew)
        return self._make_tokens(session, token, now=now)

    def _derive_successor(self, token: str, presented: PresentedToken) -> str | None:
        """Return the next refresh token, or None if this one may not be exchanged. The next one is derived from it,
        so that it can be returned twice although it is not stored."""
        if presented.ended_at or presented.expires_at <= presented.now:
            return None
        candidates = [
            _REFRESH + _encode(hmac.digest(key, token.encode(), "sha256")) for key in self._successors
        ]
        if presented.used_at is None:
            return candidates[0]
        if presented.successor_used or presented.now - presented.used_at > GRACE:
            return None
        return next((one for one in candidates if hash_secret(one) == presented.successor), None)

    def _make_tokens(self, session: Session, token: str, *, now: datetime) -> SessionTokens:
        return SessionTokens(
            access_token=self._access_tokens.issue(session, now=now),
            expires_in=int(LIFE.total_seconds()),
            refresh_token=token,
        )


def _encode(random: bytes) -> str:
    return base64.urlsafe_b64encode(random).rstrip(b"=").decode()
