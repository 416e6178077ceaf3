"""Finds the caller to whom a credential belongs: an access token of a session, or a personal API token."""

from domain.identity.callers import EVERYTHING, Caller
from domain.identity.tokens import PREFIX
from services.identity.access_tokens import AccessTokens
from services.identity.tokens import Tokens
from services.outages import not_saved_on_outage
from storage.identity import sessions
from storage.postgres.database import Database


class Authentication:
    """Finds callers by their credentials."""

    def __init__(self, database: Database, tokens: Tokens, access_tokens: AccessTokens) -> None:
        self._database = database
        self._tokens = tokens
        self._access_tokens = access_tokens

    async def find_caller(self, credential: str) -> Caller | None:
        """Return the caller to whom the credential belongs, or None if it is forged, mistyped, expired or revoked.
        Raises NotSaved if the database does not answer."""
        with not_saved_on_outage():
            if credential.startswith(PREFIX):
                found = await self._tokens.find_caller(credential)
            else:
                found = await self._of_session(credential)
        return found if found and found.person.has_access else None

    async def _of_session(self, token: str) -> Caller | None:
        claim = self._access_tokens.read(token)
        if claim is None:
            return None
        async with self._database.across_workspaces() as tx:
            live = await sessions.find_live(tx, claim.session_id)
        if live is None or live.session.account_id != claim.account_id or not claim.holds_at(live.now):
            return None
        return Caller(
            workspace_id=live.workspace_id, person=live.person, scopes=EVERYTHING, session=live.session
        )
