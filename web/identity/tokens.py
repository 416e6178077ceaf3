"""The REST operations on personal tokens: the caller's own, and for admins those of others."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.identity.callers import Scope
from domain.identity.tokens import Token, TokenParams
from services.services import Services
from web.api.fields import Body
from web.api.operation import Call
from web.http.instants import InstantText, format_rfc3339

ScopeName = Literal["read", "write"]


class TokenBody(Body):
    name: Annotated[str, Field(max_length=100, description="One word, by which it is told apart.")]
    scopes: Annotated[list[ScopeName], Field(min_length=1, max_length=2)] = ["read", "write"]  # noqa: RUF012 - pydantic copies


class PersonalToken(BaseModel):
    """A personal token. `last4` are its last characters."""

    id: UUID
    name: str
    scopes: list[ScopeName]
    last4: str
    created_at: InstantText
    last_used_at: InstantText | None


class NewToken(PersonalToken):
    """A new token. `token` is shown only this once."""

    token: str


class TokenList(BaseModel):
    items: list[PersonalToken]


class TokensApi:
    def __init__(self, services: Services) -> None:
        self._tokens = services.tokens

    async def list(self, call: Call) -> TokenList:
        """List your valid tokens."""
        found = await self._tokens.list_of_person(call.workspace_id, call.person.id)
        return TokenList(items=[_personal_token(token) for token in found])

    async def create(self, call: Call, body: TokenBody) -> NewToken:
        """Create a token. Only this answer shows it, and the answer to a repeat with the same Idempotency-Key."""
        params = TokenParams(name=body.name, scopes=frozenset(Scope(one) for one in body.scopes))
        secret, issued = await self._tokens.issue(call.operation_request(), params, replace=False)
        return NewToken(**_personal_token(issued.token).model_dump(), token=secret)

    async def revoke(self, call: Call) -> None:
        """Revoke a token. It stops working at once."""
        await self._tokens.revoke(call.operation_request(), token_id=call.id)


class AccessOfPerson(BaseModel):
    """A person's access from outside of Slack. `linked_at` is when an account was linked to them, null if no
    account is."""

    items: list[PersonalToken]
    linked_at: InstantText | None


class PersonAccessApi:
    """Tokens and links of other people, for admins."""

    def __init__(self, services: Services) -> None:
        self._credentials = services.credentials

    async def of_person(self, call: Call) -> AccessOfPerson:
        """List the valid tokens of a person, and whether an account is linked to them. Admins only."""
        found = await self._credentials.show(call.operation_request(), person_id=call.id)
        return AccessOfPerson(
            items=[_personal_token(token) for token in found.tokens],
            linked_at=format_rfc3339(found.linked_at) if found.linked_at else None,
        )

    async def revoke(self, call: Call) -> None:
        """Revoke a token of another person and notify that person. It stops working at once. Admins only."""
        await self._credentials.revoke_token(call.operation_request(), call.id, call.token_id)

    async def end_link(self, call: Call) -> None:
        """End the link between a person and an account, and log the account out. Tracked time stays. Admins only."""
        await self._credentials.end_link(call.operation_request(), call.id)


def _personal_token(token: Token) -> PersonalToken:
    return PersonalToken(
        id=token.id,
        name=token.name,
        scopes=[_SCOPE_NAMES[scope] for scope in sorted(token.scopes)],
        last4=token.last4,
        created_at=format_rfc3339(token.created_at),
        last_used_at=format_rfc3339(token.last_used_at) if token.last_used_at else None,
    )


_SCOPE_NAMES: dict[Scope, ScopeName] = {Scope.READ: "read", Scope.WRITE: "write"}
