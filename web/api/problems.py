"""Errors as RFC 9457 problem details: what is wrong, in words for whoever wrote the client."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import web
from pydantic import BaseModel, ValidationError


class FieldError(BaseModel):
    field: str
    message: str


class Problem(BaseModel):
    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None


class ApiError(Exception):
    """A refusal on its way to the client."""

    def __init__(
        self,
        status: HTTPStatus,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            title=status.phrase, status=status.value, detail=detail, errors=list(errors) or None
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
    """What pydantic found, field by field; what was sent is never repeated."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    errors = [FieldError(field=".".join(map(str, one["loc"])) or "body", message=one["msg"]) for one in found]
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "Some fields are not valid.", errors)
