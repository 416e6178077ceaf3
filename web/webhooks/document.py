"""The webhooks' part of the OpenAPI document."""

from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from web.http.bodies import LARGEST_BODY
from web.webhooks.native import EVENTS, TYPES
from web.webhooks.signatures import LONGEST_ID, TOLERANCE

TAG = "Webhooks"
JSON = "application/json"
SCHEME = "webhookSignature"
SECURITY_SCHEME = {
    "type": "apiKey",
    "in": "header",
    "name": "webhook-signature",
    "description": (
        "Standard Webhooks 1.0: `v1,` and base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{body}`, with "
        "the bytes behind `whsec_` in the secret as the key. Several signatures are parted by spaces."
    ),
}
ACCEPTED = {
    "type": "object",
    "title": "Accepted",
    "required": ["id", "status"],
    "properties": {
        "id": {"type": "string", "description": "The `webhook-id` of the delivery."},
        "status": {"type": "string", "enum": ["accepted"]},
    },
}
_ABOUT = (
    "The body is one event. It is done before the answer, once for its `webhook-id`: a repeat with the same body "
    "answers the same and does nothing, another body under the same id is refused. The headers may be called "
    "`svix-id`, `svix-timestamp` and `svix-signature` as well, all three of them."
)
_ERROR_REASONS = {
    HTTPStatus.BAD_REQUEST: "The body is not a JSON object.",
    HTTPStatus.UNAUTHORIZED: (
        f"The signature does not hold, or its timestamp is more than {TOLERANCE} seconds off; or there is no such "
        "address."
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"The body is over {LARGEST_BODY // 1024} KiB.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is compressed.",
    HTTPStatus.UNPROCESSABLE_ENTITY: (
        "Understood, and not possible; or the id was accepted before with another body. `errors` names the fields."
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: "The database or Slack did not answer in time; repeat it after Retry-After.",
}
_ENDPOINT_ERROR_REASONS = {
    HTTPStatus.GONE: "The endpoint was disconnected; only who has its secret is told so.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many unknown addresses were tried from there; repeat it after Retry-After.",
}


def build_event_schemas() -> dict[str, Any]:
    """Build the schemas of all events and of the models that they refer to, by name."""
    _, definitions = models_json_schema(
        [(event, "validation") for event in EVENTS], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def build_webhook_paths(problem: dict[str, Any]) -> dict[str, Any]:
    """Build the two paths. `problem` is the schema of an error."""
    endpoint = {
        "name": "endpoint",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
    ours = _operation(
        "webhooks_receive",
        "Send an event, signed with a secret of the operator",
        "For the workspace of this service, with a secret of `WEBHOOK_SECRET`.",
        _ERROR_REASONS,
        problem,
    )
    connected = _operation(
        "webhooks_receive_at_endpoint",
        "Send an event to an endpoint of a workspace",
        "`/track connect` in Slack makes the address and its secret.",
        _ERROR_REASONS | _ENDPOINT_ERROR_REASONS,
        problem,
    )
    connected["parameters"].insert(0, endpoint)
    return {"/api/webhooks": {"post": ours}, "/api/webhooks/{endpoint}": {"post": connected}}


def _operation(
    name: str, summary: str, about: str, reasons: dict[HTTPStatus, str], problem: dict[str, Any]
) -> dict[str, Any]:
    kinds = {
        kind: f"#/components/schemas/{event.__name__}" for kind, event in zip(TYPES, EVENTS, strict=True)
    }
    schema = {
        "oneOf": [{"$ref": ref} for ref in kinds.values()],
        "discriminator": {"propertyName": "type", "mapping": kinds},
    }
    errors = {
        str(status.value): _error_response(status, reason, problem)
        for status, reason in sorted(reasons.items())
    }
    accepted = {"description": "It is durable and done.", "content": {JSON: {"schema": ACCEPTED}}}
    return {
        "operationId": name,
        "summary": summary,
        "description": f"{about} {_ABOUT}",
        "tags": [TAG],
        "security": [{SCHEME: []}],
        "parameters": [
            {
                "name": "webhook-id",
                "in": "header",
                "required": True,
                "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
                "description": "Unique for the event, the same in each repeat of it.",
            },
            {
                "name": "webhook-timestamp",
                "in": "header",
                "required": True,
                "schema": {"type": "integer"},
                "description": "The seconds since 1970 at which this attempt was made.",
            },
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": schema}}},
        "responses": {"202": accepted, **errors},
    }


def _error_response(status: HTTPStatus, reason: str, problem: dict[str, Any]) -> dict[str, Any]:
    refusal: dict[str, Any] = {
        "description": reason,
        "content": {"application/problem+json": {"schema": problem}},
    }
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        refusal["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return refusal
