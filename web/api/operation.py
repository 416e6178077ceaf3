"""Operations of the REST API. One declaration yields an operation's route, its validation and its documentation.

A handler is a plain coroutine. Its arguments say what it needs: `call` for an authenticated request or `caller` for an
anonymous one, and the pydantic models `query` and `body` if it has them. It returns a model, or None for 204. Its
docstring is its description in the OpenAPI document.
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
from web.http.address_limits import ANONYMOUS_REQUESTS, AddressLimits
from web.http.bodies import LARGEST_ANONYMOUS_BODY, BadBody, parse_json_object, read_body
from web.http.problems import (
    ApiError,
    FieldError,
    error_from_fields,
    error_from_refusal,
    error_from_validation,
)
from web.http.proxies import client_address

PREFIX = "/api"
NO_ID = UUID(int=0)
JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnonymousCaller:
    """A caller who sent no token. `address` is their network address."""

    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An authenticated request.

    `id` and `token_id` are the ids in its path. `seen` is the version that If-Match names, None if any version is
    accepted. `key` is the Idempotency-Key, and `fingerprint` a digest of method, path and body.
    """

    caller: Caller
    seen: int | None
    key: str | None
    fingerprint: bytes
    id: UUID = NO_ID
    token_id: UUID = NO_ID

    @property
    def workspace_id(self) -> UUID:
        return self.caller.workspace_id

    @property
    def person(self) -> Person:
        return self.caller.person

    def operation_request(self, part: str = "") -> OperationRequest:
        """Make the request of an operation. The operation runs once for its key.

        `part` distinguishes the operations of one HTTP request.
        """
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
LARGEST_RECORD_BODY = 64 * 1024  # bytes; a description of 500 characters has at most 6,000
MAX_BODY_VALUES = 10_000  # values in one body: each may be an error that costs time
PATH_IDS = ("id", "token_id")
_UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


@dataclass(frozen=True, slots=True)
class Operation:
    """The declaration of an operation.

    `scope` is None if no token is needed. `status` is the status of success. `also` are further error statuses,
    with their reasons. `largest` is the limit of the body in bytes.
    """

    method: str
    path: str
    run: Handler
    scope: Scope | None
    tag: str
    status: HTTPStatus = HTTPStatus.OK
    also: Mapping[HTTPStatus, str] = field(default_factory=dict)
    largest: int = LARGEST_RECORD_BODY

    @property
    def largest_body(self) -> int:
        """Return the limit of the body in bytes, which is lower for anonymous callers."""
        return self.largest if self.scope else min(self.largest, LARGEST_ANONYMOUS_BODY)

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
        """Return the path in the syntax of aiohttp's router, with ids that match UUIDs only."""
        path = self.path
        for name in self.path_ids:
            path = path.replace(f"{{{name}}}", f"{{{name}:{_UUID}}}")
        return path

    @property
    def writes(self) -> bool:
        return self.method != "GET"

    @property
    def conditional(self) -> bool:
        """Return whether the operation takes If-Match."""
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
    """Evaluate a handler's annotations. The result is cached for all replicas of a process and for the document."""
    return typing.get_type_hints(run)


def build_routes(
    operations: typing.Iterable[Operation], authenticate: Authenticate, limits: AddressLimits
) -> list[web.RouteDef]:
    """Build the routes of these operations."""
    return [
        web.route(one.method, PREFIX + one.pattern, _make_handler(one, authenticate, limits))
        for one in operations
    ]


def _make_handler(
    operation: Operation, authenticate: Authenticate, limits: AddressLimits
) -> Callable[[web.Request], Awaitable[web.Response]]:
    query, body, optional = operation.query, operation.body, operation.body_optional

    async def handler(request: web.Request) -> web.Response:
        caller = None
        if operation.scope:
            caller = await authenticate(request, operation.scope)
        else:
            limits.take_or_raise(ANONYMOUS_REQUESTS, client_address(request))
        sent = await read_body(request, operation.largest_body) if operation.writes else b""
        arguments: dict[str, Any] = {}
        if query:
            arguments["query"] = _parse_query(query, request)
        if body:
            arguments["body"] = _parse_body(body, request, sent, optional=optional)
        if caller:
            arguments["call"] = Call(
                caller=caller,
                **{name: UUID(request.match_info[name]) for name in operation.path_ids},
                seen=preconditions.read_seen_version(request) if operation.conditional else None,
                key=preconditions.read_idempotency_key(request) if operation.writes else None,
                fingerprint=hashlib.sha256(f"{request.method} {request.path}\n".encode() + sent).digest(),
            )
        else:
            arguments["caller"] = AnonymousCaller(address=client_address(request))
        try:
            result = await operation.run(**arguments)
        except Refusal as refusal:
            raise error_from_refusal(refusal) from None
        if result is None:
            return web.Response(status=HTTPStatus.NO_CONTENT)
        return preconditions.make_response(request, result, operation.status)

    return handler


def _parse_query(model: type[BaseModel], request: web.Request) -> BaseModel:
    values = {name: request.query.getall(name) for name in request.query}
    if twice := [name for name, many in values.items() if len(many) > 1]:
        errors = [FieldError(field=name, message="Given more than once.") for name in twice]
        raise error_from_fields(errors, len(errors))
    try:
        return model.model_validate({name: many[0] for name, many in values.items()})
    except ValidationError as error:
        raise error_from_validation(error) from None


def _parse_body(model: type[BaseModel], request: web.Request, sent: bytes, *, optional: bool) -> BaseModel:
    if not sent and optional:
        return model()
    if request.content_type != JSON:
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {JSON}.")
    try:
        parse_json_object(sent, MAX_BODY_VALUES)
    except BadBody as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from None
    try:
        return model.model_validate_json(sent)
    except ValidationError as error:
        raise error_from_validation(error) from None
