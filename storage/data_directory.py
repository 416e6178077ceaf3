"""The directory of an embedded PostgreSQL: one owner at a time, private, and made whole or not at all."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Any

from storage.binaries import EmbeddedError, major_of

LONGEST_SOCKET_PATH = 107  # bytes, including /.s.PGSQL.5432 (unix(7))


class DirectoryBusy(EmbeddedError):
    """Another process owns this data directory."""


class OtherMajor(EmbeddedError):
    """The directory was made by another major version."""


class DataDirectory:
    """`data` is where the database is, `socket` where the server listens."""

    def __init__(self, root: Path, bins: Path, identity: dict[str, Any]) -> None:
        self.root = root
        self._bins = bins
        self._identity = identity
        self._major = major_of(bins)
        self.data = root / str(self._major)
        self.socket = _place_for_socket(root)
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Raises DirectoryBusy where another process has it, EmbeddedError where it can not be used."""
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

    def release(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None

    def prepare(self, *, superuser: str) -> None:
        """Makes the database where there is none, and the place of the socket. Raises OtherMajor or EmbeddedError."""
        self._refuse_other_major()
        self._initialize(superuser)
        self._make_private(self.socket)

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
        auth = ["--auth-local=trust", "--auth-host=reject", "--no-instructions"]
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
