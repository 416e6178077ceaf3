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
NO_VERSION = 0  # no record is at it
_TAG = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')
_VERSION = re.compile(r"(\d{1,9})(?:\.\d+)?", re.ASCII)


class Record(BaseModel):
    """Something that can be changed under its id: its ETag is its version, and If-Match names it."""

    collection: ClassVar[str]

    id: UUID
    version: int

    def tag(self) -> str:
        """What looks different has another one; the version comes first."""
        return str(self.version)


def seen_version(request: web.Request) -> int | None:
    """The version that If-Match names; None where it is missing or "*". A tag that is none of ours fits nothing."""
    header = request.headers.get("If-Match")
    if header is None or header.strip() == "*":
        return None
    found = _TAG.fullmatch(header)
    version = _VERSION.fullmatch(found[1]) if found and not header.strip().startswith("W/") else None
    return int(version[1]) if version else NO_VERSION


def idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    key = key.strip().strip('"')
    if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        said = f"1 to {LONGEST_KEY} printable characters, please."
        error = FieldError(field="Idempotency-Key", message=said)
        raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "The Idempotency-Key can not be used.", [error])
    return key


def tagged(request: web.Request, result: BaseModel, status: HTTPStatus) -> web.Response:
    """The answer: with an ETag, 304 where the client has it already, and a Location where something was made."""
    body, headers = result.model_dump_json(by_alias=True).encode(), {}
    if isinstance(result, Record):
        headers["ETag"] = f'"{result.tag()}"'
        if status is HTTPStatus.CREATED:
            headers["Location"] = f"{result.collection}/{result.id}"
    elif request.method == "GET":
        headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if request.method == "GET" and _known(request, headers["ETag"]):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, status=status, content_type="application/json", headers=headers)


def _known(request: web.Request, tag: str) -> bool:
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    return tag in known or "*" in known
