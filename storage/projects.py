"""Projects."""

from collections.abc import Sequence
from datetime import datetime
from enum import Enum
from uuid import UUID

import asyncpg
from sqlalchemy import ARRAY, Boolean, Text, any_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from domain.projects import Project
from storage.database import Query, Transaction
from storage.tables import channels, projects


class Ensured(Enum):
    """What it took for a project to be there."""

    MADE = "made"
    TAKEN_BACK = "taken back"  # out of the archive
    WAS_THERE = "was there"


PROJECT = [projects.c.id, projects.c.slug, projects.c.title]
_live = (projects.c.workspace_id == bindparam("workspace_id")) & projects.c.archived_at.is_(None)
_word = bindparam("word", type_=Text)
_of_channel = (
    select(channels.c.project_id)
    .where(
        channels.c.workspace_id == bindparam("workspace_id"),
        channels.c.slack_channel_id == bindparam("channel", type_=Text),
    )
    .scalar_subquery()
)
_begins = or_(func.starts_with(projects.c.slug, _word), func.starts_with(func.lower(projects.c.title), _word))
# The channel's own project comes along: one round trip, whether the words name a project or not.
_CANDIDATES = Query(
    select(
        PROJECT[0],
        PROJECT[1],
        PROJECT[2],
        _begins.label("begins"),
        (projects.c.id == _of_channel).label("default"),
    )
    .where(_live, or_(_begins, projects.c.id == _of_channel))
    .order_by(projects.c.slug)
    .limit(51)
)
_MATCHING = Query(
    select(*PROJECT)
    .where(_live, func.strpos(func.lower(projects.c.title), _word) > 0)
    .order_by(func.lower(projects.c.title), projects.c.slug)
    .limit(bindparam("most"))
)
_ONE = Query(select(*PROJECT).where(_live, projects.c.id == bindparam("project_id")))
_OF_SLUGS = Query(
    select(*PROJECT).where(
        projects.c.workspace_id == bindparam("workspace_id"),
        projects.c.slug == any_(bindparam("slugs", type_=ARRAY(Text))),
    )
)
_new = insert(projects).values(
    workspace_id=bindparam("workspace_id"),
    slug=bindparam("slug"),
    title=bindparam("title"),
    owner_id=bindparam("owner_id"),
)
_ENSURE = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "slug"],
        set_={"archived_at": None, "version": projects.c.version + 1},
        where=projects.c.archived_at.is_not(None),
    ).returning(*PROJECT, literal_column("projects.xmax = 0", Boolean).label("is_new"))
)
_LIVE = Query(
    select(*PROJECT)
    .where(_live)
    .order_by(func.lower(projects.c.title), projects.c.slug)
    .limit(bindparam("most"))
)
_RENAME = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(
        slug=bindparam("new_slug"),
        title=bindparam("new_title"),
        version=projects.c.version + 1,
        updated_at=func.clock_timestamp(),
    )
)
_ARCHIVE = Query(
    update(projects)
    .where(projects.c.workspace_id == bindparam("workspace_id"), projects.c.id == bindparam("project_id"))
    .values(archived_at=bindparam("at"), version=projects.c.version + 1, updated_at=func.clock_timestamp())
)


async def live(tx: Transaction, workspace_id: UUID, *, most: int) -> list[Project]:
    """By title, letter case aside."""
    return [project_of(row) for row in await tx.all(_LIVE, workspace_id=workspace_id, most=most)]


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


async def meant_by(
    tx: Transaction, workspace_id: UUID, word: str, *, channel: str | None
) -> tuple[list[Project], Project | None]:
    """Live projects whose slug or title is that word or begins with it, letter case aside; and the channel's own."""
    rows = await tx.all(_CANDIDATES, workspace_id=workspace_id, word=word.strip().lower(), channel=channel)
    begin = [project_of(row) for row in rows if row["begins"]]
    return begin, next((project_of(row) for row in rows if row["default"]), None)


async def matching(tx: Transaction, workspace_id: UUID, letters: str, *, most: int) -> list[Project]:
    """Live projects with those letters in their title."""
    rows = await tx.all(_MATCHING, workspace_id=workspace_id, word=letters.strip().lower(), most=most)
    return [project_of(row) for row in rows]


async def get(tx: Transaction, workspace_id: UUID, project_id: UUID) -> Project | None:
    """That live project."""
    row = await tx.one(_ONE, workspace_id=workspace_id, project_id=project_id)
    return project_of(row) if row else None


async def of_slugs(tx: Transaction, workspace_id: UUID, slugs: Sequence[str]) -> dict[str, Project]:
    """Those there are, archived ones too, by slug."""
    rows = await tx.all(_OF_SLUGS, workspace_id=workspace_id, slugs=list(slugs))
    return {row["slug"]: project_of(row) for row in rows}


async def ensure(
    tx: Transaction, workspace_id: UUID, *, slug: str, title: str, owner_id: UUID | None
) -> tuple[Project, Ensured]:
    """The project of that slug; made, or taken out of the archive, when there is none."""
    row = await tx.one(_ENSURE, workspace_id=workspace_id, slug=slug, title=title, owner_id=owner_id)
    if row:
        return project_of(row), Ensured.MADE if row["is_new"] else Ensured.TAKEN_BACK
    return (await of_slugs(tx, workspace_id, [slug]))[slug], Ensured.WAS_THERE


def project_of(row: asyncpg.Record) -> Project:
    return Project(id=row["id"], slug=row["slug"], title=row["title"])
