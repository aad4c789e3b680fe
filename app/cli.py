"""The command line `kb`: one verb per command, one sentence per error, exit codes for scripts.

0 all went well, 1 some input was left out, 2 wrong use, 3 the database, 4 the machine lacks something,
130 interrupted.
"""

import gc
import logging
import sys
from typing import Annotated, Final

import typer

from app.commands import (
    ask,
    backup,
    check,
    corrections,
    explain,
    graph,
    identity,
    load,
    registry,
    renewal,
    server,
    token,
)
from app.console import say
from kb.errors import KbError

_NEW_OBJECTS: Final = 50_000
"""After so many Python looks for cycles: by itself after 700, all the while that models and rules load."""

app = typer.Typer(
    name="kb",
    help="A knowledge base of the AI industry: every answer shows who said so, where and when.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001 - as the option calls it
    if wanted:
        from importlib import metadata

        print(metadata.version("ai-industry-kb"))
        raise typer.Exit


@app.callback()
def kb(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            help="Show the version and exit.",
            is_eager=True,
            callback=_show_version,
        ),
    ] = False,
) -> None:
    """A knowledge base of the AI industry: every answer shows who said so, where and when."""


for command in (server.up, server.down, server.serve, server.status):
    app.command()(command)
for command in (load.load, load.extract, explain.explain):
    app.command()(command)
for command in (corrections.withdraw, corrections.reject, renewal.reextract, renewal.refresh):
    app.command()(command)
for command in (ask.query, ask.cypher):
    app.command()(command)
for command in (graph.export, graph.rebuild_edges, check.check):
    app.command()(command)
app.command("import")(graph.import_)
for command in (backup.backup, backup.restore, backup.build):
    app.command()(command)
for command in (identity.resolve, identity.judge, identity.undo):
    app.command()(command)
known = typer.Typer(help="The registry of known entities.", no_args_is_help=True, rich_markup_mode=None)
known.command()(registry.refresh)
known.callback()(registry.about)
app.add_typer(known, name="registry")

tokens = typer.Typer(help="Tokens of `kb serve`.", no_args_is_help=True, rich_markup_mode=None)
tokens.command()(token.create)
tokens.command("list")(token.list_tokens)
tokens.command()(token.revoke)
tokens.callback()(token.about)
app.add_typer(tokens, name="token")


def main() -> None:
    """Run the command line; every error of ours ends as one sentence on stderr."""
    gc.set_threshold(_NEW_OBJECTS)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    for library in ("neo4j", "trafilatura", "htmldate"):
        # they tell of every retry and every odd tag; what failed is told by ours
        logging.getLogger(library).setLevel(logging.CRITICAL)
    try:
        app()
    except KbError as error:
        say(f"kb: {error}", style="red")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
