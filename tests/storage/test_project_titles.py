"""The migration that makes titles the identity of projects, on a database that has some already."""

import json
from collections.abc import Sequence
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from domain.project_names import fold_title
from storage.embedded import EmbeddedPostgres
from storage.migrate import migrate, owner_engine

MIGRATIONS = Path(__file__).parents[2] / "migrations"


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


async def _migrate_to(url: str, revision: str) -> None:
    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = owner_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


async def _workspace(
    connection: "asyncpg.Connection[asyncpg.Record]", projects: Sequence[tuple[str, str]]
) -> UUID:
    workspace = uuid4()
    await connection.execute(
        "insert into workspaces (id, team_id, name) values ($1, $2, 'Some')", workspace, workspace.hex
    )
    for slug, title in projects:
        await connection.execute(
            "insert into projects (workspace_id, slug, title) values ($1, $2, $3)", workspace, slug, title
        )
    return workspace


async def _titles(connection: "asyncpg.Connection[asyncpg.Record]", workspace: UUID) -> dict[str, str]:
    rows = await connection.fetch("select slug, title from projects where workspace_id = $1", workspace)
    return {row["slug"]: row["title"] for row in rows}
