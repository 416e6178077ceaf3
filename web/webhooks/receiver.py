"""Receives webhooks. Each is verified on its raw bytes, and its operation is committed before the answer 202."""

import hashlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from domain.errors import CommitUnknown, NotSaved, Refusal
from domain.identity.people import Profile
from domain.webhooks.events import NATIVE, Delivery, DeliveryHeader, WebhookEvent
from services.outbox.notifier import Directory, Unreachable
from services.services import Services
from services.webhooks.endpoint_keys import EndpointState
from web.http.address_limits import UNKNOWN_ENDPOINTS, AddressLimits
from web.http.bodies import BadBody, check_body_headers, parse_json_object, read_body
from web.http.problems import ApiError, error_from_validation
from web.http.proxies import client_address
from web.webhooks import signatures
from web.webhooks.error_messages import describe_error
from web.webhooks.native import parse_event

RETRY_SOON = {"Retry-After": "5"}
NOT_YET = "Not done yet: the database or Slack did not answer in time. Please send it again."
NIL_UUID = UUID(int=0)


class NotAnEvent(ApiError):
    """A signed body that is not a valid event. `sentence` explains the error to the person who connected the
    sender."""

    def __init__(self, error: ApiError, sentence: str) -> None:
        super().__init__(HTTPStatus(error.problem.status), sentence)
        self.problem = error.problem
        self.sentence = sentence


class WebhookReceiver:
    """The handlers of the webhook routes. `keys` are those of the operator's own secrets, for `workspace_id`."""

    def __init__(
        self,
        services: Services,
        directory: Directory,
        workspace_id: UUID,
        keys: Sequence[bytes],
        limits: AddressLimits,
        clock: Callable[[], float],
    ) -> None:
        self._services = services
        self._directory = directory
        self._workspace_id = workspace_id
        self._keys = keys
        self._limits = limits
        self._clock = clock

    async def receive_native(self, request: web.Request) -> web.Response:
        """Handle POST /api/webhooks, which accepts the operator's secrets and serves the service's own workspace."""
        check_body_headers(request)
        headers = self._read_headers(request)
        body = await read_body(request)
        if not _is_signed(self._keys, headers, body):
            raise _unsigned_error()
        return await self._accept(_make_header(self._workspace_id, NATIVE, headers.id, body), body)

    async def receive_at_endpoint(self, request: web.Request) -> web.Response:
        """Handle POST /api/webhooks/{endpoint}, which accepts the endpoint's secrets and serves its workspace.

        Unknown, disconnected and badly signed all answer 401; disconnected but correctly signed answers 410.
        """
        check_body_headers(request)
        endpoint_id = _parse_id(request.match_info["endpoint"])
        endpoint = await self._find_endpoint(endpoint_id, request)
        try:
            headers = self._read_headers(request)
            body = await read_body(request)
            endpoint = await self._verify(endpoint_id, endpoint, headers, body)
        except ApiError as error:
            if endpoint.connected and error.problem.status == HTTPStatus.UNAUTHORIZED:
                self._services.endpoints.unsigned.count(endpoint.workspace_id, endpoint_id)
            raise
        if not endpoint.connected:
            raise ApiError(HTTPStatus.GONE, "This endpoint was disconnected. Nothing is taken here any more.")
        header = _make_header(endpoint.workspace_id, str(endpoint_id), headers.id, body)
        try:
            return await self._accept(header, body)
        except ApiError as error:
            if error.problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await self._services.incoming_webhooks.record_refusal(header, _describe_for_person(error))
            raise

    async def _find_endpoint(self, endpoint_id: UUID, request: web.Request) -> EndpointState:
        """Find an endpoint and its keys, which are cached (services.webhooks.endpoint_keys).

        Raises ApiError: 503 if the database does not answer, 429 for too many unknown endpoints from one address.
        """
        endpoint = self._services.endpoints.keys.find_cached(endpoint_id) or await self._read_endpoint(
            endpoint_id
        )
        if not endpoint.known:
            self._limits.take_or_raise(UNKNOWN_ENDPOINTS, client_address(request))
        return endpoint

    async def _read_endpoint(self, endpoint_id: UUID) -> EndpointState:
        try:
            return await self._services.endpoints.keys.find(endpoint_id)
        except NotSaved:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, headers=RETRY_SOON) from None

    async def _verify(
        self, endpoint_id: UUID, endpoint: EndpointState, headers: signatures.DeliveryHeaders, body: bytes
    ) -> EndpointState:
        """Verify the signature with the endpoint's keys, which are read again if they may have changed. Return the
        endpoint.

        Raises ApiError: 401 if the signature is invalid, 503 if the endpoint's secret can not be decrypted.
        """
        if _is_signed(endpoint.keys, headers, body):
            return endpoint
        if self._services.endpoints.keys.may_have_changed(endpoint_id):
            endpoint = await self._read_endpoint(endpoint_id)  # another replica may have changed its secret
            if _is_signed(endpoint.keys, headers, body):
                return endpoint
        if endpoint.lost and endpoint.connected:
            detail = "This endpoint's secret can not be read: its operator finds in the log what to do."
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=RETRY_SOON)
        raise _unsigned_error()

    def _read_headers(self, request: web.Request) -> signatures.DeliveryHeaders:
        try:
            return signatures.read_delivery_headers(request.headers, self._clock())
        except signatures.BadSignature:
            raise _unsigned_error() from None

    async def _accept(self, header: DeliveryHeader, body: bytes) -> web.Response:
        payload, event = _parse_event(body)
        delivery = Delivery(header=header, event_type=payload["type"], event=event)
        try:
            who = await self._find_slack_id(header.workspace_id, event.user) if event.user else ""
            accepted = await self._services.incoming_webhooks.receive(delivery, who=who)
        except (NotSaved, CommitUnknown, Unreachable):
            # The sender may repeat the delivery as often as needed: its operation runs once.
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, headers=RETRY_SOON) from None
        except Refusal as refusal:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.sentence) from None
        return web.json_response(
            {"id": accepted.delivery_id, "status": "accepted"}, status=HTTPStatus.ACCEPTED
        )

    async def _find_slack_id(self, workspace_id: UUID, user: str) -> str:
        # Our Slack token only gives access to the service's own workspace.
        directory = self._directory if workspace_id == self._workspace_id else NoDirectory()
        return (await self._services.people.introduce(workspace_id, user, directory)).slack_user_id


