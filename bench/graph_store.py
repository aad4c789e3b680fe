"""A Neo4j with a large graph, built once and kept: `python -m bench.graph_store STATEMENTS`.

The loader's own rows (`kb.graph.rows`), with the ranks and plain edges that its queries derive, go through
Neo4j's bulk import; a test holds the result against what the writer writes. The home lies in `bench/` under
`KB_HOME`, and its name tells the number of statements and what decides the rows. An older schema is migrated
when the store is opened.
"""

import hashlib
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench import graph_rows
from bench.graph_data import Industry
from kb.embedded import Address, EmbeddedServer, Quiet, import_offline
from kb.graph import write_queries
from kb.graph.connection import open_driver
from kb.graph.migrate import migrate
from kb.graph.writer import Writer
from kb.settings import Settings

_EMPTY_LISTS: Final = """
MATCH (e:Entity) WHERE e.aliases IS NULL CALL (e) { SET e.aliases = [] } IN TRANSACTIONS OF 10000 ROWS
"""
"""The import takes an empty list for no list."""
_SAMPLE: Final = 200
_SAMPLED_AT: Final = datetime(2025, 6, 1, tzinfo=UTC)


@contextmanager
def open_store(statements: int) -> Generator[Address]:
    """A server with the graph of so many statements, which is built first where it is not there."""
    home = home_of(statements)
    if not (home / "built").exists():
        shutil.rmtree(home, ignore_errors=True)
        _tell(f"Building a graph of {statements:,} statements in {home}; this is done once.")
        begun = time.monotonic()
        build(Industry(statements), home)
        (home / "built").write_text(f"{time.monotonic() - begun:.0f} s\n", encoding="ascii")
        _tell(f"Built in {time.monotonic() - begun:.0f} s.")
    with EmbeddedServer(home, linger=0) as server:
        with open_driver(server.address) as driver:
            migrate(driver, server.address.database)
        yield server.address


def home_of(statements: int) -> Path:
    """Where the graph lies; another place when the code would write another graph."""
    told = [Path(write_queries.__file__).read_bytes()]
    with tempfile.TemporaryDirectory() as folder:
        graph_rows.write_files(Industry(_SAMPLE), Path(folder), _SAMPLED_AT)
        told += [file.read_bytes() for file in sorted(Path(folder).iterdir())]
    digest = hashlib.sha256(b"".join(told)).hexdigest()
    return Settings.read().home / "bench" / f"{statements}-{digest[:12]}"


def build(industry: Industry, home: Path) -> None:
    """Make the graph in a home where nothing is yet."""
    home.mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        sources = graph_rows.write_files(industry, Path(folder), datetime.now(UTC))
        _tell("Importing.")
        settings = ["--multiline-fields=true", "--array-delimiter=|", "--threads=2"]
        import_offline(home, Path(folder), [*settings, *sources], Quiet())
    with EmbeddedServer(home, linger=0) as server, open_driver(server.address) as driver:
        with driver.session() as session:
            session.run(_EMPTY_LISTS).consume()
        migrate(driver, server.address.database)
        into = Writer(driver, server.address.database, industry.registry)
        into.write_registry()
        into.finish(graph_rows.INGEST, [])


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")


def main(arguments: list[str]) -> int:
    """Build the graph of so many statements and say where it lies."""
    statements = int(arguments[0])
    with open_store(statements):
        print(f"{statements} statements in {home_of(statements)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
