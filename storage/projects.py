"""Projects."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Text, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.projects import Project
from storage.database import Query, Transaction
from storage.tables import projects

_live = (projects.c.workspace_id == bindparam("workspace_id")) & projects.c.archived_at.is_(None)
_word = bindparam("word", type_=Text)
_CANDIDATES = Query(
    select(projects.c.id, projects.c.slug, projects.c.title)
    .where(
        _live,
        or_(
            func.starts_with(projects.c.slug, _word),
            func.starts_with(func.lower(projects.c.title), _word),
        ),
    )
    .order_by(projects.c.slug)
    .limit(50)
)
_new = insert(projects).values(
    workspace_id=bindparam("workspace_id"),
    slug=bindparam("slug"),
    title=bindparam("title"),
    owner_id=bindparam("owner_id"),
)
_ENSURE = Query(
    _new.on_conflict_do_update(index_elements=["workspace_id", "slug"], set_={"archived_at": None}).returning(
        projects.c.id, projects.c.slug, projects.c.title
    )
)


_LIVE = Query(
    select(projects.c.id, projects.c.slug, projects.c.title)
    .where(_live)
    .order_by(func.lower(projects.c.title), projects.c.slug)
    .limit(bindparam("most"))
)
_RENAME = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(slug=bindparam("new_slug"), title=bindparam("new_title"), updated_at=func.clock_timestamp())
)
_ARCHIVE = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(archived_at=bindparam("at"), updated_at=func.clock_timestamp())
)


async def live(tx: Transaction, workspace_id: UUID, *, most: int) -> list[Project]:
    """By title, letter case aside."""
    return [_project(row) for row in await tx.all(_LIVE, workspace_id=workspace_id, most=most)]


async def rename(tx: Transaction, workspace_id: UUID, project: Project) -> None:
    """Gives the project of that id this slug and title. Raises asyncpg's UniqueViolationError."""
    await tx.run(
        _RENAME,
        workspace_id=workspace_id,
        project_id=project.id,
        new_slug=project.slug,
        new_title=project.title,
    )


async def archive(tx: Transaction, workspace_id: UUID, project_id: UUID, *, at: datetime) -> None:
    await tx.run(_ARCHIVE, workspace_id=workspace_id, project_id=project_id, at=at)


async def beginning_with(tx: Transaction, workspace_id: UUID, word: str) -> list[Project]:
    """Live projects whose slug or title is that word or begins with it; letter case does not count."""
    rows = await tx.all(_CANDIDATES, workspace_id=workspace_id, word=word.strip().lower())
    return [_project(row) for row in rows]


async def ensure(
    tx: Transaction, workspace_id: UUID, *, slug: str, title: str, owner_id: UUID | None
) -> Project:
    """The project of that slug; made, or taken out of the archive, when there is none."""
    row = await tx.one(_ENSURE, workspace_id=workspace_id, slug=slug, title=title, owner_id=owner_id)
    assert row is not None
    return _project(row)


def _project(row: asyncpg.Record) -> Project:
    return Project(id=row["id"], slug=row["slug"], title=row["title"])
