"""Joining an account of the REST API to a person in Slack: the code for it, and what comes along."""

import hmac
import re
from dataclasses import dataclass

# Read aloud or copied by hand, none of these is taken for another. 12 of them hold 59 bits.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_LENGTH, _GROUP = 12, 4
_FORM = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkResult:
    """`name` is the person's in Slack, `entries` came along, `projects` of them were made for it."""

    name: str
    workspace: str
    entries: int
    projects: int


def derive_link_code(key: bytes, purpose: str) -> str:
    """The code that `key` gives for `purpose`: the same every time, for a request that is repeated."""
    number = int.from_bytes(hmac.digest(key, purpose.encode(), "sha256"))
    letters = []
    for _ in range(_LENGTH):
        number, letter = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[letter])
    return "".join(letters)


def format_link_code(code: str) -> str:
    """As it is shown: in groups."""
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def parse_link_code(text: str) -> str | None:
    """The code that was meant, with or without its dashes; None where it can be none."""
    code = re.sub(r"[\s-]", "", text[:100]).upper()
    return code if _FORM.fullmatch(code) else None
