"""The migration that makes titles of projects unique, on a database that has projects already."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import asyncpg
from alembic import command
from alembic.config import Config
from pydantic import TypeAdapter
from sqlalchemy import Connection as MigrationConnection

from domain.history.changes import Snapshot
from domain.projects.project_names import fold_title
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.migrate import migrate, owner_engine

if TYPE_CHECKING:
    from storage.postgres.database import Connection

SNAPSHOT = TypeAdapter(Snapshot)
HOUR = timedelta(hours=1)
MIGRATIONS = Path(__file__).parents[3] / "migrations"


async def test_titles_that_are_one_from_now_on_get_a_number_and_the_others_stay(
    server: EmbeddedPostgres,
) -> None:
    name = f"titles_{uuid4().hex[:8]}"
    await server.ensure_database(name)
    await _migrate_to(server.owner_url(name), "0017")
    connection = await asyncpg.connect(server.superuser_url(name))
    mine = await _workspace(
        connection, [("strasse", "STRASSE"), ("strae", "Straße"), ("strasse-2", "strasse (2)")]
    )
    theirs = await _workspace(
        connection, [("strae", "Straße"), ("x", "x" * 79 + "ß"), ("x-2", "x" * 79 + "ẞ")]
    )
    await connection.execute("update projects set archived_at = now() where title = 'STRASSE'")
    await migrate(server.owner_url(name), service_login="tracker", durable=False)
    assert await _titles(connection, mine) == {
        "strae": "Straße",
        "strasse": "STRASSE (3)",
        "strasse-2": "strasse (2)",
    }
    assert await _titles(connection, theirs) == {
        "strae": "Straße",
        "x": "x" * 79 + "ß",
        "x-2": "x" * 76 + " (2)",
    }
    for row in await connection.fetch("select title, folded_title from projects"):
        assert row["folded_title"] == fold_title(row["title"])
    recorded = await connection.fetch(
        "select workspace_id, before, after from history order by workspace_id = $1", mine
    )
    assert [(row["workspace_id"], json.loads(row["after"])["title"]) for row in recorded] == [
        (theirs, "x" * 76 + " (2)"),
        (mine, "STRASSE (3)"),
    ]
    tables = ["projects", "history", "former_names"]
    forced = "select bool_and(relforcerowsecurity) from pg_class where relname = any($1)"
    assert await connection.fetchval(forced, tables)
    await connection.close()


async def test_time_that_came_along_with_an_account_goes_where_history_proves_it_belongs(
    server: EmbeddedPostgres,
) -> None:
    name = f"joined_{uuid4().hex[:8]}"
    await server.ensure_database(name)
    await _migrate_to(server.owner_url(name), "0019")
    connection = await asyncpg.connect(server.superuser_url(name))
    theirs, hers = await _person(connection, "U1"), await _person(connection, "account:1")
    account = uuid4()
    await connection.execute(
        "insert into accounts (workspace_id, id, person_id, email, password_hash, password_changed_at, created_at)"
        " values ($1, $2, $3, 'eve@example.com', 'x', now(), now())",
        hers.workspace, account, hers.person,
    )  # fmt: skip
    await connection.execute(
        "insert into account_links values ($1, $2, $3, now())", theirs.workspace, account, theirs.person
    )
    plus = await theirs.project(connection, "C++", "c")
    sharp, same = await hers.project(connection, "C#", "c"), await hers.project(connection, "c++", "c-2")
    brought = {}
    for hour, original in enumerate((sharp, same, sharp, sharp, sharp)):
        await hers.entry(connection, original, hour)
        brought[hour] = await theirs.entry(connection, plus, hour, brought=True)
    other = await theirs.project(connection, "Other", "other")
    await theirs.moved(connection, brought[2], plus, other)
    await theirs.moved(connection, brought[2], other, plus)  # somebody has decided
    await theirs.handed_in(connection, 3)
    untouched = await theirs.entry(connection, plus, 9)
    await migrate(server.owner_url(name), service_login="tracker", durable=False)
    rows = await connection.fetch(
        "select e.id, p.title, p.slug, e.version from time_entries e join projects p on p.id = e.project_id"
        " where e.workspace_id = $1 order by e.started_at",
        theirs.workspace,
    )
    found = {row["id"]: (row["title"], row["slug"], row["version"]) for row in rows}
    stayed = ("C++", "c", 1)
    assert found == {
        brought[0]: ("C#", "c-2", 2),
        brought[1]: stayed,
        brought[2]: stayed,
        brought[3]: stayed,
        brought[4]: ("C#", "c-2", 2),
        untouched: stayed,
    }
    recorded = await connection.fetchrow(
        "select before, after from history where subject_id = $1 and change = 'edited'", brought[0]
    )
    assert recorded is not None
    before, after = (SNAPSHOT.validate_json(recorded[state]) for state in ("before", "after"))
    assert (before.project_id, before.version, after.version) == (plus, 1, 2)
    await connection.close()


@dataclass(frozen=True)
class Someone:
    """A person of a workspace. Inserts rows about them in the way that the service does."""

    workspace: UUID
    person: UUID

    async def project(self, connection: "Connection", title: str, slug: str) -> UUID:
        row = await connection.fetchval(
            "insert into projects (workspace_id, slug, title, folded_title) values ($1, $2, $3, $4) returning id",
            self.workspace, slug, title, fold_title(title),
        )  # fmt: skip
        assert isinstance(row, UUID)
        return row

    async def entry(
        self, connection: "Connection", project: UUID, hour: int, *, brought: bool = False
    ) -> UUID:
        start = datetime(2026, 11, 2, hour, tzinfo=UTC)
        made = await connection.fetchval(
            "insert into time_entries (workspace_id, person_id, project_id, started_at, ended_at, zone, source)"
            " values ($1, $2, $3, $4, $5, 'UTC', 'rest') returning id",
            self.workspace, self.person, project, start, start + HOUR,
        )  # fmt: skip
        assert isinstance(made, UUID)
        if brought:
            await self._record(connection, made, "brought", None, _snapshot(project, start))
        return made

    async def moved(self, connection: "Connection", entry: UUID, before: UUID, after: UUID) -> None:
        start = datetime(2026, 11, 2, tzinfo=UTC)
        await self._record(connection, entry, "edited", _snapshot(before, start), _snapshot(after, start))

    async def handed_in(self, connection: "Connection", hour: int) -> None:
        start = datetime(2026, 11, 2, hour, tzinfo=UTC)
        await connection.execute(
            "insert into timesheets"
            " (workspace_id, id, person_id, week, starts_at, ends_at, state, totals, submitted_at)"
            " values ($1, $2, $3, $4, $5, $6, 'submitted', '[]', now())",
            self.workspace, uuid4(), self.person, start.date(), start, start + HOUR,
        )  # fmt: skip

    async def _record(
        self, connection: "Connection", entry: UUID, change: str, before: str | None, after: str
    ) -> None:
        await connection.execute(
            "insert into history (workspace_id, subject, subject_id, change, before, after, act_id, actor, source, at)"
            " values ($1, 'time_entry', $2, $3, $4, $5, $6, 'U1', 'rest', now())",
            self.workspace, entry, change, before, after, uuid4(),
        )  # fmt: skip


def _snapshot(project: UUID, start: datetime) -> str:
    state = Snapshot(
        project_id=project,
        note="",
        tags=(),
        started_at=start,
        ended_at=start + HOUR,
        version=1,
        deleted=False,
    )
    return SNAPSHOT.dump_json(state).decode()


async def _person(connection: "Connection", slack_user_id: str) -> Someone:
    workspace = await _workspace(connection, [])
    person = await connection.fetchval(
        "insert into people (workspace_id, slack_user_id, name, zone) values ($1, $2, 'Eve', 'UTC') returning id",
        workspace, slack_user_id,
    )  # fmt: skip
    assert isinstance(person, UUID)
    return Someone(workspace, person)


async def _migrate_to(url: str, revision: str) -> None:
    def upgrade(connection: MigrationConnection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = owner_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


async def _workspace(connection: "Connection", projects: Sequence[tuple[str, str]]) -> UUID:
    workspace = uuid4()
    await connection.execute(
        "insert into workspaces (id, team_id, name) values ($1, $2, 'Some')", workspace, workspace.hex
    )
    for slug, title in projects:
        await connection.execute(
            "insert into projects (workspace_id, slug, title) values ($1, $2, $3)", workspace, slug, title
        )
    return workspace


async def _titles(connection: "Connection", workspace: UUID) -> dict[str, str]:
    rows = await connection.fetch("select slug, title from projects where workspace_id = $1", workspace)
    return {row["slug"]: row["title"] for row in rows}