class NoDirectory:
    """The directory of a workspace whose Slack this service can not access: it finds nobody."""

    async def profile(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
        return None

    async def profile_by_email(self, email: str) -> Profile | None:  # noqa: ARG002
        return None


def _make_header(workspace_id: UUID, endpoint: str, delivery_id: str, body: bytes) -> DeliveryHeader:
    return DeliveryHeader(
        workspace_id=workspace_id,
        endpoint=endpoint,
        id=delivery_id,
        body_hash=hashlib.sha256(body).digest(),
    )


def _parse_event(body: bytes) -> tuple[dict[str, Any], WebhookEvent]:
    try:
        payload = parse_json_object(body)
    except BadBody as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from None
    try:
        return payload, parse_event(payload)
    except ValidationError as error:
        raise NotAnEvent(error_from_validation(error), describe_error(error)) from None


def _is_signed(keys: Sequence[bytes], headers: signatures.DeliveryHeaders, body: bytes) -> bool:
    try:
        signatures.verify(keys, headers, body)
    except signatures.BadSignature:
        return False
    return True


def _unsigned_error() -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, "The signature or its timestamp does not hold.")


def _parse_id(text: str) -> UUID:
    """Parse an endpoint's id. A malformed one is treated like an unknown one."""
    try:
        return UUID(text)
    except ValueError:
        return NIL_UUID


def _describe_for_person(error: ApiError) -> str:
    return error.sentence if isinstance(error, NotAnEvent) else error.problem.detail or error.problem.title
