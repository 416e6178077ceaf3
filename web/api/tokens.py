"""Personal tokens of who is logged in. In Slack, `/track token` does the same."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.bearers import Scope
from domain.tokens import Token, TokenWish
from tracking.tracker import Tracker
from web.api.fields import Body
from web.api.kit import Call
from web.instants import Written, rfc3339

May = Literal["read", "write"]


class TokenBody(Body):
    name: Annotated[str, Field(max_length=100, description="One word, by which it is told apart.")]
    scopes: Annotated[list[May], Field(min_length=1, max_length=2)] = ["read", "write"]  # noqa: RUF012 - pydantic copies


class PersonalToken(BaseModel):
    """What is known of it; `last4` are its last characters."""

    id: UUID
    name: str
    scopes: list[May]
    last4: str
    created_at: Written
    last_used_at: Written | None


class NewToken(PersonalToken):
    """`token` is shown this once."""

    token: str


class TokenList(BaseModel):
    items: list[PersonalToken]


class TokensApi:
    def __init__(self, tracker: Tracker) -> None:
        self._tokens = tracker.tokens

    async def list(self, call: Call) -> TokenList:
        """Your tokens that work."""
        found = await self._tokens.all(call.workspace_id, call.person.id)
        return TokenList(items=[_shown(token) for token in found])

    async def create(self, call: Call, body: TokenBody) -> NewToken:
        """Make a token, shown once."""
        wish = TokenWish(name=body.name, scopes=frozenset(Scope(one) for one in body.scopes))
        secret, issued = await self._tokens.issue(call.act(), wish, replace=False)
        return NewToken(**_shown(issued.token).model_dump(), token=secret)

    async def revoke(self, call: Call) -> None:
        """Take a token back. It stops working at once."""
        await self._tokens.revoke(call.act(), token_id=call.id)


def _shown(token: Token) -> PersonalToken:
    return PersonalToken(
        id=token.id,
        name=token.name,
        scopes=[_MAY[scope] for scope in sorted(token.scopes)],
        last4=token.last4,
        created_at=rfc3339(token.created_at),
        last_used_at=rfc3339(token.last_used_at) if token.last_used_at else None,
    )


_MAY: dict[Scope, May] = {Scope.READ: "read", Scope.WRITE: "write"}
