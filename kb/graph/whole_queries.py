"""The Cypher of whole exports: what is read for each record of one, and what a record writes."""

from typing import Final

from kb.graph.ends import EDGES
from kb.graph.write_queries import LABELS

_ENDS: Final = "|".join(EDGES.values())


def _nodes(label: str, key: str) -> str:
    return f"""
MATCH (n:{label}) WHERE n.{key} > $after
RETURN n.{key} AS key, properties(n) AS properties ORDER BY key LIMIT $limit
"""


EXTRACTORS: Final = _nodes("Extractor", "id")
INGESTS: Final = _nodes("Ingest", "id")
REJECTIONS: Final = _nodes("Rejection", "key")

ENTITIES: Final = """
CALL () {
  MATCH (e:Entity) WHERE e.id > $after
  WITH e ORDER BY e.id LIMIT $limit
  RETURN e, head([l IN labels(e) WHERE l <> 'Entity']) AS type
  UNION ALL
  MATCH (e:MergedEntity) WHERE e.id > $after
  WITH e ORDER BY e.id LIMIT $limit
  RETURN e, e.type AS type
}
RETURN e.id AS key, {id: e.id, type: type, name: e.name, aliases: coalesce(e.own_aliases, e.aliases, []),
  level: e.level, provisional: e.provisional, qid: e.qid} AS properties
ORDER BY key LIMIT $limit
"""
"""Each entity as it is by itself: who stands for whom follows from the judgements."""

NAMES: Final = """
MATCH (a:Alias) WHERE a.key > $after
WITH a ORDER BY a.key LIMIT $limit
RETURN a.key AS key, {key: a.key} AS properties,
  COLLECT { MATCH (a)-[n:NAMES]->(e:Entity)
            RETURN DISTINCT coalesce(n.of, e.id) AS id ORDER BY id } AS entities
ORDER BY key
"""

DOCUMENTS: Final = """
MATCH (d:Document) WHERE d.id > $after
WITH d ORDER BY d.id LIMIT $limit
RETURN d.id AS key, d {.*, cluster: null} AS properties,
  COLLECT { MATCH (d)-[r:READ_BY]->(x:Extractor) WITH r, x ORDER BY x.id
            RETURN {extractor: x.id, properties: properties(r)} } AS read_by,
  COLLECT { MATCH (d)-[:LOADED_IN]->(i:Ingest) RETURN i.id AS id ORDER BY id } AS loaded_in
ORDER BY key
"""

STATEMENTS: Final = f"""
MATCH (s:Statement) WHERE s.id > $after
WITH s ORDER BY s.id LIMIT $limit
MATCH (s)-[v:EVIDENCED_BY]->(d:Document)
RETURN s.id AS key, s {{.*, rank: null, shown: null, uncounted: null}} AS properties,
  COLLECT {{ MATCH (s)-[r:{_ENDS}]->(e:Entity) RETURN [type(r), coalesce(r.of, e.id)] }} AS ends,
  {{document: d.id, start: v.start, end: v.end, text: v.text}} AS evidence,
  COLLECT {{ MATCH (s)-[f:FOUND_BY]->(x:Extractor) WITH f, x ORDER BY x.id
            RETURN {{extractor: x.id, properties: properties(f)}} }} AS found_by
ORDER BY key
"""

JUDGEMENTS: Final = """
MATCH (j:Judgement) WHERE j.id > $after
WITH j ORDER BY j.id LIMIT $limit
RETURN j.id AS key, j {.*, undoing: null} AS properties,
  COLLECT { MATCH (j)-[:ABOUT]->(e) RETURN e.id AS id ORDER BY id } AS pair
ORDER BY key
"""

THERE: Final = {
    label: f"UNWIND $keys AS key MATCH (n:{label} {{{name}: key}}) RETURN key"
    for label, name in (
        ("Extractor", "id"),
        ("Ingest", "id"),
        ("Rejection", "key"),
        ("Document", "id"),
        ("Statement", "id"),
        ("Judgement", "id"),
    )
}
"""Which of the keys the graph has."""

