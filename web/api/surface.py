"""The whole API on one screen."""

from http import HTTPStatus

from domain.bearers import Scope
from tracking.tracker import Tracker
from web.api.entries import EntriesApi
from web.api.kit import Operation
from web.api.people import PeopleApi
from web.api.projects import ProjectsApi
from web.api.reports import ReportsApi
from web.api.timer import TimerApi

READ, WRITE = Scope.READ, Scope.WRITE
CREATED, NO_CONTENT = HTTPStatus.CREATED, HTTPStatus.NO_CONTENT
_TAKEN = {HTTPStatus.CONFLICT: "Its time is taken; `conflicts` says by what, `ways` how room can be made."}
_NAME = {HTTPStatus.CONFLICT: "There is a project of that name."}
_IN_USE = {HTTPStatus.CONFLICT: "Something was tracked on it."}
_IDLE = {HTTPStatus.CONFLICT: "No timer is running."}


def operations(tracker: Tracker) -> tuple[Operation, ...]:
    entries, timer, projects = EntriesApi(tracker), TimerApi(tracker), ProjectsApi(tracker)
    reports, people = ReportsApi(tracker), PeopleApi(tracker)
    return (
        Operation("GET", "/projects", projects.list, READ, "Projects"),
        Operation("POST", "/projects", projects.create, WRITE, "Projects", CREATED, _NAME),
        Operation("GET", "/projects/{id}", projects.get, READ, "Projects"),
        Operation("PUT", "/projects/{id}", projects.change, WRITE, "Projects", also=_NAME),
        Operation("DELETE", "/projects/{id}", projects.delete, WRITE, "Projects", NO_CONTENT, _IN_USE),
        Operation("GET", "/time-entries", entries.list, READ, "Time entries"),
        Operation("POST", "/time-entries", entries.create, WRITE, "Time entries", CREATED, _TAKEN),
        Operation("POST", "/time-entries/bulk", entries.create_many, WRITE, "Time entries"),
        Operation("GET", "/time-entries/{id}", entries.get, READ, "Time entries"),
        Operation("PUT", "/time-entries/{id}", entries.change, WRITE, "Time entries", also=_TAKEN),
        Operation("DELETE", "/time-entries/{id}", entries.delete, WRITE, "Time entries", NO_CONTENT),
        Operation("GET", "/timer", timer.get, READ, "Timer"),
        Operation("POST", "/timer/start", timer.start, WRITE, "Timer", CREATED, _TAKEN),
        Operation("POST", "/timer/stop", timer.stop, WRITE, "Timer", also=_IDLE),
        Operation("GET", "/reports/summary", reports.summary, READ, "Reports"),
        Operation("GET", "/tags", reports.tags, READ, "Reports"),
        Operation("GET", "/me", people.me, READ, "People"),
        Operation("GET", "/users", people.list, READ, "People"),
    )
