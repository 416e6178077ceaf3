"""What lets a person in from outside of Slack, as an admin sees it."""

from dataclasses import dataclass
from datetime import datetime

from domain.identity.people import Person
from domain.identity.tokens import Token


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonAccess:
    """`tokens` are those of `person` that work, by name. `linked_at` (UTC) is when an account was linked to them, None
    where none is. `seen_by` is the admin who looks."""

    person: Person
    tokens: tuple[Token, ...]
    linked_at: datetime | None
    seen_by: Person
    at: datetime
