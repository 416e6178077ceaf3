"""Projects: find by id and title, search, list, insert, update and delete."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Boolean, Text, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.projects.project_names import fold_title
from domain.projects.projects import Project, ProjectDetails
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.tables import projects

PROJECT_COLUMNS = [projects.c.id, projects.c.slug, projects.c.title]
_DETAIL_COLUMNS = [
    *PROJECT_COLUMNS,
    projects.c.description,
    projects.c.owner_id,
    projects.c.archived_at,
    projects.c.version,
    projects.c.created_at,
    projects.c.updated_at,
]
_this_project = (projects.c.workspace_id == bindparam("workspace_id")) & (
    projects.c.id == bindparam("project_id")
)
_FIND_DETAILS = Query(select(*_DETAIL_COLUMNS).where(_this_project))
_FIND_DETAILS_AND_LOCK = Query(select(*_DETAIL_COLUMNS).where(_this_project).with_for_update(key_share=True))
_FIND_PAGE = Query(
    select(*_DETAIL_COLUMNS)
    .where(
        projects.c.workspace_id == bindparam("workspace_id"),
        projects.c.archived_at.is_not(None) == bindparam("archived", type_=Boolean),
        projects.c.slug > bindparam("after", type_=Text),
    )
    .order_by(projects.c.slug)
    .limit(bindparam("most"))
)
_INSERT = Query(
    insert(projects)
    .values(
        workspace_id=bindparam("workspace_id"),
        slug=bindparam("slug"),
        title=bindparam("title"),
        folded_title=bindparam("folded_title"),
        description=bindparam("description"),
        owner_id=bindparam("owner_id"),
        created_at=bindparam("at"),
        updated_at=bindparam("at"),
    )
    .returning(*_DETAIL_COLUMNS)
)
_UPDATE = Query(
    update(projects)
    .where(_this_project)
    .values(
        slug=bindparam("new_slug"),
        title=bindparam("new_title"),
        folded_title=bindparam("folded_title"),
        description=bindparam("new_description"),
        archived_at=case(
            (bindparam("is_archived", type_=Boolean), func.coalesce(projects.c.archived_at, bindparam("at")))
        ),
        version=projects.c.version + 1,
        updated_at=bindparam("at"),
    )
    .returning(*_DETAIL_COLUMNS)
)
_DELETE = Query(delete(projects).where(_this_project))
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
    select(*_DETAIL_COLUMNS).where(
        projects.c.workspace_id == bindparam("workspace_id"),
        projects.c.folded_title == bindparam("folded_title"),
    )
)
_FIND_LIVE = Query(
    select(*PROJECT_COLUMNS)
    .where(_is_live)
    .order_by(func.lower(projects.c.title), projects.c.slug)
    .limit(bindparam("most"))
)


async def find_live(tx: Transaction, workspace_id: UUID, *, most: int) -> list[Project]:
    """Find the projects that are not archived, sorted by title without regard to case."""
    return [
        project_from_row(row) for row in await tx.fetch_all(_FIND_LIVE, workspace_id=workspace_id, most=most)
    ]


async def search(tx: Transaction, workspace_id: UUID, letters: str, *, most: int) -> list[Project]:
    """Find the projects that are not archived and whose title contains those letters."""
    rows = await tx.fetch_all(_SEARCH, workspace_id=workspace_id, word=fold_title(letters), most=most)
    return [project_from_row(row) for row in rows]


async def find(tx: Transaction, workspace_id: UUID, project_id: UUID) -> Project | None:
    """Find a project that is not archived."""
    row = await tx.fetch_one(_FIND, workspace_id=workspace_id, project_id=project_id)
    return project_from_row(row) if row else None


async def find_by_title(tx: Transaction, workspace_id: UUID, title: str) -> ProjectDetails | None:
    """Find the project with that title, archived or not."""
    row = await tx.fetch_one(_FIND_BY_TITLE, workspace_id=workspace_id, folded_title=fold_title(title))
    return _details_from_row(row) if row else None


async def find_details(
    tx: Transaction, workspace_id: UUID, project_id: UUID, *, lock: bool = False
) -> ProjectDetails | None:
    """Find a project, archived or not. `lock` keeps other transactions from changing it until this one ends."""
    query = _FIND_DETAILS_AND_LOCK if lock else _FIND_DETAILS
    row = await tx.fetch_one(query, workspace_id=workspace_id, project_id=project_id)
    return _details_from_row(row) if row else None


async def find_page(
    tx: Transaction, workspace_id: UUID, *, archived: bool, after: str, most: int
) -> list[ProjectDetails]:
    """Find a page of projects by slug. `after` is the last slug of the page before."""
    rows = await tx.fetch_all(
        _FIND_PAGE, workspace_id=workspace_id, archived=archived, after=after, most=most
    )
    return [_details_from_row(row) for row in rows]


async def insert_project(
    tx: Transaction,
    workspace_id: UUID,
    *,
    slug: str,
    title: str,
    description: str = "",
    owner_id: UUID | None,
    at: datetime,
) -> ProjectDetails:
    """Insert a project. Raises asyncpg's UniqueViolationError if another project has its title or slug."""
    row = await tx.fetch_one(
        _INSERT,
        workspace_id=workspace_id,
        slug=slug,
        title=title,
        folded_title=fold_title(title),
        description=description,
        owner_id=owner_id,
        at=at,
    )
    assert row is not None
    return _details_from_row(row)


async def update_project(
    tx: Transaction, workspace_id: UUID, to: ProjectDetails, *, at: datetime
) -> ProjectDetails:
    """Set slug, title, description and archive state of the project with that id, and increment its version.

    The caller has locked its row before it made `to`.

    Raises asyncpg's UniqueViolationError if another project has the title or slug.
    """
    row = await tx.fetch_one(
        _UPDATE,
        workspace_id=workspace_id,
        project_id=to.id,
        new_slug=to.slug,
        new_title=to.title,
        folded_title=fold_title(to.title),
        new_description=to.description,
        is_archived=to.archived,
        at=at,
    )
    assert row is not None
    return _details_from_row(row)


async def delete_project(tx: Transaction, workspace_id: UUID, project_id: UUID) -> None:
    """Delete a project. Raises asyncpg's ForeignKeyViolationError if entries or channels refer to it."""
    await tx.execute(_DELETE, workspace_id=workspace_id, project_id=project_id)


def _details_from_row(row: asyncpg.Record) -> ProjectDetails:
    return ProjectDetails(
        id=row["id"],
        slug=row["slug"],
        title=row["title"],
        description=row["description"],
        owner_id=row["owner_id"],
        archived=row["archived_at"] is not None,
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def project_from_row(row: asyncpg.Record) -> Project:
    """Map a row of PROJECT_COLUMNS."""
    return Project(id=row["id"], slug=row["slug"], title=row["title"])
