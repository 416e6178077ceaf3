"""Projects."""

from uuid import UUID

import asyncpg
from sqlalchemy import Text, bindparam, func, or_, select
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
