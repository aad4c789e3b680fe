"""Statements of documents that the graph never had: made in one go with what is derived from each alone.

Such a statement cannot be there, so nothing is looked for. Where it is the only one of its slot, its rank and
the edge of its relation follow from itself; the other slots are derived as ever.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

import neo4j

from kb.graph import fact_counts
from kb.graph import write_queries as cypher
from kb.graph.derivation import derive_countries
from kb.graph.rows import DocumentRows, Row
from kb.graph.transactions import Written, run_batches, total
from kb.ontology import Kind, Modality, RelationType


def add(
    tx: neo4j.ManagedTransaction, rows: DocumentRows, free: Collection[str], told: Mapping[str, Any]
) -> tuple[set[str], Written]:
    """Write the statements of new documents; gives the slots whose ranks and edges are still to be derived.

    `free` are the slots of which the graph has no statement.
    """
    share = Counter(row["slot"] for row in rows.statements)
    lone = {slot for slot, statements in share.items() if statements == 1 and slot in free}
    values: list[Row] = []
    relations: list[Row] = []
    for row in rows.statements:
        kind = Kind(row["kind"])
        (relations if kind is Kind.RELATION else values).append(_row(row, kind, alone=row["slot"] in lone))
    written = [
        run_batches(tx, cypher.NEW_VALUES, values, told),
        run_batches(tx, cypher.NEW_RELATIONS, relations, told),
        derive_countries(tx, (r["subject"] for r in relations if RelationType.BASED_IN in r["edges"])),
        fact_counts.add(tx, rows.statements),
    ]
    return share.keys() - lone, total(written)


def _row(row: Row, kind: Kind, *, alone: bool) -> Row:
    modality = row["properties"]["modality"]
    edges: list[str] = []
    if modality == Modality.ASSERTED:
        if kind is not Kind.RELATION:
            edges = [cypher.HOLDERS[kind]]
        elif alone and row["subject"] != row["object"]:
            edges = [row["predicate"]]
    rank = "BEST" if alone and modality != Modality.DENIED else None
    told = row["properties"]
    shown = told.get("value", told.get("high")) if kind is Kind.FIGURE and rank else None
    return {**row, "label": cypher.LABELS[kind], "edges": edges, "rank": rank, "shown": shown}
