"""Headers that make a request safe to repeat: ETag, If-Match, If-None-Match (RFC 9110) and Idempotency-Key."""

import hashlib
import re
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from web.http.problems import ApiError, FieldError

LONGEST_KEY = 200  # characters
NO_VERSION = 0  # a version that no record has
_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')
_VERSION = re.compile(r"(\d{1,9})(?:\.\d+)?", re.ASCII)


class Record(BaseModel):
    """A record that can be changed. Its version is its ETag, and If-Match names the version to change."""

    collection: ClassVar[str]

    id: UUID
    version: int

    def tag(self) -> str:
        """Return the ETag. It differs for different representations, and begins with the version."""
        return str(self.version)


def read_seen_version(request: web.Request) -> int | None:
    """Read the version that If-Match names. Return None if it is missing or "*", NO_VERSION if the tag is not one
    of ours."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = _TAG.fullmatch(header)
    version = _VERSION.fullmatch(found[1]) if found and not header.strip().startswith("W/") else None
    return int(version[1]) if version else NO_VERSION


def read_idempotency_key(request: web.Request) -> str | None:
    """Read the Idempotency-Key. Raises ApiError 422 if it can not be used."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    key = key.strip().strip('"')
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        said = f"1 to {LONGEST_KEY} printable characters, please."
        error = FieldError(field="Idempotency-Key", message=said)
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "The Idempotency-Key can not be used.", [error])
    return key


def make_response(request: web.Request, result: BaseModel, status: HTTPStatus) -> web.Response:
    """Make the response: with an ETag, with a Location if something was created, and 304 if the client has it."""
    body, headers = result.model_dump_json(by_alias=True).encode(), {}
    if isinstance(result, Record):
        headers["ETag"] = f'"{result.tag()}"'
        if status is HTTPStatus.CREATED:
            headers["Location"] = f"{result.collection}/{result.id}"
    elif request.method == "GET":
        headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.method == "GET" and _matches(request, headers["ETag"]):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _matches(request: web.Request, tag: str) -> bool:
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    return tag in known or "*" in known
