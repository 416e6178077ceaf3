"""Errors as RFC 9457 problem details, in words for the client's developer."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import islice
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.errors import (
    Busy,
    ChangedMeanwhile,
    CommitUnknown,
    FieldErrors,
    KeyReused,
    LoginFailed,
    NotAllowed,
    NotFound,
    NotSaved,
    NotUnderstood,
    QuotaExceeded,
    Refusal,
    UnknownProjectId,
)
from web.http.quota_headers import quota_headers as limit_headers

RETRY_SOON = {"Retry-After": "5"}
MAX_ERRORS = 20  # fields that one response lists
MAX_FIELD_NAME = 200  # characters
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="truth-time-tracker"'}
UNSURE = (
    "Whether this was saved is not known yet: the database did not answer in time. Repeat it with the same "
    "Idempotency-Key, which acts once; without one, look before you repeat it."
)
# The first matching class counts. Every other refusal is a conflict (409) with the stored data.
_STATUS: tuple[tuple[type[Refusal], HTTPStatus], ...] = (
    (LoginFailed, HTTPStatus.UNAUTHORIZED),
    (QuotaExceeded, HTTPStatus.TOO_MANY_REQUESTS),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (UnknownProjectId, HTTPStatus.NOT_FOUND),
    (FieldErrors, HTTPStatus.UNPROCESSABLE_ENTITY),
    (NotUnderstood, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ChangedMeanwhile, HTTPStatus.PRECONDITION_FAILED),
    (NotSaved, HTTPStatus.SERVICE_UNAVAILABLE),
    (CommitUnknown, HTTPStatus.SERVICE_UNAVAILABLE),
    (Busy, HTTPStatus.SERVICE_UNAVAILABLE),
    (KeyReused, HTTPStatus.UNPROCESSABLE_ENTITY),
)
# The API's names for the fields of Slack's modals.
_FIELDS = {"start": "start_time", "end": "end_time", "note": "description", "project": "project_id"}


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457. `detail` says what happened and what to do next; `errors` names the fields that are wrong."""

    model_config = ConfigDict(extra="allow")

    type: str = "about:blank"
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: str | None = None
    errors: list[FieldError] | None = None


class ApiError(Exception):
    """An error response. `more` are members of the problem beyond those of the standard."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            title=status.phrase,
            status=status.value,
            detail=detail,
            errors=list(errors) or None,
            **(more or {}),
        )
        self.headers = headers


def problem_response(problem: Problem, headers: Mapping[str, str] | None = None) -> web.Response:
    """Make a response from a problem."""
    return web.Response(
        text=problem.model_dump_json(exclude_none=True),
        status=problem.status,
        content_type="application/problem+json",
        headers=headers,
    )


def error_from_validation(error: ValidationError) -> ApiError:
    """Make a 422 from pydantic's errors: the first MAX_ERRORS fields, without the values that were sent."""
    # The count is read first, so that not all of a thousand errors are written out.
    count = error.error_count()
    found = error.errors(include_url=False, include_context=False, include_input=False)
    errors = [
        FieldError(field=_field_name(one["loc"]), message=one["msg"]) for one in islice(found, MAX_ERRORS)
    ]
    return error_from_fields(errors, count)


def error_from_fields(errors: Sequence[FieldError], count: int) -> ApiError:
    """Make a 422 for `count` fields that are not valid, of which the first MAX_ERRORS are named."""
    detail = "Some fields are not valid."
    if count > MAX_ERRORS:
        detail = f"{count} fields are not valid. The first {MAX_ERRORS} are named, {count - MAX_ERRORS} more are not."
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors[:MAX_ERRORS])


def _field_name(path: Sequence[int | str]) -> str:
    """Write a field's path with dots. It is cut, because senders choose the names and may make them any length."""
    place = ".".join(map(str, path)) or "body"
    return place if len(place) <= MAX_FIELD_NAME else f"{place[:MAX_FIELD_NAME]}…"


def error_from_refusal(refusal: Refusal) -> ApiError:
    """Make an error from a refusal of a service. Its sentence becomes the detail."""
    status = next((status for kind, status in _STATUS if isinstance(refusal, kind)), None)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        detail = UNSURE if isinstance(refusal, CommitUnknown) else refusal.sentence
        again = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, Busy) else RETRY_SOON
        return ApiError(status, detail, headers=again)
    errors = []
    if isinstance(refusal, FieldErrors):
        errors = [
            FieldError(field=_FIELDS.get(field, field), message=said)
            for field, said in refusal.fields.items()
        ]
    headers = None
    if isinstance(refusal, QuotaExceeded):
        headers = limit_headers(refusal.allowance)
    elif isinstance(refusal, LoginFailed):
        headers = CHALLENGE
    return ApiError(status or HTTPStatus.CONFLICT, refusal.sentence, errors, headers)
