"""Keeps secrets and people's words out of the log: hides known values, values of known shapes, and values of known
fields."""

import re
import traceback
from collections.abc import Iterator, Mapping, Sequence

HIDDEN = "[hidden]"
LONGEST = 20_000  # characters of one text; the rest is cut off before any pattern runs
MOST_FRAMES, DEEPEST = 40, 8
SHORTEST_SECRET = 6

# Each pattern runs in linear time: a repetition is possessive, or is followed by a character that it can not match.
# If the same words may start the pattern again and again, its length is limited: a host has 253 characters at most.
_SHAPES = re.compile(
    r"""
      \b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[\w.-]++           # Slack's tokens
    | \b(?:ttr?|whsec)_[\w+/=-]{6,}+                        # ours: personal, refresh, webhook secrets
    | \beyJ[\w-]++\.[\w-]++(?:\.[\w-]++)?                   # JSON Web Tokens
    | \b(?:(?i:bearer)|Basic)\s{1,4}[\w.~+/=-]{6,}+         # the Authorization header
    | (?<=://)[^\s/"'\\<>]{0,300}@                          # user and password of an address
    | \b(?i:(?:https?(?::|%3a)(?:/|%2f){2})?hooks\.slack[\w.-]{0,253}+(?:/|%2f)[^\s"'\\<>]++)  # response addresses
    | \b(?i:wss?://[^\s"'\\<>]++)                           # where the socket is, with a ticket
    | \b(?i:https?://files\.slack[\w.-]*+/upload/[^\s"'\\<>]++)  # where a file may be put, once
    | \bhttps?://[\w.:\[\]-]++/response/[^\s"'\\<>]++       # the same of the local Slack
    | \b\d{1,20}\.\d{4,20}\.[0-9a-z]{6,64}                  # trigger ids
    | \bv0=[0-9a-f]{64}\b | \bv1a?,[\w+/=-]{20,}+           # signatures
    | (?<![\w-])(?i:[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4})(?![\w-])  # link codes
    """,
    re.VERBOSE,
)
# Fields whose value is a secret or a person's own words, whatever the value looks like.
FIELDS = {
    "access_token", "api_token", "app_token", "authorization", "blocks", "body", "bot_token",
    "client_secret", "code", "content", "cookie", "database_owner_url", "database_url", "description", "email", "key",
    "keys", "link_code", "message", "new_password", "note", "notes", "old_password", "password", "payload",
    "private_metadata", "refresh_token", "response_url", "response_urls", "sealed", "secret", "secret_keys",
    "secrets", "signature", "signing_secret", "slack_app_token", "slack_bot_token", "slack_signing_secret",
    "text", "ticket", "title", "token", "tokens", "trigger_id", "value", "view", "webhook_secret",
}  # fmt: skip
_names = "|".join(sorted(FIELDS, key=len, reverse=True))
# The forms in which fields occur: dicts, JSON, keyword arguments and forms. An unclosed string is hidden to its
# end.
_NAMED = re.compile(
    rf"""(?i)(["'](?:{_names})["']\s{{0,4}}:\s{{0,4}}|\b(?:{_names})=)"""
    r"""(?:"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[^\s,;&)}\]]++)"""
)
# In JSON inside JSON everything after the name is hidden, because finding the end of the value is not worth its
# cost.
_NAMED_INSIDE = re.compile(rf"""(?is)(\\["'](?:{_names})\\["']\s{{0,4}}:).*+""")
_NAMED_PLAINLY = re.compile(r"(?i)\b(password|passphrase|secret|token|authorization)(:\s{1,4})\S++")


class Redactor:
    """Hides secrets and people's words in logs. `secrets` are texts that are hidden wherever they occur."""

    def __init__(self, secrets: Sequence[str] = ()) -> None:
        known = sorted({text for text in secrets if len(text) >= SHORTEST_SECRET}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def redact_line(self, text: str) -> str:
        """Hide secrets and known shapes in a formatted line. Their replacements contain no quotes, so JSON stays
        JSON."""
        if self._known:
            text = self._known.sub(HIDDEN, text)
        return _SHAPES.sub(HIDDEN, text)

    def redact_text(self, text: str) -> str:
        """Hide secrets, known shapes, and the values of known fields."""
        text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        text = _NAMED_INSIDE.sub(rf"\1 {HIDDEN}", self.redact_line(text))
        text = _NAMED.sub(rf"\1{HIDDEN}", text)
        return _NAMED_PLAINLY.sub(rf"\1\2{HIDDEN}", text)

    def redact_value(self, value: object, *, name: str = "", depth: int = 0) -> object:
        """Redact a value of any type and depth. Numbers stay numbers; other objects become their redacted text."""
        if name.lower() in FIELDS:
            return HIDDEN
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str):
            return self.redact_text(value)
        if isinstance(value, BaseException):
            return self.redact_text(_format_headline(value))
        if depth < DEEPEST and isinstance(value, Mapping):
            return {
                str(key): self.redact_value(one, name=str(key), depth=depth + 1) for key, one in value.items()
            }
        if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
            return [self.redact_value(one, depth=depth + 1) for one in value]
        return self.redact_text(str(value))

    def format_exception(self, error: BaseException) -> str:
        """Format the traceback: files, lines and functions, and of each error its type and the first line of its
        message.

        Later lines are left out because they quote input: rows in PostgreSQL's DETAIL, or a value that a validation
        refused.
        """
        return self.redact_text("\n".join(_format_lines(error)))


def _format_lines(error: BaseException, depth: int = 0) -> Iterator[str]:
    if depth > DEEPEST:
        yield "…"
        return
    if error.__cause__ is not None:
        yield from _format_lines(error.__cause__, depth + 1)
        yield "\nThat was the cause of:\n"
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _format_lines(error.__context__, depth + 1)
        yield "\nWhile that was handled:\n"
    yield "Traceback (most recent call last):"
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]:
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    yield _format_headline(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions[:DEEPEST]:
            yield from _format_lines(one, depth + 1)


def _format_headline(error: BaseException) -> str:
    kind = type(error)
    try:
        words = str(error).strip().partition("\n")[0]
    except Exception:  # noqa: BLE001 - any __str__ may fail
        words = "an error without a readable message"
    if kind.__module__.startswith("asyncpg"):
        # The text behind the colon is the invalid value.
        words = words.partition(": ")[0]
    named = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{named}: {words}" if words else named
