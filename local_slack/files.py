"""Files: an upload address that works once, the message that shows the file, and a download that needs the token."""

import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from local_slack.refusals import Refused

Json = dict[str, Any]
LARGEST = 64 * 1024 * 1024
_KINDS = {
    "csv": ("CSV", "text/csv"),
    "ics": ("Calendar", "text/calendar"),
    "json": ("JSON", "application/json"),
    "txt": ("Plain Text", "text/plain"),
    "xlsx": ("Excel Spreadsheet", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, slots=True)
class File:
    """A file, invisible until it is shared. `created` is in seconds since 1970; its links begin with `address`."""

    id: str
    name: str
    title: str
    user: str
    created: int
    address: str
    content: bytes = b""
    shared: bool = False

    @property
    def mimetype(self) -> str:
        return self._kind[1]

    @property
    def _kind(self) -> tuple[str, str]:
        guessed = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return _KINDS.get(self._ending, (self._ending.upper() or "Binary", guessed))

    @property
    def _ending(self) -> str:
        return self.name.rpartition(".")[2].lower() if "." in self.name else ""

    def as_json(self) -> Json:
        link = f"{self.address}/files/{self.id}"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": self._ending or "binary",
            "pretty_type": self._kind[0],
            "user": self.user,
            "created": self.created,
            "timestamp": self.created,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "url_private": link,
            "url_private_download": f"{link}/download",
        }


class Files:
    """The files of the workspace. `next_id` numbers them; `address` is set when the server listens."""

    def __init__(self, clock: Callable[[], float], next_id: Callable[[], int]) -> None:
        self.address = ""
        self._clock = clock
        self._next_id = next_id
        self._files: dict[str, File] = {}
        self._awaited: dict[str, tuple[str, int]] = {}  # by ticket: the file and its length

    def open_upload(self, name: str, length: int, *, user: str) -> tuple[str, str]:
        """Return a new file's id, and the address that accepts its bytes once."""
        file = self._create(name, user)
        ticket = secrets.token_hex(16)
        self._awaited[ticket] = (file.id, length)
        return file.id, f"{self.address}/upload/{ticket}"

    def put(self, ticket: str, content: bytes) -> bool:
        """Store the bytes. Return False if the ticket was used before, or the length differs from the announced one."""
        file_id, length = self._awaited.pop(ticket, ("", -1))
        if len(content) != length:
            return False
        self._files[file_id] = replace(self._files[file_id], content=content)
        return True

    def share(self, file_id: str, title: str | None) -> File:
        """Mark an uploaded file as shared, which is possible once. Raises Refused."""
        file = self._files.get(file_id)
        if file is None or file.shared or not file.content:
            raise Refused("file_not_found")
        self._files[file_id] = shared = replace(file, title=title or file.name, shared=True)
        return shared

    def drop(self, name: str, content: bytes, *, user: str) -> File:
        """Add a file that a person puts into a conversation."""
        file = replace(self._create(name, user), content=content, shared=True)
        self._files[file.id] = file
        return file

    def find(self, file_id: str) -> File | None:
        return self._files.get(file_id)

    def clear(self) -> None:
        self._files.clear()
        self._awaited.clear()

    def _create(self, name: str, user: str) -> File:
        made = File(f"F{self._next_id():08d}", name, name, user, int(self._clock()), self.address)
        self._files[made.id] = made
        return made
