"""Projects are known by their titles, letter case and normalization aside; and by the names they had before

Before this, the slug was the identity: two titles could be one project, and time asked for on the one was filed under
the other. What was typed was kept nowhere (an act's request is a digest, an import's bytes are dropped when it is
settled, history holds the project that was found), so no such merge can be proven, and none is taken apart here.

The other way round, two projects may have titles that are one from now on (`Straße` and `STRASSE` had two slugs). The
older of them keeps its title, a live one before one in the archive; the others get a number behind theirs, which is
recorded in history.
"""

import json
import unicodedata
from collections.abc import Iterable
from uuid import UUID, uuid4

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_THIS_WORKSPACE = "nullif(current_setting('tracker.workspace', true), '')::uuid"
_LONGEST_TITLE = 80
_EVERY = sa.text(
    "select workspace_id, id, slug, title from projects"
    " order by workspace_id, archived_at is not null, created_at, id"
)
_FILL = sa.text(
    "update projects p set folded_title = new.folded from"
    " unnest(cast(:workspaces as uuid[]), cast(:ids as uuid[]), cast(:folded as text[])) new (workspace_id, id, folded)"
    " where p.workspace_id = new.workspace_id and p.id = new.id"
)
_RENAME = sa.text(
    "update projects set title = :title, version = version + 1, updated_at = clock_timestamp()"
    " where workspace_id = :workspace and id = :id"
)
_ENTER = sa.text("select set_config('tracker.workspace', :workspace, true)")
_RECORD = sa.text(
    "insert into history (workspace_id, subject, subject_id, change, before, after, act_id, actor, source, at)"
    " values (:workspace, 'project', :id, 'renamed', cast(:before as jsonb), cast(:after as jsonb), :act, '',"
    " 'upgrade', clock_timestamp())"
)


def upgrade() -> None:
    op.add_column("projects", sa.Column("folded_title", sa.Text(), nullable=True))
    # The owner is held to the policies too, and this is for the projects of all workspaces.
    op.execute("alter table projects no force row level security")
    _fold_titles(op.get_bind())
    op.execute("alter table projects force row level security")
    op.alter_column("projects", "folded_title", nullable=False)
    op.create_unique_constraint(
        op.f("projects_workspace_id_folded_title_key"), "projects", ["workspace_id", "folded_title"]
    )
    op.create_table(
        "former_names",
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("workspace_id", "name", name=op.f("former_names_pk")),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["projects.workspace_id", "projects.id"],
            name=op.f("former_names_workspace_id_project_id_fk"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("former_names_project_idx", "former_names", ["workspace_id", "project_id"])
    op.execute("alter table former_names enable row level security")
    op.execute("alter table former_names force row level security")
    op.execute(f"create policy tenant on former_names using (workspace_id = {_THIS_WORKSPACE})")


def _fold_titles(connection: sa.Connection) -> None:
    workspaces: list[UUID] = []
    ids: list[UUID] = []
    folded: list[str] = []
    rows = connection.execute(_EVERY).all()
    titles: dict[UUID, set[str]] = {}
    for row in rows:
        titles.setdefault(row.workspace_id, set()).add(_fold(row.title))
    given: dict[UUID, set[str]] = {}
    for row in rows:
        taken = given.setdefault(row.workspace_id, set())
        title = row.title
        if _fold(title) in taken:
            title = _numbered(title, taken | titles[row.workspace_id])
            _retitle(connection, row, title)
        taken.add(_fold(title))
        workspaces.append(row.workspace_id)
        ids.append(row.id)
        folded.append(_fold(title))
    connection.execute(_FILL, {"workspaces": workspaces, "ids": ids, "folded": folded})


def _retitle(connection: sa.Connection, row: sa.Row[tuple[UUID, UUID, str, str]], title: str) -> None:
    before = {"id": str(row.id), "slug": row.slug, "title": row.title}
    connection.execute(_RENAME, {"workspace": row.workspace_id, "id": row.id, "title": title})
    # History stays under its policy, so that nobody who writes to it waits for a lock on the whole table.
    connection.execute(_ENTER, {"workspace": str(row.workspace_id)})
    recorded = {"before": json.dumps(before), "after": json.dumps(before | {"title": title})}
    connection.execute(_RECORD, {"workspace": row.workspace_id, "id": row.id, "act": uuid4(), **recorded})


def _numbered(title: str, taken: Iterable[str]) -> str:
    number = 2
    while True:
        suffix = f" ({number})"
        longer = title[: _LONGEST_TITLE - len(suffix)].rstrip() + suffix
        if _fold(longer) not in taken:
            return longer
        number += 1


def _fold(title: str) -> str:
    """As domain.project_names.fold_title did when this was written."""
    decomposed = unicodedata.normalize("NFD", " ".join(title.split()))
    return unicodedata.normalize("NFC", decomposed.casefold())
