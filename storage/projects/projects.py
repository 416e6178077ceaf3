"""Projects by id, slug and title."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.projects.project_names import fold_title
from domain.projects.projects import Project
from storage.postgres.database import Query, Transaction
from storage.tables import projects

PROJECT_COLUMNS = [projects.c.id, projects.c.slug, projects.c.title]
_is_live = (projects.c.workspace_id == bindparam("workspace_id")) & projects.c.archived_at.is_(None)
_word = bindparam("word", type_=Text)
_SEARCH = Query(
    select(*PROJECT_COLUMNS)
    .where(_is_live, func.strpos(projects.c.folded_title, _word) > 0)
    .order_by(func.lower(projects.c.title), projects.c.slug)
    .limit(bindparam("most"))
)
_FIND = Query(select(*PROJECT_COLUMNS).where(_is_live, projects.c.id == bindparam("project_id")))
_FIND_BY_TITLE = Query(
    select(*PROJECT_COLUMNS, projects.c.archived_at).where(
        projects.c.workspace_id == bindparam("workspace_id"),
        projects.c.folded_title == bindparam("folded_title"),
    )
)
_INSERT = Query(
    insert(projects)
    .values(
        workspace_id=bindparam("workspace_id"),
        slug=bindparam("slug"),
        title=bindparam("title"),
        folded_title=bindparam("folded_title"),
        owner_id=bindparam("owner_id"),
    )
    .returning(*PROJECT_COLUMNS)
)
_RESTORE = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(archived_at=None, version=projects.c.version + 1, updated_at=func.clock_timestamp())
)
_FIND_LIVE = Query(
    select(*PROJECT_COLUMNS)
    .where(_is_live)
    .order_by(func.lower(projects.c.title), projects.c.slug)
    .limit(bindparam("most"))
)
_RENAME = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(
        slug=bindparam("new_slug"),
        title=bindparam("new_title"),
        folded_title=bindparam("folded_title"),
        version=projects.c.version + 1,
        updated_at=func.clock_timestamp(),
    )
)
_ARCHIVE = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(archived_at=bindparam("at"), version=projects.c.version + 1, updated_at=func.clock_timestamp())
)


async def find_live(tx: Transaction, workspace_id: UUID, *, most: int) -> list[Project]:
    """Find the projects that are not archived, by title without regard to case."""
    return [
        project_from_row(row) for row in await tx.fetch_all(_FIND_LIVE, workspace_id=workspace_id, most=most)
    ]


async def rename(tx: Transaction, workspace_id: UUID, project: Project) -> None:
    """Set slug and title of the project with that id.

    Raises asyncpg's UniqueViolationError if another project has one of them.
    """
    await tx.execute(
        _RENAME,
        workspace_id=workspace_id,
        project_id=project.id,
        new_slug=project.slug,
        new_title=project.title,
        folded_title=fold_title(project.title),
    )


async def archive(tx: Transaction, workspace_id: UUID, project_id: UUID, *, at: datetime) -> None:
    """Archive a project."""
    await tx.execute(_ARCHIVE, workspace_id=workspace_id, project_id=project_id, at=at)


async def search(tx: Transaction, workspace_id: UUID, letters: str, *, most: int) -> list[Project]:
    """Find the projects that are not archived and have those letters in their title."""
    rows = await tx.fetch_all(_SEARCH, workspace_id=workspace_id, word=fold_title(letters), most=most)
    return [project_from_row(row) for row in rows]


async def find(tx: Transaction, workspace_id: UUID, project_id: UUID) -> Project | None:
    """Find a project that is not archived."""
    row = await tx.fetch_one(_FIND, workspace_id=workspace_id, project_id=project_id)
    return project_from_row(row) if row else None


async def find_by_title(tx: Transaction, workspace_id: UUID, title: str) -> tuple[Project, bool] | None:
    """Find the project with that title, and whether it is archived."""
    row = await tx.fetch_one(_FIND_BY_TITLE, workspace_id=workspace_id, folded_title=fold_title(title))
    return (project_from_row(row), row["archived_at"] is not None) if row else None


async def insert_project(
    tx: Transaction, workspace_id: UUID, *, slug: str, title: str, owner_id: UUID | None
) -> Project:
    """Insert a project. Raises asyncpg's UniqueViolationError if another project has its title or slug."""
    row = await tx.fetch_one(
        _INSERT,
        workspace_id=workspace_id,
        slug=slug,
        title=title,
        folded_title=fold_title(title),
        owner_id=owner_id,
    )
    assert row is not None
    return project_from_row(row)


async def restore(tx: Transaction, workspace_id: UUID, project_id: UUID) -> None:
    """Bring a project back from the archive."""
    await tx.execute(_RESTORE, workspace_id=workspace_id, project_id=project_id)


def project_from_row(row: asyncpg.Record) -> Project:
    """Map a row of PROJECT_COLUMNS."""
    return Project(id=row["id"], slug=row["slug"], title=row["title"])
