"""Every route, and what applies to all of them: limits, headers, and errors as problem details."""

import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from services.services import Services
from web.api.access import Authenticator
from web.api.docs_page import make_docs_route, make_document_route
from web.api.operation import build_routes
from web.health import answer_healthz, make_readyz_route
from web.http.address_limits import AddressLimits
from web.http.bodies import LARGEST_BODY
from web.http.headers import make_cors_middleware, make_header_signal
from web.http.hosts import Hosts
from web.http.problems import ApiError, Problem, problem_response
from web.http.proxies import Networks, make_proxy_middleware
from web.http.quota_headers import add_quota_headers
from web.operation_table import build_operations
from web.webhooks.receiver import WebhookReceiver

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTargets:
    """The handlers that the routes need, and the settings that apply to all routes.

    `slack_events` is None in Socket Mode. `home` is the address that `/` redirects to. Web pages of `origins` may
    use the API. `proxies` are the networks of trusted reverse proxies. `hosts` are the names that the service
    answers to. `https` is true if the public address is an HTTPS one.
    """

    services: Services
    receiver: WebhookReceiver
    address_limits: AddressLimits
    slack_events: Handler | None
    ticking: Callable[[], bool]
    home: str | None
    origins: tuple[str, ...] = ()
    proxies: Networks = ()
    hosts: Hosts
    https: bool = False


def build_application(targets: RouteTargets) -> web.Application:
    """Build the application with all routes and middlewares."""
    app = web.Application(
        client_max_size=LARGEST_BODY,
        middlewares=[
            targets.hosts.make_middleware(),
            make_proxy_middleware(targets.proxies),
            make_cors_middleware(targets.origins),
            translate_errors,
        ],
    )
    app.on_response_prepare.extend((add_quota_headers, make_header_signal(https=targets.https)))
    api, limits = build_operations(targets.services), targets.address_limits
    app.add_routes(
        [
            web.get("/healthz", answer_healthz),
            web.get("/readyz", make_readyz_route(targets.services, targets.ticking)),
            web.post("/api/webhooks", targets.receiver.receive_native),
            web.post("/api/webhooks/{endpoint}", targets.receiver.receive_at_endpoint),
            *build_routes(api, Authenticator(targets.services, limits).authenticate, limits),
            web.get("/api/openapi.json", make_document_route(api)),
            web.get("/api/docs", make_docs_route(api)),
        ]
    )
    if targets.slack_events:
        app.router.add_post("/slack/events", targets.slack_events)
    if targets.home:
        app.router.add_get("/", _redirect(targets.home))
    return app


@web.middleware
async def translate_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn errors into problem details. An unexpected error is logged under a reference; the client only gets the
    reference."""
    try:
        return await handler(request)
    except ApiError as error:
        return problem_response(error.problem, error.headers)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
        detail = None if error.text == f"{error.status}: {error.reason}" else error.text
        return problem_response(Problem(title=error.reason, status=error.status, detail=detail), kept)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("a request failed", extra={"reference": reference, "path": request.path})
        status = HTTPStatus.INTERNAL_SERVER_ERROR
        detail = f"Something failed on our side. Tell your operator this reference: {reference}"
        return problem_response(Problem(title=status.phrase, status=status.value, detail=detail))


def _redirect(home: str) -> Handler:
    async def redirect(_request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(home)

    return redirect
