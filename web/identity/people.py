"""The REST operations on people."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from domain.identity.people import Person
from domain.permissions import Needs
from services.services import Services
from web.api.cursors import NameCursor, decode_name_cursor, encode_name_cursor
from web.api.fields import Query
from web.api.operation import Call


class User(BaseModel):
    """A person. `zone` is an IANA name: their days begin and end in that zone."""

    id: UUID
    name: str
    email: str | None
    zone: str
    role: Literal["member", "lead", "admin"]
    slack_user_id: str | None


class UserList(BaseModel):
    items: list[User]
    next_cursor: str | None


class UserQuery(Query):
    cursor: NameCursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class PeopleApi:
    def __init__(self, services: Services) -> None:
        self._people = services.people

    async def me(self, call: Call) -> User:
        """Get your own person."""
        # Read the person again, because the caller's person has no e-mail.
        who = call.person.slack_user_id
        known = await self._people.read_with_clock(call.workspace_id, who, needs=Needs.NOTHING)
        return _user(known.person)

    async def list(self, call: Call, query: UserQuery) -> UserList:
        """List the people of your workspace. Leads and admins get everybody, members only themselves."""
        after = decode_name_cursor(query.cursor) if query.cursor else ""
        found = await self._people.list_visible(
            call.workspace_id, call.person, after=after, limit=query.limit + 1
        )
        more, found = len(found) > query.limit, found[: query.limit]
        return UserList(
            items=[_user(one) for one in found],
            next_cursor=encode_name_cursor(found[-1].slack_user_id) if more else None,
        )


def _user(person: Person) -> User:
    return User(
        id=person.id,
        name=person.name,
        email=person.email,
        zone=person.zone.key,
        role=person.role.value,
        slack_user_id=person.slack_user_id if person.in_slack else None,
    )
