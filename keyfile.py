"""The service's own keys where none are set: one a line in DATA_DIR, the newest first."""

import base64
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "secret_key"


def kept_keys(folder: Path) -> list[str]:
    """The keys, of which the first makes; one is made where there is none."""
    path = folder / NAME
    with _alone(folder):
        if not path.exists():
            _write(path, [_new_key()])
        return path.read_text().split()


def add_key(folder: Path) -> int:
    """Puts a new key in front of those there are. Returns how many there are now."""
    path = folder / NAME
    with _alone(folder):
        keys = [_new_key(), *(path.read_text().split() if path.exists() else [])]
        _write(path, keys)
    return len(keys)


def _new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process at a time; whoever dies lets go."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, keys: list[str]) -> None:
    """All of it or nothing, and for its owner alone."""
    draft = path.with_name(f".{NAME}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # whatever is left there, or led elsewhere
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        with os.fdopen(os.open(draft, flags, 0o600), "w") as file:
            file.write("\n".join(keys) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
