"""Webhooks in: verified on the raw bytes, durable and done before the 202."""

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
from services.webhooks.endpoint_keys import Door
from web.http.address_limits import UNKNOWN_ENDPOINTS, AddressLimits
from web.http.bodies import BadBody, json_object, read, refuse_announced
from web.http.problems import ApiError, invalid
from web.http.proxies import origin_of
from web.webhooks import signatures
from web.webhooks.native import event_of
from web.webhooks.sentences import sentence_of

AGAIN = {"Retry-After": "5"}
NOT_YET = "Not done yet: the database or Slack did not answer in time. Please send it again."
NOBODY = UUID(int=0)


class NotAnEvent(ApiError):
    """A signed body that is no event of ours. `sentence` is for whoever connected its sender."""

    def __init__(self, error: ApiError, sentence: str) -> None:
        super().__init__(HTTPStatus(error.problem.status), sentence)
        self.problem = error.problem
        self.sentence = sentence


class Receiver:
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

    async def native(self, request: web.Request) -> web.Response:
        """POST /api/webhooks: the operator's own secrets, for the workspace of this service."""
        refuse_announced(request)
        headers = self._headers(request)
        body = await read(request)
        if not _is_signed(self._keys, headers, body):
            raise _unsigned()
        return await self._taken(_letter(self._workspace_id, NATIVE, headers.id, body), body)

    async def connected(self, request: web.Request) -> web.Response:
        """POST /api/webhooks/{endpoint}: the workspace is that of the endpoint, once a secret of it has signed.

        Unknown, disconnected and badly signed all answer 401; disconnected but correctly signed answers 410.
        """
        refuse_announced(request)
        endpoint_id = _id_in(request.match_info["endpoint"])
        door = await self._door(endpoint_id, request)
        try:
            headers = self._headers(request)
            body = await read(request)
            door = await self._opened(endpoint_id, door, headers, body)
        except ApiError as error:
            if door.connected and error.problem.status == HTTPStatus.UNAUTHORIZED:
                self._services.endpoints.unsigned.note(door.workspace_id, endpoint_id)
            raise
        if not door.connected:
            raise ApiError(HTTPStatus.GONE, "This endpoint was disconnected. Nothing is taken here any more.")
        letter = _letter(door.workspace_id, str(endpoint_id), headers.id, body)
        try:
            return await self._taken(letter, body)
        except ApiError as error:
            if error.problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await self._services.incoming_webhooks.refused(letter, _for_a_person(error))
            raise

    async def _door(self, endpoint_id: UUID, request: web.Request) -> Door:
        """Find what may come in there; the database is asked only so often (services.webhooks.endpoint_keys). Raises
        ApiError: 503, or 429 for who goes on inventing addresses."""
        door = self._services.endpoints.keys.cached(endpoint_id) or await self._asked(endpoint_id)
        if not door.known:
            self._limits.insist(UNKNOWN_ENDPOINTS, origin_of(request))
        return door

    async def _asked(self, endpoint_id: UUID) -> Door:
        try:
            return await self._services.endpoints.keys.find(endpoint_id)
        except NotSaved:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, headers=AGAIN) from None

    async def _opened(
        self, endpoint_id: UUID, door: Door, headers: signatures.DeliveryHeaders, body: bytes
    ) -> Door:
        """Return what a secret of it has opened. Raises ApiError 401, or 503 where our key for the secret is lost."""
        if _is_signed(door.keys, headers, body):
            return door
        if self._services.endpoints.keys.may_have_changed(endpoint_id):
            door = await self._asked(endpoint_id)  # another replica may have given it a new secret
            if _is_signed(door.keys, headers, body):
                return door
        if door.lost and door.connected:
            detail = "This endpoint's secret can not be read: its operator finds in the log what to do."
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=AGAIN)
        raise _unsigned()

    def _headers(self, request: web.Request) -> signatures.DeliveryHeaders:
        try:
            return signatures.delivery_headers(request.headers, self._clock())
        except signatures.BadSignature:
            raise _unsigned() from None

    async def _taken(self, letter: DeliveryHeader, body: bytes) -> web.Response:
        payload, event = _understood(body)
        delivery = Delivery(letter=letter, event_type=payload["type"], event=event)
        try:
            who = await self._slack_id(letter.workspace_id, event.user) if event.user else ""
            accepted = await self._services.incoming_webhooks.receive(delivery, who=who)
        except (NotSaved, CommitUnknown, Unreachable):
            # The same delivery may come again as often as it likes: it acts once.
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, headers=AGAIN) from None
        except Refusal as refusal:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.sentence) from None
        return web.json_response(
            {"id": accepted.delivery_id, "status": "accepted"}, status=HTTPStatus.ACCEPTED
        )

    async def _slack_id(self, workspace_id: UUID, user: str) -> str:
        # Our Slack is asked about the people of its own workspace only.
        directory = self._directory if workspace_id == self._workspace_id else NoDirectory()
        return (await self._services.people.introduce(workspace_id, user, directory)).slack_user_id


class NoDirectory:
    """The directory of a workspace whose Slack we can not ask: who is not known here already is nobody."""

    async def profile(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
        return None

    async def profile_by_email(self, email: str) -> Profile | None:  # noqa: ARG002
        return None


def _letter(workspace_id: UUID, endpoint: str, delivery_id: str, body: bytes) -> DeliveryHeader:
    return DeliveryHeader(
        workspace_id=workspace_id,
        endpoint=endpoint,
        id=delivery_id,
        body_hash=hashlib.sha256(body).digest(),
    )


def _understood(body: bytes) -> tuple[dict[str, Any], WebhookEvent]:
    try:
        payload = json_object(body)
    except BadBody as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from None
    try:
        return payload, event_of(payload)
    except ValidationError as error:
        raise NotAnEvent(invalid(error), sentence_of(error)) from None


def _is_signed(keys: Sequence[bytes], headers: signatures.DeliveryHeaders, body: bytes) -> bool:
    try:
        signatures.verify(keys, headers, body)
    except signatures.BadSignature:
        return False
    return True


def _unsigned() -> ApiError:
    return ApiError(HTTPStatus.UNAUTHORIZED, "The signature or its timestamp does not hold.")


def _id_in(text: str) -> UUID:
    """What is no id at all is looked up like one that nobody has."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


def _for_a_person(error: ApiError) -> str:
    return error.sentence if isinstance(error, NotAnEvent) else error.problem.detail or error.problem.title
