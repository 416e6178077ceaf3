"""Projects with everything about them, by id: read in pages, made, changed, deleted."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Boolean, Text, bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.projects.project_names import fold_title
from domain.projects.projects import ProjectDetails
from storage.postgres.database import Query, Transaction
from storage.projects.projects import PROJECT_COLUMNS
from storage.tables import projects

_DETAILS = [
    *PROJECT_COLUMNS,
    projects.c.description,
    projects.c.owner_id,
    projects.c.archived_at,
    projects.c.version,
    projects.c.created_at,
    projects.c.updated_at,
]
_this = (projects.c.workspace_id == bindparam("workspace_id")) & (projects.c.id == bindparam("project_id"))
_DETAILS_OF = Query(select(*_DETAILS).where(_this))
_DETAILS_HELD = Query(select(*_DETAILS).where(_this).with_for_update(key_share=True))
_PAGE = Query(
    select(*_DETAILS)
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
    .returning(*_DETAILS)
)
_CHANGE = Query(
    update(projects)
    .where(_this)
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
    .returning(*_DETAILS)
)
_DELETE = Query(delete(projects).where(_this))


async def find(
    tx: Transaction, workspace_id: UUID, project_id: UUID, *, held: bool = False
) -> ProjectDetails | None:
    """That project, archived or not; `held` keeps others from changing it until the transaction ends."""
    query = _DETAILS_HELD if held else _DETAILS_OF
    row = await tx.fetch_one(query, workspace_id=workspace_id, project_id=project_id)
    return _details_of(row) if row else None


async def find_page(
    tx: Transaction, workspace_id: UUID, *, archived: bool, after: str, most: int
) -> list[ProjectDetails]:
    """By slug; `after` is the slug of the last one of the page before."""
    rows = await tx.fetch_all(_PAGE, workspace_id=workspace_id, archived=archived, after=after, most=most)
    return [_details_of(row) for row in rows]


async def insert_project(
    tx: Transaction,
    workspace_id: UUID,
    *,
    slug: str,
    title: str,
    description: str,
    owner_id: UUID,
    at: datetime,
) -> ProjectDetails:
    """Raises asyncpg's UniqueViolationError where its title or slug is another one's."""
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
    return _details_of(row)


async def update_project(
    tx: Transaction, workspace_id: UUID, to: ProjectDetails, *, at: datetime
) -> ProjectDetails:
    """Gives the project of that id what `to` says of slug, title, description and archive, and the next version.
    Raises asyncpg's UniqueViolationError."""
    row = await tx.fetch_one(
        _CHANGE,
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
    return _details_of(row)


async def delete_project(tx: Transaction, workspace_id: UUID, project_id: UUID) -> None:
    """Raises asyncpg's ForeignKeyViolationError where entries or channels refer to it."""
    await tx.execute(_DELETE, workspace_id=workspace_id, project_id=project_id)


def _details_of(row: asyncpg.Record) -> ProjectDetails:
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
