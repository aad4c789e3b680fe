"""The Cypher of the write path: what one document's transaction runs, in this order."""

from typing import Final

from kb.graph.rank_order import rank_order
from kb.ontology import Kind, RelationType

DOCUMENTS: Final = """
MERGE (x:Extractor {id: $extractor})
MERGE (i:Ingest {id: $ingest}) ON CREATE SET i.state = 'RUNNING', i.started_at = $now
WITH x, i
UNWIND $rows AS row
MERGE (source:Source {key: row.source_key})
MERGE (d:Document {id: row.id}) ON CREATE SET d += row {.*, bands: null}, d.recorded_at = $now
MERGE (d)-[:VERSION_OF]->(source)
MERGE (d)-[:LOADED_IN]->(i)
MERGE (d)-[r:READ_BY]->(x) ON CREATE SET r.at = $now, r.registry = $registry
FOREACH (key IN row.bands | MERGE (band:Band {key: key}) MERGE (d)-[:IN_BAND]->(band))
"""

REGISTRY_DIGEST: Final = "MATCH (x:Extractor {id: $extractor}) RETURN x.registry AS digest"

NOTE_REGISTRY: Final = "MERGE (x:Extractor {id: $extractor}) SET x.registry = $digest"
"""Which state of the registry's names is in the graph, so that an unchanged one is not written again."""

ORIGIN: Final = """
UNWIND $rows AS row
MATCH (d:Document {id: row.id}) WHERE coalesce(d.origin, '') <> row.origin
SET d.origin = row.origin
"""

ENTITIES: Final = """
UNWIND $rows AS row
MERGE (e:Entity {id: row.id})
ON CREATE SET e:$(row.label), e.name = row.name, e.aliases = row.aliases, e.level = row.level,
              e.provisional = row.provisional, e.qid = row.qid, e.folded = row.folded,
              e.folded_short = row.folded_short, e.facts = 0
WITH e, row
WHERE NOT row.provisional AND (e.provisional OR e.name <> row.name OR e.aliases <> row.aliases
      OR coalesce(e.level, '') <> coalesce(row.level, '') OR coalesce(e.qid, '') <> coalesce(row.qid, ''))
SET e.name = row.name, e.aliases = row.aliases, e.level = row.level, e.provisional = false,
    e.qid = row.qid, e.folded = row.folded, e.folded_short = row.folded_short
"""
"""The labels are those of `kb.ontology.EntityType`, as are all that are dynamic here of enumerations."""

ALIASES: Final = """
UNWIND $rows AS row
MATCH (e:Entity {id: row.entity})
MERGE (a:Alias {key: row.key})
MERGE (a)-[:NAMES]->(e)
"""

LABELS: Final = {
    Kind.RELATION: "Relation",
    Kind.FIGURE: "Figure",
    Kind.DATE: "DateFact",
    Kind.TERM: "Term",
}

HOLDERS: Final = {Kind.FIGURE: "HAS_FIGURE", Kind.DATE: "HAS_DATE", Kind.TERM: "HAS_TERM"}


def _edge_id(told: str) -> str:
    """The id of a relation's plain edge: one a slot, role code and status, which `told` leads to."""
    return f"row.slot + '|' + coalesce({told}role_code, '') + '|' + coalesce({told}status, '')"


