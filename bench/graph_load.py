"""Facts per second of the writer beside hand-written batches: `make bench-load`.

`python -m bench.graph_load [--statements N] [--together N]`. Two servers with databases of their own, which
are removed at the end, take turns block by block over the same industry: the writer, with what it looks up,
resolves, derives and ranks, with as many documents in a transaction as `kb load` has at most; and
`bench.graph_by_hand`, one block a transaction. At the end nodes and relationships of both are counted by
kind, and must be equal.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

import neo4j

from bench import graph_by_hand
from bench.graph_data import INGEST, Industry
from kb.documents import Document
from kb.embedded import Bar, EmbeddedServer, prepare
from kb.facts import Extraction
from kb.graph.connection import Graph, open_driver
from kb.graph.migrate import migrate
from kb.graph.rows import document_rows
from kb.graph.writer import Writer
from kb.resolution import Resolver
from loaders.ingest import BATCH

STATEMENTS: Final = 20_000
GOAL: Final = 0.70
_BLOCK: Final = 25
"""Documents of one block: a thousand statements."""
LEAST: Final = 2_000
_NODES: Final = """
MATCH (n) WHERE NOT n:Migration AND NOT n:Lease UNWIND labels(n) AS kind RETURN kind, count(*) AS n
"""
_EDGES: Final = "MATCH ()-[e]->() RETURN type(e) AS kind, count(*) AS n"

Block = Sequence[tuple[Document, Extraction]]


@dataclass(frozen=True, slots=True)
class Turn:
    """The size of a block, and the facts per second at which each of the two wrote it."""

    documents: int
    ours: float
    by_hand: float


class Race:
    """The writer on one server, the hand-written batches on another."""

    def __init__(self, industry: Industry, ours: Graph, by_hand: Graph, together: int) -> None:
        """Bring the registry into both, which is not measured."""
        self._ours, self._by_hand, self._together = ours, by_hand, together
        self._resolver = Resolver(industry.registry)
        self._writer = Writer(ours.driver, ours.database, industry.registry)
        for graph in (ours, by_hand):
            migrate(graph.driver, graph.database)
            Writer(graph.driver, graph.database, industry.registry).write_registry()

    def turn(self, block: Block, *, ours_first: bool) -> Turn:
        """Let both write a block."""
        batch = graph_by_hand.queries(document_rows(block, self._resolver))
        sides: list[Callable[[], None]] = [lambda: self._write(block), lambda: self._write_by_hand(batch)]
        seconds = [0.0, 0.0]
        for side in (0, 1) if ours_first else (1, 0):
            begun = time.perf_counter()
            sides[side]()
            seconds[side] = time.perf_counter() - begun
        facts = facts_of(block)
        return Turn(len(block), facts / seconds[0], facts / seconds[1])

    def differences(self) -> list[str]:
        """Labels and types that the two graphs have not equally many of."""
        counted = [_counts(graph) for graph in (self._ours, self._by_hand)]
        kinds = sorted({kind for counts in counted for kind in counts})
        pairs = ((kind, *(counts.get(kind, 0) for counts in counted)) for kind in kinds)
        return [f"{kind}: {one} of the writer, {other} by hand" for kind, one, other in pairs if one != other]

    def _write(self, block: Block) -> None:
        write_block(self._writer, block, self._together)

    def _write_by_hand(self, batch: Sequence[graph_by_hand.Query]) -> None:
        with self._by_hand.driver.session(database=self._by_hand.database) as session:
            session.execute_write(graph_by_hand.write, batch)


def blocks(industry: Industry) -> Iterator[Block]:
    """The documents of the industry, a thousand statements at a time."""
    found = industry.found()
    while block := list(islice(found, _BLOCK)):
        yield block


def facts_of(block: Block) -> int:
    """How many facts a block has."""
    return sum(len(extraction.facts) for _, extraction in block)


def write_block(writer: Writer, block: Block, together: int) -> None:
    """Write a block, so many documents a transaction."""
    for start in range(0, len(block), together):
        writer.write_together(block[start : start + together], INGEST)


def _counts(graph: Graph) -> Mapping[str, int]:
    with graph.driver.session(database=graph.database, default_access_mode=neo4j.READ_ACCESS) as session:
        return {row["kind"]: row["n"] for query in (_NODES, _EDGES) for row in session.run(query).data()}


def tell(turns: Sequence[Turn]) -> None:
    """Print the rates and ratios; the first block, in which plans are made, and a short one are left out."""
    warm = [turn for turn in turns[1:] if turn.documents == _BLOCK]
    part = max(len(warm) // 5, 1)
    rows = {"all": warm, "the first fifth": warm[:part], "the last fifth": warm[-part:]}
    print(f"\n{'facts a second, medians of blocks':36}{'writer':>9}{'by hand':>9}{'ratio':>8}")
    for name, some in rows.items():
        ours, by_hand = median(turn.ours for turn in some), median(turn.by_hand for turn in some)
        ratio = median(turn.ours / turn.by_hand for turn in some)
        print(f"{name:36}{ours:9.0f}{by_hand:9.0f}{ratio:8.2f}")
    first, last = (median(turn.ours for turn in some) for some in (warm[:part], warm[-part:]))
    print(f"the writer's rate at the end by that at the start: {last / first:.2f}")
    print(f"the goal for the ratio is {GOAL:.2f}")


def main() -> int:
    """Measure and print; the exit code is 0 unless the two graphs differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--statements", type=int, default=STATEMENTS)
    parser.add_argument("--together", type=int, default=BATCH, help="documents the writer has together")
    given = parser.parse_args()
    if given.statements < LEAST:
        parser.error(f"--statements: at least {LEAST}, for a block to warm up and one to measure")
    with Bar() as bar:
        prepare(bar)
    industry = Industry(given.statements)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        graphs: list[Graph] = []
        for name in ("ours", "by-hand"):
            server = stack.enter_context(EmbeddedServer(Path(folder) / name, linger=0))
            graphs.append(Graph(stack.enter_context(open_driver(server.address)), server.address))
        race = Race(industry, *graphs, together=given.together)
        turns: list[Turn] = []
        for number, block in enumerate(blocks(industry)):
            turns.append(race.turn(block, ours_first=number % 2 == 0))
            print(f"block {number + 1}: {turns[-1].ours:.0f} {turns[-1].by_hand:.0f}", flush=True)
        tell(turns)
        differences = race.differences()
    print("\n".join(differences) or "both graphs have equally many nodes and relationships of each kind")
    return 1 if differences else 0


if __name__ == "__main__":
    raise SystemExit(main())
