"""Who asks: the token of a request, and nothing else in it, says so."""

from http import HTTPStatus

from aiohttp import web

from domain.bearers import Bearer, Scope
from tracking.tracker import Tracker
from web.api.problems import ApiError

SCHEME = "Bearer "
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="truth-time-tracker"'}


class Access:
    def __init__(self, tracker: Tracker) -> None:
        self._bearers = tracker.bearers

    async def authenticate(self, request: web.Request, scope: Scope) -> Bearer:
        """Raises ApiError: 401 without a token that is valid now, 403 where it may not be used for this."""
        header = request.headers.get("Authorization", "")
        bearer = None
        if header[: len(SCHEME)].lower() == SCHEME.lower():
            bearer = await self._bearers.of(header[len(SCHEME) :].strip())
        if bearer is None:
            detail = "A token is needed, as `Authorization: Bearer …`: type /track token in Slack."
            raise ApiError(HTTPStatus.UNAUTHORIZED, detail, headers=CHALLENGE)
        if scope not in bearer.scopes:
            raise ApiError(HTTPStatus.FORBIDDEN, f"This token may not be used to {scope.value}.")
        return bearer
