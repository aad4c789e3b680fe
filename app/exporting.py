"""`GET /export/…`: figures, relations and entities as files for tools that speak no GraphQL."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import anyio
from fastapi import APIRouter, Request
from neo4j.exceptions import DriverError, Neo4jError
from starlette.responses import Response, StreamingResponse
from strawberry import Schema

from app.problems import incident, problem
from app.tabular import MEDIA_TYPES, Form, written
from kb.errors import UsageError
from kb.protocols import GraphReader
from schema.caching import VARY, Tags, held, keep, unchanged
from schema.context import Context
from schema.http import MAX_BODY
from schema.table_requests import arguments_of
from schema.tables import PAGE, TABLES, pages

AT_ONCE: Final = 2
"""Pages that are read at a time; the database's other work goes on beside them."""


def export_paths() -> list[str]:
    """The path of each file."""
    return [f"/export/{table}.{form}" for table in TABLES for form in Form]


def export_router(schema: Schema, context: Callable[[], Context], size: int = PAGE) -> APIRouter:
    """The routes; `context` makes the context of one request, `size` is the number of rows of a page."""
    router = APIRouter()
    tags = Tags()
    turns = anyio.CapacityLimiter(AT_ONCE)

    async def export(request: Request) -> Response:
        table, _, ending = request.url.path.rpartition("/")[2].partition(".")
        try:
            if len(request.url.query) > MAX_BODY:
                return problem(414, "TOO_LARGE", f"The URL has more than {MAX_BODY} bytes: ask with less.")
            own, form = context(), Form(ending)
            arguments = arguments_of(schema, table, request.query_params.multi_items())
            plan = pages(TABLES[table], arguments, own.today(), size)
            tag = await tags.of(request, own, request.url.path)
            if tag is not None and held(request, tag):
                return unchanged(tag)
            rows = plan.read(_InTurn(own.reader, turns))
            body = await _begun(written(form, plan.table, rows))
        except UsageError as error:
            return problem(400, "BAD_INPUT", str(error))
        except (DriverError, Neo4jError) as error:
            return incident(error, 503)
        response = StreamingResponse(body, media_type=MEDIA_TYPES[form])
        response.headers["vary"] = VARY
        response.headers["content-disposition"] = f'attachment; filename="{table}.{form}"'
        response.headers["x-content-type-options"] = "nosniff"
        if tag is not None:
            keep(response, tag)
        return response

    for path in export_paths():
        router.add_api_route(path, export, methods=["GET"], response_class=Response)
    return router


@dataclass(frozen=True, slots=True)
class _InTurn:
    """A reader whose queries wait for each other, so that many exports leave room for other work."""

    reader: GraphReader
    turns: anyio.CapacityLimiter

    async def fetch(self, query: str, parameters: Mapping[str, object]) -> list[Mapping[str, Any]]:
        async with self.turns:
            return await self.reader.fetch(query, parameters)


async def _begun(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes, with the first of them at hand: what fails so early can still be answered for."""
    first = await anext(chunks, b"")

    async def all_chunks() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return all_chunks()
