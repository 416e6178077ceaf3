"""The host names that the service answers to, as a protection against DNS rebinding.

A malicious web page can make its own name resolve to the address of a service on the reader's machine or network. The
browser then treats the service's responses as those of the page's own site. The Host header still has the page's name,
so requests under an unknown name are refused.
"""

from collections.abc import Awaitable, Callable, Iterable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from aiohttp import HttpVersion10, web
from aiohttp.typedefs import Middleware
from yarl import URL

from web.http.problems import Problem, problem_response

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LONGEST_HOST = 300  # a name has at most 253 characters (RFC 1035, 2.3.4), and a port follows


class Hosts:
    """The names and addresses that are allowed. `host` is the address that we listen on; `public_url` and `allowed`
    are settings.

    Loopback names are always allowed, because no web page can have one. If we listen on every address, IP addresses
    are allowed too: they can not be rebound, and orchestrators use them for their probes.
    """

    def __init__(self, host: str, public_url: str | None = None, allowed: Iterable[str] = ()) -> None:
        public = URL(public_url).raw_host if public_url else None
        self._names = {_normalize(name) for name in (host, public, *allowed) if name}
        self._any_address = host in ("", "0.0.0.0", "::")  # noqa: S104 - read, not bound

    def is_allowed(self, header: str) -> bool:
        """Return whether a Host header has an allowed name or address. Raises ValueError if it is not a host."""
        name = parse_host(header)
        address = _parse_address(name)
        if name in self._names or name == "localhost" or name.endswith(".localhost"):
            return True
        return address is not None and (self._any_address or address.is_loopback)

    def make_middleware(self) -> Middleware:
        """Make the middleware that refuses requests for other host names."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            refusal = self._refusal(request)
            return problem_response(refusal) if refusal else await handler(request)

        return guarded

    def _refusal(self, request: web.Request) -> Problem | None:
        given = request.headers.getall("Host", [])
        if not given and request.version <= HttpVersion10:
            return None  # health checks of load balancers; no browser still uses HTTP/1.0
        # A request target in absolute form (RFC 9112, 3.2.2) contains a host too, and both must be allowed.
        target = request.raw_path
        names = given if target.startswith("/") or target == "*" else [*given, urlsplit(target).netloc]
        try:
            if len(given) != 1:
                raise ValueError("a request has exactly one Host header")
            allowed = [self.is_allowed(name) for name in names]
        except ValueError:
            status = HTTPStatus.BAD_REQUEST
            detail = (
                "The Host header can not be read: exactly one is needed, with a name or an address in it."
            )
            return Problem(title=status.phrase, status=status.value, detail=detail)
        if all(allowed):
            return None
        status = HTTPStatus.MISDIRECTED_REQUEST
        detail = "This service is not known under that name. Its operator can name it in PUBLIC_URL or ALLOWED_HOSTS."
        return Problem(title=status.phrase, status=status.value, detail=detail)


def parse_host(header: str) -> str:
    """Return the name or address in a Host header, in lower case and without brackets. Raises ValueError."""
    if not header.isascii() or not header.isprintable() or len(header) > LONGEST_HOST:
        raise ValueError("not a host")
    if header.startswith("["):
        name, bracket, port = header[1:].partition("]")
        if not bracket or ":" not in name or (port and not port.startswith(":")):
            raise ValueError("not an address in brackets")
        port = port[1:]
    else:
        name, _, port = header.partition(":")
    if not name or set(name) & set(" /\\@?#,") or (port and not port.isdigit()):
        raise ValueError("not a host")
    return _normalize(name)


def _normalize(name: str) -> str:
    """Normalize a name: lower case, no trailing dot, and an address in its shortest form."""
    plain = name.strip("[]").lower().removesuffix(".")
    address = _parse_address(plain)
    return str(address) if address else plain


def _parse_address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(name)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
