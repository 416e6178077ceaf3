"""The credentials that a person uses outside of Slack, as an admin sees them."""

from dataclasses import dataclass
from datetime import datetime

from domain.identity.people import Person
from domain.identity.tokens import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAccess:
    """The credentials of `person`: the names of their valid `tokens`, and `linked_at` (UTC), when an account was
    linked, or None. `seen_by` is the admin who looks."""

    person: Person
    tokens: tuple[Token, ...]
    linked_at: datetime | None
    seen_by: Person
    at: datetime
