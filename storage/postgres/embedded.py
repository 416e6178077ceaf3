"""An embedded PostgreSQL server for operators who have no server. It starts and stops with the service, and may be
killed.

One process uses a directory, and the server only listens on a Unix socket in a private folder. There are three
roles: `postgres` is the superuser, `owner` migrates, and `tracker` is the plain role that the service runs as.
"""

import asyncio
import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

from storage.postgres.binaries import EmbeddedError, find_binaries, find_server_identity
from storage.postgres.data_directory import HBA, IDENT, LOG, ROLES, DataDirectory
from storage.postgres.database import CROSS_WORKSPACE_ROLE
from storage.postgres.private_files import read_small

SUPERUSER, OWNER, SERVICE = ROLES
_PDEATHSIG = 1
_STOP_SECONDS = 30.0
_MAX_RESTARTS, _WITHIN_SECONDS = 5, 60.0

log = logging.getLogger(__name__)


class EmbeddedPostgres:
    """A server whose files are in `root`. `settings` are settings of the server; `bin_dir` holds its binaries."""

    def __init__(
        self, root: Path, settings: Mapping[str, str] | None = None, bin_dir: Path | None = None
    ) -> None:
        self.root = root.resolve()
        self._settings = dict(settings or {})
        self._identity = find_server_identity()
        self._bins = bin_dir or find_binaries(self._identity)
        self._directory = DataDirectory(self.root, self._bins, self._identity)
        self._data, self._socket_dir = self._directory.data, self._directory.socket
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self, timeout: float = 60.0) -> None:
        """Start the server. Raises EmbeddedError.

        Call it from the main thread only: the server is stopped when the thread that started it ends.
        """
        self._directory.take()
        try:
            await asyncio.to_thread(self._directory.prepare, superuser=SUPERUSER)
            await asyncio.to_thread(self._stop_orphan)
            await self._start_server(timeout)
            await self._make_roles()
        except BaseException:
            await self.stop()
            raise
        self._guard = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """Stop the server: a fast shutdown, and an immediate one after 30 seconds. May be called twice."""
        self._stopping = True
        if self._guard:
            self._guard.cancel()
            await asyncio.gather(self._guard, return_exceptions=True)
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            if not await self._wait_for_exit(_STOP_SECONDS):
                self._process.send_signal(signal.SIGQUIT)  # the next start recovers
                await self._wait_for_exit(_STOP_SECONDS)
        self._directory.release()

    def owner_url(self, database: str) -> str:
        """Return the URL of a database for the role that owns its tables."""
        return self._url(OWNER, database)

    def service_url(self, database: str) -> str:
        """Return the URL of a database for the role that the service runs as."""
        return self._url(SERVICE, database)

    def superuser_url(self, database: str) -> str:
        """Return the URL of a database for the superuser, the only role that row-level security does not bind."""
        return self._url(SUPERUSER, database)

    async def ensure_database(self, name: str) -> None:
        """Create a database unless it exists."""
        connection = await asyncpg.connect(self.superuser_url("postgres"), timeout=10)
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", name):
                await connection.execute(f'create database "{name}" owner {OWNER}')
        finally:
            await connection.close()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _url(self, role: str, database: str) -> str:
        return f"postgresql://{role}@/{database}?host={self._socket_dir}"

    def _stop_orphan(self) -> None:
        """Stop a server that an earlier process left running. We hold the lock, so no other process uses it."""
        try:
            pid = int(read_small(self._data, "postmaster.pid").split()[0])
        except (OSError, ValueError, IndexError):
            return
        # The server's user can write any number into that file, so only a server that runs as that user is stopped.
        user = int(self._identity.get("user", os.geteuid()))
        if not _is_postgres(pid, user):
            return
        os.kill(pid, signal.SIGINT)
        for _ in range(int(_STOP_SECONDS / 0.05)):
            if not _is_postgres(pid, user):
                return
            _pause(0.05)
        raise EmbeddedError(f"A PostgreSQL of an earlier run (process {pid}) does not stop: end it by hand.")

    async def _start_server(self, timeout: float) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "hba_file": str(self.root / HBA),
            "ident_file": str(self.root / IDENT),
            # Without DETAIL and CONTEXT, which quote rows.
            "log_error_verbosity": "terse",
            **self._settings,
        }
        with os.fdopen(self._directory.open_log(), "ab") as output:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603 - from this thread, whose life the child watches
                [
                    self._bins / "postgres",
                    "-D",
                    self._data,
                    *(f"-c{key}={value}" for key, value in options.items()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                # A separate session, so that Ctrl-C only reaches the service, which stops the database last.
                start_new_session=True,
                preexec_fn=_die_with_parent(),  # noqa: PLW1509 - one system call, no Python lock
                **self._identity,
            )
        await self._wait_until_ready(timeout)

    async def _wait_until_ready(self, timeout: float) -> None:
        process = self._process
        deadline = asyncio.get_running_loop().time() + timeout
        while process:
            if process.poll() is not None:
                raise EmbeddedError(
                    f"The database ended while it started; the reason is in {self.root / 'postgres.log'}."
                )
            try:
                connection = await asyncpg.connect(self.superuser_url("postgres"), timeout=5)
                await connection.close()
            except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
                if asyncio.get_running_loop().time() > deadline:
                    raise EmbeddedError(
                        f"The database did not start in {timeout:.0f} seconds; see {self.root / 'postgres.log'}."
                    ) from None
                await asyncio.sleep(0.02)
            else:
                return

    async def _make_roles(self) -> None:
        connection = await asyncpg.connect(self.superuser_url("postgres"), timeout=10)
        try:
            for role, rights in ((OWNER, "createdb"), (SERVICE, "nocreatedb")):
                if not await connection.fetchval("select true from pg_roles where rolname = $1", role):
                    await connection.execute(f"create role {role} login")
                await connection.execute(f"alter role {role} nosuperuser nocreaterole nobypassrls {rights}")
            if not await connection.fetchval(
                "select true from pg_roles where rolname = $1", CROSS_WORKSPACE_ROLE
            ):
                await connection.execute(f"create role {CROSS_WORKSPACE_ROLE} nologin")
            await connection.execute(f"grant {CROSS_WORKSPACE_ROLE} to {SERVICE}")
        finally:
            await connection.close()

    async def _keep_running(self) -> None:
        """Restart the server when it dies. Give up after _MAX_RESTARTS restarts within _WITHIN_SECONDS."""
        clock = asyncio.get_running_loop().time
        starts: list[float] = []
        while not self._stopping:
            await asyncio.sleep(0.2)
            if self._process is None or self._process.poll() is None:
                continue
            starts = [at for at in starts if clock() - at < _WITHIN_SECONDS] + [clock()]
            if len(starts) > _MAX_RESTARTS:
                log.error("the database keeps dying: see %s", self.root / LOG)
                return
            log.warning("the database died and is started again")
            try:
                await asyncio.to_thread(self._wait_for_children)
                await self._start_server(60.0)
            except EmbeddedError as error:
                log.warning("%s", error)

    def _wait_for_children(self) -> None:
        """Wait for the child processes of a killed server. A new server refuses to start while they hold its shared
        memory."""
        for _ in range(100):
            busy = subprocess.run(  # noqa: S603 - as above
                [self._bins / "pg_ctl", "status", "-D", self._data],
                check=False,
                capture_output=True,
                **self._identity,
            )
            if busy.returncode != 0:
                return
            _pause(0.05)

    async def _wait_for_exit(self, seconds: float) -> bool:
        deadline = asyncio.get_running_loop().time() + seconds
        while self._process and self._process.poll() is None:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True


def _die_with_parent() -> Callable[[], None] | None:
    """Make the function that makes Linux stop the server when the service dies. On other systems the next start
    stops it.

    It must run in the child process after the change of its user, which would clear the setting. preexec_fn runs it
    there; it only calls one function of the C library.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def die_with_parent() -> None:
        prctl(_PDEATHSIG, signal.SIGINT)

    return die_with_parent


def _is_postgres(pid: int, user: int) -> bool:
    process = Path(f"/proc/{pid}")
    try:
        return process.stat().st_uid == user and (process / "exe").readlink().name == "postgres"
    except OSError:  # the process has ended, or is a zombie
        return False


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)
