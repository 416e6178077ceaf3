"""The loggers of Bolt and the SDK: by themselves they would print payloads, tokens and people's words."""

import logging


def make_library_logger(name: str) -> logging.Logger:
    """Return a logger that says where a library failed, and nothing of what it worked on.

    Bolt gives its level and filters to the loggers that it makes of it.
    """
    logger = logging.getLogger(name)
    logger.setLevel(logging.ERROR)
    if _without_payload not in logger.filters:
        logger.addFilter(_without_payload)
    return logger


def _without_payload(record: logging.LogRecord) -> bool:
    record.msg, record.args = f"an error in {record.module}.{record.funcName}, line {record.lineno}", ()
    return True
