"""Errors of the plain HTTP routes: one shape, `{"error": {"code", "message"}}`, and nothing of the inside."""

import logging
from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse

from kb.incidents import log_incident
from kb.surrogates import escaped

_LOG: Final = logging.getLogger(__name__)


def problem(
    status: int, code: str, message: str, headers: Mapping[str, str] | None = None, **more: str
) -> JSONResponse:
    """An error that the client can do something about.

    A message may quote what the client sent: half of a character in it is written as its escape.
    """
    return JSONResponse({"error": {"code": code, "message": escaped(message), **more}}, status, headers)


def incident(error: Exception, status: int = 500) -> JSONResponse:
    """An error of ours: the log tells what happened, under the id that the client is given."""
    number = log_incident(_LOG, "of a request", error)
    return problem(
        status,
        "INTERNAL",
        f"Something went wrong in here; the log tells more under incident {number}.",
        incident=number,
    )
