"""Authentication of API requests by their bearer token."""

import hashlib
from collections import OrderedDict
from http import HTTPStatus

from aiohttp import web

from domain.errors import Refusal
from domain.identity.callers import Caller, Scope
from services.identity.quotas import REQUESTS_PER_BEARER
from services.services import Services
from web.http.address_limits import UNKNOWN_TOKENS, AddressLimits
from web.http.problems import CHALLENGE, ApiError, error_from_refusal
from web.http.proxies import client_address
from web.http.quota_headers import ALLOWANCE, quota_headers

SCHEME = "Bearer "
AUTHENTICATION_NEEDED = (
    "A token is needed, as `Authorization: Bearer …`: "
    "log in with POST /api/login, or type /track token in Slack."
)


MAX_REMEMBERED = 10_000


class Authenticator:
    """Finds the caller of a request, and counts the request against the quotas."""

    def __init__(self, services: Services, address_limits: AddressLimits) -> None:
        self._authentication = services.authentication
        self._limits = services.quotas
        self._address_limits = address_limits
        # Digests of tokens that were valid when last used. Only other tokens count against the limit of their
        # address.
        self._known: OrderedDict[bytes, None] = OrderedDict()

    async def authenticate(self, request: web.Request, scope: Scope) -> Caller:
        """Find the caller of a request that needs `scope`.

        Raises ApiError: 401 without a valid token, 403 if the token lacks the scope, 429 if the quota is used up.
        """
        header = request.headers.get("Authorization", "")
        caller = None
        try:
            if header[: len(SCHEME)].lower() == SCHEME.lower():
                caller = await self._find_caller(header[len(SCHEME) :].strip(), client_address(request))
            if caller is None:
                raise ApiError(HTTPStatus.UNAUTHORIZED, AUTHENTICATION_NEEDED, headers=CHALLENGE)
            allowance = await self._limits.take(REQUESTS_PER_BEARER, str(caller.person.id))
        except Refusal as refusal:
            raise error_from_refusal(refusal) from None
        request[ALLOWANCE] = allowance
        if not allowance.allowed:
            detail = f"Too many requests. The next one may come in {allowance.retry_after} seconds."
            raise ApiError(HTTPStatus.TOO_MANY_REQUESTS, detail, headers=quota_headers(allowance))
        if scope not in caller.scopes:
            raise ApiError(HTTPStatus.FORBIDDEN, _FORBIDDEN[scope])
        return caller

    async def _find_caller(self, token: str, address: str) -> Caller | None:
        """Find the caller to whom a token belongs. Look-ups of tokens that this process has not seen are limited
        per address."""
        digest = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        if digest not in self._known:
            self._address_limits.take_or_raise(UNKNOWN_TOKENS, address)
        caller = await self._authentication.find_caller(token)
        if caller is None:
            self._known.pop(digest, None)
        else:
            self._known[digest] = None
            self._known.move_to_end(digest)
            if len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)
        return caller


_FORBIDDEN = {
    Scope.READ: "This token may not be used to read.",
    Scope.WRITE: "This token may only be used to read.",
    Scope.ACCOUNT: "Only who has logged in may do this: POST /api/login. A personal token is not enough.",
}
