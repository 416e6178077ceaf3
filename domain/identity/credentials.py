"""The credentials of a person outside of Slack, as an admin sees them."""

from dataclasses import dataclass
from datetime import datetime

from domain.identity.people import Person
from domain.identity.tokens import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAccess:
    """The credentials of `person`: `tokens` that work, by name, and `linked_at` (UTC), when an account was linked, None
    where none is. `seen_by` is the admin who looks."""

    person: Person
    tokens: tuple[Token, ...]
    linked_at: datetime | None
    seen_by: Person
    at: datetime
