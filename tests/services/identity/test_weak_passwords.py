"""Passwords that are tried first are refused, however they are dressed; others are taken."""

import pytest

from domain.identity.passwords import find_weakness
from services.identity.common_passwords import common_passwords

OWN = ("Eve Moreau", "eve.moreau@example.com")
TRIED_FIRST = (
    "password", "PASSWORD1", "passw0rd", "p@55w0rd!", "passwordpassword", "Summer2026!", "trustno1",
    "iloveyou", "qwertyuiop", "1qaz2wsx", "asdfghjkl;", "aaaaaaaa", "abababab", "abcdefgh", "12345678", "87654321",
    "eve.moreau@example.com", "EveMoreau1", "eve moreau", "truth-time-tracker",
    # Numbers go on behind the nine, and dates and numbers of phones are nothing else.
    "123456789012", "1234567890123", "98765432109", "19901231", "13579246810", "015112345678",
)  # fmt: skip


@pytest.mark.parametrize("password", TRIED_FIRST)
async def test_what_is_tried_first_is_refused(password: str) -> None:
    assert find_weakness(password, OWN, await common_passwords())


@pytest.mark.parametrize(
    "password", ["correct horse battery", "7 green owls", "4815162342108915", "xq7-lmp2"]
)
async def test_what_nobody_tries_first_is_taken(password: str) -> None:
    assert find_weakness(password, OWN, await common_passwords()) is None
