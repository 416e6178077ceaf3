"""The file with the service's own keys, which is used if SECRET_KEYS is not set: one key per line in DATA_DIR, the
newest first."""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "secret_key"


def read_or_create_keys(folder: Path) -> list[str]:
    """Return the keys, newest first. Create the file with one key if there is none."""
    path = folder / NAME
    with _locked(folder):
        if not path.exists():
            _write(path, [_new_key()])
        return path.read_text().split()


def add_key(folder: Path) -> int:
    """Put a new key in front of the others. Returns how many keys there are now."""
    path = folder / NAME
    with _locked(folder):
        keys = [_new_key(), *(path.read_text().split() if path.exists() else [])]
        _write(path, keys)
    return len(keys)


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Lock the folder against other processes; a process that dies releases it."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, keys: list[str]) -> None:
    """Replace the file as a whole, readable by its owner alone."""
    draft = path.with_name(f".{NAME}.{os.getpid()}")
    draft.unlink(
        missing_ok=True
    )  # remove a file that a crash left behind, or a symbolic link that an attacker made
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(draft, flags, 0o600), "w") as file:
            file.write("\n".join(keys) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
