"""Webhook endpoints of a workspace: connects, lists and disconnects them, and keeps the secrets with which their
deliveries are signed."""

import logging
import os
from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg

from domain.errors import NotFound, NotSaved, Refusal
from domain.history.changes import SettingRecord
from domain.history.operations import OperationRequest
from domain.identity.people import Role
from domain.webhooks.endpoints import (
    SECRET_BYTES,
    Endpoint,
    EndpointClosure,
    EndpointList,
    EndpointSecret,
    Provider,
    format_secret,
    validate_endpoint_name,
)
from services.operations.context import OperationContext
from services.operations.declaration import OperationGroup, operation
from services.operations.runner import NOT_SAVED, OperationRunner
from services.outages import OUTAGE
from services.webhooks.encryption import KeyLost, Seal
from services.webhooks.endpoint_keys import EndpointKeys, EndpointState
from services.webhooks.unsigned_deliveries import UnsignedDeliveries
from storage.postgres.database import Database
from storage.webhooks import endpoints
from storage.webhooks.endpoints import NIL_UUID, EndpointSecrets, LockedEndpoint

OLD_SECRET_LIVES = timedelta(hours=24)
DELIVERIES_OF = timedelta(hours=24)
MOST = 10  # the list of endpoints must fit into one message
MOST_SECRETS = 4  # every delivery is compared with each of them
ADMINS_ONLY = (
    "Only admins connect webhooks, because who has the secret can act for everybody. An admin or owner of this Slack "
    "workspace is one, and can make you one with `/track team admin @you`. Nothing was changed."
)
GONE = "There is no such endpoint. `/track connect list` shows those there are. Nothing was changed."

log = logging.getLogger(__name__)


@operation
async def connect_endpoint(
    context: OperationContext, seal: Seal, *, name: str, provider: Provider
) -> EndpointSecret:
    """Make an endpoint and its secret. Admins only. Raises Refusal if there are too many, or the name is taken."""
    _require_admin(context)
    endpoint = Endpoint(id=uuid4(), name=validate_endpoint_name(name), provider=provider)
    if await endpoints.count_connected(context.tx, context.workspace_id) >= MOST:
        raise Refusal(f"There are {MOST} endpoints, and no more can be. `/track connect list` shows them.")
    try:
        await endpoints.insert_endpoint(
            context.tx, context.workspace_id, endpoint, made_by=context.person.id, at=context.at
        )
    except asyncpg.UniqueViolationError:
        raise Refusal(
            f"There is an endpoint called “{endpoint.name}” already; `/track connect list` shows it. "
            "Give this one a name of its own, such as `/track connect standard deploys`."
        ) from None
    return await _give_secret(context, seal, endpoint, change="connected")


@operation
async def replace_secret(context: OperationContext, seal: Seal, endpoint_id: UUID) -> EndpointSecret:
    """Give the endpoint a new secret beside the old one. Admins only. Raises NotFound, or Refusal if it has too
    many."""
    _require_admin(context)
    endpoint = _require_connected(await endpoints.lock(context.tx, context.workspace_id, endpoint_id))
    if await endpoints.count_live_secrets(context.tx, context.workspace_id, endpoint_id) >= MOST_SECRETS:
        raise Refusal(
            f"“{endpoint.name}” has {MOST_SECRETS} secrets that are still accepted. Wait until the oldest has "
            "ended, a day after it was replaced, or disconnect it and connect a new one."
        )
    return await _give_secret(context, seal, endpoint, change="secret")


@operation
async def disconnect_endpoint(context: OperationContext, endpoint_id: UUID) -> EndpointClosure:
    """Disconnect the endpoint. Doing so again changes nothing. Admins only. Raises NotFound."""
    _require_admin(context)
    return await _close(context, await endpoints.lock(context.tx, context.workspace_id, endpoint_id))


@operation
async def disconnect_endpoint_named(context: OperationContext, name: str) -> EndpointClosure:
    """Disconnect the endpoint of that name. Admins only. Raises NotFound."""
    _require_admin(context)
    return await _close(context, await endpoints.lock_by_name(context.tx, context.workspace_id, name))


@operation
async def list_endpoints(context: OperationContext) -> EndpointList:
    """List the connected endpoints and their latest deliveries. Admins only."""
    _require_admin(context)
    lines = await endpoints.find_connected(context.tx, context.workspace_id, since=context.at - DELIVERIES_OF)
    return EndpointList(person=context.person, lines=tuple(lines), at=context.at)


async def _give_secret(
    context: OperationContext, seal: Seal, endpoint: Endpoint, *, change: str
) -> EndpointSecret:
    sealed = seal.close(os.urandom(SECRET_BYTES), _sealing_context(context.workspace_id, endpoint.id))
    old_until = context.at + OLD_SECRET_LIVES
    await endpoints.replace_secret(
        context.tx, context.workspace_id, endpoint.id, sealed, at=context.at, old_until=old_until
    )
    new = change == "connected"
    context.changes.append(_make_record(endpoint, change, new=new))
    return EndpointSecret(
        endpoint=endpoint,
        sealed=sealed,
        person=context.person,
        at=context.at,
        old_until=None if new else old_until,
    )


def _require_admin(context: OperationContext) -> None:
    if context.person.role is not Role.ADMIN:
        raise Refusal(ADMINS_ONLY)


def _require_connected(claimed: LockedEndpoint | None) -> Endpoint:
    if claimed is None or not claimed.connected:
        raise NotFound(GONE)
    return claimed.endpoint


