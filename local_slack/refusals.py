"""The error of a method of the Web API."""


class Refused(Exception):
    """The method answers `{"ok": false, "error": …}`."""

    def __init__(self, error: str, messages: list[str] | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = messages
