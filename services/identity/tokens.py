"""Personal API tokens: made, listed and taken back by their person."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from domain.errors import NameTaken, NotFound, Refusal
from domain.history.changes import SettingRecorded
from domain.history.operations import OperationRequest
from domain.identity.callers import Caller
from domain.identity.keys import fingerprint
from domain.identity.tokens import Token, TokenWish, checked_name, derived_token, well_formed
from services.operations import OperationContext, OperationRunner
from storage.identity import tokens
from storage.postgres.database import Database

MOST = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """What is kept of an issued token: not the token. `replaced`: one of the same name stopped working."""

    token: Token
    replaced: bool


class Tokens:
    """Acts raise Refusal, PersonUnknown, NotSaved or Unsure."""

    def __init__(self, database: Database, runner: OperationRunner, keys: Sequence[bytes]) -> None:
        self._database = database
        self._runner = runner
        self._keys = keys

    async def issue(
        self, request: OperationRequest, wish: TokenWish, *, replace: bool = True
    ) -> tuple[str, Issued]:
        """A new token for the person, shown once; the one they had of that name stops working, or where that is not
        wanted raises NameTaken.

        Raises FieldErrors for a name that can not be one.
        """
        purpose = f"{request.workspace_id}/{request.who}/{request.key}"
        wish = TokenWish(name=checked_name(wish.name), scopes=wish.scopes)

        async def effect(context: OperationContext) -> Issued:
            secret = derived_token(self._keys[0], purpose)
            before = await tokens.revoke(context.tx, context.workspace_id, context.person.id, name=wish.name)
            if before and not replace:
                raise NameTaken(f"You have a token called “{wish.name}” already. Take it back first.")
            if not before:
                await _refuse_too_many(context)
            token = await tokens.insert_token(
                context.tx,
                context.workspace_id,
                context.person.id,
                wish,
                token_hash=fingerprint(secret),
                last4=secret[-4:],
            )
            if before:
                context.changes.append(recorded(before, "revoked"))
            context.changes.append(recorded(token, "issued"))
            return Issued(token=token, replaced=before is not None)

        issued = await self._runner.perform(request, Issued, effect)
        # A repeat after the keys were rotated was issued under an older one.
        candidates = [derived_token(key, purpose) for key in self._keys]
        return next(secret for secret in candidates if secret.endswith(issued.token.last4)), issued

    async def revoke(
        self, request: OperationRequest, *, name: str | None = None, token_id: UUID | None = None
    ) -> Token:
        """Ends the person's token of that name or id. Raises NotFound, with the names of those there are."""

        async def effect(context: OperationContext) -> Token:
            token = await tokens.revoke(
                context.tx, context.workspace_id, context.person.id, name=name, token_id=token_id
            )
            if token is None:
                raise NotFound(await _not_there(context, name))
            context.changes.append(recorded(token, "revoked"))
            return token

        return await self._runner.perform(request, Token, effect)

    async def all(self, workspace_id: UUID, person_id: UUID) -> list[Token]:
        """What works for the person, by name."""
        async with self._database.transaction(workspace_id) as tx:
            return await tokens.find_live(tx, workspace_id, person_id)

    async def bearer(self, token: str) -> Caller | None:
        """Whose token it is; None when it is nobody's, revoked or mistyped."""
        if not well_formed(token):
            return None
        async with self._database.across_workspaces() as tx:
            return await tokens.find_caller(tx, fingerprint(token))


async def _refuse_too_many(context: OperationContext) -> None:
    if len(await tokens.find_live(context.tx, context.workspace_id, context.person.id)) >= MOST:
        raise Refusal(f"You have {MOST} tokens, and that is the most. Take one back first.")


async def _not_there(context: OperationContext, name: str | None) -> str:
    live = await tokens.find_live(context.tx, context.workspace_id, context.person.id)
    there = f"You have: {', '.join(token.name for token in live)}." if live else "You have none."
    return f"You have no token called “{name}”. {there}" if name else f"You have no such token. {there}"


def recorded(token: Token, change: str) -> SettingRecorded:
    """How history tells it."""
    state = {"name": token.name, "last4": token.last4, "scopes": " ".join(sorted(token.scopes))}
    issued = change == "issued"
    return SettingRecorded(
        subject="token",
        subject_id=token.id,
        change=change,
        before={} if issued else state,
        after=state if issued else {},
    )