async def _close(context: OperationContext, claimed: LockedEndpoint | None) -> EndpointClosure:
    if claimed is None:
        raise NotFound(GONE)
    if not claimed.connected:
        return EndpointClosure(endpoint=claimed.endpoint, already=True)
    await endpoints.disconnect(context.tx, context.workspace_id, claimed.endpoint.id, at=context.at)
    context.changes.append(_make_record(claimed.endpoint, "disconnected"))
    return EndpointClosure(endpoint=claimed.endpoint)


def _make_record(endpoint: Endpoint, change: str, *, new: bool = False) -> SettingRecord:
    about = {"name": endpoint.name, "provider": endpoint.provider.value}
    return SettingRecord(
        subject="endpoint", subject_id=endpoint.id, change=change, before={} if new else about, after=about
    )


def _sealing_context(workspace_id: UUID, endpoint_id: UUID) -> str:
    return f"{workspace_id}/{endpoint_id}"


class Endpoints(OperationGroup):
    """Operations on a workspace's webhook endpoints, and the cache of their keys."""

    _connect = connect_endpoint
    _replace_secret = replace_secret
    _disconnect = disconnect_endpoint
    _disconnect_named = disconnect_endpoint_named
    _list = list_endpoints

    def __init__(self, database: Database, runner: OperationRunner, keys: Sequence[bytes]) -> None:
        super().__init__(runner)
        self._database = database
        self._seal = Seal(keys, "webhook-secret")
        # An unknown endpoint gets a random secret, so that timing reveals nothing.
        sealed = self._seal.close(os.urandom(SECRET_BYTES), _sealing_context(NIL_UUID, NIL_UUID))
        self._unknown_secrets = (
            EndpointSecrets(workspace_id=NIL_UUID, connected=False, sealed=(sealed,)),
            _sealing_context(NIL_UUID, NIL_UUID),
        )
        self.keys = EndpointKeys(
            self.read_state, self._existing, self._make_state(None, NIL_UUID), database.monotonic_seconds
        )
        self.unsigned = UnsignedDeliveries(database)

    async def make(
        self, request: OperationRequest, *, name: str, provider: Provider
    ) -> tuple[str, EndpointSecret]:
        """Connect a new endpoint. Returns its secret, which is shown once and kept encrypted. Admins only."""
        made = await self._connect(request, self._seal, name=name, provider=provider)
        return self._open_secret(request, made), made

    async def rotate(self, request: OperationRequest, endpoint_id: UUID) -> tuple[str, EndpointSecret]:
        """Give the endpoint a new secret. The earlier one is accepted for another day, so that no delivery is lost.
        Admins only."""
        made = await self._replace_secret(request, self._seal, endpoint_id)
        return self._open_secret(request, made), made

    async def disconnect(self, request: OperationRequest, endpoint_id: UUID) -> EndpointClosure:
        """Disconnect the endpoint for good. Later deliveries are refused. Admins only."""
        closed = await self._disconnect(request, endpoint_id)
        self.keys.forget(closed.endpoint.id)
        return closed

    async def disconnect_named(self, request: OperationRequest, name: str) -> EndpointClosure:
        """Disconnect the endpoint of that name for good. Admins only."""
        closed = await self._disconnect_named(request, name)
        self.keys.forget(closed.endpoint.id)
        return closed

    async def list_connected(self, request: OperationRequest) -> EndpointList:
        """List the connected endpoints and their latest deliveries. Admins only."""
        await self.unsigned.flush()
        return await self._list(request)

    async def read_state(self, endpoint_id: UUID) -> EndpointState:
        """Read the endpoint's state and keys. An unknown endpoint gets a random key. Raises NotSaved if the database
        does not answer."""
        try:
            async with self._database.across_workspaces() as tx:
                secrets = await endpoints.find_secrets(tx, endpoint_id)
        except OUTAGE:
            raise NotSaved(NOT_SAVED) from None
        return self._make_state(secrets, endpoint_id)

    async def _existing(self, ids: Collection[UUID]) -> set[UUID]:
        try:
            async with self._database.across_workspaces() as tx:
                return await endpoints.find_existing(tx, ids)
        except OUTAGE:
            raise NotSaved(NOT_SAVED) from None

    def _make_state(self, secrets: EndpointSecrets | None, endpoint_id: UUID) -> EndpointState:
        known = secrets is not None
        secrets, place = (
            (secrets, _sealing_context(secrets.workspace_id, endpoint_id))
            if secrets
            else self._unknown_secrets
        )
        keys, lost = [], False
        for sealed in secrets.sealed:
            try:
                keys.append(self._seal.open(sealed, place))
            except KeyLost:
                lost = True
                log.error(
                    "a secret of the webhook endpoint %s was sealed under a key that SECRET_KEYS does not hold any "
                    "more: put that key back at the end of SECRET_KEYS, or give the endpoint a new secret in Slack "
                    "(/track connect list, Rotate secret)",
                    endpoint_id,
                )
        return EndpointState(
            workspace_id=secrets.workspace_id,
            keys=tuple(keys),
            known=known,
            connected=secrets.connected,
            lost=lost,
        )

    def _open_secret(self, request: OperationRequest, made: EndpointSecret) -> str:
        self.keys.forget(made.endpoint.id)
        try:
            return format_secret(
                self._seal.open(made.sealed, _sealing_context(request.workspace_id, made.endpoint.id))
            )
        except KeyLost:  # the request was first made under keys that were rotated since
            raise Refusal(
                "That secret can not be shown any more. `/track connect list` gives a new one."
            ) from None
