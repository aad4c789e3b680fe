"""What the graph has already of what is about to be written, asked in one query.

A document that is new is the most frequent case, in which all of it is nothing: each answer then spares the
queries that would follow from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import neo4j

from kb.graph import cluster_queries, copies, version_queries
from kb.graph.rows import DocumentRows
from kb.graph.transactions import fetch
from kb.graph.versions import Earlier, earlier_of, keys_of

KNOWN: Final = f"""
RETURN
  COLLECT {{
    CALL () {{ {version_queries.EARLIER} }}
    RETURN {{id: id, there: there, others: others}}
  }} AS earlier,
  COLLECT {{ {copies.CANDIDATES} }} AS near,
  COLLECT {{
    CALL () {{ {cluster_queries.CLUSTERED} }}
    RETURN {{id: id, stands: stands}}
  }} AS merged,
  COLLECT {{
    UNWIND range(0, size($aliases) - 1) AS place WITH place, $aliases[place] AS row
    WHERE EXISTS {{ (:Alias {{key: row.key}})-[:NAMES]->(:Entity {{id: row.entity}}) }} RETURN place
  }} AS named,
  COLLECT {{
    UNWIND $slots AS slot WITH slot WHERE EXISTS {{ (:Statement {{slot: slot}}) }} RETURN slot
  }} AS taken,
  EXISTS {{ MATCH (:Rejection) }} AS rejections
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What is there: versions of the documents, clusters of texts like theirs, and who entities are."""

    earlier: Earlier
    near: frozenset[str]
    stands_for: Mapping[str, str]
    """Who stands for those of the entities that are one with others, by their ids."""
    named: frozenset[tuple[str, str]]
    """The names that lead to their entities, by their keys and the entities' ids."""
    rejections: bool
    """Whether a fact was ever rejected, so that new facts have to be looked at."""
    free: frozenset[str]
    """The slots of the statements of which the graph has none."""


def known_of(tx: neo4j.ManagedTransaction, rows: DocumentRows) -> Known:
    """What the graph has now of documents and what was found in them."""
    papers = rows.papers
    slots = {statement["slot"] for statement in rows.statements}
    (row,) = fetch(
        tx,
        KNOWN,
        {
            "rows": keys_of(rows.documents),
            "documents": [paper["id"] for paper in papers],
            "bands": sorted({band for paper in papers for band in paper["bands"]}),
            "sources": sorted({paper["source_key"] for paper in papers}),
            "ids": [entity["id"] for entity in rows.entities],
            "aliases": rows.aliases,
            "slots": sorted(slots),
        },
    )
    return Known(
        earlier=earlier_of(row["earlier"]),
        near=frozenset(row["near"]),
        stands_for={told["id"]: told["stands"] for told in row["merged"]},
        named=frozenset(
            (alias["key"], alias["entity"]) for alias in map(rows.aliases.__getitem__, row["named"])
        ),
        rejections=row["rejections"],
        free=frozenset(slots.difference(row["taken"])),
    )
