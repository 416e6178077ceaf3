"""Logs: one line an event, as text on a terminal and as JSON elsewhere; no secret and nobody's words at any level."""

import logging
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType

import structlog
from structlog.processors import JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_logger_name
from structlog.typing import EventDict, Processor, WrappedLogger

from redaction import Redactor

_OURS = {"bot", "domain", "files", "migrations", "local_slack", "scheduler", "storage", "services", "web"}
_OUR_MODULES = {"__main__", "app", "config", "keyfile", "logs"}
# What they say below these levels repeats what came over the wire or goes into the database.
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


def configure(level: str, form: str | None, secrets: Sequence[str] = ()) -> None:
    """Let everything go through the standard library's logging to stderr. `secrets` never stand in it."""
    handler = logging.StreamHandler(sys.stderr)
    json = form == "json" or (form is None and not sys.stderr.isatty())
    handler.setFormatter(Formatter(Redactor(secrets), json=json, colors=sys.stderr.isatty()))
    handler.addFilter(is_worth_telling)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name, quiet in _LEVELS.items():
        logging.getLogger(name).setLevel(max(quiet, logging.getLevelName(level)))
    logging.raiseExceptions = False  # it would print arguments as they are
    sys.excepthook = _log_the_end


def is_worth_telling(record: logging.LogRecord) -> bool:
    """Our own records at any level, those of libraries from WARNING on: whatever level a library gave its loggers."""
    ours = record.name in _OUR_MODULES or record.name.partition(".")[0] in _OURS
    return ours or record.levelno >= (logging.ERROR if _holds_payloads(record) else logging.WARNING)


class Formatter(ProcessorFormatter):
    """Writes records without what the redactor hides: in the text, its arguments, extra fields and exceptions."""

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
            safe.args = {name: self._redactor.value(one, name=name) for name, one in safe.args.items()}
        elif safe.args:
            safe.args = tuple(self._redactor.value(one) for one in safe.args)
        if not isinstance(safe.msg, str):
            safe.msg, safe.args = str(self._redactor.value(safe.msg)), ()
        try:
            safe.getMessage()
        except Exception:  # what does not fit is told without its arguments, and not by logging's own error
            safe.args = ()
        safe.exc_text = None  # another handler may have left the traceback there, in its own form
        return self._redactor.line(super().format(safe))

    def _redact(self, _logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        error = _error_in(event.pop("exc_info", None))
        safe: EventDict = {
            name: one if name in {"level", "timestamp"} else self._redactor.value(one)
            for name, one in event.items()
        }
        if error is not None:
            safe["exception"] = self._redactor.exception(error)
        return safe


def _holds_payloads(record: logging.LogRecord) -> bool:
    """Whether it is Bolt's or the SDK's; Bolt names some loggers after the program, as in `app.py:AsyncApp`."""
    return (
        record.name.startswith(_PAYLOADS) or "slack_bolt" in record.pathname or "slack_sdk" in record.pathname
    )


def _error_in(found: object) -> BaseException | None:
    if found is True:
        found = sys.exc_info()
    if isinstance(found, tuple):
        found = found[1]
    return found if isinstance(found, BaseException) else None


def _log_the_end(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody caught is told like everything else."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(__name__).critical("the program ended with an error", exc_info=(kind, error, trace))
