"""Links of REST API accounts to people in Slack: the code that the person types, and the result."""

import hmac
import re
from dataclasses import dataclass

# People do not confuse any two of these when they read a code aloud or copy it by hand. 12 of them hold 59 bits.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 12, 4
_FORM = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """The result of linking: `name` is the person's name in Slack, `entries` is how many entries moved, `projects`
    how many projects were created for them."""

    name: str
    workspace: str
    entries: int
    projects: int


def derive_link_code(key: bytes, purpose: str) -> str:
    """Derive the code for `purpose`, always the same, so that a repeated request gets the same code."""
    number = int.from_bytes(hmac.digest(key, purpose.encode(), "sha256"))
    letters = []
    for _ in range(_LENGTH):
        number, letter = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return "".join(letters)


def format_link_code(code: str) -> str:
    """Split a code into groups by dashes, as people see it."""
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def parse_link_code(text: str) -> str | None:
    """Read a code with or without its dashes, in any case; None if the text can not be a code."""
    code = re.sub(r"[\s-]", "", text[:100]).upper()
    return code if _FORM.fullmatch(code) else None
