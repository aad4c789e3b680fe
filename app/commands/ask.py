"""Commands that ask: query (GraphQL), cypher."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console

from app.output import Format, print_rows
from app.wiring import open_graph
from kb.errors import UsageError
from kb.graph.adhoc import MAX_ROWS, run_cypher
from kb.settings import Settings

_say = Console(stderr=True, highlight=False, soft_wrap=True)


def cypher(
    query: Annotated[str, typer.Argument(help="One Cypher query that reads; - reads it from stdin.")],
    param: Annotated[
        list[str] | None,
        typer.Option("--param", "-p", help="A parameter: name=value, the value as JSON or text."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Rows at most.")] = MAX_ROWS,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Run one Cypher query in read mode; writes are refused."""
    text = sys.stdin.read() if query == "-" else query
    parameters = dict(_parameter(item) for item in param or [])
    with open_graph(Settings.read()) as graph:
        result = run_cypher(graph.driver, graph.database, text, parameters, max_rows=limit)
    print_rows(result.rows, form, result.columns)
    if result.truncated:
        _say.print(f"There are more than {limit} rows: raise --limit, or narrow the query.")


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(f"'{text}' is no parameter: write --param name=value.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
