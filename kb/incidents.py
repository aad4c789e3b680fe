"""Faults of the program as people are told of them: a number, under which the log tells what happened."""

import logging
import secrets


def log_incident(log: logging.Logger, about: str, error: BaseException | None = None) -> str:
    """Log a fault and give its number; `about` says what it happened to, or is its trace.

    With an error, its trace is logged too.
    """
    number = secrets.token_hex(6)
    log.error("incident=%s %s", number, about, exc_info=error)
    return number
