"""`POST /cypher`: a user's own Cypher over HTTP, guarded and bounded as `kb.graph.adhoc` does it."""

import asyncio
import json
import logging
from dataclasses import fields
from typing import Annotated, Any, Final

import neo4j
from fastapi import APIRouter, Request
from neo4j.exceptions import DriverError, Neo4jError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from app.access import who
from app.problems import incident, problem
from app.telemetry import Metrics
from kb.embedded import Address
from kb.errors import UsageError
from kb.graph.adhoc import Bounds, run_cypher

MAX_BODY: Final = 64 * 1024
MAX_ROWS: Final = 10_000
AT_ONCE: Final = 4
"""Queries that run at a time; the database's other work goes on beside them."""
_LOG: Final = logging.getLogger(__name__)


class CypherRequest(BaseModel):
    """One query with its parameters."""

    model_config = ConfigDict(extra="forbid", strict=True)

    query: str
    parameters: dict[str, Any] = {}
    max_rows: Annotated[int, Field(alias="maxRows", ge=1, le=MAX_ROWS)] = 1000


def cypher_router(
    driver: neo4j.AsyncDriver, address: Address, metrics: Metrics, bounds: Bounds | None = None
) -> APIRouter:
    """The route; `bounds` are those of a query that names no `maxRows`."""
    router = APIRouter()
    limits = bounds or Bounds()
    turns = asyncio.Semaphore(AT_ONCE)

    @router.post("/cypher")
    async def cypher(request: Request) -> Response:  # pyright: ignore[reportUnusedFunction]  # FastAPI calls it
        try:
            asked = await _read(request)
            if turns.locked():
                message = f"{AT_ONCE} queries run already: try again in a moment."
                return problem(503, "BUSY", message, {"retry-after": "1"})
            allowed = Bounds(asked.max_rows, limits.size, limits.seconds)
            async with turns:
                with metrics.query():
                    result = await run_cypher(
                        driver, address.database, asked.query, asked.parameters, allowed
                    )
        except _RefusedError as error:
            return problem(error.status, "BAD_REQUEST", str(error))
        except UsageError as error:
            _LOG.info("cypher refused", extra={"who": who(request.scope), "reason": str(error)})
            return problem(400, "BAD_INPUT", str(error))
        except (DriverError, Neo4jError) as error:
            return incident(error, 503)
        told = {"who": who(request.scope), "query": asked.query, "operators": result.operators}
        _LOG.info("cypher", extra={**told, "rows": len(result.rows), "millis": result.millis})
        shown = {field.name: getattr(result, field.name) for field in fields(result)}
        return JSONResponse(shown, headers={"cache-control": "no-store"})

    return router


class _RefusedError(Exception):
    """A request that holds no query."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


async def _read(request: Request) -> CypherRequest:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise _RefusedError(415, "Send the query as application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise _RefusedError(413, f"The request has more than {MAX_BODY} bytes.")
    try:
        return CypherRequest.model_validate(json.loads(body))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _RefusedError(400, f"The request is not usable at '{place}': {first['msg']}.") from error
    except (ValueError, RecursionError) as error:
        raise _RefusedError(400, "The request is no JSON that can be read.") from error
