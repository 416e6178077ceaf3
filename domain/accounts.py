"""Accounts of the REST API: what may be signed up with."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from domain.errors import FieldErrors
from domain.text import storable
from domain.zones import find_zone

LONGEST_NAME = 80
LONGEST_EMAIL = 254  # RFC 5321, 4.5.3.1.3: a path of 256 octets with its brackets
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 128
_EMAIL = re.compile(r"[^@\s\x00-\x1f]{1,64}@[^@\s\x00-\x1f.]+(?:\.[^@\s\x00-\x1f.]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """`email` is in lower case. The workspace is the account's own, in which its person is the admin."""

    id: UUID
    workspace_id: UUID
    person_id: UUID
    name: str
    email: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """As it was typed in. `zone` is an IANA name; None is UTC."""

    name: str
    email: str
    password: str
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sign-up that can be kept."""

    name: str
    email: str
    password: str
    zone: ZoneInfo


def checked(wish: SignUp) -> Checked:
    """Raises FieldErrors with a sentence for each field that can not be kept."""
    wrong: dict[str, str] = {}
    name = " ".join(storable(wish.name).split())
    if not 1 <= len(name) <= LONGEST_NAME:
        wrong["name"] = f"A name has 1 to {LONGEST_NAME} characters."
    email = normal_email(wish.email)
    if email is None:
        wrong["email"] = "This is not an e-mail address: ada@example.com is one."
    password = _checked_password(wish.password, "password", wrong)
    zone = find_zone(wish.zone or "UTC")
    if zone is None:
        wrong["zone"] = "This is not a time zone's name: Europe/Berlin is one."
    if wrong:
        raise FieldErrors(wrong)
    assert email
    assert zone
    return Checked(name=name, email=email, password=password, zone=zone)


def checked_new_password(text: str) -> str:
    """The password as it is hashed. Raises FieldErrors for the field `new_password`."""
    wrong: dict[str, str] = {}
    password = _checked_password(text, "new_password", wrong)
    if wrong:
        raise FieldErrors(wrong)
    return password


def normal_email(text: str) -> str | None:
    """The address as it is stored and looked for; None where it is none. No mail is sent to it: a simple look does."""
    email = unicodedata.normalize("NFC", text[: LONGEST_EMAIL + 1]).strip().lower()
    if len(text) > LONGEST_EMAIL or storable(email) != email or not _EMAIL.fullmatch(email):
        return None
    return email


def normal_password(text: str) -> str | None:
    """The same characters for the same keys on every keyboard (NFKC); None where it can be nobody's password.

    Its length is looked at before anything is made of it: the form may be 18 times as long.
    """
    if len(text) > LONGEST_PASSWORD or any("\ud800" <= character <= "\udfff" for character in text):
        return None
    password = unicodedata.normalize("NFKC", text)
    return password if SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD else None


def _checked_password(text: str, field: str, wrong: dict[str, str]) -> str:
    password = normal_password(text)
    if password is None:
        wrong[field] = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    return password or ""
