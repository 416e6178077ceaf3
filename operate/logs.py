"""Configures logs: one line per event, as text on a terminal and as JSON elsewhere. No level shows secrets or what
people wrote."""

import logging
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType

import structlog
from structlog.processors import JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from operate.redaction import Redactor

_OURS = {
    "bot",
    "domain",
    "files",
    "migrations",
    "local_slack",
    "operate",
    "scheduler",
    "storage",
    "services",
    "web",
}
_OUR_MODULES = {"__main__", "app", "config"}
# Below these levels these libraries log payloads of requests, or values that go into the database.
_LEVELS = {
    "aiohttp.access": logging.WARNING,
    "alembic": logging.WARNING,
    "apscheduler": logging.ERROR,
    "asyncio": logging.WARNING,
    "slack_bolt": logging.ERROR,
    "slack_sdk": logging.ERROR,
    "sqlalchemy": logging.WARNING,
}
_PAYLOADS = ("slack_bolt", "slack_sdk")


def configure_logs(level: str, form: str | None, secrets: Sequence[str] = ()) -> None:
    """Send all logging to stderr. `secrets` are hidden wherever they occur. `form` is "console", "json" or None."""
    handler = logging.StreamHandler(sys.stderr)
    json = form == "json" or (form is None and not sys.stderr.isatty())
    handler.setFormatter(RedactingFormatter(Redactor(secrets), json=json, colors=sys.stderr.isatty()))
    handler.addFilter(is_worth_logging)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, least in _LEVELS.items():
        logging.getLogger(name).setLevel(max(least, logging.getLevelName(level)))
    logging.raiseExceptions = (
        False  # logging would print the unredacted arguments of a record that it can not format
    )
    sys.excepthook = _log_uncaught


def is_worth_logging(record: logging.LogRecord) -> bool:
    """Return whether a record is ours, or a library's from WARNING on, whatever level the library gave its loggers."""
    ours = record.name in _OUR_MODULES or record.name.partition(".")[0] in _OURS
    return ours or record.levelno >= (logging.ERROR if _holds_payloads(record) else logging.WARNING)


class RedactingFormatter(ProcessorFormatter):
    """Formats records, and redacts their text, arguments, extra fields and exceptions."""

    def __init__(self, redactor: Redactor, *, json: bool, colors: bool = False) -> None:
        self._redactor = redactor
        before: list[Processor] = [
            add_log_level,
            add_logger_name,
            ExtraAdder(allow={"reference", "path"}),
            TimeStamper(fmt="iso", utc=True),
        ]
        rendering: Processor = JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=colors)
        super().__init__(
            foreign_pre_chain=before,
            processors=[ProcessorFormatter.remove_processors_meta, self._redact, rendering],
        )

    def format(self, record: logging.LogRecord) -> str:
        safe = logging.makeLogRecord(record.__dict__)
        if _holds_payloads(record):
            safe.msg, safe.args = f"an error in {record.module}.{record.funcName}, line {record.lineno}", ()
        if isinstance(safe.args, Mapping):
            safe.args = {name: self._redactor.redact_value(one, name=name) for name, one in safe.args.items()}
        elif safe.args:
            safe.args = tuple(self._redactor.redact_value(one) for one in safe.args)
        if not isinstance(safe.msg, str):
            safe.msg, safe.args = str(self._redactor.redact_value(safe.msg)), ()
        try:
            safe.getMessage()
        except Exception:  # noqa: BLE001 - logging's own error would print the arguments
            safe.args = ()
        safe.exc_text = None  # another handler may have stored the traceback there, unredacted
        return self._redactor.redact_line(super().format(safe))

    def _redact(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        error = _find_error(event.pop("exc_info", None))
        safe: EventDict = {
            name: one if name in {"level", "timestamp"} else self._redactor.redact_value(one)
            for name, one in event.items()
        }
        if error is not None:
            safe["exception"] = self._redactor.format_exception(error)
        return safe


def _holds_payloads(record: logging.LogRecord) -> bool:
    """Return whether a record comes from Bolt or Slack's SDK. Bolt names some loggers after the program:
    `app.py:AsyncApp`."""
    return (
        record.name.startswith(_PAYLOADS) or "slack_bolt" in record.pathname or "slack_sdk" in record.pathname
    )


def _find_error(found: object) -> BaseException | None:
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple):
        found = found[1]
    return found if isinstance(found, BaseException) else None


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Log an exception that nobody caught, so that it is redacted too."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(__name__).critical("the program ended with an error", exc_info=(kind, error, trace))
