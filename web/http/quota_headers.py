"""Headers that show how much of a quota is left: RateLimit and RateLimit-Policy
(draft-ietf-httpapi-ratelimit-headers-10), Retry-After (RFC 9110)."""

from aiohttp import web

from domain.quotas import Allowance

ALLOWANCE = web.RequestKey("allowance", Allowance)


def quota_headers(allowance: Allowance) -> dict[str, str]:
    """Return the headers for an allowance."""
    limit = allowance.limit
    said = {
        "RateLimit-Policy": f'"{limit.name}";q={limit.burst};w={round(limit.window.total_seconds())}',
        "RateLimit": f'"{limit.name}";r={allowance.remaining};t={allowance.reset}',
    }
    return said if allowance.allowed else said | {"Retry-After": str(allowance.retry_after)}


async def add_quota_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the quota's headers to a response of the API, and forbid caches to store the answers to writes."""
    if request.path.startswith("/api/") and request.method != "GET":
        response.headers["Cache-Control"] = "no-store"
    allowance = request.get(ALLOWANCE)
    if allowance and "RateLimit" not in response.headers:
        response.headers.update(quota_headers(allowance))
