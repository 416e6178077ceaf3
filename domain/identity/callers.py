"""Who asks through the REST API, and what they may ask for."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.identity.people import Person


class Scope(StrEnum):
    """`account` is what only its owner may do, logged in with the password: sessions, tokens, the password."""

    READ = "read"
    WRITE = "write"
    ACCOUNT = "account"


EVERYTHING = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """`workspace_id` is where the account is kept, which is not where its bearer works once it has joined Slack."""

    id: UUID
    account_id: UUID
    workspace_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """`session` is None for a personal API token."""

    workspace_id: UUID
    person: Person
    scopes: frozenset[Scope]
    session: Session | None = None