NODE: Final = {
    label: f"UNWIND $rows AS row MERGE (n:{label} {{{name}: row.key}}) SET n = row.properties"
    for label, name in (("Extractor", "id"), ("Ingest", "id"), ("Rejection", "key"))
}

DOCUMENT: Final = """
UNWIND $rows AS row
MERGE (source:Source {key: row.properties.source_key})
MERGE (d:Document {id: row.key})
WITH source, d, row, coalesce(d.cluster, row.key) AS cluster
SET d = row.properties, d.cluster = cluster
MERGE (d)-[:VERSION_OF]->(source)
"""

BANDS: Final = """
UNWIND $rows AS row
MATCH (d:Document {id: row.key})
FOREACH (key IN row.bands | MERGE (band:Band {key: key}) MERGE (d)-[:IN_BAND]->(band))
"""

LOADED: Final = """
UNWIND $rows AS row
MATCH (d:Document {id: row.key})
UNWIND row.loaded_in AS ingest
MATCH (i:Ingest {id: ingest})
MERGE (d)-[:LOADED_IN]->(i)
"""


def _by_extractor(label: str, edge: str, several: str) -> str:
    return f"""
UNWIND $rows AS row
MATCH (n:{label} {{id: row.key}})
UNWIND row.{several} AS one
MATCH (x:Extractor {{id: one.extractor}})
MERGE (n)-[r:{edge}]->(x)
WITH r, one WHERE $replace OR r.at IS NULL
SET r = one.properties
"""


READ_BY: Final = _by_extractor("Document", "READ_BY", "read_by")
FOUND_BY: Final = _by_extractor("Statement", "FOUND_BY", "found_by")

SLOTS: Final = "UNWIND $ids AS id MATCH (s:Statement {id: id}) RETURN s.slot AS slot"

STATEMENT: Final = {
    kind: f"""
UNWIND $rows AS row
MATCH (d:Document {{id: row.evidence.document}}), (e:Entity {{id: row.subject}})
MERGE (s:Statement {{id: row.id}}) ON CREATE SET s.uncounted = true
WITH row, d, e, s, s.uncounted AS uncounted
SET s:{label}, s = row.properties, s.uncounted = uncounted
MERGE (s)-[t:SUBJECT]->(e) ON CREATE SET t.of = row.subject_of
MERGE (s)-[v:EVIDENCED_BY]->(d)
ON CREATE SET v.start = row.evidence.start, v.end = row.evidence.end, v.text = row.evidence.text
"""
    for kind, label in LABELS.items()
}

RIVALS: Final = """
UNWIND $ids AS id
MATCH (d:Document {id: id}) WHERE d.superseded_by IS NULL
MATCH (o:Document {source_key: d.source_key})
WHERE o.id <> d.id AND o.superseded_by IS NULL AND any(p IN o.places WHERE p IN d.places)
WITH d, o, CASE WHEN d.recorded_at >= o.recorded_at THEN d ELSE o END AS newer
UNWIND [p IN d.places WHERE p IN o.places] AS place
RETURN DISTINCT newer.id AS id, d.source_key AS source_key, [place] AS places, d.id AS one, o.id AS other
ORDER BY id, places
"""
"""Versions of one source that are held at one place: the one that was recorded later takes it."""

JUDGEMENT: Final = """
UNWIND $rows AS row
MERGE (j:Judgement {id: row.key}) SET j = row.properties
WITH j, row
UNWIND row.pair AS id
CALL (id) { MATCH (e:Entity {id: id}) RETURN e UNION MATCH (e:MergedEntity {id: id}) RETURN e }
MERGE (j)-[:ABOUT]->(e)
"""

OF_REJECTION: Final = """
UNWIND $rows AS row
MATCH (s:Statement {claim_id: row.properties.claim_id})
  -[:EVIDENCED_BY]->(:Document {source_key: row.properties.source_key})
RETURN DISTINCT s.id AS id
"""
