"""Commands that work on the files of the embedded graph: backup, restore, build."""

from pathlib import Path
from typing import Annotated

import typer

from app.console import say
from app.wiring import open_graph
from kb import embedded
from kb.errors import UsageError
from kb.settings import Settings

_ELSEWHERE = "back it up with its own tools, or use `kb export --whole` and `kb import`"


def backup(
    file: Annotated[Path, typer.Argument(help="File to write; one that is there is replaced.")],
) -> None:
    """Write the embedded graph into one file; the database is stopped meanwhile, and started again."""
    settings = _embedded(_ELSEWHERE)
    if not file.absolute().parent.is_dir():
        raise UsageError(f"There is no folder {file.absolute().parent}: make it, or name another file.")
    ran = embedded.status(settings.home).running
    embedded.back_up(settings.home, file)
    if ran:
        with open_graph(settings, migrated=False):
            pass
    say(f"{file} has the graph: {file.stat().st_size / 2**20:.1f} MB.")


def restore(
    file: Annotated[Path, typer.Argument(help="What `kb backup` wrote.")],
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a graph that holds data, which is lost then.")
    ] = False,
) -> None:
    """Put a backup in the place of the embedded graph, which must be empty unless --force."""
    from kb.graph.status import graph_status

    settings = _embedded(_ELSEWHERE)
    if not file.is_file():
        raise UsageError(f"There is no file {file}: check the spelling.")
    with open_graph(settings, migrated=False) as graph:
        held = graph_status(graph.driver, graph.database)
    if (held.last_ingest is not None or any(held.totals.values())) and not force:
        raise UsageError(
            f"The graph in {settings.home} holds data: back it up first, and give --force to replace it."
        )
    embedded.restore(settings.home, file)
    with open_graph(settings) as graph:
        totals = graph_status(graph.driver, graph.database).totals
    say("Restored: " + ", ".join(f"{number} {what}" for what, number in totals.items()) + ".")


def build(
    folder: Annotated[Path, typer.Argument(help="What `kb export --format neo4j` wrote.")],
) -> None:
    """Make the embedded graph, where there is none, by Neo4j's offline import: quickest for large ones."""
    from app.bulk_folder import arguments_of
    from kb.graph.bulk import fill
    from kb.graph.status import graph_status

    settings = _embedded("README.txt in the folder has the command for it")
    with embedded.Bar() as bar:
        embedded.import_offline(settings.home, folder.absolute(), arguments_of(folder), bar)
    with open_graph(settings) as graph:
        fill(graph.driver, graph.database)
        totals = graph_status(graph.driver, graph.database).totals
    say("Built: " + ", ".join(f"{number} {what}" for what, number in totals.items()) + ".")


def _embedded(else_: str) -> Settings:
    settings = Settings.read()
    if settings.neo4j_uri is not None:
        raise UsageError(f"KB_NEO4J_URI names a Neo4j of your own: {else_}.")
    return settings
