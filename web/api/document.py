"""The OpenAPI 3.1 document, built from the operations and the same models that validate requests."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from web.api.operation import JSON, PREFIX, Operation
from web.api.preconditions import LONGEST_KEY, Record
from web.http.problems import Problem
from web.webhooks import document as hooks

TITLE = "truth-time-tracker"
VERSION = "1.0.0"  # the API's version: the first number grows with incompatible changes
ABOUT = """
Time entries whose numbers are true: no two of one person overlap, nothing counts twice, every change is on record.

Times are RFC 3339 with an offset. Errors are problem details (RFC 9457). Writes may carry an `Idempotency-Key`:
repeated with it, they act once and answer the same. Records carry an `ETag`; with `If-Match` only that version is
changed.
""".strip()
_ERROR_REASONS = {
    HTTPStatus.BAD_REQUEST: "The body is not a JSON object.",
    HTTPStatus.UNAUTHORIZED: "No token, or one that is not valid.",
    HTTPStatus.FORBIDDEN: "The token may not be used for this.",
    HTTPStatus.NOT_FOUND: "There is nothing with this id that you may see.",
    HTTPStatus.CONFLICT: "It conflicts with what is stored.",
    HTTPStatus.PRECONDITION_FAILED: "It is not the version that If-Match names.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is over {largest} KiB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not application/json, or is compressed.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Understood, and not possible; `errors` names the fields.",
    HTTPStatus.TOO_MANY_REQUESTS: "Asked for too often; repeat it after Retry-After.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database did not answer in time; repeat it after Retry-After.",
}


def build_document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Build the document of these operations and of the webhooks."""
    wanted: set[tuple[type[BaseModel], Any]] = {(Problem, "serialization")}
    for one in operations:
        wanted |= {(model, "validation") for model in (one.query, one.body) if model}
        wanted |= {(one.result, "serialization")} if one.result else set()
    refs, definitions = models_json_schema(
        sorted(wanted, key=lambda pair: (pair[0].__name__, pair[1])),
        ref_template="#/components/schemas/{model}",
    )
    schemas: dict[str, Any] = definitions["$defs"]
    paths: dict[str, dict[str, Any]] = {}
    for one in operations:
        paths.setdefault(PREFIX + one.path, {})[one.method.lower()] = _operation(one, refs, schemas)
    for name in {_schema_name(refs[one.query, "validation"]) for one in operations if one.query}:
        del schemas[name]  # queries are described as parameters
    schemas |= hooks.build_event_schemas()
    paths |= hooks.build_webhook_paths(refs[Problem, "serialization"])
    tags = dict.fromkeys([*(one.tag for one in operations), hooks.TAG])
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": ABOUT},
        "tags": [{"name": tag} for tag in tags],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                hooks.SCHEME: hooks.SECURITY_SCHEME,
            },
        },
    }


def describe_errors(operation: Operation) -> dict[HTTPStatus, str]:
    """Describe every error status of an operation."""
    found: set[HTTPStatus] = {
        HTTPStatus.UNPROCESSABLE_ENTITY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    }
    if operation.scope:
        found |= {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
    if operation.has_id or (operation.body and "project_id" in operation.body.model_fields):
        found.add(HTTPStatus.NOT_FOUND)
    if operation.writes:
        found.add(HTTPStatus.CONFLICT)
    if operation.conditional:
        found.add(HTTPStatus.PRECONDITION_FAILED)
    if operation.body:
        found |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        }
    reasons = {status: _ERROR_REASONS[status] for status in sorted(found)}
    if too_large := reasons.get(HTTPStatus.REQUEST_ENTITY_TOO_LARGE):
        kib = operation.largest_body // 1024
        reasons[HTTPStatus.REQUEST_ENTITY_TOO_LARGE] = too_large.format(largest=kib)
    return reasons | dict(operation.also)


def _operation(one: Operation, refs: dict[Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    summary, _, rest = one.description.partition("\n")
    described: dict[str, Any] = {
        "operationId": f"{one.tag}_{one.run.__name__}".lower().replace(" ", "_"),
        "summary": summary.rstrip("."),
        "description": " ".join((rest.strip() or summary, *_describe_headers(one))),
        "tags": [one.tag],
        "security": [{"token": []}] if one.scope else [],
        "responses": {str(one.status.value): _success_response(one, refs)}
        | {
            str(status.value): _error_response(status, why, refs)
            for status, why in describe_errors(one).items()
        },
    }
    if one.result and one.method == "GET":
        described["responses"]["304"] = {
            "description": "It has not changed since the `ETag` in If-None-Match."
        }
    if parameters := list(_parameters(one, refs, schemas)):
        described["parameters"] = parameters
    if one.body:
        content = {JSON: {"schema": refs[one.body, "validation"]}}
        described["requestBody"] = {"required": not one.body_optional, "content": content}
    return described


def _describe_headers(one: Operation) -> Iterable[str]:
    """Describe the headers in words.

    They are not declared as parameters, because test generators would invent values for them: versions that do not
    exist, and one key for many requests.
    """
    if one.writes and one.scope:
        yield f"Takes an `Idempotency-Key` of up to {LONGEST_KEY} characters."
    if one.conditional:
        yield "Takes `If-Match` with the `ETag` that was read."


def _success_response(one: Operation, refs: dict[Any, Any]) -> dict[str, Any]:
    if one.result is None:
        return {"description": "Done."}
    done: dict[str, Any] = {
        "description": "Done.",
        "content": {JSON: {"schema": refs[one.result, "serialization"]}},
    }
    record = issubclass(one.result, Record)
    headers: dict[str, Any] = {}
    if record or one.method == "GET":
        headers["ETag"] = {"schema": {"type": "string"}}
    if record and one.status is HTTPStatus.CREATED:
        headers["Location"] = {"schema": {"type": "string"}, "required": True}
    return done | ({"headers": headers} if headers else {})


def _error_response(status: HTTPStatus, why: str, refs: dict[Any, Any]) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": refs[Problem, "serialization"]}}
    refused: dict[str, Any] = {"description": why, "content": content}
    if status is HTTPStatus.UNAUTHORIZED:
        refused["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        refused["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return refused


def _parameters(one: Operation, refs: dict[Any, Any], schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    for name in one.path_ids:
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    if one.query:
        schema = schemas[_schema_name(refs[one.query, "validation"])]
        for name, given in schema["properties"].items():
            required = name in schema.get("required", ())
            yield {"name": name, "in": "query", "required": required} | _parameter_schema(given)


def _parameter_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a query parameter, without the null that stands for an omitted parameter."""
    parameter = {name: value for name, value in schema.items() if name not in ("title", "description")}
    if kinds := [kind for kind in parameter.pop("anyOf", ()) if kind.get("type") != "null"]:
        if parameter.get("default", 0) is None:
            del parameter["default"]
        parameter |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
    described = {"description": schema["description"]} if "description" in schema else {}
    return {"schema": parameter} | described


def _schema_name(ref: dict[str, Any]) -> str:
    return str(ref["$ref"]).rpartition("/")[2]
