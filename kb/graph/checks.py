"""Checks of a whole graph against the contract: what Community constraints cannot enforce."""

from dataclasses import dataclass
from typing import Final, LiteralString, cast

import neo4j

from kb.ontology import EntityType, Modality, type_of_kind

_ADVICE_RELOAD: Final = "Load the document again, or report a fault of the program."
_ADVICE_FAULT: Final = "Report a fault of the program."
_ADVICE_EDGES: Final = "Run `kb rebuild-edges`."

_CHECKS: Final = (
    (
        "statement without exactly one subject",
        "MATCH (s:Statement) WHERE COUNT { (s)-[:SUBJECT]->(:Entity) } <> 1 RETURN s.id AS example",
        _ADVICE_RELOAD,
    ),
    (
        "relation without exactly one object",
        "MATCH (s:Relation) WHERE COUNT { (s)-[:OBJECT]->(:Entity) } <> 1 RETURN s.id AS example",
        _ADVICE_RELOAD,
    ),
    (
        "statement without evidence",
        "MATCH (s:Statement) WHERE NOT EXISTS { (s)-[:EVIDENCED_BY]->(:Document) } RETURN s.id AS example",
        _ADVICE_RELOAD,
    ),
    (
        "statement with a predicate or modality that the ontology lacks",
        """MATCH (s:Statement) WHERE NOT s.predicate IN $predicates OR NOT s.modality IN $modalities
           RETURN s.id AS example""",
        "Use the version of the program that wrote it.",
    ),
    (
        "entity without exactly one type",
        "MATCH (e:Entity) WHERE size([l IN labels(e) WHERE l IN $types]) <> 1 RETURN e.id AS example",
        _ADVICE_RELOAD,
    ),
    (
        "relation of an entity with itself",
        """MATCH (e:Entity)<-[a:SUBJECT]-(s:Relation)-[b:OBJECT]->(e)
           WHERE coalesce(a.of, e.id) = coalesce(b.of, e.id) RETURN s.id AS example""",
        "See which alias joins the two names in seeds/registry.",
    ),
    (
        "merged entity that does not lead to exactly one",
        "MATCH (m:MergedEntity) WHERE COUNT { (m)-[:MERGED_INTO]->(:Entity) } <> 1 RETURN m.id AS example",
        _ADVICE_FAULT,
    ),
    (
        "merged entity without a judgement",
        """MATCH (m:MergedEntity)
           WHERE NOT EXISTS { (m)<-[:ABOUT]-(j:Judgement {verdict: 'SAME'}) WHERE j.undone_at IS NULL }
           RETURN m.id AS example""",
        _ADVICE_FAULT,
    ),
    (
        "slot shown by more than one fact",
        """MATCH (s:Statement {rank: 'BEST'})
           WITH s.slot AS slot, s.role_code AS role_code, s.status AS status, count(*) AS n WHERE n > 1
           RETURN slot AS example""",
        _ADVICE_EDGES,
    ),
    (
        "asserted figure, date or term without its edge",
        """MATCH (s:Statement {modality: 'ASSERTED'})
           WHERE s.retracted_at IS NULL AND s.kind <> 'relation'
             AND NOT EXISTS { (:Entity)-[:HAS_FIGURE|HAS_DATE|HAS_TERM]->(s) }
           RETURN s.id AS example""",
        _ADVICE_EDGES,
    ),
    (
        "asserted relation without its edge",
        """MATCH (a:Entity)<-[:SUBJECT]-(s:Relation {modality: 'ASSERTED'})-[:OBJECT]->(b:Entity)
           WHERE s.retracted_at IS NULL AND a <> b
             AND NOT EXISTS { MATCH (a)-[e]->(b) WHERE type(e) = s.predicate }
           RETURN s.id AS example""",
        _ADVICE_EDGES,
    ),
    (
        "document that no extractor has read to its end",
        "MATCH (d:Document) WHERE NOT EXISTS { (d)-[:READ_BY]->(:Extractor) } RETURN d.id AS example",
        _ADVICE_RELOAD,
    ),
)

_DOCUMENT_PAGE: Final = """
MATCH (d:Document) WHERE d.id > $after WITH d ORDER BY d.id LIMIT 50
RETURN d.id AS id, d.text AS text, COLLECT {
  MATCH (d)<-[v:EVIDENCED_BY]-(s:Statement) RETURN [s.id, v.start, v.end, v.text]
} AS spans
ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a rule is broken, with one example and what to do about it."""

    check: str
    count: int
    example: str | None
    advice: str


def run_checks(driver: neo4j.Driver, database: str) -> list[Finding]:
    """Run every check; a count of 0 means that the rule holds."""
    parameters = {
        "predicates": [member.value for members in type_of_kind.values() for member in members],
        "modalities": [m.value for m in Modality],
        "types": [t.value for t in EntityType],
    }
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        return [*(_run(session, check, parameters) for check in _CHECKS), _offsets(session)]


def _offsets(session: neo4j.Session) -> Finding:
    """Offsets count code points, the database counts UTF-16 units: so this is compared here."""
    wrong: list[str] = []
    after = ""
    while rows := session.run(_DOCUMENT_PAGE, after=after).data():
        for row in rows:
            text: str = row["text"]
            wrong += [span[0] for span in row["spans"] if text[span[1] : span[2]] != span[3]]
        after = rows[-1]["id"]
    example = min(wrong, default=None)
    advice = _ADVICE_RELOAD if wrong else ""
    return Finding("evidence whose offsets do not give its words", len(wrong), example, advice)


def _run(session: neo4j.Session, check: tuple[str, str, str], parameters: dict[str, list[str]]) -> Finding:
    name, query, advice = check
    text = f"CALL () {{ {query} }} RETURN count(*) AS n, min(example) AS example"
    row = session.run(cast("LiteralString", text), parameters).single(strict=True)
    return Finding(name, row["n"], row["example"], advice if row["n"] else "")
