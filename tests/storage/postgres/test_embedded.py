"""The embedded PostgreSQL, as real processes that are kill."""

import asyncio
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import asyncpg
import pytest

from storage.postgres.binaries import EmbeddedError, find_binaries, find_server_identity
from storage.postgres.data_directory import DataDirectory, DirectoryBusy, OtherMajor
from storage.postgres.embedded import EmbeddedPostgres
from storage.postgres.private_files import open_to_append, read_small, write_atomically

CHILD = """
import asyncio, sys
from pathlib import Path
sys.path.insert(0, {root!r})
from storage.postgres.embedded import EmbeddedPostgres
async def main():
    server = EmbeddedPostgres(Path(sys.argv[1]))
    await server.start()
    await server.ensure_database("tracker")
    print(server.pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """Yield a folder that the server's user can pass through."""
    with TemporaryDirectory(prefix="embedded-") as name:
        Path(name).chmod(0o777)
        yield Path(name)


def start_child(root: Path, place: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", CHILD.format(root=str(root)), str(place / "postgres")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


async def rows(server: EmbeddedPostgres) -> int:
    connection = await asyncpg.connect(server.owner_url("tracker"))
    try:
        await connection.execute("create table if not exists kept (i int)")
        await connection.execute("insert into kept values (1)")
        return int(await connection.fetchval("select count(*) from kept"))
    finally:
        await connection.close()


@pytest.mark.exhaustive
async def test_it_starts_stops_and_keeps_what_was_committed(place: Path) -> None:
    for expected in (1, 2):
        server = EmbeddedPostgres(place / "postgres")
        await server.start()
        await server.ensure_database("tracker")
        assert await rows(server) == expected
        await server.stop()
        await server.stop()


@pytest.mark.exhaustive
async def test_the_services_role_owns_nothing_and_is_no_superuser(place: Path) -> None:
    server = EmbeddedPostgres(place / "postgres")
    await server.start()
    await server.ensure_database("tracker")
    for url, creates in ((server.owner_url("tracker"), True), (server.service_url("tracker"), False)):
        connection = await asyncpg.connect(url)
        role = await connection.fetchrow(
            "select rolsuper, rolbypassrls, rolcreatedb from pg_roles where rolname = user"
        )
        assert role is not None
        assert tuple(role) == (False, False, creates)
        await connection.close()
    connection = await asyncpg.connect(server.owner_url("tracker"))
    await connection.execute("create extension btree_gist")
    await connection.close()
    await server.stop()


@pytest.mark.exhaustive
async def test_a_killed_database_is_started_again_with_every_row(place: Path) -> None:
    server = EmbeddedPostgres(place / "postgres")
    await server.start()
    await server.ensure_database("tracker")
    assert await rows(server) == 1
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    for _ in range(200):
        try:
            assert await rows(server) == 2
            break
        except (OSError, asyncpg.PostgresError):
            await asyncio.sleep(0.05)
    else:
        raise AssertionError("it did not come back")
    await server.stop()


@pytest.mark.exhaustive
async def test_a_killed_service_takes_its_database_along_and_the_next_one_recovers(
    root: Path, place: Path
) -> None:
    for expected in (1, 2, 3):
        process = start_child(root, place)
        assert process.stdout is not None
        assert await asyncio.to_thread(process.stdout.readline)
        kill(process)
        server = EmbeddedPostgres(place / "postgres")
        await server.start()
        assert await rows(server) == expected
        await server.stop()


@pytest.mark.exhaustive
async def test_a_first_start_killed_at_any_moment_leaves_nothing_half(root: Path, place: Path) -> None:
    for number, moment in enumerate((0.2, 0.35, 0.5)):
        folder = place / str(number)
        folder.mkdir()
        folder.chmod(0o777)
        process = start_child(root, folder)
        await asyncio.sleep(moment)
        kill(process)
        server = EmbeddedPostgres(folder / "postgres")
        await server.start()
        await server.ensure_database("tracker")
        assert await rows(server) == 1
        await server.stop()


@pytest.mark.exhaustive
async def test_a_second_owner_is_refused_in_words(place: Path) -> None:
    server = EmbeddedPostgres(place / "postgres")
    await server.start()
    second = EmbeddedPostgres(place / "postgres")
    with pytest.raises(DirectoryBusy, match="in use by another process"):
        await second.start()
    await server.ensure_database("tracker")
    assert await rows(server) == 1
    await server.stop()


async def test_the_directory_of_another_major_is_refused_and_not_touched(place: Path) -> None:
    other = place / "postgres" / "14"
    other.mkdir(parents=True)
    (other / "PG_VERSION").write_text("14\n")
    with pytest.raises(OtherMajor, match="dump it with pg_dump"):
        await EmbeddedPostgres(place / "postgres").start()
    assert sorted(path.name for path in (place / "postgres").iterdir()) == ["14", "lock"]


async def test_a_folder_that_can_not_be_used_is_refused_in_words(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(EmbeddedError, match="can not be used as DATA_DIR"):
        await EmbeddedPostgres(place / "file" / "postgres").start()


@pytest.mark.exhaustive
async def test_a_deep_folder_gets_its_socket_elsewhere(place: Path) -> None:
    deep = place / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    server = EmbeddedPostgres(deep / "postgres")
    await server.start()
    await server.ensure_database("tracker")
    assert await rows(server) == 1
    await server.stop()


# Asks over the socket to be let in as the superuser, with nothing but the standard library, and prints what comes.
LOG_IN = """
import socket, struct, sys
place = socket.socket(socket.AF_UNIX)
place.connect(sys.argv[1])
asked = b"user\\0" + sys.argv[2].encode() + b"\\0database\\0postgres\\0\\0"
place.sendall(struct.pack("!ii", 8 + len(asked), 196608) + asked)
print(place.recv(4096))
"""


def log_in(socket: Path, role: str, identity: dict[str, Any]) -> bytes:
    """Try to log in as a process of that identity, and return the server's answer."""
    told: bytes = subprocess.run(
        ["/usr/bin/env", "python3", "-c", LOG_IN, str(socket / ".s.PGSQL.5432"), role],
        check=False,
        capture_output=True,
        cwd="/",
        **identity,
    ).stdout
    return told


async def test_only_the_services_own_user_is_let_in_and_by_its_name(server: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(server.superuser_url("postgres"))
    rules = await connection.fetch("select type, auth_method, options from pg_hba_file_rules")
    names = await connection.fetch("select sys_name, pg_username from pg_ident_file_mappings")
    await connection.close()
    assert [tuple(rule) for rule in rules] == [("local", "peer", ["map=service"])]
    own = pwd.getpwuid(os.geteuid()).pw_name
    assert {tuple(name) for name in names} == {(own, "postgres"), (own, "owner"), (own, "tracker")}
    # As root the server is another user's: that one's other processes are not let in. As a plain user there is no
    # other whom this process could become.
    for identity, let_in in ((find_server_identity(), False), ({}, True)):
        if identity or let_in:
            told = log_in(server.root / "socket", "postgres", identity)
            assert told.startswith(b"b'R" if let_in else b"b'E"), told


def test_a_link_that_was_planted_is_never_followed(place: Path) -> None:
    """In directories of older versions the folder belonged to the server's user, who could plant links."""
    identity = find_server_identity()
    root, victim = place / "postgres", place / "victim"
    victim.write_text("untouched")
    victim.chmod(0o600)
    root.mkdir()
    for name in ("postgres.log", "lock", ".pg_hba.conf.new", "pg_hba.conf"):
        (root / name).symlink_to(victim)
    if identity:
        os.chown(root, identity["user"], identity["group"])
    directory = DataDirectory(root, find_binaries(identity), identity)
    directory.take()
    os.write(log := directory.open_log(), b"a line\n")
    os.close(log)
    write_atomically(root, "pg_hba.conf", "local all all peer\n", mode=0o600)
    directory.release()
    assert victim.read_text() == "untouched"
    assert root.stat().st_uid == os.geteuid()
    assert (root.stat().st_mode & 0o022) == 0
    for name in ("postgres.log", "lock", "pg_hba.conf"):
        assert not (root / name).is_symlink()
        assert (root / name).stat().st_uid == os.geteuid()
    assert (root / "postgres.log").read_text() == "a line\n"


def test_what_stands_in_the_way_of_a_file_is_removed_and_not_written_to(place: Path) -> None:
    other = place / "other"
    other.write_text("untouched")
    os.link(other, place / "hard")
    os.mkfifo(place / "pipe")
    for name in ("hard", "pipe", "new"):
        for line in (b"one\n", b"two\n"):
            os.write(opened := open_to_append(place, name), line)
            os.close(opened)
        assert (place / name).read_bytes() == b"one\ntwo\n"
    assert other.read_text() == "untouched"
    os.mkfifo(place / "postmaster.pid")
    (place / "link.pid").symlink_to(other)
    for name in ("postmaster.pid", "link.pid", "none"):
        with pytest.raises(OSError, match=r".*"):
            read_small(place, name)


def test_a_folder_that_is_a_link_is_refused_in_words(place: Path) -> None:
    (place / "real").mkdir()
    (place / "postgres").symlink_to(place / "real")
    identity = find_server_identity()
    with pytest.raises(EmbeddedError, match="belongs to somebody else"):
        DataDirectory(place / "postgres", find_binaries(identity), identity).take()
