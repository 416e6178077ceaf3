"""Documents and tables can not drift from the code."""

import re
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from app import VERBS
from bot.interaction.context import CommandTable
from bot.routes import BUTTONS, COMMANDS, FORMS, SHORTCUTS, register
from bot.views.forms import NOTICE
from config import SECRETS, Settings
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.migrate import owner_engine
from storage.tables import PRIVILEGES, metadata
from tests.conftest import TEMPLATE


class Listening:
    """Stands where Bolt's app stands, and notes what is registered."""

    def __init__(self) -> None:
        self.commands: list[str] = []
        self.events: list[str] = []
        self.actions: list[Any] = []
        self.shortcuts: list[str] = []

    def command(self, name: str) -> Any:
        self.commands.append(name)
        return lambda listener: listener

    def event(self, name: str) -> Any:
        # What Slack calls a message in an event, it calls by its place in a subscription.
        self.events.append({"message": "message.im"}.get(name, name))
        return lambda listener: listener

    def action(self, pattern: Any) -> Any:
        self.actions.append(pattern)
        return lambda listener: listener

    def shortcut(self, name: str) -> Any:
        self.shortcuts.append(name)
        return lambda listener: listener

    def view(self, _pattern: Any) -> Any:
        return lambda listener: listener

    def options(self, _pattern: Any) -> Any:
        return lambda listener: listener


def listening() -> Listening:
    noted: Any = Listening()
    register(noted, None)  # type: ignore[arg-type]
    return noted  # type: ignore[no-any-return]


def listed(text: str, name: str) -> list[str]:
    """The items under a key of the manifest, which is plain enough to be read by lines."""
    found = re.search(rf"^ *{name}:\n((?: +- .*\n)+)", text, re.MULTILINE)
    assert found, name
    return [line.split("#")[0].strip(" -") for line in found[1].splitlines()]


def test_the_manifest_asks_for_what_is_listened_to(root: Path) -> None:
    manifest = (root / "manifest.yml").read_text()
    registered = listening()
    assert re.findall(r"- command: (\S+)", manifest) == registered.commands
    assert listed(manifest, "bot_events") == registered.events
    assert re.findall(r"callback_id: (\S+)", manifest) == registered.shortcuts
    rows = re.findall(r"- name: (.+)\n +type: (\S+)\n +callback_id: (\S+)", manifest)
    assert rows == [(one.name, one.kind, one.callback_id) for one in SHORTCUTS]


def test_people_can_drop_files_where_the_docs_tell_them_to(root: Path) -> None:
    """Slack lets nobody write to an app whose messages tab is read-only."""
    assert "messages_tab_read_only_enabled: false" in (root / "manifest.yml").read_text()


def test_the_manifest_has_the_scopes_of_the_methods_that_are_called(root: Path) -> None:
    scopes = set(listed((root / "manifest.yml").read_text(), "bot"))
    needed = {
        "auth_test": set(),
        "chat_postMessage": {"chat:write", "chat:write.public"},
        "chat_postEphemeral": {"chat:write"},
        "chat_getPermalink": set(),
        "chat_update": {"chat:write"},
        "conversations_open": {"im:write"},
        "conversations_history": {"im:history", "channels:history", "groups:history"},
        "files_completeUploadExternal": {"files:write"},
        "files_getUploadURLExternal": {"files:write"},
        "dnd_info": {"dnd:read"},
        "users.info": {"users:read"},
        "users.list": {"users:read"},
        "users.lookupByEmail": {"users:read.email"},
        "views_open": set(),
        "views_publish": set(),
        "views_push": set(),
        "views_update": set(),
    }
    source = "".join(path.read_text() for path in (root / "bot").rglob("*.py"))
    called = set(
        re.findall(r"\b(?:client|self\._client)\.((?:auth|chat|dnd|conversations|files|views)_\w+)", source)
    )
    called |= set(re.findall(r'"((?:users|chat|conversations|views)\.\w+)"', source))
    assert called == set(needed)
    # Files are fetched from an address, not by a method.
    assert scopes == set().union(*needed.values()) | {"commands", "files:read"}


def test_every_button_and_form_is_listened_to_and_handled(root: Path) -> None:
    source = "".join(path.read_text() for path in (root / "bot").rglob("*.py"))
    (pattern,) = listening().actions
    assert sorted(row.action_id for row in BUTTONS) == sorted(re.findall(r' ActionId\("(\w+)"\)', source))
    assert all(pattern.fullmatch(row.action_id) for row in BUTTONS)
    assert sorted([*(row.form_id for row in FORMS), NOTICE]) == sorted(
        re.findall(r' FormId\("(\w+)"\)', source)
    )


def test_the_commands_page_is_the_grammar(root: Path) -> None:
    page = (root / "docs/commands.md").read_text()
    rows = re.findall(r"^- `/track (.+?)`:\n((?:  .+\n)+)", page, re.MULTILINE)
    described = [(usage, " ".join(about.split())) for usage, about in rows]
    assert described == [(command.usage, command.about) for command in COMMANDS]


def test_every_example_of_the_help_is_understood() -> None:
    table = CommandTable(COMMANDS)
    for command in COMMANDS:
        for example in command.examples:
            table.read(example)


def test_the_settings_page_and_the_example_are_the_settings(root: Path) -> None:
    names = [name.upper() for name in Settings.model_fields]
    page = (root / "docs/settings.md").read_text()
    assert [name for row in re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", page, re.MULTILINE)
            for name in re.findall(r"[A-Z_]+", row)] == names  # fmt: skip
    example = (root / ".env.example").read_text()
    assert re.findall(r"^#([A-Z_]+)=", example, re.MULTILINE) == names


def test_every_secret_setting_is_taken_out_of_the_environment() -> None:
    secret = [
        name.upper() for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)
    ]
    assert set(SECRETS) == set(secret)


async def test_the_tables_are_what_the_migrations_make(server: EmbeddedPostgres) -> None:
    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    engine = owner_engine(server.owner_url(TEMPLATE))
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


def test_every_table_says_what_the_service_may_do_to_it() -> None:
    assert set(PRIVILEGES) == set(metadata.tables) | {"alembic_version"}
    assert PRIVILEGES["history"] == "select, insert"


def test_every_key_starts_with_the_workspace() -> None:
    for table in metadata.tables.values():
        if table.name not in {"workspaces", "rates"}:  # rates are counted before anybody's workspace is known
            assert table.primary_key.columns.keys()[0] == "workspace_id", table.name
            assert all(key.column.table.name == "workspaces" or "workspace_id" in constraint.column_keys
                       for constraint in table.foreign_key_constraints for key in constraint.elements)  # fmt: skip


def test_lock_files_name_no_host_and_no_path(root: Path) -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert not re.search(r"://|index|find-links|@ ", (root / lock).read_text())


def test_module_names_say_what_is_in_them(root: Path) -> None:
    empty_words = {"utils", "helpers", "common", "base", "manager"}
    private_words = {
        "acts",
        "desk",
        "door",
        "doors",
        "lanes",
        "parcels",
        "sandbox",
        "scene",
        "seams",
        "visits",
    }
    names = {path.stem for path in root.rglob("*.py") if ".venv" not in path.parts}
    assert not names & (empty_words | private_words)


def test_the_readme_names_the_verbs_and_targets_that_exist(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    text = (root / "README.md").read_text() + (root / "CONTRIBUTING.md").read_text()
    for target in re.findall(r"^make ([\w-]+)", text, re.MULTILINE):
        assert f"\n{target}:" in makefile, target
    for verb in re.findall(r"python app\.py ([\w-]+)", text):
        assert verb in VERBS
