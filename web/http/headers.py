"""Headers of every answer: what a browser may do with it, and which pages of others may read it."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# OWASP, "HTTP Security Response Headers" and "REST Security" (2026).
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # Somebody's own time: nobody on the way keeps it, and its reader asks whether it is still so.
    "Cache-Control": "private, no-cache",
}
METHODS = "GET, POST, PUT, DELETE"
SENT = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
READ = "ETag, Location, Retry-After, RateLimit, RateLimit-Policy"
PREFLIGHT_SECONDS = "600"


# Without versions: which library answers helps only who looks for its holes.
SERVER = "truth-time-tracker"
# A year, as hstspreload.org asks for at least (2026). Not of subdomains: they may be somebody else's.
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}


def complete_headers(*, https: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Make what completes every answer. `https` says that our public address is one."""
    always = SECURITY | (STRICT_TRANSPORT if https else {})

    async def secure(request: web.Request, response: web.StreamResponse) -> None:
        if not request.content.is_eof():
            # Refused before all of it was there: what follows on this connection is the rest of a body.
            response.force_close()
            response.headers["Connection"] = "close"
        response.headers["Server"] = SERVER
        for name, value in always.items():
            response.headers.setdefault(name, value)

    return secure


def cross_origin(origins: Sequence[str]) -> Middleware:
    """Lets pages of those origins use the API with a token. Cookies are never looked at, and so never allowed."""

    @web.middleware
    async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get(hdrs.ORIGIN)
        if origin not in origins or not request.path.startswith("/api/"):
            return await handler(request)
        if request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers:
            response: web.StreamResponse = web.Response(status=204)
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = METHODS
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = SENT
            response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = PREFLIGHT_SECONDS
        else:
            response = await handler(request)
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = str(origin)
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = READ
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        return response

    return cors
