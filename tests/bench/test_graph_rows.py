"""The benchmark's graph: the files for the bulk import hold what the loader's writer writes."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.graph_data import Industry
from bench.graph_rows import INGEST, write_files
from kb.graph.connection import Graph
from kb.graph.writer import Writer

STATEMENTS = 800
TIMES = {"recorded_at", "at", "started_at", "registry"}
"""Differ from run to run, or tell of a registry that the import does not write."""
NODES = """
MATCH (n) WHERE NOT (n:KbTest OR n:Lease OR n:Migration OR n.registry IS NOT NULL)
RETURN labels(n) AS labels, properties(n) AS told
"""
EDGES = """
MATCH (a)-[e]->(b)
RETURN type(e) AS type, coalesce(a.id, a.key) AS start, coalesce(b.id, b.key) AS end, properties(e) AS told
"""
READ = {
    "long": int,
    "double": float,
    "boolean": lambda text: text == "true",
    "string[]": lambda text: text.split("|") if text else [],
}


def written(graph: Graph, query: str) -> list[str]:
    """The graph's nodes or edges as lines, in an order of their own."""
    records = graph.driver.execute_query(query, database_=graph.database).records
    return sorted(line(**record.data()) for record in records)


def line(told: Mapping[str, Any], labels: Sequence[str] = (), **ends: str) -> str:
    timeless = sorted((key, value) for key, value in told.items() if key not in TIMES)
    return repr((sorted(labels), sorted(ends.items()), timeless))


def nodes(sources: Sequence[str]) -> Iterator[str]:
    for labels, rows in files(sources, "--nodes="):
        yield from (line(row, labels.split(":")) for row in rows)


def edges(sources: Sequence[str]) -> Iterator[str]:
    for kind, rows in files(sources, "--relationships="):
        for row in rows:
            start, end = row.pop(":START_ID"), row.pop(":END_ID")
            yield line(row, type=kind, start=start, end=end)


def files(sources: Sequence[str], option: str) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    for source in sources:
        if source.startswith(option):
            name, _, path = source.removeprefix(option).partition("=")
            yield name, records(Path(path))


def records(path: Path) -> Iterator[dict[str, Any]]:
    """The rows as the built graph has them: what is empty is no property, but for the list of aliases."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    columns = [re.fullmatch(r"(\w*):([\w\[\]]+)(?:\(\w+\))?", name) for name in header]
    names = [found[1] or f":{found[2]}" for found in columns if found]
    readers = [READ.get(found[2], str) for found in columns if found]
    for row in rows:
        cells = zip(names, readers, row, strict=True)
        values = {name: read(cell) for name, read, cell in cells if cell or name == "aliases"}
        yield values


def test_the_import_gets_the_graph_that_the_writer_writes(graph: Graph, tmp_path: Path) -> None:
    industry = Industry(STATEMENTS)
    writer = Writer(graph.driver, graph.database, industry.registry)
    writer.write_registry()
    writer.write_together(list(industry.found()), INGEST)

    sources = write_files(industry, tmp_path, datetime.now(UTC))

    assert sorted(nodes(sources)) == written(graph, NODES)
    assert sorted(edges(sources)) == written(graph, EDGES)
