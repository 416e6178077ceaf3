"""Who asks: the token of a request, and nothing else in it, says so."""

import hashlib
from collections import OrderedDict
from http import HTTPStatus

from aiohttp import web

from domain.errors import Refusal
from domain.identity.callers import Caller, Scope
from services.identity.quotas import REQUESTS_PER_BEARER
from services.services import Services
from web.http.address_limits import UNKNOWN_TOKENS, AddressLimits
from web.http.problems import CHALLENGE, ApiError, refused
from web.http.proxies import origin_of
from web.http.quota_headers import ALLOWANCE, headers

SCHEME = "Bearer "
NEEDED = "A token is needed, as `Authorization: Bearer …`: log in with POST /api/login, or type /track token in Slack."


MOST_REMEMBERED = 10_000


class Access:
    def __init__(self, services: Services, address_limits: AddressLimits) -> None:
        self._bearers = services.authentication
        self._limits = services.quotas
        self._address_limits = address_limits
        # Digests of tokens that were valid when they came last: only the others cost their address something.
        self._known: OrderedDict[bytes, None] = OrderedDict()

    async def authenticate(self, request: web.Request, scope: Scope) -> Caller:
        """Raises ApiError: 401 without a token that is valid now, 403 where it may not be used for this, 429 when its
        person asks too often."""
        header = request.headers.get("Authorization", "")
        bearer = None
        try:
            if header[: len(SCHEME)].lower() == SCHEME.lower():
                bearer = await self._bearer(header[len(SCHEME) :].strip(), origin_of(request))
            if bearer is None:
                raise ApiError(HTTPStatus.UNAUTHORIZED, NEEDED, headers=CHALLENGE)
            allowance = await self._limits.take(REQUESTS_PER_BEARER, str(bearer.person.id))
        except Refusal as refusal:
            raise refused(refusal) from None
        request[ALLOWANCE] = allowance
        if not allowance.allowed:
            detail = f"Too many requests. The next one may come in {allowance.retry_after} seconds."
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=headers(allowance))
        if scope not in bearer.scopes:
            raise ApiError(HTTPStatus.FORBIDDEN, _FORBIDDEN[scope])
        return bearer

    async def _bearer(self, token: str, address: str) -> Caller | None:
        """Look up whose token it is. Tokens that are not known here yet are looked up only so often per address."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        if digest not in self._known:
            self._address_limits.insist(UNKNOWN_TOKENS, address)
        bearer = await self._bearers.of(token)
        if bearer is None:
            self._known.pop(digest, None)
        else:
            self._known[digest] = None
            self._known.move_to_end(digest)
            if len(self._known) > MOST_REMEMBERED:
                self._known.popitem(last=False)
        return bearer


_FORBIDDEN = {
    Scope.READ: "This token may not be used to read.",
    Scope.WRITE: "This token may only be used to read.",
    Scope.ACCOUNT: "Only who has logged in may do this: POST /api/login. A personal token is not enough.",
}
