"""The directory of an embedded PostgreSQL: one owner at a time, private, and made whole or not at all."""

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
    """Another process owns this data directory."""


class OtherMajor(EmbeddedError):
    """The directory was made by another major version."""


class DataDirectory:
    """`data` is where the database is, `socket` where the server listens: these belong to the server's user. `root`,
    with the log and the files that say who may connect, is the service's own: where that is root, the server's user
    may pass through it and change nothing."""

    def __init__(self, root: Path, bins: Path, identity: dict[str, Any]) -> None:
        self.root = root
        self._bins = bins
        self._identity = identity
        self._major = read_major_version(bins)
        self.data = root / str(self._major)
        self.socket = _place_for_socket(root)
        self._lock: int | None = None

    def take(self) -> None:
        """Raises DirectoryBusy where another process has it, EmbeddedError where it can not be used."""
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
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def prepare(self, *, superuser: str) -> None:
        """Makes the database where there is none, and the place of the socket. Raises OtherMajor or EmbeddedError."""
        self._refuse_other_major()
        self._initialize(superuser)
        self._make_private(self.socket)
        self._say_who_may_connect()

    def open_log(self) -> int:
        """Where the server writes to. Raises EmbeddedError."""
        try:
            return open_to_append(self.root, LOG)
        except OSError as error:
            raise EmbeddedError(f"{self.root / LOG} can not be written: {error.strerror}.") from None

    def _make_own(self, folder: Path) -> None:
        """The service's. Before there was a difference it belonged to the server's user."""
        self._make(folder, os.geteuid(), os.getegid(), mode=0o711 if self._identity else 0o700)

    def _make_private(self, folder: Path) -> None:
        """The server's alone."""
        self._make(folder, self._user, self._identity.get("group", os.getegid()), mode=0o700)

    def _make(self, folder: Path, user: int, group: int, *, mode: int) -> None:
        """Only the folder itself is touched, never its parents."""
        try:
            make_private(folder, mode=mode, user=user, group=group, from_users={self._user, os.geteuid()})
        except ForeignFolder:
            raise EmbeddedError(
                f"{folder} belongs to somebody else: set DATA_DIR to a directory of your own."
            ) from None

    @property
    def _user(self) -> int:
        """The server's."""
        return int(self._identity.get("user", os.geteuid()))

    def _say_who_may_connect(self) -> None:
        """This service's user, as any role; nobody else, the server's own user included. Written at each start."""
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
        # Made beside its place and renamed: a killed initdb leaves nothing that looks like a database. Under a
        # name of this process's own: the initdb of a killed service may still be writing into the last one.
        for left in self.root.glob(f"{self._major}.new-*"):
            shutil.rmtree(left, ignore_errors=True)
        half = self.root / f"{self._major}.new-{os.getpid()}"
        self._make_private(half)
        # This provider does not change with the C library under the directory; 15 and 16 do not know it.
        builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if self._major >= 17 else []
        auth = ["--auth-local=peer", "--auth-host=reject", "--no-instructions"]
        made = subprocess.run(  # noqa: S603 - a binary that we looked up ourselves
            [
                self._bins / "initdb",
                "-D",
                half,
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
        if made.returncode:
            raise EmbeddedError(f"The database can not be made in {self.root}: {_last_line(made.stderr)}")
        half.rename(self.data)


def _place_for_socket(root: Path) -> Path:
    near = root / "socket"
    if len(os.fsencode(near)) + len("/.s.PGSQL.5432") < LONGEST_SOCKET_PATH:
        return near
    # Too deep for a socket's path: a private folder elsewhere, always the same for this root.
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"truth-time-tracker-{name}"


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "initdb gave no reason."
