"""Personal API tokens: their person makes, lists and revokes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.errors import NameTaken, NotFound, Refusal
from domain.history.changes import SettingRecord
from domain.history.operations import OperationRequest
from domain.identity.callers import Caller
from domain.identity.keys import hash_secret
from domain.identity.tokens import Token, TokenParams, derive_token, is_well_formed, validate_token_name
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import OperationRunner
from storage.identity import tokens
from storage.postgres.database import Database

MOST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """The record of a token, without the token itself. `replaced` is true if an older token of the same name stopped
    working."""

    token: Token
    replaced: bool


@operation
async def issue_token(
    context: OperationContext, params: TokenParams, *, secret: str, replace: bool
) -> IssuedToken:
    """Store the digest of a token for the person. With `replace` their token of the same name stops working; without
    it a taken name raises NameTaken. Raises Refusal if the person has too many."""
    before = await tokens.revoke(context.tx, context.workspace_id, context.person.id, name=params.name)
    if before and not replace:
        raise NameTaken(f"You have a token called “{params.name}” already. Take it back first.")
    if not before:
        await _refuse_too_many(context)
    token = await tokens.insert_token(
        context.tx,
        context.workspace_id,
        context.person.id,
        params,
        token_hash=hash_secret(secret),
        last4=secret[-4:],
    )
    if before:
        context.changes.append(make_token_record(before, "revoked"))
    context.changes.append(make_token_record(token, "issued"))
    return IssuedToken(token=token, replaced=before is not None)


@operation
async def revoke_token(
    context: OperationContext, *, name: str | None = None, token_id: UUID | None = None
) -> Token:
    """End the person's token with that name or id. Raises NotFound, with the names of their tokens."""
    token = await tokens.revoke(
        context.tx, context.workspace_id, context.person.id, name=name, token_id=token_id
    )
    if token is None:
        raise NotFound(await _describe_missing(context, name))
    context.changes.append(make_token_record(token, "revoked"))
    return token


async def _refuse_too_many(context: OperationContext) -> None:
    if len(await tokens.find_live(context.tx, context.workspace_id, context.person.id)) >= MOST:
        raise Refusal(f"You have {MOST} tokens, and that is the most. Take one back first.")


async def _describe_missing(context: OperationContext, name: str | None) -> str:
    live = await tokens.find_live(context.tx, context.workspace_id, context.person.id)
    there = f"You have: {', '.join(token.name for token in live)}." if live else "You have none."
    return f"You have no token called “{name}”. {there}" if name else f"You have no such token. {there}"


def make_token_record(token: Token, change: str) -> SettingRecord:
    """Return the history record for a change of the token."""
    state = {"name": token.name, "last4": token.last4, "scopes": " ".join(sorted(token.scopes))}
    issued = change == "issued"
    return SettingRecord(
        subject="token",
        subject_id=token.id,
        change=change,
        before={} if issued else state,
        after=state if issued else {},
    )


class Tokens(OperationGroup):
    """Operations on personal API tokens. The first of `keys` derives new tokens; tokens of all keys are accepted."""

    revoke = revoke_token
    _issue = issue_token

    def __init__(self, database: Database, runner: OperationRunner, keys: Sequence[bytes]) -> None:
        super().__init__(runner)
        self._database = database
        self._keys = keys

    async def issue(
        self, request: OperationRequest, params: TokenParams, *, replace: bool = True
    ) -> tuple[str, IssuedToken]:
        """Make a new token for the person, which is shown once. With `replace` their token of the same name stops
        working; without it a taken name raises NameTaken.

        Raises FieldErrors for an invalid name.
        """
        purpose = f"{request.workspace_id}/{request.who}/{request.key}"
        params = TokenParams(name=validate_token_name(params.name), scopes=params.scopes)
        secret = derive_token(self._keys[0], purpose)
        issued = await self._issue(request, params, secret=secret, replace=replace)
        # The first attempt may have used an older key, if the keys were rotated since.
        candidates = [derive_token(key, purpose) for key in self._keys]
        return next(secret for secret in candidates if secret.endswith(issued.token.last4)), issued

    async def list_of_person(self, workspace_id: UUID, person_id: UUID) -> list[Token]:
        """Return the person's working tokens, ordered by name."""
        async with self._database.transaction(workspace_id) as tx:
            return await tokens.find_live(tx, workspace_id, person_id)

    async def find_caller(self, token: str) -> Caller | None:
        """Return the caller to whom the token belongs, or None for a revoked, mistyped or unknown token."""
        if not is_well_formed(token):
            return None
        async with self._database.across_workspaces() as tx:
            return await tokens.find_caller(tx, hash_secret(token))
