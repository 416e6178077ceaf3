"""Webhooks in: verified on the raw bytes, durable and done before the 202."""

import hashlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from domain.errors import NotSaved, Refusal, Unsure
from domain.hooks import NATIVE, Delivery, HookEvent, Letter
from domain.people import Profile
from tracking.endpoints import Door
from tracking.notifier import Directory, Unreachable
from tracking.tracker import Tracker
from web.api.problems import ApiError, Problem, invalid
from web.bodies import BadBody, json_object, read
from web.hooks import signatures
from web.hooks.native import event_of

AGAIN = {"Retry-After": "5"}
NOT_YET = "Not done yet: the database or Slack did not answer in time. Please send it again."
NOBODY = UUID(int=0)


class Receiver:
    def __init__(
        self,
        tracker: Tracker,
        directory: Directory,
        workspace_id: UUID,
        keys: Sequence[bytes],
        clock: Callable[[], float],
    ) -> None:
        self._tracker = tracker
        self._directory = directory
        self._workspace_id = workspace_id
        self._keys = keys
        self._clock = clock

    async def native(self, request: web.Request) -> web.Response:
        """POST /api/webhooks: the operator's own secrets, for the workspace of this service."""
        body = await read(request)
        delivery_id = self._verified(request, body, self._keys)
        return await self._taken(_letter(self._workspace_id, NATIVE, delivery_id, body), body)

    async def connected(self, request: web.Request) -> web.Response:
        """POST /api/webhooks/{endpoint}: the workspace is that of the endpoint, once a secret of it has signed.

        An address that is nobody's, one that was disconnected and a wrong signature are told apart by nobody
        who does not know the secret; who does is told that an endpoint is gone.
        """
        body = await read(request)
        endpoint_id = _id_in(request.match_info["endpoint"])
        door = await self._door(endpoint_id)
        try:
            delivery_id = self._verified(request, body, door.keys)
        except ApiError:
            if door.lost and door.connected:
                detail = "This endpoint's secret can not be read: its operator finds in the log what to do."
                raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=AGAIN) from None
            raise
        if not door.connected:
            raise ApiError(HTTPStatus.GONE, "This endpoint was disconnected. Nothing is taken here any more.")
        letter = _letter(door.workspace_id, str(endpoint_id), delivery_id, body)
        try:
            return await self._taken(letter, body)
        except ApiError as error:
            if error.problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
                await self._tracker.hooks.refused(letter, _in_words(error.problem))
            raise

    async def _door(self, endpoint_id: UUID) -> Door:
        try:
            return await self._tracker.endpoints.door(endpoint_id)
        except NotSaved:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, headers=AGAIN) from None

    def _verified(self, request: web.Request, body: bytes, keys: Sequence[bytes]) -> str:
        delivery_id = request.headers.get("webhook-id", "")
        try:
            signatures.verify(
                keys,
                delivery_id,
                request.headers.get("webhook-timestamp", ""),
                request.headers.get("webhook-signature", ""),
                body,
                self._clock(),
            )
        except signatures.BadSignature:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "The signature or its timestamp does not hold.") from None
        return delivery_id

    async def _taken(self, letter: Letter, body: bytes) -> web.Response:
        payload, event = _understood(body)
        delivery = Delivery(letter=letter, event_type=payload["type"], event=event)
        try:
            who = await self._slack_id(letter.workspace_id, event.user) if event.user else ""
            accepted = await self._tracker.hooks.receive(delivery, who=who)
        except (NotSaved, Unsure, Unreachable):
            # The same delivery may come again as often as it likes: it acts once.
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, NOT_YET, headers=AGAIN) from None
        except Refusal as refusal:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.sentence) from None
        return web.json_response(
            {"id": accepted.delivery_id, "status": "accepted"}, status=HTTPStatus.ACCEPTED
        )

    async def _slack_id(self, workspace_id: UUID, user: str) -> str:
        # Our Slack is asked about the people of its own workspace only.
        directory = self._directory if workspace_id == self._workspace_id else Strangers()
        return (await self._tracker.people.introduce(workspace_id, user, directory)).slack_user_id


class Strangers:
    """The directory of a workspace whose Slack we can not ask: who is not known here already is nobody."""

    async def profile(self, slack_user_id: str) -> Profile | None:  # noqa: ARG002
        return None

    async def profile_by_email(self, email: str) -> Profile | None:  # noqa: ARG002
        return None


def _letter(workspace_id: UUID, endpoint: str, delivery_id: str, body: bytes) -> Letter:
    return Letter(
        workspace_id=workspace_id,
        endpoint=endpoint,
        id=delivery_id,
        body_hash=hashlib.sha256(body).digest(),
    )


def _understood(body: bytes) -> tuple[dict[str, Any], HookEvent]:
    try:
        payload = json_object(body)
    except BadBody as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from None
    try:
        return payload, event_of(payload)
    except ValidationError as error:
        raise invalid(error) from None


def _id_in(text: str) -> UUID:
    """What is no id at all is looked up like one that nobody has."""
    try:
        return UUID(text)
    except ValueError:
        return NOBODY


def _in_words(problem: Problem) -> str:
    fields = [f"{error.field}: {error.message}" for error in problem.errors or []]
    return " ".join([problem.detail or problem.title, "; ".join(fields)]).strip()
