"""The table of all REST operations: method, path, handler, scope and their special errors."""

from http import HTTPStatus

from domain.identity.callers import Scope
from services.services import Services
from web.api.operation import Operation
from web.entries.entries import EntriesApi
from web.entries.timer import TimerApi
from web.http.bodies import LARGEST_BODY
from web.identity.accounts import AccountsApi
from web.identity.people import PeopleApi
from web.identity.tokens import PersonAccessApi, TokensApi
from web.projects.projects import ProjectsApi
from web.reports.reports import ReportsApi

READ, WRITE, ACCOUNT = Scope.READ, Scope.WRITE, Scope.ACCOUNT
CREATED, NO_CONTENT = HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
_OVERLAP = {HTTPStatus.CONFLICT: "Its time is taken; `conflicts` says by what, `ways` how room can be made."}
_PROJECT_EXISTS = {HTTPStatus.CONFLICT: "There is a project of that name."}
_TOKEN_EXISTS = {HTTPStatus.CONFLICT: "You have a token of that name."}
_PROJECT_IN_USE = {HTTPStatus.CONFLICT: "Something was tracked on it."}
_SIGN_UP_REFUSED = {
    HTTPStatus.CONFLICT: "There is an account with this address.",
    HTTPStatus.FORBIDDEN: "Nobody, or nobody with such an address, may make an account here.",
}
_WRONG_PASSWORD = {
    HTTPStatus.UNAUTHORIZED: "Address and password don't belong together, whether or not there is such an account."
}
_SESSION_ENDED = {HTTPStatus.UNAUTHORIZED: "The session has ended."}
_LINK_OVERLAP = {HTTPStatus.CONFLICT: "The person has tracked the same time in Slack."}
_NO_TIMER = {HTTPStatus.CONFLICT: "No timer is running."}


def build_operations(services: Services) -> tuple[Operation, ...]:
    """Build the operations of the API, in the order of the OpenAPI document."""
    entries, timer, projects = EntriesApi(services), TimerApi(services), ProjectsApi(services)
    reports, people = ReportsApi(services), PeopleApi(services)
    accounts, tokens = AccountsApi(services), TokensApi(services)
    access = PersonAccessApi(services)
    return (
        Operation("POST", "/signup", accounts.sign_up, None, "Accounts", CREATED, _SIGN_UP_REFUSED),
        Operation("POST", "/login", accounts.log_in, None, "Accounts", also=_WRONG_PASSWORD),
        Operation("POST", "/refresh", accounts.refresh, None, "Accounts", also=_SESSION_ENDED),
        Operation("POST", "/logout", accounts.log_out, ACCOUNT, "Accounts", NO_CONTENT),
        Operation("POST", "/password", accounts.change_password, ACCOUNT, "Accounts", NO_CONTENT),
        Operation("POST", "/link", accounts.link, ACCOUNT, "Accounts", also=_LINK_OVERLAP),
        Operation("GET", "/tokens", tokens.list, ACCOUNT, "Tokens"),
        Operation("POST", "/tokens", tokens.create, ACCOUNT, "Tokens", CREATED, _TOKEN_EXISTS),
        Operation("DELETE", "/tokens/{id}", tokens.revoke, ACCOUNT, "Tokens", NO_CONTENT),
        Operation("GET", "/users/{id}/tokens", access.of_person, ACCOUNT, "Tokens"),
        Operation("DELETE", "/users/{id}/tokens/{token_id}", access.revoke, ACCOUNT, "Tokens", NO_CONTENT),
        Operation("DELETE", "/users/{id}/link", access.end_link, ACCOUNT, "Tokens", NO_CONTENT),
        Operation("GET", "/projects", projects.list, READ, "Projects"),
        Operation("POST", "/projects", projects.create, WRITE, "Projects", CREATED, _PROJECT_EXISTS),
        Operation("GET", "/projects/{id}", projects.get, READ, "Projects"),
        Operation("PUT", "/projects/{id}", projects.change, WRITE, "Projects", also=_PROJECT_EXISTS),
        Operation(
            "DELETE", "/projects/{id}", projects.delete, WRITE, "Projects", NO_CONTENT, _PROJECT_IN_USE
        ),
        Operation("GET", "/time-entries", entries.list, READ, "Time entries"),
        Operation("POST", "/time-entries", entries.create, WRITE, "Time entries", CREATED, _OVERLAP),
        Operation(
            "POST", "/time-entries/bulk", entries.create_many, WRITE, "Time entries", largest=LARGEST_BODY
        ),
        Operation("GET", "/time-entries/{id}", entries.get, READ, "Time entries"),
        Operation("PUT", "/time-entries/{id}", entries.change, WRITE, "Time entries", also=_OVERLAP),
        Operation("DELETE", "/time-entries/{id}", entries.delete, WRITE, "Time entries", NO_CONTENT),
        Operation("GET", "/time-entries/{id}/history", entries.history, READ, "Time entries"),
        Operation("GET", "/timer", timer.get, READ, "Timer"),
        Operation("POST", "/timer/start", timer.start, WRITE, "Timer", CREATED, _OVERLAP),
        Operation("POST", "/timer/stop", timer.stop, WRITE, "Timer", also=_NO_TIMER),
        Operation("GET", "/reports/summary", reports.summary, READ, "Reports"),
        Operation("GET", "/tags", reports.tags, READ, "Reports"),
        Operation("GET", "/me", people.me, READ, "People"),
        Operation("GET", "/users", people.list, READ, "People"),
    )
