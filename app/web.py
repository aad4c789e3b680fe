"""The FastAPI application: GraphQL, its playground, Cypher, health, and what stands before them."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Final

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from neo4j.exceptions import DriverError, Neo4jError
from opentelemetry.trace import Tracer
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection, Request
from starlette_compress import CompressMiddleware, add_compress_type

from app.access import Access, Doorkeeper
from app.console import say
from app.cypher import cypher_router
from app.exporting import export_router
from app.graphql import make_context
from app.hangup import CancelOnHangup
from app.in_time import BodyInTime, HeadInTime
from app.jobs import Ingesting, JobRunner
from app.problems import incident
from app.telemetry import Metrics, Observer
from app.tracing import SILENT
from kb.embedded import Address
from kb.errors import SetupError
from kb.graph.adhoc import Bounds
from kb.graph.arrivals import ArrivalWatch
from kb.graph.reader import AsyncReader, open_async_driver
from schema import Context, build_schema
from schema.core import core_schema
from schema.execution.executor import Executor
from schema.execution.warming import warm
from schema.http import MAX_BODY, graphql_router
from schema.persisted import ByDocument, TrustedDocuments, only_trusted
from schema.seats import Seats

GRAPHIQL: Final = Path(__file__).parent / "static" / "graphiql"


def create_app(
    address: Address,
    access: Access,
    bounds: Bounds | None = None,
    origins: Sequence[str] = (),
    *,
    ingesting: Ingesting | None = None,
    trusted: TrustedDocuments | None = None,
    tracer: Tracer = SILENT,
    official_driver: bool = False,
    warmed: bool = False,
) -> FastAPI:
    """The application over one Neo4j; its drivers live as long as the application.

    `bounds` are those of ad-hoc Cypher, `origins` those of the pages of other sites that may ask. Without
    `ingesting` no documents are taken in. `trusted` are documents that are known by their ids, `tracer` makes
    spans of what is done. GraphQL reads through the `official_driver` where that is said, else as
    `AsyncReader` finds best. A `warmed` application asks the example queries once it has started.
    """
    metrics = Metrics(tracer=tracer)
    graphql = build_schema(only_trusted(trusted) if trusted is not None and trusted.only else None)
    executor = Executor(core_schema(graphql))
    metrics.watch_kept(executor.kept)
    reader = AsyncReader(address, timed=metrics.query, official=official_driver)
    driver = open_async_driver(address)
    jobs = None if ingesting is None else JobRunner(address, driver, ingesting, metrics)
    anybodys = partial(make_context, address, reader)
    arrivals = ArrivalWatch(reader)
    seats = Seats(told=metrics.subscriptions.set)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        warming = asyncio.create_task(warm(executor, anybodys)) if warmed else None
        async with nullcontext() if jobs is None else jobs.running():
            yield
        if warming is not None:
            warming.cancel()
        await reader.close()
        await driver.close()

    def context(connection: HTTPConnection) -> Context:
        made = anybodys()
        made.visitor, made.seats = connection.state.visitor, seats
        made.ingestor, made.arrivals = jobs, arrivals
        return made

    app = FastAPI(title="AI-industry knowledge base", lifespan=lifespan, docs_url=None, redoc_url=None)
    page = (GRAPHIQL / "index.html").read_text(encoding="utf-8")
    app.include_router(
        graphql_router(graphql, context, page, origins=origins, watch=metrics.operation, executor=executor)
    )
    app.include_router(export_router(graphql, anybodys))
    app.include_router(cypher_router(driver, address, metrics, bounds))
    app.mount("/static/graphiql", StaticFiles(directory=GRAPHIQL), name="graphiql")

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/graphql")

    @app.get("/metrics", include_in_schema=False)
    def counters() -> Response:
        return metrics.page()

    @app.get("/health/live")
    async def live() -> dict[str, str]:
        """The process answers."""
        return {"status": "ok"}

    @app.get("/health/ready")
    async def ready() -> JSONResponse:
        """The database answers too."""
        try:
            await reader.verify()
        except (DriverError, Neo4jError):
            return JSONResponse({"status": "the database does not answer"}, status_code=503)
        return JSONResponse({"status": "ok"})

    if trusted is not None:
        app.add_middleware(ByDocument, documents=trusted)
    for kind in ("application/graphql-response+json", "application/x-ndjson", "text/csv"):
        add_compress_type(kind)
    app.add_middleware(CompressMiddleware, brotli=False)
    app.add_middleware(Doorkeeper, access=access)
    app.add_middleware(BodyInTime)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=["GET", "POST"],
            allow_headers=["authorization", "content-type", "if-none-match"],
            expose_headers=["etag", "retry-after"],
        )
    app.add_exception_handler(Exception, _unforeseen)
    app.add_middleware(Observer, metrics=metrics)
    app.add_middleware(CancelOnHangup)
    return app


def _unforeseen(_: Request, error: Exception) -> Response:
    """The answer where something failed beyond all that has words for it, as while an answer was written."""
    return incident(error)


def server_config(app: FastAPI, log_level: str = "warning") -> uvicorn.Config:
    """How the application is served: heads in their time, a WebSocket's messages no longer than a request."""
    return uvicorn.Config(
        app,
        log_level=log_level,
        access_log=False,
        http=HeadInTime,
        ws_max_size=MAX_BODY,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=2,
    )


def serve_forever(
    address: Address,
    listener: socket.socket,
    access: Access,
    origins: Sequence[str] = (),
    ingesting: Ingesting | None = None,
    *,
    trusted: TrustedDocuments | None = None,
    tracer: Tracer = SILENT,
    official_driver: bool = False,
) -> None:
    """Serve on an open socket until Ctrl-C, also to pages of these origins; `trusted` as above."""
    host, port = listener.getsockname()[:2]
    _tell(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")
    app = create_app(
        address,
        access,
        origins=origins,
        ingesting=ingesting,
        trusted=trusted,
        tracer=tracer,
        official_driver=official_driver,
        warmed=True,
    )
    _Server(server_config(app)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """Ends on Ctrl-C without raising it again: that is how it is meant to be stopped."""

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        except KeyboardInterrupt:
            return


def listen(host: str, port: int) -> socket.socket:
    """A socket on this address, so that a port that is taken is told before anything long begins.

    Raises:
        SetupError: when the port is taken or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SetupError(
            f"Cannot listen on {host}:{port} ({error.strerror}): stop what uses the port, or choose another "
            "with --port or KB_PORT."
        ) from error
    return listener


def _tell(base: str) -> None:
    say(f"\nServing on {base} until Ctrl-C. To try:")
    for what, how in (
        ("the playground, with example queries", f"{base}/graphql"),
        ("a question from the shell", "kb query --example 1"),
        ("plain Cypher", "kb cypher 'MATCH (p:Person)-[w:WORKS_FOR]->(c) RETURN p.name, w.role, c.name'"),
        ("a document of your own", "kb load article.html"),
    ):
        say(f"  {what + ':':40s}{how}")
