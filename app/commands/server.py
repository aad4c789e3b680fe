"""Commands about the servers: up, down, serve, status."""

import logging
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.console import say
from app.output import Format, print_rows
from app.wiring import open_graph
from kb import embedded
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from app.access import Access
    from kb.graph.status import GraphStatus, LastIngest
    from schema.persisted import TrustedDocuments


def up() -> None:
    """Start the database and bring it to this program's schema.

    It stays up for KB_LINGER seconds (600) after its last user.
    """
    settings = Settings.read()
    with open_graph(settings) as graph:
        say(f"Neo4j answers at {graph.address.uri} (user {graph.address.user}).")
        if settings.neo4j_uri is None:
            say(f"Data: {settings.home}. It stops {settings.linger:.0f} s after its last user.")


def down() -> None:
    """Stop the embedded database now, cleanly, whoever uses it."""
    settings = Settings.read()
    stopped = embedded.down(settings.home)
    say("Neo4j has stopped." if stopped else "No embedded Neo4j was running.")


def serve(
    *,
    seeds: Annotated[bool, typer.Option("--seeds", help="Load the seeds first.")] = False,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; 127.0.0.1 means this machine only.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 8000 unless KB_PORT says else.")
    ] = None,
) -> None:
    """Serve GraphQL, its playground and Cypher until Ctrl-C, which also stops an idle embedded database.

    On an address that other machines reach, it needs tokens: `kb token create NAME`.
    """
    from app.seeding import load_seeds
    from app.telemetry import log_as_json
    from app.tracing import SILENT, provider
    from app.web import listen, serve_forever
    from app.wiring import ingesting

    settings = Settings.read()
    if settings.log_json:
        log_as_json(logging.INFO)
    settings = settings.model_copy(update={"linger": 0.0})
    address = host or settings.host
    access, trusted = _access(settings, address), _trusted(settings)
    traces = provider()
    tracer = SILENT if traces is None else traces.get_tracer("app")
    with (
        listen(address, settings.port if port is None else port) as listener,
        open_graph(settings) as graph,
    ):
        if seeds:
            load_seeds(graph, settings)
        serve_forever(
            graph.address,
            listener,
            access,
            settings.cors_origins,
            ingesting(settings),
            trusted=trusted,
            tracer=tracer,
            official_driver=settings.official_driver,
        )
    if traces is not None:
        traces.shutdown()
    say("Stopped.")


def _access(settings: Settings, host: str) -> "Access":
    from app.access import Access, is_loopback
    from app.tokens import TokenFile

    access = Access(TokenFile(settings.tokens_file), is_loopback(host), settings.open_read)
    if not (access.tokens.all() or access.loopback or access.open_read):
        raise UsageError(
            f"Other machines reach {host}, and there are no tokens: make one with `kb token create NAME`, or "
            "listen on 127.0.0.1. KB_OPEN_READ=true lets everybody read who gets there."
        )
    return access


def _trusted(settings: Settings) -> "TrustedDocuments | None":
    from schema import build_schema
    from schema.persisted import load_documents

    if settings.trusted_documents is not None:
        return load_documents(settings.trusted_documents, build_schema(), only=settings.only_trusted)
    if settings.only_trusted:
        raise UsageError("KB_ONLY_TRUSTED needs documents: name their folder in KB_TRUSTED_DOCUMENTS.")
    return None


def status(form: Annotated[Format, typer.Option("--format")] = Format.TABLE) -> None:
    """Show whether the database runs and what is in the graph; starts nothing."""
    from kb.graph.status import graph_status

    settings = Settings.read()
    if settings.neo4j_uri is None:
        state = embedded.status(settings.home)
        if not state.running:
            print_rows([{"what": "database", "value": f"not running; data in {settings.home}"}], form)
            return
    with open_graph(settings, migrated=False) as graph:
        counted = graph_status(graph.driver, graph.database)
        print_rows(_rows(graph.address.uri, counted), form, ("what", "value"))


def _rows(uri: str, counted: "GraphStatus") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = [
        {"what": "database", "value": uri},
        {"what": "schema version", "value": counted.schema_version},
        *({"what": what, "value": n} for what, n in counted.totals.items()),
        *({"what": f"entities: {what}", "value": n} for what, n in counted.entities.items()),
        *({"what": f"statements: {what}", "value": n} for what, n in counted.statements.items()),
    ]
    last = counted.last_ingest
    if last is not None:
        rows.append({"what": "last load", "value": _told(last)})
    return rows


def _told(last: "LastIngest") -> str:
    begun = f"begun {last.started}"
    if last.finished is None:
        return f"still runs, or was cut off: {last.documents} documents, the last {last.latest}, {begun}"
    return f"{last.state}, {last.documents} documents, {len(last.failed)} failed, {begun}"
