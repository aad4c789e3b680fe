"""The command line `kb`: one verb per command, one sentence per error, exit codes for scripts.

0 all went well, 1 some input was left out, 2 wrong use, 3 the database, 4 the machine lacks something,
130 interrupted.
"""

import logging
import sys

import typer
from rich.console import Console

from app.commands import ask, graph, load, server
from kb.errors import KbError

app = typer.Typer(
    name="kb",
    help="A knowledge base of the AI industry: every answer shows who said so, where and when.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (server.up, server.down, server.serve, server.status):
    app.command()(command)
for command in (load.load, load.extract):
    app.command()(command)
for command in (ask.query, ask.cypher):
    app.command()(command)
for command in (graph.export, graph.rebuild_edges, graph.check):
    app.command()(command)


def main() -> None:
    """Run the command line; every error of ours ends as one sentence on stderr."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    try:
        app()
    except KbError as error:
        Console(stderr=True).print(f"kb: {error}", style="red", highlight=False, markup=False, soft_wrap=True)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
