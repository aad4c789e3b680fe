"""The same graph by hand: the raw driver with `UNWIND` batches, for measuring the writer beside it.

Rows are ready when the clock starts, each batch is one transaction, and nobody else writes. What a statement
is tied to is created with it and not looked for; what documents share is merged. Nothing is ranked.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final

import neo4j

from bench.graph_data import EXTRACTOR, INGEST
from kb.graph.rows import DocumentRows, Row
from kb.graph.write_queries import HOLDERS, LABELS
from kb.ontology import Kind, Modality

_DOCUMENTS: Final = """
MERGE (x:Extractor {id: $extractor}) MERGE (i:Ingest {id: $ingest})
WITH x, i UNWIND $rows AS row
CREATE (d:Document) SET d = row {.*, bands: null}
MERGE (source:Source {key: row.source_key})
CREATE (d)-[:VERSION_OF]->(source), (d)-[:LOADED_IN]->(i), (d)-[:READ_BY]->(x)
WITH d, row UNWIND row.bands AS key
MERGE (b:Band {key: key}) CREATE (d)-[:IN_BAND]->(b)
"""
_ALIASES: Final = """
UNWIND $rows AS row
MATCH (e:Entity {id: row.entity}) MERGE (a:Alias {key: row.key}) MERGE (a)-[:NAMES]->(e)
"""
_OBJECTS: Final = """
UNWIND $rows AS row
MATCH (s:Statement {id: row.id}), (o:Entity {id: row.object}) CREATE (s)-[:OBJECT]->(o)
"""

Query = tuple[str, list[Row]]


def queries(rows: DocumentRows) -> list[Query]:
    """What one batch runs, with the rows of each query."""
    return [
        (_DOCUMENTS, list(rows.documents)),
        *_entities(rows.entities),
        (_ALIASES, list(rows.aliases)),
        *((_statements(kind), _flagged(rows.of_kind(kind))) for kind in Kind),
        (_OBJECTS, [row for row in rows.statements if row["object"] is not None]),
        *_plain_edges(rows.statements),
    ]


def write(tx: neo4j.ManagedTransaction, batch: Sequence[Query]) -> None:
    """Write one batch."""
    for query, rows in batch:
        if rows:
            told: dict[str, Any] = {"rows": rows, "extractor": EXTRACTOR, "ingest": INGEST}
            tx.run(query, told).consume()  # pyright: ignore[reportArgumentType] - made of labels alone


def _entities(rows: Sequence[Row]) -> Iterator[Query]:
    by_label: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_label[row["label"]].append({"id": row["id"], "told": {**row, "label": None}})
    for label, some in by_label.items():
        yield (
            f"UNWIND $rows AS row MERGE (e:Entity {{id: row.id}}) ON CREATE SET e:{label}, e += row.told",
            some,
        )


def _statements(kind: Kind) -> str:
    """Statements with their edges; those to figures, dates and terms that are asserted as well."""
    holder = HOLDERS.get(kind)
    held = f"FOREACH (_ IN row.asserted | CREATE (e)-[:{holder} {{id: row.id}}]->(s))" if holder else ""
    return f"""
MATCH (x:Extractor {{id: $extractor}}) UNWIND $rows AS row
MATCH (e:Entity {{id: row.subject}}), (d:Document {{id: row.document}})
CREATE (s:Statement:{LABELS[kind]} {{id: row.id}}) SET s += row.properties
CREATE (s)-[:SUBJECT]->(e), (s)-[:FOUND_BY {{confidence: row.confidence}}]->(x),
       (s)-[:EVIDENCED_BY {{start: row.start, end: row.end, text: row.text}}]->(d)
{held}
"""


def _flagged(rows: Sequence[Row]) -> list[Row]:
    """Statements with a list of one where they are asserted, for `FOREACH`."""
    asserted = Modality.ASSERTED
    return [{**row, "asserted": [1] if row["properties"]["modality"] == asserted else []} for row in rows]


def _plain_edges(rows: Sequence[Row]) -> Iterator[Query]:
    """One edge a relation, role and status."""
    edges: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows:
        told = row["properties"]
        if row["object"] is None or told["modality"] != Modality.ASSERTED:
            continue
        role, status = told.get("role_code", ""), told.get("status", "")
        key = f"{row['slot']}|{role}|{status}"
        kept = {name: told.get(name) for name in ("role", "role_code", "status", "as_of")}
        edges[row["predicate"]][key] = {"id": key, "a": row["subject"], "b": row["object"], "told": kept}
    for predicate, some in sorted(edges.items()):
        query = f"""
UNWIND $rows AS row MATCH (a:Entity {{id: row.a}}), (b:Entity {{id: row.b}}) WHERE a <> b
MERGE (a)-[e:{predicate} {{id: row.id}}]->(b) ON CREATE SET e += row.told, e.statements = 0
SET e.statements = e.statements + 1
"""
        yield query, list(some.values())
