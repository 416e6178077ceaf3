"""Bytes from outside: read within limits, parsed within limits, after their signature held."""

import asyncio
import json
import re
from array import array
from itertools import accumulate
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

LARGEST_BODY = 1024 * 1024  # bytes; Slack's own payloads stay far below
LARGEST_OF_A_VISITOR = 16 * 1024  # of somebody who has not said who they are
READ_SECONDS = 10
DEEPEST = 64
MOST_FIELDS = 100
_LONGEST_NUMBER = 30  # digits


class BadBody(Exception):
    """Signed or not, nothing can be made of it. The message says what was wrong."""


def refuse_announced(request: web.Request, largest: int = LARGEST_BODY) -> None:
    """Refuse what the headers say of the body, before any of it is read. Raises what `read` raises."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise web.HTTPUnsupportedMediaType(
            text="The body must not be compressed: leave Content-Encoding out."
        )
    if (request.content_length or 0) > largest:
        raise _too_large(largest)


def _too_large(largest: int) -> web.HTTPException:
    text = f"The body is too large: {largest // 1024} KiB are taken here at most."
    return web.HTTPRequestEntityTooLarge(max_size=largest, actual_size=largest + 1, text=text)


async def read(request: web.Request, largest: int = LARGEST_BODY) -> bytes:
    """Return the raw bytes of a body of at most `largest` bytes.

    Raises HTTPRequestEntityTooLarge beyond that, as soon as it is known, HTTPRequestTimeout when the bytes drip in,
    and HTTPUnsupportedMediaType for a compressed body: a few bytes of one may stand for any number.
    """
    refuse_announced(request, largest)
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


def json_object(body: bytes, most_values: int = LARGEST_BODY) -> dict[str, Any]:
    """Parse a JSON object of about `most_values` values at most, in linear time.

    Raises BadBody, also for one that is nested deeper or holds a longer number than any honest one.
    """
    brackets, commas = body.count(b"[") + body.count(b"{"), body.count(b",")
    # Where there are not that many anywhere, strings need not be told from the rest.
    if brackets > DEEPEST or commas > most_values or _LONG_NUMBER.search(body):
        outside = _STRING.sub(b'"', body)
        if _depth(outside) > DEEPEST:
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


def form(body: bytes) -> dict[str, str]:
    """The fields of a form; of a repeated one, the last. Raises BadBody."""
    try:
        return dict(
            parse_qsl(
                body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
            )
        )
    except ValueError:
        raise BadBody("The body is not a form.") from None


# Possessive, and to the end of the body where the last quotation mark is missing: no byte is looked at twice.
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
# Only from the first digit of a run on: the others begin none that is longer.
_LONG_NUMBER = re.compile(rb"(?<![0-9])[0-9]{%d}" % (_LONGEST_NUMBER + 1))
_UP_AND_DOWN = bytes.maketrans(b"[{]}", (1).to_bytes() * 2 + (-1).to_bytes(signed=True) * 2)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def _depth(outside: bytes) -> int:
    """How deep the brackets of JSON go whose strings were taken out: json.loads would recurse instead."""
    steps = array("b", outside.translate(_UP_AND_DOWN, _NO_BRACKETS))
    return max(accumulate(steps), default=0)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
