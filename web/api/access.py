"""Who asks: the token of a request, and nothing else in it, says so."""

from http import HTTPStatus

from aiohttp import web

from domain.bearers import Bearer, Scope
from domain.errors import Refusal
from tracking.limits import REQUESTS_PER_BEARER
from tracking.tracker import Tracker
from web.api.limits import ALLOWANCE, headers
from web.api.problems import CHALLENGE, ApiError, refused

SCHEME = "Bearer "
NEEDED = "A token is needed, as `Authorization: Bearer …`: log in with POST /api/login, or type /track token in Slack."


class Access:
    def __init__(self, tracker: Tracker) -> None:
        self._bearers = tracker.bearers
        self._limits = tracker.limits

    async def authenticate(self, request: web.Request, scope: Scope) -> Bearer:
        """Raises ApiError: 401 without a token that is valid now, 403 where it may not be used for this, 429 when its
        person asks too often."""
        header = request.headers.get("Authorization", "")
        bearer = None
        try:
            if header[: len(SCHEME)].lower() == SCHEME.lower():
                bearer = await self._bearers.of(header[len(SCHEME) :].strip())
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


_FORBIDDEN = {
    Scope.READ: "This token may not be used to read.",
    Scope.WRITE: "This token may only be used to read.",
    Scope.ACCOUNT: "Only who has logged in may do this: POST /api/login. A personal token is not enough.",
}
