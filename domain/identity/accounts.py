"""Accounts of the REST API, and the rules for signing up."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import FieldErrors, NotAllowed
from domain.identity.passwords import find_weakness
from domain.text import sanitize_text
from domain.time.zones import find_zone

LONGEST_NAME = 80
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(?:\.[^@\s\x00-\x1f.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of the REST API. `email` is in lower case. Its person is the admin of its own workspace."""

    id: UUID
    workspace_id: UUID
    person_id: UUID
    name: str
    email: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """A sign-up as it was typed. `zone` is an IANA name; None means UTC."""

    name: str
    email: str
    password: str
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRule:
    """Who may sign up: nobody, anybody, or people with an address at one of `domains`."""

    open: bool
    domains: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, words: Collection[str]) -> "SignUpRule":
        """Read the setting: `open`, `off`, or domains in lower case."""
        if set(words) <= {"open", "off"}:
            return cls(open="open" in words)
        return cls(open=True, domains=frozenset(words))

    def require_open(self) -> None:
        """Raise NotAllowed if nobody may sign up."""
        if not self.open:
            raise NotAllowed(
                "No accounts can be made here: sign-up is switched off. Ask the operator of this service, or get a "
                "token in Slack with `/track token`."
            )

    def require_allowed_email(self, email: str) -> None:
        """Raise NotAllowed if nobody may sign up with that address."""
        if self.domains and email.rpartition("@")[2] not in self.domains:
            listed = ", ".join(sorted(self.domains))
            raise NotAllowed(
                f"Accounts here are for e-mail addresses at {listed}. Please sign up with one of those."
            )


OPEN_SIGN_UP = SignUpRule(open=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidSignUp:
    """A sign-up whose fields are all valid, in the form that is stored."""

    name: str
    email: str
    password: str
    zone: ZoneInfo


def validate_sign_up(params: SignUp, common: Collection[str]) -> ValidSignUp:
    """Check and normalize a sign-up. `common` are the passwords that attackers try first. Raises FieldErrors with a
    sentence for each wrong field."""
    wrong: dict[str, str] = {}
    name = " ".join(sanitize_text(params.name).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        wrong["name"] = f"A name has 1 to {LONGEST_NAME} characters."
    email = normalize_email(params.email)
    if email is None:
        wrong["email"] = "This is not an e-mail address: ada@example.com is one."
    password = _validate_password(params.password, "password", wrong, (params.name, params.email), common)
    zone = find_zone(params.zone or "UTC")
    if zone is None:
        wrong["zone"] = "This is not a time zone's name: Europe/Berlin is one."
    if wrong:
        raise FieldErrors(wrong)
    assert email
    assert zone
    return ValidSignUp(name=name, email=email, password=password, zone=zone)


def validate_new_password(text: str, own: Iterable[str], common: Collection[str]) -> str:
    """Return the password in the form that is hashed. `own` are its owner's name and address. Raises FieldErrors for
    `new_password`."""
    wrong: dict[str, str] = {}
    password = _validate_password(text, "new_password", wrong, own, common)
    if wrong:
        raise FieldErrors(wrong)
    return password


def normalize_email(text: str) -> str | None:
    """Return the address in the form that is stored; None if it is not an e-mail address. The check is simple,
    because no mail is sent."""
    email = unicodedata.normalize("NFC", text[: LONGEST_EMAIL + 1]).strip().lower()
    if len(text) > LONGEST_EMAIL or sanitize_text(email) != email or not _EMAIL.fullmatch(email):
        return None
    return email


def normalize_password(text: str) -> str | None:
    """Return the password in the form that is hashed (NFKC, so that every keyboard gives the same characters); None
    if it is too short or too long.

    The length is checked first, because NFKC may make the text 18 times as long.
    """
    if len(text) > LONGEST_PASSWORD or any("\ud800" <= character <= "\udfff" for character in text):
        return None
    password = unicodedata.normalize("NFKC", text)
    return password if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD else None


def _validate_password(
    text: str, field: str, wrong: dict[str, str], own: Iterable[str], common: Collection[str]
) -> str:
    password = normalize_password(text)
    if password is None:
        wrong[field] = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    elif why := find_weakness(password, own, common):
        wrong[field] = why
    return password or ""
