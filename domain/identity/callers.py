"""Callers of the REST API, and what they may do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.identity.people import Person


class Scope(StrEnum):
    """The rights of a credential. `account` covers sessions, tokens and the password itself; it needs a login with
    the password."""

    READ = "read"
    WRITE = "write"
    ACCOUNT = "account"


EVERYTHING = frozenset(Scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A login of an account. `workspace_id` is the account's own workspace, even after it was linked to a person in
    Slack."""

    id: UUID
    account_id: UUID
    workspace_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The person behind a request, and what their credential allows. `session` is None for a personal API token."""

    workspace_id: UUID
    person: Person
    scopes: frozenset[Scope]
    session: Session | None = None
