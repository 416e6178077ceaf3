"""The REST operations on projects."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, Field

from domain.permissions import require_member
from domain.projects.projects import LONGEST_DESCRIPTION, LONGEST_TITLE, ProjectDetails, ProjectParams
from services.services import Services
from web.api.cursors import NameCursor, decode_name_cursor, encode_name_cursor
from web.api.fields import Body, Ignored, Query, Text
from web.api.operation import Call
from web.api.preconditions import Record
from web.http.instants import InstantText, format_rfc3339

Title = Annotated[Text, Field(min_length=1, max_length=LONGEST_TITLE)]
Description = Annotated[Text, Field(max_length=LONGEST_DESCRIPTION)]


class Project(Record):
    """A project to track time on. An archived project keeps its entries and accepts no new ones."""

    collection: ClassVar[str] = "/api/projects"

    title: str
    slug: str
    description: str
    owner_id: UUID | None
    archived: bool
    created_at: InstantText
    updated_at: InstantText


class ProjectList(BaseModel):
    items: list[Project]
    next_cursor: str | None


class ProjectQuery(Query):
    archived: bool = False
    cursor: NameCursor | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class _Sent(Body):
    """The fields of a project that may be sent back."""

    id: Ignored
    slug: Ignored
    owner_id: Ignored
    version: Ignored
    created_at: Ignored
    updated_at: Ignored


class NewProject(_Sent):
    title: Title
    description: Description = ""
    archived: Ignored


class ChangedProject(_Sent):
    """The fields to change; omitted fields stay as they are."""

    title: Title | None = None
    description: Description | None = None
    archived: bool | None = None


class ProjectsApi:
    def __init__(self, services: Services) -> None:
        self._projects = services.projects

    async def list(self, call: Call, query: ProjectQuery) -> ProjectList:
        """List projects, by slug: the live ones, or those in the archive. Guests see none."""
        require_member(call.person)
        after = decode_name_cursor(query.cursor) if query.cursor else ""
        page = await self._projects.page(
            call.workspace_id, archived=query.archived, after=after, limit=query.limit
        )
        last = page.projects[-1] if page.more else None
        return ProjectList(
            items=[_project(one) for one in page.projects],
            next_cursor=encode_name_cursor(last.slug) if last else None,
        )

    async def create(self, call: Call, body: NewProject) -> Project:
        """Create a project."""
        params = ProjectParams(title=body.title, description=body.description)
        return _project(await self._projects.create(call.operation_request(), params))

    async def get(self, call: Call) -> Project:
        """Get a project."""
        return _project(await self._projects.find(call.workspace_id, call.id))

    async def change(self, call: Call, body: ChangedProject) -> Project:
        """Rename, describe, archive or unarchive a project. Its entries stay with it."""
        params = ProjectParams(title=body.title, description=body.description, archived=body.archived)
        return _project(
            await self._projects.change(call.operation_request(), call.id, params, seen_version=call.seen)
        )

    async def delete(self, call: Call) -> None:
        """Delete a project on which no time was tracked. Other projects can be archived."""
        await self._projects.delete(call.operation_request(), call.id, seen_version=call.seen)


def _project(project: ProjectDetails) -> Project:
    return Project(
        id=project.id,
        version=project.version,
        title=project.title,
        slug=project.slug,
        description=project.description,
        owner_id=project.owner_id,
        archived=project.archived,
        created_at=format_rfc3339(project.created_at),
        updated_at=format_rfc3339(project.updated_at),
    )