_NEW: Final = """
CREATE (s:Statement:$(row.label) {id: row.id})
SET s += row.properties, s.recorded_at = $now, s.rank = row.rank, s.shown = row.shown
CREATE (s)-[:SUBJECT {of: row.subject_of}]->(e),
       (s)-[:EVIDENCED_BY {start: row.start, end: row.end, text: row.text}]->(d),
       (s)-[:FOUND_BY {confidence: row.confidence, at: $now}]->(x)
"""
_NEW_ROWS: Final = """
MATCH (x:Extractor {id: $extractor})
UNWIND $rows AS row
MATCH (e:Entity {id: row.subject}), (d:Document {id: row.document})
"""
NEW_VALUES: Final = f"""{_NEW_ROWS} {_NEW}
FOREACH (edge IN row.edges | CREATE (e)-[:$(edge) {{id: row.id}}]->(s))
"""
NEW_RELATIONS: Final = f"""{_NEW_ROWS} MATCH (o:Entity {{id: row.object}}) {_NEW}
CREATE (s)-[:OBJECT {{of: row.object_of}}]->(o)
FOREACH (edge IN row.edges |
  CREATE (e)-[:$(edge) {{
    id: {_edge_id("s.")}, statements: 1,
    role: s.role, role_code: s.role_code, status: s.status, as_of: s.as_of
  }}]->(o)
)
"""
"""Statements of documents that the graph never had, with what is derived from each alone."""

STATEMENTS: Final = {
    kind: f"""
MATCH (x:Extractor {{id: $extractor}})
UNWIND $rows AS row
MERGE (s:Statement {{id: row.id}})
ON CREATE SET s:{label}, s += row.properties, s.recorded_at = $now, s.uncounted = true
WITH x, s, row
MATCH (e:Entity {{id: row.subject}}), (d:Document {{id: row.document}})
MERGE (s)-[t:SUBJECT]->(e) ON CREATE SET t.of = row.subject_of
MERGE (s)-[v:EVIDENCED_BY]->(d) ON CREATE SET v.start = row.start, v.end = row.end, v.text = row.text
MERGE (s)-[f:FOUND_BY]->(x) ON CREATE SET f.confidence = row.confidence, f.at = $now
"""
    for kind, label in LABELS.items()
}

_TIE: Final = """
UNWIND $rows AS row
MATCH (s:Statement {{id: row.id}}), (e:Entity {{id: row.{end}}})
MERGE (s)-[t:{edge}]->(e) ON CREATE SET t.of = row.{end}_of
"""
OBJECTS: Final = _TIE.format(end="object", edge="OBJECT")
SPEAKERS: Final = _TIE.format(end="speaker", edge="ATTRIBUTED_TO")
SELLERS: Final = _TIE.format(end="offered_by", edge="OFFERED_BY")

VALUE_EDGES: Final = {
    kind: f"""
UNWIND $rows AS row
MATCH (s:Statement {{id: row.id}})-[:SUBJECT]->(e:Entity)
WHERE s.modality = 'ASSERTED' AND s.retracted_at IS NULL
MERGE (e)-[h:{edge} {{id: s.id}}]->(s)
"""
    for kind, edge in HOLDERS.items()
}
"""One hop from an entity to each of its asserted figures, dates and terms."""

DROP_VALUE_EDGES: Final = {
    kind: f"""
UNWIND $rows AS row
MATCH (e:Entity)-[h:{edge} {{id: row.id}}]->(s:Statement)
WHERE s.modality <> 'ASSERTED' OR s.retracted_at IS NOT NULL OR NOT EXISTS {{ (s)-[:SUBJECT]->(e) }}
DELETE h
"""
    for kind, edge in HOLDERS.items()
}
"""The hop goes when its statement is retracted or is about another entity now."""

RELATION_EDGES: Final = {
    predicate: f"""
UNWIND $rows AS row
MATCH (s:Statement {{slot: row.slot}})
WHERE s.modality = 'ASSERTED' AND s.retracted_at IS NULL
WITH row, s ORDER BY row.slot, coalesce(s.as_of_last, '') DESC, s.id
WITH row, s.role_code AS role_code, s.status AS status, count(*) AS statements,
     head(collect(s.role)) AS role, head(collect(s.as_of)) AS as_of
WITH *, {_edge_id("")} AS id
MATCH (a:Entity {{id: row.subject}}), (b:Entity {{id: row.object}})
WHERE a <> b
MERGE (a)-[e:{predicate.value} {{id: id}}]->(b)
SET e.statements = statements, e.role = role, e.role_code = role_code, e.status = status, e.as_of = as_of
"""
    for predicate in RelationType
}
"""One edge per subject, predicate, object, role code and status; role and date are the newest told."""

