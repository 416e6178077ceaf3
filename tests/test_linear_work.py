"""Whatever reads bytes or words from outside: its work grows with them, and not faster.

Each reader is given its worst input at a length and at four times that. A quadratic one takes sixteen times as long
for the second, a linear one four times. Who adds a pattern adds a row here, or says below why nobody from outside
reaches it.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from multidict import CIMultiDict, CIMultiDictProxy
from pydantic import TypeAdapter, ValidationError

from bot.features.projects.feature import parse_project
from bot.features.timers.parsers import parse_work
from bot.interaction.context import LONGEST_TEXT, CommandTable
from bot.routes import COMMANDS
from bot.slack import addresses, validation
from bot.slack.marked_text import read_marked_text
from domain.errors import Refusal
from domain.identity import accounts, links, passwords, tokens
from domain.language.days import parse_day
from domain.language.days_off import parse_days_off
from domain.language.hints import hint_for_time_point
from domain.language.intervals import extract_interval
from domain.language.periods import parse_period
from domain.language.time_points import extract_time_point, parse_time_point
from domain.projects import projects
from domain.text import sanitize_text
from files import cells, columns, imports, json_tables, time_cells
from services.identity.access_tokens import AccessTokens
from tests.growth import assert_grows_no_faster, assert_takes_at_most
from web.api.fields import DayOrInstant
from web.http.bodies import BadBody, parse_form, parse_json_object
from web.http.hosts import parse_host
from web.http.instants import Instant
from web.http.problems import error_from_validation
from web.http.proxies import find_client_address
from web.identity.accounts import SignUpBody
from web.slack_events import ForgedRequest, parse_payload, verify_signature
from web.webhooks import error_messages, native, signatures

ROOT = Path(__file__).parent.parent
ROOMS = ("web", "domain", "files", "bot", "services")
BERLIN = ZoneInfo("Europe/Berlin")
PROXIES = [ip_network(f"10.{number}.0.0/16") for number in range(50)]
KEYS = AccessTokens([b"sample" * 8])
INSTANT: TypeAdapter[Any] = TypeAdapter(Instant)
DAY_OR_INSTANT: TypeAdapter[Any] = TypeAdapter(DayOrInstant)
EXPECTED = (Refusal, BadBody, ValueError, ValidationError, ForgedRequest, signatures.BadSignature)
TIMES, GROWTH = 4, 9  # 4 is linear, 16 quadratic


def refused(body: bytes) -> None:
    try:
        SignUpBody.model_validate_json(body)
    except ValidationError as error:
        error_from_validation(error)


def event(body: bytes) -> None:
    try:
        native.parse_event(parse_json_object(body))
    except ValidationError as error:
        error_messages.describe_error(error)


def hook_headers(text: str) -> None:
    headers = CIMultiDict({"webhook-id": "a", "webhook-timestamp": "0", "webhook-signature": text})
    found = signatures.read_delivery_headers(CIMultiDictProxy(headers), 0)
    signatures.verify([b"x" * 32], found, b"{}")


def payload(body: bytes) -> None:
    found = parse_payload(body, "application/x-www-form-urlencoded")
    assert validation.is_served(found) or not validation.is_complete(found)


def forwarded(lines: Sequence[str]) -> None:
    find_client_address("10.1.0.1", lines, PROXIES)


def weak(text: str) -> None:
    assert passwords.find_weakness(text, (text, "ada@example.com"), frozenset()) != ""


# Name, what reads, its worst input of about that length, and a length that takes a linear reader about a millisecond.
Row = tuple[str, Callable[[Any], object], Callable[[int], Any], int]
BODIES: Sequence[Row] = (
    ("a string that never ends", parse_json_object, lambda n: b'{"a":"' + b'\\"' * (n // 2), 400_000),
    ("backslashes", parse_json_object, lambda n: b'["' + b"\\" * n, 400_000),
    ("quotation marks", parse_json_object, lambda n: b'"' * n, 100_000),
    (
        "a string that never ends behind brackets",
        parse_json_object,
        lambda n: b"[" * 70 + b'"' + b'\\"' * (n // 2),
        200_000,
    ),
    ("quotation marks behind brackets", parse_json_object, lambda n: b"[" * 70 + b'"' * n, 50_000),
    ("open brackets", parse_json_object, lambda n: b"[" * n, 100_000),
    ("pairs of brackets", parse_json_object, lambda n: b"[" + b"[]," * (n // 3), 50_000),
    ("braces in strings", parse_json_object, lambda n: b'{"a":"' + b"{" * n, 200_000),
    ("digits", parse_json_object, lambda n: b"[" + b"1" * n, 400_000),
    ("runs of digits", parse_json_object, lambda n: b"[" + (b"1" * 30 + b",") * (n // 31), 100_000),
    ("a number with a long fraction", parse_json_object, lambda n: b'{"a":1.' + b"1" * 29 + b"e" * n, 400_000),
    ("keys", parse_json_object, lambda n: b"{" + b",".join(b'"%d":1' % i for i in range(n // 9)) + b"}", 40_000),
    ("spaces", parse_json_object, lambda n: b"{" + b" " * n, 400_000),
    ("keys that are unknown", refused, lambda n: b"{" + b",".join(b'"%d":1' % i for i in range(n // 9)) + b"}", 8_000),
    ("a field's name", refused, lambda n: b'{"' + b"a" * n + b'":1}', 100_000),
    ("a form's field", parse_form, lambda n: b"a=" + b"+" * n, 100_000),
    ("a form's escapes", parse_form, lambda n: b"a=" + b"%" * n, 50_000),
    ("a form's good escapes", parse_form, lambda n: b"a=" + b"%20" * (n // 3), 50_000),
    ("a form's many fields", parse_form, lambda n: b"&" * n, 400_000),
    ("a payload's string", payload, lambda n: urlencode({"payload": '{"a":"' + '\\"' * (n // 2)}).encode(), 50_000),
    ("a payload's actions", payload, lambda n: (
        urlencode({"payload": '{"type":"block_actions","authorizations":[' + "{}," * (n // 3) + "{}]}"}).encode()
    ), 20_000),
    ("an event's type", event, lambda n: b'{"type":"' + b"a" * n + b'"}', 100_000),
    ("an event's link", event, lambda n: (
        b'{"type":"time_entry.suggest","timestamp":"2026-11-24T09:00:00Z","data":{"user":"a","start_time":'
        b'"2026-11-24T09:00:00Z","end_time":"2026-11-24T10:00:00Z","link":"https://' + b"a" * n + b'|"}}'
    ), 100_000),
)  # fmt: skip
# No header is longer than 8,190 characters (aiohttp), no field of ours longer than it says: they are given more here.
HEADERS: Sequence[Row] = (
    ("Host", parse_host, lambda n: "a." * (n // 2), 50_000),
    ("Host in brackets", parse_host, lambda n: "[" + ":" * n, 50_000),
    ("X-Forwarded-For", forwarded, lambda n: ["10.1.0.1," * (n // 9)], 50_000),
    ("X-Forwarded-For on lines", forwarded, lambda n: ["10.1.0.1"] * (n // 9), 50_000),
    ("a webhook's signatures", hook_headers, lambda n: "v1,x " * (n // 5), 50_000),
    ("Slack's signature", lambda text: verify_signature(b"x", "1", text, b"", 1.0), lambda n: "v0=" + "é" * n, 50_000),
    ("an access token", KEYS.read, lambda n: "a." * (n // 2), 50_000),
    ("an access token of dots", KEYS.read, lambda n: "." * n, 50_000),
    ("a personal token", tokens.is_well_formed, lambda n: "tt_" + "1" * n, 50_000),
    ("a token's name", tokens.validate_token_name, lambda n: "a." * (n // 2), 50_000),
    ("a code", links.parse_link_code, lambda n: "- " * (n // 2), 20_000),
    ("an instant", INSTANT.validate_python, lambda n: "2026-11-24T09:00:00." + "1" * n, 50_000),
    ("an instant in a query", DAY_OR_INSTANT.validate_python, lambda n: "1T" + "1" * n + " 01:00", 50_000),
    ("an address of Slack", addresses.find_place, lambda n: "https://" + "a." * (n // 2) + "\n", 100_000),
    ("an address in brackets", addresses.find_place, lambda n: "https://[" + ":" * n, 100_000),
    ("an e-mail address", accounts.normalize_email, lambda n: "a@" + "a." * (n // 2), 50_000),
    ("a password", accounts.normalize_password, lambda n: "\u0315\u0300" * (n // 2), 50_000),
)  # fmt: skip
TABLE = CommandTable(COMMANDS)
TYPED = (
    "1h ", "log 1h and ", "9-", "half an hour ", "1:", "mon ", "20 min ago at ", "from 9 to ", "(", "+a-", "<@U1|", "<",
    '"', "&amp;", "to ", ", ", "a:", "ａ", "12/11 ", "-", "the day after ", "\u0301", "e\u0315\u0300",
    "on a ", "24/7 ", "gestern ", "minus 30m ", "12. ", "(yesterday) ", "a b weeks back ", "at ", "*", "'",
)  # fmt: skip
WORDS: Sequence[tuple[str, Callable[[str], object]]] = (
    ("a command", TABLE.read),
    ("a command's start", lambda text: TABLE.read(f"start {text}")),
    ("a command's log", lambda text: TABLE.read(f"log {text}")),
    ("a command's report", lambda text: TABLE.read(f"report {text} by day")),
    ("a new name", lambda text: parse_project(f"rename {text} to {text}")),
    ("tags and titles", parse_work),
    ("a moment", parse_time_point),
    ("words behind a moment", extract_time_point),
    ("a stretch", extract_interval),
    ("a period", parse_period),
    ("a day", parse_day),
    ("days off", parse_days_off),
    ("a hint", hint_for_time_point),
    ("a slug", projects.make_slug),
    ("a weak password", weak),
)
LONGEST_TYPED = LONGEST_TEXT
LONGEST_SECONDS = 0.1
CELLS = (
    b",", b";", b'"', b'""', b"\n", b"\r", b"a,b\n", b"\xff\xfe", b"\x00", b"=", b'{"a":', b"[", b"1:", b"'",
)  # fmt: skip


def read_file(content: bytes) -> None:
    imports.read_import(content, zone=BERLIN, day_first=True)


def read_list(text: str) -> None:
    json_tables.build_table(json_tables.parse_json(text))


def read_moment(text: str) -> None:
    time_cells.read_time_point(text, None)


def read_length_cell(text: str) -> None:
    time_cells.read_lengths(text, "")


def file_of(unit: bytes) -> Callable[[int], bytes]:
    return lambda n: b"start,end\n" + unit * (n // len(unit))


FILES: Sequence[Row] = (
    *((f"a file of {unit!r}", read_file, file_of(unit), 20_000) for unit in CELLS),
    ("plain text", read_marked_text, lambda n: "<@U1|" * (n // 5), 50_000),
    ("plain text of links", read_marked_text, lambda n: "<https:" + "|" * n, 50_000),
    ("plain text of digits", read_marked_text, lambda n: "&#" + "9" * n + ";", 50_000),
    ("a cell", cells.guard_text, lambda n: "'" * n + " " * n, 50_000),
    ("a cell that comes back", cells.unguard_text, lambda n: "'" * n + " " * n, 50_000),
    ("a cell of signs", cells.guard_text, lambda n: "=" * (n // 2) + "a" * (n // 2), 20_000),
    ("a cell of tags", cells.split_tags, lambda n: 'a",' * (n // 3), 50_000),
    ("a cell of tags on lines", cells.split_tags, lambda n: "\r\n" * (n // 2), 20_000),
    ("a column's name", columns.fold_column_name, lambda n: "aA" * (n // 2), 50_000),
    ("a file of JSON", json_tables.parse_json, lambda n: '[{"a":"' + '\\"' * (n // 2), 200_000),
    ("quotation marks of JSON", json_tables.parse_json, lambda n: '"' * n, 20_000),
    ("brackets of JSON", json_tables.parse_json, lambda n: "[" * n, 20_000),
    ("a list of JSON", read_list, lambda n: '[{"id":1,"start":"' + "2" * n + '"}]', 50_000),
    ("a moment in a cell", read_moment, lambda n: "1" * 50 + " " * n, 20_000),
    ("a moment in a long cell", read_moment, lambda n: "a. " * (n // 3), 50_000),
    ("a length in a cell", read_length_cell, lambda n: "1 " * (n // 2), 50_000),
    ("text that is kept", sanitize_text, lambda n: "\x00a" * (n // 2), 20_000),
)  # fmt: skip


def refusing(read: Callable[[Any], object]) -> Callable[[Any], None]:
    """The same, for which it is no failure to refuse what it is given."""

    def read_or_refuse(given: object) -> None:
        with suppress(*EXPECTED):
            read(given)

    return read_or_refuse


@pytest.mark.parametrize("row", [*BODIES, *HEADERS, *FILES], ids=lambda row: row[0])
def test_the_work_grows_with_what_came_and_not_faster(row: Row) -> None:
    _, read, make, length = row
    assert_grows_no_faster(refusing(read), make, length // 2, times=TIMES, most=GROWTH)


@pytest.mark.parametrize("read", [read for _, read in WORDS], ids=[name for name, _ in WORDS])
def test_words_at_their_longest_take_no_time(read: Callable[[str], object]) -> None:
    """Their patterns are many: what is held here is how long the longest text may take, whatever is in it."""
    for unit in TYPED:
        text = (unit * LONGEST_TYPED)[:LONGEST_TYPED]
        assert_takes_at_most(LONGEST_SECONDS, refusing(read), text)


# Every pattern there is: "module:name" for what is compiled, "module:function" for what is written in one. The value is
# the row above that reaches it, or why nobody from outside does.
PATTERNS = {
    "web.http.bodies:_STRING": "a string that never ends behind brackets",
    "web.http.bodies:_LONG_NUMBER": "runs of digits",
    "web.http.instants:_RFC3339": "an instant",
    "web.api.fields:_DAY": "an instant in a query",
    "web.api.fields:_BARE_PLUS": "an instant in a query",
    "web.api.preconditions:_TAG": "matched from its first character on, one way each",
    "web.api.preconditions:_VERSION": "ten characters at most",
    "domain.identity.accounts:_EMAIL": "an e-mail address",
    "bot.slack.addresses:_FORM": "possessive, and its parts hold nothing of each other",
    "domain.identity.links:_FORM": "a fixed length",
    "domain.identity.links:parse_link_code": "the first hundred characters",
    "domain.identity.tokens:_FORM": "a personal token",
    "domain.identity.tokens:_NAME": "a token's name",
    "domain.identity.passwords:_NO_LETTERS": "a weak password",
    "domain.identity.passwords:_is_own": "a weak password",
    "domain.identity.passwords:_is_made_of": "a weak password",
    "services.identity.sessions:_FORM": "a fixed length",
    "web.webhooks.native:_CHANNEL": "one class of characters, matched whole",
    "domain.language.continuations:_SEPARATOR": "a stretch",
    "domain.language.patterns:TimePattern": "compiles the patterns of others, which have their rows",
    "domain.language.patterns:_NAME": "a command",
    "domain.language.vocabulary:compile_ascii": "compiles the patterns of others, which have their rows",
    "files.cells:_ANY_SIGN": "a cell of signs",
    "files.cells:split_tags": "a cell of tags on lines",
    "files.columns:fold_column_name": "a column's name",
    "files.json_tables:_NESTING": "a file of JSON",
    "files.json_tables:_COMPACT": "a list of JSON",
    **{
        f"files.time_cells:{name}": "a moment in a cell"  # a cell of more than 120 characters is none
        for name in ("_MOMENT", "_COMPACT", "_SINCE_1970", "_MILLISECONDS")
    },
    **{
        f"files.time_cells:{name}": "a length in a cell"
        for name in ("_CLOCK_LENGTH", "_UNITS_LENGTH", "_NUMBER", "_THOUSANDS")
    },
    "bot.slack.marked_text:_MARKED": "plain text",
    "bot.features.timers.parsers:_TAG": "tags and titles",
    "bot.features.timers.parsers:_QUOTED": "tags and titles",
    "bot.features.timers.parsers:_NAMED": "tags and titles",
    "bot.features.timers.parsers:_WITH_PREPOSITION": "tags and titles",
    "bot.features.reports:_BY": "a command's report",
    "bot.features.settings.feature:_CLOCK": "five characters",
    "bot.features.projects.feature:_RENAME": "a new name",
    "bot.features.people.feature:_MENTION": "twenty characters",
    "bot.features.projects.feature:parse_here": "matched from its first character on",
    "bot.routes:ANYTHING": "what we wrote into action ids",
    "bot.interaction.modal_calls:_ADDRESS": "what Slack answers to us",
    "bot.features.timers.shortcuts:_MENTION": "twenty characters",
}
# Modules whose patterns are reached by the functions of WORDS and FILES, at the length that a text may have.
MODULES = {
    "domain.language.hints",
    "domain.language.days_off",
    "domain.language.lengths",
    "domain.language.periods",
    "domain.projects.projects",
    "domain.language.ranges",
    "domain.language.extraction",
    "domain.language.interval_patterns",
    "domain.language.days",
}


def patterns(path: Path) -> Iterator[str]:
    """Where a module calls a function of `re`, by the name that the pattern is given or the function it is in."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    source = path.read_text()
    if "re." not in source:
        return
    for statement in ast.parse(source).body:
        calls = any(
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
            for node in ast.walk(statement)
        )
        if calls:
            named = statement.targets[0] if isinstance(statement, ast.Assign) else statement
            yield f"{module}:{getattr(named, 'name', getattr(named, 'id', '?'))}"


def test_every_pattern_has_a_row_or_a_reason() -> None:
    found = {name for room in ROOMS for path in (ROOT / room).rglob("*.py") for name in patterns(path)}
    unknown = {name for name in found if name not in PATTERNS and name.partition(":")[0] not in MODULES}
    assert not unknown, f"give each a row in this file, or a reason: {sorted(unknown)}"
    gone = {*PATTERNS, *MODULES} - found - {name.partition(":")[0] for name in found}
    assert not gone, f"renamed or removed: {sorted(gone)}"
