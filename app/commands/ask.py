"""Commands that ask: query (GraphQL), cypher."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from app.console import say
from app.flatten import sections
from app.output import Format, print_rows
from app.wiring import open_graph
from kb.errors import UsageError
from kb.settings import Settings

_PRINTED: Final = 64 * 2**20
"""Bytes of rows that a command prints at most."""
_PARAMETER: Final = "A parameter: name=value, the value as JSON or text."


def query(
    text: Annotated[
        str | None, typer.Argument(help="A GraphQL query; @FILE reads a file, - reads stdin.")
    ] = None,
    example_name: Annotated[
        str | None,
        typer.Option("--example", "-e", help="Run an example, by name or number; 'list' names them."),
    ] = None,
    variable: Annotated[list[str] | None, typer.Option("--var", "-v", help=_PARAMETER)] = None,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Ask a GraphQL question from the shell; json prints the answer as the server gives it."""
    import asyncio

    from app.graphql import execute
    from schema.examples import examples

    if example_name == "list":
        print("\n".join(one.name for one in examples()))
        return
    if (text is None) == (example_name is None):
        raise UsageError("Give a query, or --example with a name; `kb query --example list` names them.")
    source = (
        _source(text or "")
        if example_name is None
        else _example(example_name, {one.name: one.query for one in examples()})
    )
    variables = dict(_parameter(item) for item in variable or [])
    with open_graph(Settings.read()) as graph:
        answer = asyncio.run(execute(graph.address, source, variables))
    _print(answer, form)


def _example(name: str, known: Mapping[str, str]) -> str:
    found = [query for full, query in known.items() if name in {full, full.partition("-")[0]}]
    if not found:
        raise UsageError(f"There is no example '{name}'; these are: {', '.join(known)}.")
    return found[0]


def _print(answer: Mapping[str, Any], form: Format) -> None:
    errors = answer.get("errors")
    found = sections(answer.get("data") or {})
    match form:
        case Format.JSON:
            print(json.dumps(answer, ensure_ascii=False, indent=2))
        case Format.JSONL:
            print_rows(({"list": part.title, **row} for part in found for row in part.rows), form)
        case Format.TABLE:
            from rich.console import Console

            for part in found:
                if part.title and len(found) > 1:
                    Console(highlight=False, markup=False).print(part.title, style="bold underline")
                print_rows(part.rows, form)
    if errors:
        raise UsageError("; ".join(str(error["message"]) for error in errors))


def cypher(
    text: Annotated[
        str, typer.Argument(help="One Cypher query that reads; @FILE reads a file, - reads stdin.")
    ],
    param: Annotated[list[str] | None, typer.Option("--param", "-p", help=_PARAMETER)] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Rows at most.")] = 1000,
    form: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Run one Cypher query in read mode; writes are refused."""
    from kb.graph.adhoc import Bounds, ask

    source = _source(text)
    parameters = dict(_parameter(item) for item in param or [])
    with open_graph(Settings.read()) as graph:
        result = ask(graph.address, source, parameters, Bounds(rows=limit, size=_PRINTED))
    print_rows(result.records(), form, result.columns)
    if result.truncated:
        say(f"There is more than these {len(result.rows)} rows: raise --limit up to 100,000, or narrow it.")


def _source(text: str) -> str:
    if text == "-":
        return sys.stdin.read()
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{text[1:]} cannot be read: {error}.") from error


def _parameter(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(f"'{text}' is no parameter: write name=value.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
