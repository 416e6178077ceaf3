"""Logs: one line an event, as text on a terminal and as JSON elsewhere; never a local variable of anybody's."""

import logging
import sys

import structlog
from structlog.processors import ExceptionRenderer, JSONRenderer, TimeStamper, add_log_level
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_logger_name
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import Processor

# These tell at INFO what we tell better, or repeat what came over the wire: answers that hold a secret, too.
_QUIET = ("aiohttp.access", "apscheduler", "slack_sdk", "slack_bolt", "alembic")


def configure(level: str, form: str | None) -> None:
    """Everything goes through the standard library's logging; structlog renders it to stderr."""
    before: list[Processor] = [
        add_log_level,
        add_logger_name,
        ExtraAdder(allow={"reference", "path"}),
        TimeStamper(fmt="iso", utc=True),
    ]
    if form == "json" or (form is None and not sys.stderr.isatty()):
        exceptions = ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
        rendering: list[Processor] = [exceptions, JSONRenderer()]
    else:
        plain = structlog.dev.plain_traceback
        rendering = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[ProcessorFormatter.remove_processors_meta, *rendering],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
