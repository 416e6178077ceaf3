"""The network address of the client, also behind reverse proxies."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web
from aiohttp.typedefs import Middleware

Networks = Sequence[IPv4Network | IPv6Network]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MAX_HOPS = 32  # proxies between a client and us
_CLIENT_ADDRESS = web.RequestKey("origin", str)


def make_proxy_middleware(proxies: Networks) -> Middleware:
    """Make the middleware that stores the client's address. X-Forwarded-For is only trusted from these proxies."""

    @web.middleware
    async def store_address(request: web.Request, handler: Handler) -> web.StreamResponse:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        request[_CLIENT_ADDRESS] = find_client_address(request.remote or "", forwarded, proxies)
        return await handler(request)

    return store_address


def client_address(request: web.Request) -> str:
    """Return the client's address, which the middleware has stored."""
    return request[_CLIENT_ADDRESS]


def find_client_address(peer: str, forwarded: Sequence[str], proxies: Networks) -> str:
    """Find the nearest address that is not one of our proxies. The addresses before it may be forged."""
    # Only the nearest hops are read: a header may hold a hundred thousand.
    hops = [hop.strip() for hop in ",".join(forwarded).rsplit(",", MAX_HOPS)[-MAX_HOPS:]]
    while hops and _is_proxy(peer, proxies):
        address = _parse_address(hops.pop())
        if address is None:
            break
        peer = str(address)
    return peer


def _is_proxy(text: str, proxies: Networks) -> bool:
    address = _parse_address(text)
    return address is not None and any(
        address in network for network in proxies if network.version == address.version
    )


def _parse_address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
