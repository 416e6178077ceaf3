"""Bodies of requests: reading and parsing them within limits."""

import asyncio
import json
import re
from array import array
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

LARGEST_BODY = 1024 * 1024  # bytes; Slack's own payloads stay far below
LARGEST_ANONYMOUS_BODY = 16 * 1024  # without a token
READ_SECONDS = 10
MAX_DEPTH = 64
MAX_FIELDS = 100
_LONGEST_NUMBER = 30  # digits


class BadBody(Exception):
    """The body can not be parsed. The message says why."""


def check_body_headers(request: web.Request, largest: int = LARGEST_BODY) -> None:
    """Check what the headers say about the body, before any of it is read. Raises what `read_body` raises."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise web.HTTPUnsupportedMediaType(
            text="The body must not be compressed: leave Content-Encoding out."
        )
    if (request.content_length or 0) > largest:
        raise _too_large(largest)


def _too_large(largest: int) -> web.HTTPException:
    text = f"The body is too large: {largest // 1024} KiB are taken here at most."
    return web.HTTPRequestEntityTooLarge(max_size=largest, actual_size=largest + 1, text=text)


async def read_body(request: web.Request, largest: int = LARGEST_BODY) -> bytes:
    """Read a body of at most `largest` bytes.

    Raises HTTPRequestEntityTooLarge as soon as it is known to be larger, HTTPRequestTimeout if it takes longer than
    READ_SECONDS, and HTTPUnsupportedMediaType if it is compressed, since a few bytes could decompress to any number.
    """
    check_body_headers(request, largest)
    body = bytearray()
    try:
        async with asyncio.timeout(READ_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > largest:
                    raise _too_large(largest)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return bytes(body)


def parse_json_object(body: bytes, most_values: int = LARGEST_BODY) -> dict[str, Any]:
    """Parse a JSON object of about `most_values` values at most, in linear time.

    Raises BadBody, also if it is nested deeper than MAX_DEPTH or holds an overlong number.
    """
    brackets, commas = body.count(b"[") + body.count(b"{"), body.count(b",")
    # Strings are only removed if the limits could be exceeded; most bodies are far below the limits even with their
    # strings.
    if brackets > MAX_DEPTH or commas > most_values or _LONG_NUMBER.search(body):
        outside = _STRING.sub(b'"', body)
        if _depth(outside) > MAX_DEPTH:
            raise BadBody("The JSON is nested too deeply.")
        if _LONG_NUMBER.search(outside):
            raise BadBody("The JSON holds a number that is too long.")
        if outside.count(b",") > most_values:
            raise BadBody(f"The JSON holds more than {most_values} values.")
    try:
        parsed = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadBody("The body is not JSON.") from None
    if not isinstance(parsed, dict):
        raise BadBody("The body must be a JSON object.")
    return parsed


def parse_form(body: bytes) -> dict[str, str]:
    """Parse a form. The last value of a repeated field counts. Raises BadBody."""
    try:
        return dict(
            parse_qsl(
                body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
            )
        )
    except ValueError:
        raise BadBody("The body is not a form.") from None


# Possessive, and up to the end of the body if the closing quotation mark is missing, so that no byte is read twice.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
# Matches only from the first digit of a run on, because no longer run begins at another digit.
_LONG_NUMBER = re.compile(rb"(?<![0-9])[0-9]{%d}" % (_LONGEST_NUMBER + 1))
_BRACKET_STEPS = bytes.maketrans(b"[{]}", (1).to_bytes() * 2 + (-1).to_bytes(signed=True) * 2)
_OTHER_BYTES = bytes(set(range(256)) - set(b"[]{}"))


def _depth(outside: bytes) -> int:
    """Return how deep the brackets of JSON without its strings are nested. json.loads would recurse that deep."""
    steps = array("b", outside.translate(_BRACKET_STEPS, _OTHER_BYTES))
    return max(accumulate(steps), default=0)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
