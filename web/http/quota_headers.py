"""How much of a limit is left, in the headers that clients read: RateLimit and RateLimit-Policy
(draft-ietf-httpapi-ratelimit-headers-10), Retry-After (RFC 9110)."""

from aiohttp import web

from domain.quotas import Allowance

ALLOWANCE = web.RequestKey("allowance", Allowance)


def headers(allowance: Allowance) -> dict[str, str]:
    limit = allowance.limit
    said = {
        "RateLimit-Policy": f'"{limit.name}";q={limit.burst};w={round(limit.window.total_seconds())}',
        "RateLimit": f'"{limit.name}";r={allowance.remaining};t={allowance.reset}',
    }
    return said if allowance.allowed else said | {"Retry-After": str(allowance.retry_after)}


async def finish(request: web.Request, response: web.StreamResponse) -> None:
    """How much is left, on every answer of the API; what is not only read is kept by nobody on the way."""
    if request.path.startswith("/api/") and request.method != "GET":
        response.headers["Cache-Control"] = "no-store"
    allowance = request.get(ALLOWANCE)
    if allowance and "RateLimit" not in response.headers:
        response.headers.update(headers(allowance))
