"""The writer's rate while the graph grows: `make bench-growth`.

`python -m bench.graph_growth [--statements N]`. One server with a database of its own, which is removed at
the end. The documents of the industry go in as `kb load` has them together, and the rate of each twentieth is
told as it ends; at last the last fifth is compared with the first, without the block in which plans are made.
"""

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Final

from bench.graph_data import Industry
from bench.graph_load import Block, blocks, facts_of, write_block
from kb.embedded import Bar, EmbeddedServer, prepare
from kb.graph.connection import open_driver
from kb.graph.migrate import migrate
from kb.graph.writer import Writer
from loaders.ingest import BATCH

STATEMENTS: Final = 1_000_000
GOAL: Final = 0.70
_TOLD: Final = 20
_STATEMENTS: Final = 1_000
"""Of one block."""


def _rate(writer: Writer, block: Block) -> float:
    """Facts a second at which a block is written."""
    begun = time.perf_counter()
    write_block(writer, block, BATCH)
    return facts_of(block) / (time.perf_counter() - begun)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--statements", type=int, default=STATEMENTS)
    statements: int = parser.parse_args().statements
    with Bar() as bar:
        prepare(bar)
    industry = Industry(statements)
    rates: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedServer(Path(folder), linger=0) as server,
        open_driver(server.address) as driver,
    ):
        migrate(driver, server.address.database)
        writer = Writer(driver, server.address.database, industry.registry)
        writer.write_registry()
        begun, written, told = time.perf_counter(), 0, 0
        for block in blocks(industry):
            rates.append(_rate(writer, block))
            written += facts_of(block)
            if written >= statements or len(rates) - told >= statements / _TOLD / _STATEMENTS:
                done = f"{written:>9,} statements after {time.perf_counter() - begun:6.0f} s"
                print(f"{done}, {median(rates[told:]):6.0f} a second", flush=True)
                told = len(rates)
    warm = rates[1:-1] or rates
    fifth = max(len(warm) // 5, 1)
    first, last = median(warm[:fifth]), median(warm[-fifth:])
    print(f"the first fifth {first:.0f} a second, the last {last:.0f}: {last / first:.2f} (goal {GOAL:.2f})")


if __name__ == "__main__":
    main()
