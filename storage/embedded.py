"""A PostgreSQL of our own, for who has none: started with the service, stopped with it, safe to kill.

There is one owner per directory, one Unix socket in a private folder, no TCP. Three roles: `postgres` is ours
alone, `owner` migrates, `tracker` is the plain role that the service runs as.
"""

import asyncio
import ctypes
import fcntl
import hashlib
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

import asyncpg

from storage.binaries import EmbeddedError, find_binaries, major_of, other_identity

SUPERUSER, OWNER, SERVICE = "postgres", "owner", "tracker"
LONGEST_SOCKET_PATH = 107  # bytes, including /.s.PGSQL.5432 (unix(7))
_PDEATHSIG = 1
_STOP_SECONDS = 30.0
_MOST_STARTS, _WITHIN_SECONDS = 5, 60.0

log = logging.getLogger(__name__)


class DirectoryBusy(EmbeddedError):
    """Another process owns this data directory."""


class OtherMajor(EmbeddedError):
    """The directory was made by another major version."""


class EmbeddedPostgres:
    def __init__(
        self, root: Path, settings: Mapping[str, str] | None = None, bin_dir: Path | None = None
    ) -> None:
        self.root = root.resolve()
        self._settings = dict(settings or {})
        self._identity = other_identity()
        self._bins = bin_dir or find_binaries(self._identity)
        self._major = major_of(self._bins)
        self._data = self.root / str(self._major)
        self._socket_dir = self._place_for_socket()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._guard: asyncio.Task[None] | None = None
        self._stopping = False

    async def start(self, timeout: float = 60.0) -> None:
        """Raises EmbeddedError. From the main thread only: the child's fate is tied to the thread that forks."""
        self._take_ownership()
        try:
            self._refuse_other_major()
            await asyncio.to_thread(self._initialize)
            await asyncio.to_thread(self._stop_orphan)
            self._make_private(self._socket_dir)
            await self._start_server(timeout)
            await self._make_roles()
        except BaseException:
            await self.stop()
            raise
        self._guard = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """Fast shutdown, immediate after 30 seconds. May be called twice."""
        self._stopping = True
        if self._guard:
            self._guard.cancel()
            await asyncio.gather(self._guard, return_exceptions=True)
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            if not await self._exited(_STOP_SECONDS):
                self._process.send_signal(signal.SIGQUIT)  # the next start recovers
                await self._exited(_STOP_SECONDS)
        if self._lock:
            self._lock.close()
            self._lock = None

    def owner_url(self, database: str) -> str:
        return self._url(OWNER, database)

    def service_url(self, database: str) -> str:
        return self._url(SERVICE, database)

    def superuser_url(self, database: str) -> str:
        """For looking at everything: row-level security binds the service and the owner alike."""
        return self._url(SUPERUSER, database)

    async def ensure_database(self, name: str) -> None:
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

    def _place_for_socket(self) -> Path:
        near = self.root / "socket"
        if len(os.fsencode(near)) + len("/.s.PGSQL.5432") < LONGEST_SOCKET_PATH:
            return near
        # Too deep for a socket's path: a private folder elsewhere, always the same for this root.
        name = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"truth-time-tracker-{name}"

    def _take_ownership(self) -> None:
        try:
            self._make_private(self.root)
            self._lock = (self.root / "lock").open("a")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock = self._lock and self._lock.close()
            raise DirectoryBusy(
                f"{self.root} is in use by another process: stop that one, or set DATA_DIR to another directory."
            ) from None
        except OSError as error:
            raise EmbeddedError(f"{self.root} can not be used as DATA_DIR: {error.strerror}.") from None

    def _make_private(self, folder: Path) -> None:
        """Ours alone. Only the folder itself is touched, never its parents."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
        wanted = self._identity["user"] if self._identity else os.geteuid()
        if found.st_uid not in {wanted, os.geteuid()} or folder.is_symlink():
            raise EmbeddedError(
                f"{folder} belongs to somebody else: set DATA_DIR to a directory of your own."
            )
        folder.chmod(0o700)
        if self._identity:
            os.chown(folder, self._identity["user"], self._identity["group"])

    def _refuse_other_major(self) -> None:
        others = [
            found.parent.name
            for found in self.root.glob("*/PG_VERSION")
            if found.parent.name.isdigit() and found.parent != self._data
        ]
        if others and not (self._data / "PG_VERSION").exists():
            raise OtherMajor(
                f"{self.root} holds a database of PostgreSQL {others[0]}, and this is {self._major}: start the "
                f"version you had, dump it with pg_dump, and restore the dump here in an empty directory."
            )

    def _initialize(self) -> None:
        if (self._data / "PG_VERSION").exists():
            return
        # Made beside its place and renamed: a killed initdb leaves nothing that looks like a database. Under a
        # name of this process's own: the initdb of a killed service may still be writing into the last one.
        for left in self.root.glob(f"{self._major}.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        half = self.root / f"{self._major}.new-{os.getpid()}"
        self._make_private(half)
        # This provider does not change with the C library under the directory; 15 and 16 do not know it.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self._major >= 17 else []
        auth = ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        made = subprocess.run(  # noqa: S603 - a binary that we looked up ourselves
            [
                self._bins / "initdb",
                "-D",
                half,
                "-U",
                SUPERUSER,
                "-E",
                "UTF8",
                "--locale=C",
                "-k",
                *builtin,
                *auth,
            ],
            check=False,
            capture_output=True,
            text=True,
            cwd="/",
            **self._identity,
        )
        if made.returncode:
            raise EmbeddedError(f"The database can not be made in {self.root}: {_last_line(made.stderr)}")
        half.rename(self._data)

    def _stop_orphan(self) -> None:
        """We hold the lock, so a server that lives here has lost its owner."""
        try:
            pid = int((self._data / "postmaster.pid").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            return
        if not _is_postgres(pid):
            return
        os.kill(pid, signal.SIGINT)
        for _ in range(int(_STOP_SECONDS / 0.05)):
            if not _is_postgres(pid):
                return
            _pause(0.05)
        raise EmbeddedError(f"A PostgreSQL of an earlier run (process {pid}) does not stop: end it by hand.")

    async def _start_server(self, timeout: float) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            **self._settings,
        }
        with (self.root / "postgres.log").open("ab") as output:
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
                # Ctrl-C is for the service, which drains first and stops the database then.
                start_new_session=True,
                preexec_fn=_die_with_parent(),
                **self._identity,
            )
        await self._accepts_connections(timeout)

    async def _accepts_connections(self, timeout: float) -> None:
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
        finally:
            await connection.close()

    async def _keep_running(self) -> None:
        """Starts the server again when it dies. A crash loop is left to the operator."""
        clock = asyncio.get_running_loop().time
        starts: list[float] = []
        while not self._stopping:
            await asyncio.sleep(0.2)
            if self._process is None or self._process.poll() is None:
                continue
            starts = [at for at in starts if clock() - at < _WITHIN_SECONDS] + [clock()]
            if len(starts) > _MOST_STARTS:
                log.error("the database keeps dying: see %s", self.root / "postgres.log")
                return
            log.warning("the database died and is started again")
            try:
                await asyncio.to_thread(self._wait_for_children)
                await self._start_server(60.0)
            except EmbeddedError as error:
                log.warning("%s", error)

    def _wait_for_children(self) -> None:
        """A killed postmaster's children hold its memory for a moment; a new one refuses to start beside them."""
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

    async def _exited(self, seconds: float) -> bool:
        deadline = asyncio.get_running_loop().time() + seconds
        while self._process and self._process.poll() is None:
            if asyncio.get_running_loop().time() > deadline:
                return False
            await asyncio.sleep(0.01)
        return True


def _die_with_parent() -> Callable[[], None] | None:
    """Whatever kills the service stops the database too. Linux only; elsewhere the next start stops the orphan.

    It must be asked for in the child, after it has changed its user, which would clear it: this is what
    preexec_fn is for, and it calls nothing but that one function of the C library.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl

    def die_with_parent() -> None:
        prctl(_PDEATHSIG, signal.SIGINT)

    return die_with_parent


def _is_postgres(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/exe").readlink().name == "postgres"
    except OSError:  # gone, or a zombie
        return False


def _pause(seconds: float) -> None:

    threading.Event().wait(seconds)


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "initdb gave no reason."
