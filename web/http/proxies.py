"""Where a request comes from, where a reverse proxy stands in front of us."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from aiohttp import web
from aiohttp.typedefs import Middleware

Networks = Sequence[IPv4Network | IPv6Network]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

MOST_HOPS = 32  # proxies between a client and us
_ORIGIN = web.RequestKey("origin", str)


def behind(proxies: Networks) -> Middleware:
    """Notes the address that our proxies say a request came from; who is none of them is not believed."""

    @web.middleware
    async def noted(request: web.Request, handler: Handler) -> web.StreamResponse:
        forwarded = request.headers.getall("X-Forwarded-For", [])
        request[_ORIGIN] = origin(request.remote or "", forwarded, proxies)
        return await handler(request)

    return noted


def origin_of(request: web.Request) -> str:
    return request[_ORIGIN]


def origin(peer: str, forwarded: Sequence[str], proxies: Networks) -> str:
    """The first address, from us outwards, that is no proxy of ours: what stands before it anybody may have written."""
    # The nearest ones: a header may hold a hundred thousand.
    hops = [hop.strip() for hop in ",".join(forwarded).rsplit(",", MOST_HOPS)[-MOST_HOPS:]]
    while hops and _is_one(peer, proxies):
        said = _address(hops.pop())
        if said is None:
            break
        peer = str(said)
    return peer


def _is_one(text: str, proxies: Networks) -> bool:
    address = _address(text)
    return address is not None and any(
        address in network for network in proxies if network.version == address.version
    )


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address
