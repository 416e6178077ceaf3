"""Loggers for Bolt and the SDK, whose own would log payloads, tokens and people's messages."""

import logging


def make_library_logger(name: str) -> logging.Logger:
    """Return a logger that records where a library failed, without the data it worked on.

    Bolt copies its level and filters to the loggers that it derives from it.
    """
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    if _without_payload not in logger.filters:
        logger.addFilter(_without_payload)
    return logger


def _without_payload(record: logging.LogRecord) -> bool:
    record.msg, record.args = f"an error in {record.module}.{record.funcName}, line {record.lineno}", ()
    return True
