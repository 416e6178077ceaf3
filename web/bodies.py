"""Bytes from outside: read within limits, parsed within limits, after their signature held."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

LARGEST_BODY = 1024 * 1024  # bytes; Slack's own payloads stay far below
READ_SECONDS = 10
DEEPEST = 64
MOST_FIELDS = 100
_LONGEST_NUMBER = 30  # digits
_LONG_NUMBER = re.compile(rb"\d{%d}" % (_LONGEST_NUMBER + 1))


class BadBody(Exception):
    """Signed or not, nothing can be made of it. The message says what was wrong."""


async def read(request: web.Request) -> bytes:
    """The raw bytes. Raises HTTPRequestEntityTooLarge over the limit, HTTPRequestTimeout when they drip."""
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await request.read()  # the application's client_max_size is LARGEST_BODY
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object that is not deeper and holds no longer number than any honest one. Raises BadBody."""
    if _depth(body) > DEEPEST:
        raise BadBody("The JSON is nested too deeply.")
    if _LONG_NUMBER.search(_STRING.sub(b'""', body)):
        raise BadBody("The JSON holds a number that is too long.")
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


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def _depth(body: bytes) -> int:
    """How deep brackets go outside of strings, in one pass over few bytes: json.loads would recurse instead."""
    depth = deepest = 0
    for match in _BRACKETS.finditer(_STRING.sub(b'""', body)):
        depth += 1 if match[0] in b"[{" else -1
        deepest = max(deepest, depth)
        if deepest > DEEPEST:
            break
    return deepest


_BRACKETS = re.compile(rb"[\[\]{}]")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
