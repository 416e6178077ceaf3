"""Errors as RFC 9457 problem details: what is wrong, in words for whoever wrote the client."""

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
from web.http.quota_headers import headers as limit_headers

AGAIN = {"Retry-After": "5"}
MOST_ERRORS = 20  # told of one request
LONGEST_PLACE = 200  # characters
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="truth-time-tracker"'}
UNSURE = (
    "Whether this was saved is not known yet: the database did not answer in time. Repeat it with the same "
    "Idempotency-Key, which acts once; without one, look before you repeat it."
)
# The first that fits. Any other refusal is of something that is at odds with what is there.
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
# What forms call their fields, as the API calls them.
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
    """A refusal on its way to the client. `more` are members of the problem beyond the standard's own."""

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


def response(problem: Problem, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        text=problem.model_dump_json(exclude_none=True),
        status=problem.status,
        content_type="application/problem+json",
        headers=headers,
    )


def invalid(error: ValidationError) -> ApiError:
    """What pydantic found, field by field, of the first MOST_ERRORS; no value that was sent is repeated."""
    # Counted first: of a thousand errors each would be written out otherwise.
    count = error.error_count()
    found = error.errors(include_url=False, include_context=False, include_input=False)
    errors = [FieldError(field=_place(one["loc"]), message=one["msg"]) for one in islice(found, MOST_ERRORS)]
    return not_valid(errors, count)


def not_valid(errors: Sequence[FieldError], count: int) -> ApiError:
    """422 for `count` fields, of which the first MOST_ERRORS are named."""
    detail = "Some fields are not valid."
    if count > MOST_ERRORS:
        detail = f"{count} fields are not valid. The first {MOST_ERRORS} are named, {count - MOST_ERRORS} more are not."
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors[:MOST_ERRORS])


def _place(path: Sequence[int | str]) -> str:
    """A field's place with dots between. Names come from the sender, and may be of any length."""
    place = ".".join(map(str, path)) or "body"
    return place if len(place) <= LONGEST_PLACE else f"{place[:LONGEST_PLACE]}…"


def refused(refusal: Refusal) -> ApiError:
    """A refusal of the verbs as a problem; its sentence is what the person would be told."""
    status = next((status for kind, status in _STATUS if isinstance(refusal, kind)), None)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        detail = UNSURE if isinstance(refusal, CommitUnknown) else refusal.sentence
        again = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, Busy) else AGAIN
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
