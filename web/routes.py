"""Every route on one screen, and the two things that hold for all of them: limits and problems."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from services.services import Services
from web.api.access import Access
from web.api.operation import routes
from web.api.page import document_route, page_route
from web.health import healthz, readyz_route
from web.http.address_limits import AddressLimits
from web.http.bodies import LARGEST_BODY
from web.http.headers import complete_headers, cross_origin
from web.http.hosts import Hosts
from web.http.problems import ApiError, Problem, response
from web.http.proxies import Networks, behind
from web.http.quota_headers import finish
from web.operation_table import operations
from web.webhooks.receive import Receiver

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """What the routes lead to. `slack_events` is None in Socket Mode; `home` is where a browser is sent; pages of
    `origins` may use the API; `proxies` are networks in front of us, whose word is taken for where a request is
    from; `hosts` are the names that we may be asked under; `https` says that our public address is one."""

    services: Services
    receiver: Receiver
    address_limits: AddressLimits
    slack_events: Handler | None
    ticking: Callable[[], bool]
    home: str | None
    origins: tuple[str, ...] = ()
    proxies: Networks = ()
    hosts: Hosts
    https: bool = False


def application(doors: Doors) -> web.Application:
    app = web.Application(
        client_max_size=LARGEST_BODY,
        middlewares=[doors.hosts.guard(), behind(doors.proxies), cross_origin(doors.origins), problems],
    )
    app.on_response_prepare.extend((finish, complete_headers(https=doors.https)))
    api, limits = operations(doors.services), doors.address_limits
    app.add_routes(
        [
            web.get("/healthz", healthz),
            web.get("/readyz", readyz_route(doors.services, doors.ticking)),
            web.post("/api/webhooks", doors.receiver.native),
            web.post("/api/webhooks/{endpoint}", doors.receiver.connected),
            *routes(api, Access(doors.services, limits).authenticate, limits),
            web.get("/api/openapi.json", document_route(api)),
            web.get("/api/docs", page_route(api)),
        ]
    )
    if doors.slack_events:
        app.router.add_post("/slack/events", doors.slack_events)
    if doors.home:
        app.router.add_get("/", _redirect(doors.home))
    return app


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refusals and failures as problem details; a failure's reference is in the log and nothing else of it."""
    try:
        return await handler(request)
    except ApiError as error:
        return response(error.problem, error.headers)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        detail = None if error.text == f"{error.status}: {error.reason}" else error.text
        return response(Problem(title=error.reason, status=error.status, detail=detail), kept)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a request failed", extra={"reference": reference, "path": request.path})
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        detail = f"Something failed on our side. Tell your operator this reference: {reference}"
        return response(Problem(title=status.phrase, status=status.value, detail=detail))


def _redirect(home: str) -> Handler:
    async def redirect(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(home)

    return redirect
