"""Looks projects up by name: current titles and slugs, and former names that people may still type."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert

from domain.projects.project_names import NamedProject, fold_title
from domain.projects.projects import Project, make_slug
from storage.postgres.database import Transaction
from storage.postgres.query import Query
from storage.projects.projects import PROJECT_COLUMNS, project_from_row
from storage.tables import channels, former_names, projects

MAX_CANDIDATES = 60
_SLUG_STEM = 20  # characters that a slug shares with the numbered slugs derived from it

_p, _f = projects.c, former_names.c
_workspace: BindParameter[UUID] = bindparam("workspace_id", type_=Uuid)
_word = bindparam("word", type_=Text)
_project_of_channel = (
    select(channels.c.project_id)
    .where(
        channels.c.workspace_id == _workspace,
        channels.c.slack_channel_id == bindparam("channel", type_=Text),
    )
    .scalar_subquery()
)
_has_word = bindparam("named", type_=Boolean)
_matches_exactly = or_(_p.folded_title == _word, _p.slug == _word, _p.slug == bindparam("plain", type_=Text))
_begins_with_word = or_(func.starts_with(_p.slug, _word), func.starts_with(_p.folded_title, _word))
_live = _p.archived_at.is_(None)
_had_name = and_(
    _f.workspace_id == _p.workspace_id, _f.project_id == _p.id, _has_word, func.starts_with(_f.name, _word)
)
_had_name_exactly = _f.name == _word
_matches_beginning = or_(_begins_with_word, _f.name.is_not(None))
_is_default = and_(_live, _p.id == _project_of_channel)
# The channel's own project is read in the same round trip, even if the words name another project. It and the exact
# matches come first, so that the limit never cuts them off.
_FIND_CANDIDATES = Query(
    select(
        *PROJECT_COLUMNS,
        _p.archived_at.is_not(None).label("archived"),
        _f.name.label("former_name"),
        _f.title.label("former_title"),
        _is_default.label("default"),
    )
    .select_from(projects.outerjoin(former_names, _had_name))
    .where(
        _p.workspace_id == _workspace,
        or_(
            _is_default,
            and_(_has_word, or_(_matches_exactly, _had_name_exactly, and_(_live, _matches_beginning))),
        ),
    )
    .order_by(
        case((_is_default, 0), (_matches_exactly, 0), (_had_name_exactly, 0), else_=1), _p.slug, _f.name
    )
    .limit(MAX_CANDIDATES)
)
_FIND_BY_TITLES = Query(
    select(*PROJECT_COLUMNS, _p.folded_title, _p.archived_at.is_not(None).label("archived")).where(
        _p.workspace_id == _workspace, _p.folded_title == any_(bindparam("titles", type_=ARRAY(Text)))
    )
)

_FIND_BY_FORMER_TITLES = Query(
    select(*PROJECT_COLUMNS, _f.name.label("former_name"), _p.archived_at.is_not(None).label("archived"))
    .select_from(
        former_names.join(projects, and_(_p.workspace_id == _f.workspace_id, _p.id == _f.project_id))
    )
    .where(_f.workspace_id == _workspace, _f.name == any_(bindparam("titles", type_=ARRAY(Text))))
)


def _select_names_beginning(
    name: ColumnElement[str], workspace: ColumnElement[UUID], project: ColumnElement[UUID]
) -> Select[str]:
    """Select the names that begin with the word, of all projects except `excluded_id`."""
    another = project.is_distinct_from(bindparam("excluded_id", type_=Uuid))
    return select(name.label("name")).where(workspace == _workspace, another, func.starts_with(name, _word))


_FIND_TAKEN_NAMES = Query(
    union_all(
        _select_names_beginning(_p.slug, _p.workspace_id, _p.id),
        _select_names_beginning(_p.folded_title, _p.workspace_id, _p.id),
        _select_names_beginning(_f.name, _f.workspace_id, _f.project_id),
    )
)
_LOCK = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("names", type_=Text), 0))))
_new = insert(former_names).values(
    workspace_id=_workspace,
    name=bindparam("name"),
    project_id=bindparam("project_id"),
    title=bindparam("title"),
    ended_at=bindparam("at"),
)
_ADD_FORMER_NAME = Query(
    _new.on_conflict_do_update(
        index_elements=["workspace_id", "name"],
        set_={
            "project_id": _new.excluded.project_id,
            "title": _new.excluded.title,
            "ended_at": _new.excluded.ended_at,
        },
    )
)
_ended = former_names.alias("ended")
_has_same_title = exists(
    select(literal_column("1")).where(
        _ended.c.workspace_id == _f.workspace_id,
        _ended.c.name == bindparam("name"),
        _ended.c.project_id == _f.project_id,
        _ended.c.title == _f.title,
        _ended.c.project_id.is_distinct_from(bindparam("excluded_id", type_=Uuid)),
    )
)
_DELETE_FORMER_NAME = Query(
    delete(former_names).where(
        _f.workspace_id == _workspace, or_(_f.name == bindparam("name"), _has_same_title)
    )
)


async def lock(tx: Transaction, workspace_id: UUID) -> None:
    """Lock the project names of the workspace until the transaction ends.

    A name that is free after this call stays free: every later statement sees everything that was committed before.
    """
    await tx.fetch_one(_LOCK, names=f"project names {workspace_id}")


async def find_candidates(
    tx: Transaction, workspace_id: UUID, word: str, *, channel: str | None
) -> tuple[list[NamedProject], Project | None]:
    """Find the projects that the word could mean, and the channel's own project.

    `look_up_name` decides between them. An empty word matches no project.
    """
    word = " ".join(word.split())
    rows = await tx.fetch_all(
        _FIND_CANDIDATES,
        workspace_id=workspace_id,
        word=fold_title(word),
        plain=word.lower(),
        named=bool(word),
        channel=channel,
    )
    default = next((project_from_row(row) for row in rows if row["default"]), None)
    return _named_projects(rows), default


def _named_projects(rows: Sequence[asyncpg.Record]) -> list[NamedProject]:
    found: dict[UUID, asyncpg.Record] = {}
    former: dict[UUID, dict[str, str]] = {}
    for row in rows:
        found.setdefault(row["id"], row)
        if row["former_name"] is not None:
            former.setdefault(row["id"], {})[row["former_name"]] = row["former_title"]
    return [
        NamedProject(project=project_from_row(row), archived=row["archived"], former=former.get(one, {}))
        for one, row in found.items()
    ]


async def find_by_titles(tx: Transaction, workspace_id: UUID, titles: Iterable[str]) -> dict[str, Project]:
    """Find the projects with these titles, archived ones included. Return them by folded title."""
    wanted = sorted({fold_title(title) for title in titles})
    rows = await tx.fetch_all(_FIND_BY_TITLES, workspace_id=workspace_id, titles=wanted)
    return {row["folded_title"]: project_from_row(row) for row in rows}


async def find_by_any_titles(
    tx: Transaction, workspace_id: UUID, titles: Iterable[str]
) -> tuple[dict[str, Project], frozenset[str]]:
    """Find the projects that have these titles, or that had them if no project has them now.

    Return them by folded title, together with the folded titles whose project is archived.
    """
    wanted = sorted({fold_title(title) for title in titles})
    if not wanted:
        return {}, frozenset()
    former = await tx.fetch_all(_FIND_BY_FORMER_TITLES, workspace_id=workspace_id, titles=wanted)
    found = {row["former_name"]: row for row in former}
    found |= {
        row["folded_title"]: row
        for row in await tx.fetch_all(_FIND_BY_TITLES, workspace_id=workspace_id, titles=wanted)
    }
    archived = frozenset(title for title, row in found.items() if row["archived"])
    return {title: project_from_row(row) for title, row in found.items()}, archived


async def find_taken_names(
    tx: Transaction, workspace_id: UUID, title: str, *, excluded_id: UUID | None = None
) -> set[str]:
    """Find the existing names with which a new slug for that title may collide.

    They begin like the title's slug, and are slugs, titles or former names of projects other than `excluded_id`.
    """
    beginning = make_slug(title)[:_SLUG_STEM]
    rows = await tx.fetch_all(
        _FIND_TAKEN_NAMES, workspace_id=workspace_id, word=beginning, excluded_id=excluded_id
    )
    return {row["name"] for row in rows}


async def add_former_names(
    tx: Transaction, workspace_id: UUID, project: Project, names: Iterable[str], *, at: datetime
) -> None:
    """Record folded names that the project no longer has. `project` is its state when it still had them."""
    for name in names:
        await tx.execute(
            _ADD_FORMER_NAME,
            workspace_id=workspace_id,
            name=name,
            project_id=project.id,
            title=project.title,
            at=at,
        )


async def delete_former_name(
    tx: Transaction, workspace_id: UUID, title: str, *, excluded_id: UUID | None = None
) -> None:
    """Delete that title from the former names, and the former slug that a project other than `excluded_id` had with
    it."""
    await tx.execute(
        _DELETE_FORMER_NAME, workspace_id=workspace_id, name=fold_title(title), excluded_id=excluded_id
    )
