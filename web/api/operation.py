"""One declaration per operation: from it come its route, the validation of what is sent, and its place in the document.

A handler is a plain coroutine whose arguments say what it is given: `call` by somebody known or `visitor` for anybody,
and where it has them `query` and `body`, pydantic models. It returns a model, or None for 204. Its docstring is its
description.
"""

import hashlib
import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import BaseModel, ValidationError

from domain.errors import Refusal
from domain.history.operations import OperationRequest, Source
from domain.identity.callers import Caller, Scope
from domain.identity.people import Person
from web.api import preconditions
from web.http.address_limits import REQUESTS_OF_VISITORS, AddressLimits
from web.http.bodies import LARGEST_OF_A_VISITOR, BadBody, json_object, read
from web.http.problems import ApiError, FieldError, invalid, not_valid, refused
from web.http.proxies import origin_of

PREFIX = "/api"
NO_ID = UUID(int=0)
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who has not said who they are. `address` is where the request came from."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One authenticated request.

    `id` is the one in its path, `token_id` a second one. `seen` is the version that If-Match names; None where any will
    do. `key` is the Idempotency-Key, and `fingerprint` a digest of what is asked for.
    """

    bearer: Caller
    seen: int | None
    key: str | None
    fingerprint: bytes
    id: UUID = NO_ID
    token_id: UUID = NO_ID

    @property
    def workspace_id(self) -> UUID:
        return self.bearer.workspace_id

    @property
    def person(self) -> Person:
        return self.bearer.person

    def operation_request(self, part: str = "") -> OperationRequest:
        """What is asked for, as an act that happens once for its key. `part` tells the parts of one request apart."""
        key = f"{self.key}{part}" if self.key else str(uuid4())
        return OperationRequest(
            workspace_id=self.workspace_id,
            source=Source.REST,
            key=f"rest:{self.person.id}:{key}",
            who=self.person.slack_user_id,
            content_hash=self.fingerprint if self.key else None,
        )


Handler = Callable[..., Awaitable[BaseModel | None]]
Authenticate = Callable[[web.Request, Scope], Awaitable[Caller]]
LARGEST_RECORD = 64 * 1024  # bytes; a description of 500 characters has at most 6,000
MOST_VALUES = 10_000  # of one body: each of them may be an error that has to be found
PATH_IDS = ("id", "token_id")
_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class Operation:
    """`scope` is None for what anybody may ask. `status` is that of success; `also` are refusals beyond those that
    follow from the rest, with their reason."""

    method: str
    path: str
    run: Handler
    scope: Scope | None
    tag: str
    status: HTTPStatus = HTTPStatus.OK
    also: Mapping[HTTPStatus, str] = field(default_factory=dict)
    largest: int = LARGEST_RECORD

    @property
    def largest_body(self) -> int:
        """How many bytes may be sent: fewer where nobody knows yet who sends them."""
        return self.largest if self.scope else min(self.largest, LARGEST_OF_A_VISITOR)

    @property
    def query(self) -> type[BaseModel] | None:
        return self._hints.get("query")

    @property
    def body(self) -> type[BaseModel] | None:
        return self._hints.get("body")

    @property
    def result(self) -> type[BaseModel] | None:
        returned = self._hints["return"]
        return None if returned is type(None) else returned

    @property
    def path_ids(self) -> tuple[str, ...]:
        return tuple(name for name in PATH_IDS if f"{{{name}}}" in self.path)

    @property
    def has_id(self) -> bool:
        return bool(self.path_ids)

    @property
    def pattern(self) -> str:
        """The path as aiohttp takes it: an id is a UUID."""
        path = self.path
        for name in self.path_ids:
            path = path.replace(f"{{{name}}}", f"{{{name}:{_UUID}}}")
        return path

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def conditional(self) -> bool:
        """Whether If-Match is looked at."""
        return self.method in ("PUT", "DELETE")

    @property
    def body_optional(self) -> bool:
        return self.body is not None and not any(one.is_required() for one in self.body.model_fields.values())

    @property
    def description(self) -> str:
        return inspect.getdoc(self.run) or ""

    @property
    def _hints(self) -> dict[str, Any]:
        return _hints_of(getattr(self.run, "__func__", self.run))


@cache
def _hints_of(run: Handler) -> dict[str, Any]:
    """Return what a method takes and returns, evaluated once: every replica and the document ask several times."""
    return typing.get_type_hints(run)


def routes(
    operations: typing.Iterable[Operation], authenticate: Authenticate, limits: AddressLimits
) -> list[web.RouteDef]:
    return [
        web.route(one.method, PREFIX + one.pattern, _handler(one, authenticate, limits)) for one in operations
    ]


def _handler(
    operation: Operation, authenticate: Authenticate, limits: AddressLimits
) -> Callable[[web.Request], Awaitable[web.Response]]:
    query, body, optional = operation.query, operation.body, operation.body_optional

    async def handler(request: web.Request) -> web.Response:
        bearer = None
        if operation.scope:
            bearer = await authenticate(request, operation.scope)
        else:
            limits.insist(REQUESTS_OF_VISITORS, origin_of(request))
        sent = await read(request, operation.largest_body) if operation.writes else b""
        given: dict[str, Any] = {}
        if query:
            given["query"] = _query(query, request)
        if body:
            given["body"] = _body(body, request, sent, optional=optional)
        if bearer:
            given["call"] = Call(
                bearer=bearer,
                **{name: UUID(request.match_info[name]) for name in operation.path_ids},
                seen=preconditions.seen_version(request) if operation.conditional else None,
                key=preconditions.idempotency_key(request) if operation.writes else None,
                fingerprint=hashlib.sha256(f"{request.method} {request.path}\n".encode() + sent).digest(),
            )
        else:
            given["visitor"] = Visitor(address=origin_of(request))
        try:
            result = await operation.run(**given)
        except Refusal as refusal:
            raise refused(refusal) from None
        if result is None:
            return web.Response(status=HTTPStatus.NO_CONTENT)
        return preconditions.tagged(request, result, operation.status)

    return handler


def _query(model: type[BaseModel], request: web.Request) -> BaseModel:
    values = {name: request.query.getall(name) for name in request.query}
    if twice := [name for name, many in values.items() if len(many) > 1]:
        errors = [FieldError(field=name, message="Given more than once.") for name in twice]
        raise not_valid(errors, len(errors))
    try:
        return model.model_validate({name: many[0] for name, many in values.items()})
    except ValidationError as error:
        raise invalid(error) from None


def _body(model: type[BaseModel], request: web.Request, sent: bytes, *, optional: bool) -> BaseModel:
    if not sent and optional:
        return model()
    if request.content_type != JSON:
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {JSON}.")
    try:
        json_object(sent, MOST_VALUES)
    except BadBody as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from None
    try:
        return model.model_validate_json(sent)
    except ValidationError as error:
        raise invalid(error) from None
