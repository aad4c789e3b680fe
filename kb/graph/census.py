"""Counting what is in a graph for `kb check`: one pass each over documents, entities and statements."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Final, LiteralString, cast

import neo4j

from kb.graph.version_queries import STANDS
from kb.ontology import DateEvent, EntityType, RelationType
from kb.quality.census import DOCUMENT_FIELDS, FACT_FIELDS, TOLD_OF, TOTAL, Census, Fill

_FIELDS: Final = sorted({field for fields in FACT_FIELDS.values() for field in fields})

_DOCUMENTS: Final = f"""
MATCH (d:Document)
RETURN CASE WHEN {STANDS} THEN coalesce(d.publisher, '') END AS publisher, count(*) AS n,
       count(d.withdrawn_at) AS withdrawn, count(d.superseded_by) AS superseded,
       {", ".join(f"count(d.{field}) AS {field}" for field in DOCUMENT_FIELDS if field != "publisher")}
"""
_STATEMENTS: Final = f"""
MATCH (s:Statement)
RETURN s.retracted_at IS NULL AS stands, s.predicate AS predicate, count(*) AS n,
       {", ".join(f"count(s.{field}) AS {field}" for field in _FIELDS)}
"""
_MERGED: Final = "MATCH (m:MergedEntity) RETURN count(m) AS n"


def _told(told: RelationType | DateEvent) -> str:
    """Whether something is told of an entity: at either end of its edges, which lead one way by type."""
    if isinstance(told, DateEvent):
        return f"EXISTS {{ (e)-[:HAS_DATE]->(:DateFact {{predicate: '{told.value}'}}) }}"
    return f"EXISTS {{ (e)-[:{told.value}]-() }}"


_ENTITIES: Final = {
    kind: f"MATCH (e:{kind.value}) RETURN count(*) AS n, sum(toInteger(e.provisional)) AS provisional"
    + "".join(
        f", count(CASE WHEN {_told(told)} THEN 1 END) AS {told.value}" for told in TOLD_OF.get(kind, ())
    )
    for kind in EntityType
}


def take_census(driver: neo4j.Driver, database: str) -> Census:
    """Count what is in the graph, and how often fields are filled."""
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        fills: dict[str, Fill] = {}
        _documents(session, counts, fills)
        _entities(session, counts, fills)
        _statements(session, counts, fills)
    named = {group: {name: n for name, n in sorted(found.items()) if n} for group, found in counts.items()}
    return Census(named, {name: fill for name, fill in sorted(fills.items()) if fill.of})


def _documents(session: neo4j.Session, counts: Mapping[str, Counter[str]], fills: dict[str, Fill]) -> None:
    standing: Counter[str] = Counter()
    for row in session.run(_DOCUMENTS).data():
        counts["aside"]["documents withdrawn"] += row["withdrawn"]
        counts["aside"]["documents superseded"] += row["superseded"]
        if row["publisher"] is not None:
            standing += Counter({field: row[field] for field in DOCUMENT_FIELDS if field != "publisher"})
            standing["publisher"] += row["n"] if row["publisher"] else 0
            counts["documents"][TOTAL] += row["n"]
            counts["publishers"][row["publisher"]] += row["n"] if row["publisher"] else 0
    total = counts["documents"][TOTAL]
    fills.update({f"Document.{field}": Fill(standing[field], total) for field in DOCUMENT_FIELDS})


def _entities(session: neo4j.Session, counts: Mapping[str, Counter[str]], fills: dict[str, Fill]) -> None:
    for kind, query in _ENTITIES.items():
        row = session.run(cast("LiteralString", query)).single(strict=True)
        counts["entities"][kind] += row["n"]
        counts["entities"][TOTAL] += row["n"]
        counts["provisional"][kind] += row["provisional"]
        fills.update({f"{kind}.{told}": Fill(row[told.value], row["n"]) for told in TOLD_OF.get(kind, ())})
    counts["aside"]["entities merged"] += session.run(_MERGED).single(strict=True)["n"]


def _statements(session: neo4j.Session, counts: Mapping[str, Counter[str]], fills: dict[str, Fill]) -> None:
    for row in session.run(cast("LiteralString", _STATEMENTS)).data():
        if not row["stands"]:
            counts["aside"]["statements retracted"] += row["n"]
            continue
        counts["statements"][TOTAL] += row["n"]
        predicate: str = row["predicate"] or ""
        counts["statements"][predicate] += row["n"]
        for field in FACT_FIELDS.get(predicate, ()):
            fills[f"{predicate}.{field}"] = Fill(row[field], row["n"])
