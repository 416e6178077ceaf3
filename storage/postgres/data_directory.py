"""The directory of an embedded PostgreSQL: private, used by one process at a time, and created atomically."""

import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from storage.postgres.binaries import EmbeddedError, read_major_version
from storage.postgres.private_files import ForeignFolder, make_private, open_to_append, write_atomically

ROLES = "postgres", "owner", "tracker"
HBA, IDENT, LOG = "pg_hba.conf", "pg_ident.conf", "postgres.log"
LONGEST_SOCKET_PATH = 107  # bytes, including /.s.PGSQL.5432 (unix(7))


class DirectoryBusy(EmbeddedError):
    """Another process uses this data directory."""


class OtherMajor(EmbeddedError):
    """The directory was created by another major version of PostgreSQL."""


class DataDirectory:
    """The directories of one embedded server.

    `data` holds the database and `socket` the server's socket; both belong to the server's user. `root` holds the
    log and the files that define who may connect, and belongs to the service's user. If the service runs as root,
    the server's user can pass through `root` but change nothing in it.
    """

    def __init__(self, root: Path, bins: Path, identity: dict[str, Any]) -> None:
        self.root = root
        self._bins = bins
        self._identity = identity
        self._major = read_major_version(bins)
        self.data = root / str(self._major)
        self.socket = _choose_socket_folder(root)
        self._lock: int | None = None

    def take(self) -> None:
        """Lock the directory. Raises DirectoryBusy if another process uses it, EmbeddedError if it can not be used."""
        try:
            self._make_own(self.root)
            self._lock = open_to_append(self.root, "lock")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise DirectoryBusy(
                f"{self.root} is in use by another process: stop that one, or set DATA_DIR to another directory."
            ) from None
        except OSError as error:
            raise EmbeddedError(f"{self.root} can not be used as DATA_DIR: {error.strerror}.") from None

    def release(self) -> None:
        """Unlock the directory."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def prepare(self, *, superuser: str) -> None:
        """Create the database if it does not exist, and the folder of the socket. Raises OtherMajor or
        EmbeddedError."""
        self._refuse_other_major()
        self._initialize(superuser)
        self._make_private(self.socket)
        self._write_access_files()

    def open_log(self) -> int:
        """Open the server's log for appending. Raises EmbeddedError."""
        try:
            return open_to_append(self.root, LOG)
        except OSError as error:
            raise EmbeddedError(f"{self.root / LOG} can not be written: {error.strerror}.") from None

    def _make_own(self, folder: Path) -> None:
        """Make a folder that belongs to the service's user. Earlier versions gave it to the server's user."""
        self._make(folder, os.geteuid(), os.getegid(), mode=0o711 if self._identity else 0o700)

    def _make_private(self, folder: Path) -> None:
        """Make a folder that only the server can use."""
        self._make(folder, self._user, self._identity.get("group", os.getegid()), mode=0o700)

    def _make(self, folder: Path, user: int, group: int, *, mode: int) -> None:
        """Make a folder, or take over an existing one. Its parents are never changed."""
        try:
            make_private(folder, mode=mode, user=user, group=group, from_users={self._user, os.geteuid()})
        except ForeignFolder:
            raise EmbeddedError(
                f"{folder} belongs to somebody else: set DATA_DIR to a directory of your own."
            ) from None

    @property
    def _user(self) -> int:
        """Return the server's user id."""
        return int(self._identity.get("user", os.geteuid()))

    def _write_access_files(self) -> None:
        """Write the files that let only the service's user connect, as any role. Not even the server's user may
        connect.

        They are written at each start.
        """
        try:
            name = pwd.getpwuid(os.geteuid()).pw_name.replace('"', '""')
        except KeyError:
            raise EmbeddedError(
                f"The user {os.geteuid()} has no name on this machine, which PostgreSQL needs: add one, or set "
                "DATABASE_URL."
            ) from None
        roles = "".join(f'service "{name}" {role}\n' for role in ROLES)
        mode = 0o644 if self._identity else 0o600
        write_atomically(self.root, IDENT, roles, mode=mode)
        write_atomically(self.root, HBA, "local all all peer map=service\n", mode=mode)

    def _refuse_other_major(self) -> None:
        others = [
            found.parent.name
            for found in self.root.glob("*/PG_VERSION")
            if found.parent.name.isdigit() and found.parent != self.data
        ]
        if others and not (self.data / "PG_VERSION").exists():
            raise OtherMajor(
                f"{self.root} holds a database of PostgreSQL {others[0]}, and this is {self._major}: start the "
                f"version you had, dump it with pg_dump, and restore the dump here in an empty directory."
            )

    def _initialize(self, superuser: str) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        # Created under another name and renamed, so that a killed initdb leaves nothing that looks like a database. The
        # name is this process's own, because the initdb of a killed service may still be writing into the last one.
        for left in self.root.glob(f"{self._major}.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        draft = self.root / f"{self._major}.new-{os.getpid()}"
        self._make_private(draft)
        # The built-in provider does not depend on the C library's version. PostgreSQL 15 and 16 do not have it.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self._major >= 17 else []
        auth = ["--auth-local=peer", "--auth-host=reject", "--no-instructions"]
        result = subprocess.run(  # noqa: S603 - a binary that we looked up ourselves
            [
                self._bins / "initdb",
                "-D",
                draft,
                "-U",
                superuser,
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
        if result.returncode:
            raise EmbeddedError(f"The database can not be result in {self.root}: {_last_line(result.stderr)}")
        draft.rename(self.data)


def _choose_socket_folder(root: Path) -> Path:
    near = root / "socket"
    if len(os.fsencode(near)) + len("/.s.PGSQL.5432") < LONGEST_SOCKET_PATH:
        return near
    # The path is too long for a socket. Use a private folder elsewhere, whose name depends on the root only.
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"truth-time-tracker-{name}"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "initdb gave no reason."
