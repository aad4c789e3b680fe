"""Commands that correct what the graph holds: withdraw, reject."""

import getpass
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.console import say
from app.wiring import open_graph
from kb.errors import UsageError
from kb.settings import Settings

if TYPE_CHECKING:
    from kb.graph.corrections import Corrections

By = Annotated[str | None, typer.Option("--by", help="Who says so; your user name unless given.")]


def withdraw(
    documents: Annotated[list[str], typer.Argument(help="Ids, URLs or paths of documents.")],
    why: Annotated[
        str | None, typer.Option("--why", help="The reason, which is kept with the facts.")
    ] = None,
    by: By = None,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Let what was withdrawn stand again.")] = False,
) -> None:
    """Retract all that documents say, with the edges and ranks that follow from it alone.

    It stays away when it is loaded again, also with another text, until --undo.
    """
    with _corrections(by) as corrections:
        found = [one for name in documents for one in corrections.find(name, _spellings(name), _place(name))]
        for one in found:
            if one.withdrawn is not undo:
                state = "withdrawn already" if one.withdrawn else "not withdrawn"
                say(f"{one.name} is {state}; nothing is changed.", style="yellow")
        ids = [one.id for one in found if one.withdrawn is undo]
        done = corrections.restore(ids) if undo else corrections.withdraw(ids, why)
    what = "stand again" if undo else "are retracted; undo it with --undo"
    say(f"{len(ids)} documents, {done.facts} facts {what}.")


def reject(
    facts: Annotated[list[str], typer.Argument(help="Ids of facts, as queries and exports show them.")],
    why: Annotated[str | None, typer.Option("--why", help="The reason; needed unless --undo.")] = None,
    by: By = None,
    *,
    undo: Annotated[bool, typer.Option("--undo", help="Let the facts stand again.")] = False,
) -> None:
    """Hide facts that you know to be wrong; they are kept, with who said so and why.

    It holds for what the facts' sources claim, in later versions and readings too, until --undo.
    """
    if not undo and not (why and why.strip()):
        raise UsageError("Say why the fact is wrong, with --why: the reason is kept with it.")
    with _corrections(by) as corrections:
        done = corrections.accept(facts) if undo else corrections.reject(facts, str(why).strip())
    say(f"{done.facts} facts {'stand again' if undo else 'are hidden; undo it with --undo'}.")
    if done.elsewhere and not undo:
        say(f"Other sources claim the same ({done.elsewhere} facts), which still stand.", style="yellow")


@contextmanager
def _corrections(by: str | None) -> "Generator[Corrections]":
    from kb.graph.corrections import Corrections

    with open_graph(Settings.read()) as graph:
        yield Corrections(graph.driver, graph.database, (by or "").strip() or _user())


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process whose user has no name
        return "unknown"


def _spellings(name: str) -> list[str]:
    """The key that a URL has in the graph, however it is written."""
    from loaders.cleaning.urls import canonical_url

    url = canonical_url(name) if "://" in name else None
    return [] if url is None else [url]


def _place(name: str) -> str | None:
    return None if "://" in name else Path(name).resolve().as_uri()
