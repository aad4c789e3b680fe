"""Export: every statement as one JSON line, in an order that is the same for equal graphs."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import neo4j

from kb.statement_ids import SEPARATOR

PAGE: Final = 2000

STATEMENTS: Final = """
MATCH (s:Statement) WHERE s.id > $after AND ($history OR s.retracted_at IS NULL)
WITH s ORDER BY s.id LIMIT $limit
MATCH (s)-[:SUBJECT]->(a:Entity)
MATCH (s)-[v:EVIDENCED_BY]->(d:Document)
OPTIONAL MATCH (s)-[:OBJECT]->(b:Entity)
OPTIONAL MATCH (s)-[:ATTRIBUTED_TO]->(p:Entity)
OPTIONAL MATCH (s)-[:OFFERED_BY]->(o:Entity)
RETURN properties(s) AS s, a.id AS subject, a.name AS subject_name, b.id AS object, b.name AS object_name,
       p.id AS speaker, o.id AS offered_by, v.start AS start, v.end AS end, v.text AS text,
       d.id AS document, d.source_key AS source, d.title AS title, d.publisher AS publisher,
       d.published AS published, d.url AS url
ORDER BY s.id
"""

_FIELDS: Final = (
    "value low high unit comparator period basis scope active benchmark date role role_code status how lead "
    "share city access consequence as_of valid_from valid_to modality"
).split()


def export_statements(
    driver: neo4j.Driver, database: str, *, canonical: bool = False, history: bool = False
) -> Iterator[Mapping[str, Any]]:
    """The statements that stand by id, as maps ready for JSON; all that were ever written with `history`.

    The canonical form leaves out recording times, so that two graphs made from the same documents at
    different times give the same lines.
    """
    after = ""
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        while rows := session.execute_read(_page, after, history):
            yield from (_line(row, canonical=canonical) for row in rows)
            after = rows[-1]["s"]["id"]


def _page(tx: neo4j.ManagedTransaction, after: str, history: bool) -> list[dict[str, Any]]:  # noqa: FBT001
    return tx.run(STATEMENTS, after=after, limit=PAGE, history=history).data()


def _line(row: dict[str, Any], *, canonical: bool) -> dict[str, Any]:
    s: dict[str, Any] = row["s"]
    line: dict[str, Any] = {
        "id": s["id"],
        "claim_id": s["claim_id"],
        "kind": s["kind"],
        "predicate": s["predicate"],
        "subject": _end(row["subject"], row["subject_name"], s["subject_key"]),
        **{field: s[field] for field in _FIELDS if field in s},
    }
    if row["object"] is not None:
        line["object"] = _end(row["object"], row["object_name"], s["object_key"])
    if "amount" in s:
        line["amount"] = {
            "value": s["amount"],
            "unit": s["amount_unit"],
            "comparator": s["amount_comparator"],
        }
    if "speaker" in s:
        line["speaker"] = {"name": s["speaker"], "id": row["speaker"]}
    if "offered_by" in s:
        line["offered_by"] = {"name": s["offered_by"], "id": row["offered_by"]}
    line["evidence"] = {key: row[key] for key in ("document", "start", "end", "text")}
    line["source"] = {key: row[key] for key in ("source", "title", "publisher", "published", "url")}
    line |= {"extractor": s["extractor"], "confidence": s["confidence"]}
    if not canonical:
        line |= _recorded(s)
    return line


def _end(entity_id: str, name: str, key: str) -> dict[str, str]:
    """The resolved entity, and the name as the document gave it."""
    return {"id": entity_id, "name": name, "as_written": key.partition(SEPARATOR)[2]}


def _recorded(s: dict[str, Any]) -> dict[str, Any]:
    times = {key: s.get(key) for key in ("recorded_at", "retracted_at")}
    return {
        **{key: None if value is None else value.iso_format() for key, value in times.items()},
        "retracted_why": s.get("retracted_why"),
        "rank": s.get("rank"),
    }
