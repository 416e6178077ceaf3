"""Folders and files that root creates where another user could have put something. Symbolic links are never
followed."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class ForeignFolder(Exception):
    """The folder belongs to another user, or is not a folder."""


def make_private(folder: Path, *, mode: int, user: int, group: int, from_users: set[int]) -> None:
    """Make a folder, or take one over from one of `from_users`, for `user` and `group` with that mode.

    The change applies to the folder that was opened, even if its path leads elsewhere by then. Raises ForeignFolder
    or OSError.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with open_folder(folder) as descriptor:
            found = os.fstat(descriptor)
            if found.st_uid not in from_users:
                raise ForeignFolder
            if (found.st_uid, found.st_gid) != (user, group):
                os.fchown(descriptor, user, group)
            os.fchmod(descriptor, mode)
    except OSError as error:
        if error.errno in {errno.ENOTDIR, errno.ELOOP}:  # a symbolic link
            raise ForeignFolder from None
        raise


@contextmanager
def open_folder(folder: Path) -> Iterator[int]:
    """Open a folder. Raises NotADirectoryError for a link to one."""
    descriptor = os.open(folder, _FOLDER)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_to_append(folder: Path, name: str) -> int:
    """Open a private file in `folder` for appending, and return its descriptor.

    Anything else of that name, such as a link or another user's file, is removed first. The target of a link is left
    alone.
    """
    with open_folder(folder) as inside:
        try:
            descriptor = _open_for_append(name, inside)
        except OSError:  # a link, or a folder
            descriptor = None
        if descriptor is not None:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_nlink == 1:
                os.fchmod(descriptor, 0o600)
                os.set_blocking(descriptor, True)
                return descriptor
            os.close(descriptor)
        os.unlink(name, dir_fd=inside)
        return _open_for_append(name, inside, os.O_EXCL)


def write_atomically(folder: Path, name: str, text: str, *, mode: int) -> None:
    """Write a file completely or not at all."""
    draft = f".{name}.new"
    with open_folder(folder) as inside:
        with suppress(FileNotFoundError):
            os.unlink(draft, dir_fd=inside)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(draft, flags, 0o600, dir_fd=inside), "w") as file:
            file.write(text)
            os.fchmod(file.fileno(), mode)
        os.replace(draft, name, src_dir_fd=inside, dst_dir_fd=inside)


def read_small(folder: Path, name: str, most: int = 100) -> str:
    """Read the first `most` bytes of a regular file. Raises OSError for anything else with that name."""
    with open_folder(folder) as inside:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=inside)
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "not a file", name)
            return os.read(descriptor, most).decode(errors="replace")
        finally:
            os.close(descriptor)


def _open_for_append(name: str, inside: int, more: int = 0) -> int:
    # Non-blocking, because opening a named pipe would wait for its other end.
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | more
    return os.open(name, flags, 0o600, dir_fd=inside)
