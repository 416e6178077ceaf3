"""POST /api/webhooks: verified on the raw bytes, durable and done before the 202."""

import hashlib
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from domain.errors import NotSaved, Refusal, Unsure
from domain.hooks import Delivery, HookEvent
from tracking.notifier import Directory, Unreachable
from tracking.tracker import Tracker
from web.api.problems import ApiError, invalid
from web.bodies import BadBody, json_object, read
from web.hooks import signatures
from web.hooks.native import event_of

AGAIN = {"Retry-After": "5"}


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

    async def post(self, request: web.Request) -> web.Response:
        body = await read(request)
        delivery_id = self._verified(request, body)
        payload, event = _understood(body)
        delivery = Delivery(
            id=delivery_id,
            event_type=payload["type"],
            body_hash=hashlib.sha256(body).digest(),
            event=event,
        )
        try:
            who = await self._slack_id(event.user) if event.user else ""
            accepted = await self._tracker.hooks.receive(self._workspace_id, delivery, who=who)
        except (NotSaved, Unsure, Unreachable):
            # The same delivery may come again as often as it likes: it acts once.
            detail = "Not done yet: the database or Slack did not answer in time. Please send it again."
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, detail, headers=AGAIN) from None
        except Refusal as refusal:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, refusal.sentence) from None
        return web.json_response(
            {"id": accepted.delivery_id, "status": "accepted"}, status=HTTPStatus.ACCEPTED
        )

    def _verified(self, request: web.Request, body: bytes) -> str:
        delivery_id = request.headers.get("webhook-id", "")
        try:
            signatures.verify(
                self._keys,
                delivery_id,
                request.headers.get("webhook-timestamp", ""),
                request.headers.get("webhook-signature", ""),
                body,
                self._clock(),
            )
        except signatures.BadSignature:
            raise ApiError(HTTPStatus.UNAUTHORIZED, "The signature or its timestamp does not hold.") from None
        return delivery_id

    async def _slack_id(self, user: str) -> str:
        return (await self._tracker.people.introduce(self._workspace_id, user, self._directory)).slack_user_id


def _understood(body: bytes) -> tuple[dict[str, Any], HookEvent]:
    try:
        payload = json_object(body)
    except BadBody as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, str(error)) from None
    try:
        return payload, event_of(payload)
    except ValidationError as error:
        raise invalid(error) from None