DROP_RELATION_EDGES: Final = {
    predicate: f"""
UNWIND $rows AS row
MATCH ()-[e:{predicate.value}]->() WHERE e.id STARTS WITH row.slot + '|'
AND NOT EXISTS {{
  MATCH (s:Statement {{slot: row.slot}}) WHERE s.modality = 'ASSERTED' AND s.retracted_at IS NULL
  AND {_edge_id("s.")} = e.id
}}
DELETE e
"""
    for predicate in RelationType
}
"""Edges of a slot, role and status that no statement asserts any more."""

CODES: Final = """COLLECT {
  MATCH (e)-[:BASED_IN]->(o:Entity) WHERE o.id =~ 'country/[a-z]{2}'
  RETURN DISTINCT toUpper(substring(o.id, size('country/'))) AS code ORDER BY code
}"""
"""The ISO 3166-1 codes of the countries to which the plain edges of a company `e` lead."""

COUNTRIES: Final = f"""
UNWIND $ids AS id
MATCH (e:Entity {{id: id}})
WITH e, {CODES} AS codes
WHERE coalesce(e.countries, []) <> codes
SET e.countries = CASE WHEN codes <> [] THEN codes END
"""
"""The countries of companies beside their names: an index of both gives the companies of a country."""

BEST: Final = f"""
UNWIND $slots AS slot
MATCH (s:Statement {{slot: slot}})
WITH slot, coalesce(s.role_code, '') AS role_code, coalesce(s.status, '') AS status, s,
     s.modality <> 'DENIED' AND s.retracted_at IS NULL AS shown
ORDER BY slot, CASE WHEN shown THEN 0 ELSE 1 END, {rank_order("s", "$today")}
WITH slot, role_code, status, collect([s, shown]) AS ranked
UNWIND range(0, size(ranked) - 1) AS place
WITH ranked[place][0] AS s, CASE WHEN place = 0 AND ranked[place][1] THEN 'BEST' END AS rank
WHERE coalesce(s.rank, '') <> coalesce(rank, '')
SET s.rank = rank, s.shown = CASE WHEN rank IS NOT NULL AND s:Figure THEN coalesce(s.value, s.high) END
"""
"""The rule of `kb.ranking`, over all statements of the slots that were written to.

`shown` is the value, or the upper end, of a figure that is shown first: an index gives the largest by it.
What is retracted has no rank. A person may hold two roles in one company, and have held one of them before:
each role is ranked by itself.
"""

FINISH: Final = """
MATCH (i:Ingest {id: $ingest})
OPTIONAL MATCH (i)<-[:LOADED_IN]-(d:Document)
WITH i, count(d) AS documents
SET i.state = 'DONE', i.finished_at = $now, i.documents = documents, i.failed = $failed
"""

DROP_EDGES: Final = {
    edge: f"MATCH ()-[e:{edge}]->() CALL (e) {{ DELETE e }} IN TRANSACTIONS OF 5000 ROWS"
    for edge in (*(r.value for r in RelationType), *HOLDERS.values())
}

RELATION_SLOTS: Final = """
MATCH (s:Relation {predicate: $predicate})-[:SUBJECT]->(a:Entity), (s)-[:OBJECT]->(b:Entity)
WHERE s.slot > $after
WITH DISTINCT s.slot AS slot, a.id AS subject, b.id AS object
RETURN slot, subject, object ORDER BY slot LIMIT $limit
"""

ENTITY_PAGE: Final = "MATCH (e:Entity) WHERE e.id > $after RETURN e.id AS id ORDER BY id LIMIT $limit"

STATEMENT_PAGE: Final = """
MATCH (s:Statement {kind: $kind}) WHERE s.id > $after
RETURN s.id AS id, s.slot AS slot ORDER BY s.id LIMIT $limit
"""
