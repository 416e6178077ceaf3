"""The names of projects: which a word could mean, which are taken, and those of before."""

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
from domain.projects.projects import Project, slug_of
from storage.postgres.database import Query, Transaction
from storage.projects.projects import PROJECT_COLUMNS, project_from_row
from storage.tables import channels, former_names, projects

MAX_CANDIDATES = 60
_COMMON = 20  # characters that a slug and all that are made of it by a number have in common

_p, _f = projects.c, former_names.c
_workspace: BindParameter[UUID] = bindparam("workspace_id", type_=Uuid)
_word = bindparam("word", type_=Text)
_of_channel = (
    select(channels.c.project_id)
    .where(
        channels.c.workspace_id == _workspace,
        channels.c.slack_channel_id == bindparam("channel", type_=Text),
    )
    .scalar_subquery()
)
_named = bindparam("named", type_=Boolean)
_exactly = or_(_p.folded_title == _word, _p.slug == _word, _p.slug == bindparam("plain", type_=Text))
_begins = or_(func.starts_with(_p.slug, _word), func.starts_with(_p.folded_title, _word))
_live = _p.archived_at.is_(None)
_formerly = and_(
    _f.workspace_id == _p.workspace_id, _f.project_id == _p.id, _named, func.starts_with(_f.name, _word)
)
_formerly_exactly = _f.name == _word
_begins_somehow = or_(_begins, _f.name.is_not(None))
_is_default = and_(_live, _p.id == _of_channel)
# The channel's own project comes along: one round trip, whether the words name a project or not. Whatever else begins
# so, the channel's and what is called exactly so are among the first.
_CANDIDATES = Query(
    select(
        *PROJECT_COLUMNS,
        _p.archived_at.is_not(None).label("archived"),
        _f.name.label("former_name"),
        _f.title.label("former_title"),
        _is_default.label("default"),
    )
    .select_from(projects.outerjoin(former_names, _formerly))
    .where(
        _p.workspace_id == _workspace,
        or_(_is_default, and_(_named, or_(_exactly, _formerly_exactly, and_(_live, _begins_somehow)))),
    )
    .order_by(case((_is_default, 0), (_exactly, 0), (_formerly_exactly, 0), else_=1), _p.slug, _f.name)
    .limit(MAX_CANDIDATES)
)
_OF_TITLES = Query(
    select(*PROJECT_COLUMNS, _p.folded_title, _p.archived_at.is_not(None).label("archived")).where(
        _p.workspace_id == _workspace, _p.folded_title == any_(bindparam("titles", type_=ARRAY(Text)))
    )
)

_OF_FORMER_TITLES = Query(
    select(*PROJECT_COLUMNS, _f.name.label("former_name"), _p.archived_at.is_not(None).label("archived"))
    .select_from(
        former_names.join(projects, and_(_p.workspace_id == _f.workspace_id, _p.id == _f.project_id))
    )
    .where(_f.workspace_id == _workspace, _f.name == any_(bindparam("titles", type_=ARRAY(Text))))
)


def _beginning_so(
    name: ColumnElement[str], workspace: ColumnElement[UUID], project: ColumnElement[UUID]
) -> Select[str]:
    """Names that begin with the word, of other projects than `but`."""
    another = project.is_distinct_from(bindparam("but", type_=Uuid))
    return select(name.label("name")).where(workspace == _workspace, another, func.starts_with(name, _word))


_TAKEN = Query(
    union_all(
        _beginning_so(_p.slug, _p.workspace_id, _p.id),
        _beginning_so(_p.folded_title, _p.workspace_id, _p.id),
        _beginning_so(_f.name, _f.workspace_id, _f.project_id),
    )
)
_HOLD = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("names", type_=Text), 0))))
_new = insert(former_names).values(
    workspace_id=_workspace,
    name=bindparam("name"),
    project_id=bindparam("project_id"),
    title=bindparam("title"),
    ended_at=bindparam("at"),
)
_REMEMBER = Query(
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
_of_the_same_title = exists(
    select(literal_column("1")).where(
        _ended.c.workspace_id == _f.workspace_id,
        _ended.c.name == bindparam("name"),
        _ended.c.project_id == _f.project_id,
        _ended.c.title == _f.title,
        _ended.c.project_id.is_distinct_from(bindparam("but", type_=Uuid)),
    )
)
_END = Query(
    delete(former_names).where(
        _f.workspace_id == _workspace, or_(_f.name == bindparam("name"), _of_the_same_title)
    )
)


async def lock(tx: Transaction, workspace_id: UUID) -> None:
    """Lets nobody else give a project of that workspace a name until the transaction ends. What is free afterwards
    stays free: each statement sees what was committed before it began."""
    await tx.fetch_one(_HOLD, names=f"project names {workspace_id}")


async def find_candidates(
    tx: Transaction, workspace_id: UUID, word: str, *, channel: str | None
) -> tuple[list[NamedProject], Project | None]:
    """Projects that the word could mean (`look_up_name` decides), and the channel's own. An empty word means none."""
    word = " ".join(word.split())
    rows = await tx.fetch_all(
        _CANDIDATES,
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
    """Projects of those titles, archived ones too, by the folded title."""
    wanted = sorted({fold_title(title) for title in titles})
    rows = await tx.fetch_all(_OF_TITLES, workspace_id=workspace_id, titles=wanted)
    return {row["folded_title"]: project_from_row(row) for row in rows}


async def find_by_any_titles(
    tx: Transaction, workspace_id: UUID, titles: Iterable[str]
) -> tuple[dict[str, Project], frozenset[str]]:
    """Projects that have those titles, or had them where none has them now, by the folded title; and which of these
    titles are those of archived ones."""
    wanted = sorted({fold_title(title) for title in titles})
    if not wanted:
        return {}, frozenset()
    former = await tx.fetch_all(_OF_FORMER_TITLES, workspace_id=workspace_id, titles=wanted)
    found = {row["former_name"]: row for row in former}
    found |= {
        row["folded_title"]: row
        for row in await tx.fetch_all(_OF_TITLES, workspace_id=workspace_id, titles=wanted)
    }
    archived = frozenset(title for title, row in found.items() if row["archived"])
    return {title: project_from_row(row) for title, row in found.items()}, archived


async def find_taken_names(
    tx: Transaction, workspace_id: UUID, title: str, *, but: UUID | None = None
) -> set[str]:
    """What begins like the slug of that title and can not be one, because it already means another project than
    `but`: its slug, its title, or a name it had before."""
    beginning = slug_of(title)[:_COMMON]
    rows = await tx.fetch_all(_TAKEN, workspace_id=workspace_id, word=beginning, but=but)
    return {row["name"] for row in rows}


async def add_former_names(
    tx: Transaction, workspace_id: UUID, project: Project, names: Iterable[str], *, at: datetime
) -> None:
    """From here on these folded names mean that project as one that was called so; `project` is as it was then."""
    for name in names:
        await tx.execute(
            _REMEMBER,
            workspace_id=workspace_id,
            name=name,
            project_id=project.id,
            title=project.title,
            at=at,
        )


async def delete_former_name(
    tx: Transaction, workspace_id: UUID, title: str, *, but: UUID | None = None
) -> None:
    """That title is no former name any more, and neither is the slug that another project than `but` had with it."""
    await tx.execute(_END, workspace_id=workspace_id, name=fold_title(title), but=but)
