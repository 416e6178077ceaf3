"""Headers of every response: security headers, and CORS for web pages that may use the API."""

from collections.abc import Awaitable, Callable, Sequence

from aiohttp import hdrs, web
from aiohttp.typedefs import Middleware

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# OWASP, "HTTP Security Response Headers" and "REST Security" (2026).
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    # Responses hold personal data: no shared cache stores them, and browsers revalidate what they have stored.
    "Cache-Control": "private, no-cache",
}
CORS_METHODS = "GET, POST, PUT, DELETE"
CORS_REQUEST_HEADERS = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match"
CORS_RESPONSE_HEADERS = "ETag, Location, Retry-After, RateLimit, RateLimit-Policy"
PREFLIGHT_SECONDS = "600"


# Without the library and its version, which would help only attackers.
SERVER_NAME = "truth-time-tracker"
# One year, the minimum of hstspreload.org (2026). Without subdomains, which may belong to other operators.
STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}


def make_header_signal(*, https: bool) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Make the signal handler that adds headers to every response. `https` is true if the public address is an
    HTTPS one."""
    always = SECURITY_HEADERS | (STRICT_TRANSPORT if https else {})

    async def secure(request: web.Request, response: web.StreamResponse) -> None:
        if not request.content.is_eof():
            # The request was refused before its body was read, so the connection can not be used for another one.
            response.force_close()
            response.headers["Connection"] = "close"
        response.headers["Server"] = SERVER_NAME
        for name, value in always.items():
            response.headers.setdefault(name, value)

    return secure


def make_cors_middleware(origins: Sequence[str]) -> Middleware:
    """Make the middleware that lets web pages of those origins use the API with a token. Cookies are not allowed."""

    @web.middleware
    async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
        origin = request.headers.get(hdrs.ORIGIN)
        if origin not in origins or not request.path.startswith("/api/"):
            return await handler(request)
        if request.method == hdrs.METH_OPTIONS and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers:
            response: web.StreamResponse = web.Response(status=204)
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = CORS_METHODS
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = CORS_REQUEST_HEADERS
            response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = PREFLIGHT_SECONDS
        else:
            response = await handler(request)
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = str(origin)
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = CORS_RESPONSE_HEADERS
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        return response

    return cors
