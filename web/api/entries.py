"""GET /api/time-entries and GET /api/timer, for the owner of a personal token."""

import base64
import binascii
import hashlib
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from domain.durations import whole_minutes
from domain.entries import TimeEntry
from tracking.entries import EntryFilter
from tracking.tracker import Tracker
from web.api.problems import ApiError, invalid
from web.instants import Instant, rfc3339

SCHEME = "Bearer "
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="truth-time-tracker"'}


class Query(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    start: Annotated[Instant | None, Field(alias="from")] = None
    end: Annotated[Instant | None, Field(alias="to")] = None
    project_id: UUID | None = None
    running: bool | None = None
    cursor: Annotated[str | None, Field(max_length=200)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Entry(BaseModel):
    id: UUID
    user_id: UUID
    project_id: UUID | None
    description: str
    tags: list[str]
    start_time: str
    end_time: str | None
    duration_seconds: int
    duration_minutes: int
    source: str
    version: int
    created_at: str
    updated_at: str


class EntryList(BaseModel):
    items: list[Entry]
    next_cursor: str | None


class Timer(BaseModel):
    running: Entry | None


class EntriesApi:
    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker

    async def list(self, request: web.Request) -> web.Response:
        workspace_id, person_id = await self._authenticated(request)
        try:
            query = Query.model_validate(dict(request.query))
        except ValidationError as error:
            raise invalid(error) from None
        wanted = EntryFilter(
            start=query.start,
            end=query.end,
            project_id=query.project_id,
            running=query.running,
            after=_place(query.cursor) if query.cursor else None,
            limit=query.limit,
        )
        page = await self._tracker.entries.page(workspace_id, person_id, wanted)
        last = page.entries[-1] if page.more else None
        return _tagged(
            request,
            EntryList(
                items=[_entry(entry, page.at) for entry in page.entries],
                next_cursor=_cursor(last) if last else None,
            ),
        )

    async def timer(self, request: web.Request) -> web.Response:
        workspace_id, person_id = await self._authenticated(request)
        page = await self._tracker.entries.running(workspace_id, person_id)
        return _tagged(request, Timer(running=_entry(page.entries[0], page.at) if page.entries else None))

    async def _authenticated(self, request: web.Request) -> tuple[UUID, UUID]:
        """The workspace and person of the token; nothing else in a request says who it is for."""
        header = request.headers.get("Authorization", "")
        bearer = None
        if header[: len(SCHEME)].lower() == SCHEME.lower():
            bearer = await self._tracker.tokens.bearer(header[len(SCHEME) :].strip())
        if bearer is None:
            detail = "A personal API token is needed: type /track token in Slack."
            raise ApiError(HTTPStatus.UNAUTHORIZED, detail, headers=CHALLENGE)
        return bearer.workspace_id, bearer.person.id


def _entry(entry: TimeEntry, at: datetime) -> Entry:
    length = entry.length(at)
    return Entry(
        id=entry.id,
        user_id=entry.person_id,
        project_id=entry.project.id if entry.project else None,
        description=entry.note,
        tags=list(entry.tags),
        start_time=rfc3339(entry.started_at),
        end_time=rfc3339(entry.ended_at) if entry.ended_at else None,
        duration_seconds=int(length.total_seconds()),
        duration_minutes=whole_minutes(length),
        source=entry.source,
        version=entry.version,
        created_at=rfc3339(entry.created_at),
        updated_at=rfc3339(entry.updated_at),
    )


def _tagged(request: web.Request, answer: BaseModel) -> web.Response:
    body = answer.model_dump_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    if tag in (one.strip() for one in request.headers.get("If-None-Match", "").split(",")):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    return web.Response(body=body, content_type="application/json", headers={"ETag": tag})


def _cursor(entry: TimeEntry) -> str:
    return base64.urlsafe_b64encode(f"{entry.started_at.isoformat()} {entry.id}".encode()).decode()


def _place(cursor: str) -> tuple[datetime, UUID]:
    try:
        start, _, entry_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        place = datetime.fromisoformat(start), UUID(entry_id)
        if place[0].tzinfo is None:
            raise ValueError("a place without a zone")
    except (ValueError, binascii.Error):
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "That cursor is none of ours: use next_cursor as it came."
        ) from None
    return place
