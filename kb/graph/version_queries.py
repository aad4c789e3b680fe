"""The Cypher of documents' lives: which version stands, what it takes away, and why a fact is hidden."""

from typing import Final

from kb.documents import GONE
from kb.statement_ids import SEPARATOR

STANDS: Final = "d.withdrawn_at IS NULL AND d.superseded_by IS NULL"
"""That a document `d` is a source's present version and was not withdrawn."""

_HELD: Final = "(@.places IS NULL OR row.places[0] IN @.places)"
"""That a document is held at the row's place; those of older graphs do not tell where they are held."""

_EMPTY: Final = {
    **dict.fromkeys(("title", "publisher", "published", "url", "licence"), "''"),
    "authors": "[]",
}
TOLD: Final = tuple(_EMPTY)
"""What is known of a document beside its text, which may change while the text stays."""
DESCRIBED: Final = (*TOLD, "published_last", "raw_hash", "signature")
"""That, and what follows from it and from the bytes."""

_TOLD: Final = " AND ".join(
    f"coalesce(d.{name}, {empty}) = coalesce(row.{name}, {empty})" for name, empty in _EMPTY.items()
)

STANDING: Final = f"""
UNWIND $rows AS row
OPTIONAL MATCH (w:Document {{source_key: row.source_key}})
WHERE w.withdrawn_at IS NOT NULL AND {_HELD.replace("@", "w")}
WITH row, count(w) > 0 AS withdrawn
OPTIONAL MATCH (d:Document {{id: row.id}})-[r:READ_BY]->(:Extractor {{id: $extractor}})
WHERE r.ended_at IS NULL AND d.superseded_by IS NULL AND {_TOLD}
RETURN row.id AS id, withdrawn, d IS NOT NULL AS read, coalesce(row.places[0] IN d.places, false) AS placed
"""
"""Of documents that were found: whether their source was withdrawn, whether the graph has them as such."""

HELD_AS: Final = """
UNWIND $rows AS row
MATCH (d:Document) WHERE d.source_key IN row.keys AND row.place IN d.places AND d.superseded_by IS NULL
RETURN row.place AS place, min(d.source_key) AS key, collect(d.source_key) AS keys
"""
"""Under which of the keys that a file can have a document is held at its place."""

EARLIER: Final = f"""
UNWIND $rows AS row
OPTIONAL MATCH (d:Document {{id: row.id}})
OPTIONAL MATCH (o:Document {{source_key: row.source_key}})
WHERE o.id <> row.id AND o.superseded_by IS NULL AND {_HELD.replace("@", "o")}
WITH row, d, collect(o.id) AS others WHERE d IS NOT NULL OR size(others) > 0
RETURN row.id AS id, d IS NOT NULL AS there, others
"""
"""Documents that are there already, and the versions whose place they take."""

REPLACED: Final = f"""
WITH $row AS row
MATCH (d:Document {{source_key: row.source_key}})<-[:EVIDENCED_BY]-(s:Statement)
WHERE s.retracted_at IS NULL AND CASE WHEN d.id = row.id
  THEN NOT EXISTS {{
    MATCH (s)-[f:FOUND_BY]->(x:Extractor) WHERE f.lost_at IS NULL AND split(x.id, '/')[0] <> $family
  }}
  ELSE {_HELD.replace("@", "d")} AND size([p IN d.places WHERE p <> row.places[0]]) = 0 END
RETURN DISTINCT s.claim_id AS claim
"""
"""What a document's earlier readings by an extractor tell, and the version whose place it would take."""

TAKE_PLACE: Final = """
UNWIND $rows AS row
MATCH (d:Document {id: row.id})
WHERE d.superseded_by IS NOT NULL OR NOT coalesce(row.places[0] IN d.places, false)
SET d.places = [p IN coalesce(d.places, []) WHERE p <> row.places[0]] + row.places[0]
REMOVE d.superseded_by, d.superseded_at
"""

GIVE_PLACE: Final = f"""
UNWIND $rows AS row
MATCH (o:Document {{source_key: row.source_key}})
WHERE o.id <> row.id AND o.superseded_by IS NULL AND {_HELD.replace("@", "o")}
SET o.places = [p IN coalesce(o.places, []) WHERE p <> row.places[0]]
WITH o, row WHERE size(o.places) = 0
SET o.superseded_by = row.id, o.superseded_at = $now
WITH o, row WHERE o.withdrawn_at IS NOT NULL
MATCH (d:Document {{id: row.id}})
SET d.withdrawn_at = o.withdrawn_at, d.withdrawn_by = o.withdrawn_by, d.withdrawn_why = o.withdrawn_why
"""
"""A version that is held nowhere any more is superseded; what was withdrawn stays so in its next version."""

DESCRIBE: Final = f"""
UNWIND $rows AS row
MATCH (d:Document {{id: row.id}})
SET {", ".join(f"d.{name} = row.{name}" for name in DESCRIBED)}
"""

READ: Final = """
UNWIND $rows AS row
MATCH (d:Document {id: row.id})-[r:READ_BY]->(x:Extractor) WHERE split(x.id, '/')[0] = $family
WITH d, r, x.id = $extractor AS now
SET r.ended_at = CASE WHEN now THEN null ELSE coalesce(r.ended_at, $now) END,
    r.registry = CASE WHEN now THEN $registry ELSE r.registry END
"""
"""The last reading of an extractor, whichever its version, is the one that holds."""

FOUND: Final = """
UNWIND $documents AS id
MATCH (:Document {id: id})<-[:EVIDENCED_BY]-(s:Statement)-[f:FOUND_BY]->(x:Extractor)
WHERE split(x.id, '/')[0] = $family
WITH f, x.id = $extractor AND s.id IN $found AS found
WHERE found = (f.lost_at IS NOT NULL)
SET f.lost_at = CASE WHEN found THEN null ELSE $now END
"""
"""What a later version of an extractor finds no more was lost by it."""

UNTIE: Final = """
UNWIND $rows AS row
MATCH (s:Statement {id: row.id})-[t:SUBJECT|OBJECT|ATTRIBUTED_TO|OFFERED_BY]->(e:Entity)
WITH t, e.id AS there, coalesce(t.of, '') AS of, CASE type(t)
  WHEN 'SUBJECT' THEN [row.subject, row.subject_of] WHEN 'OBJECT' THEN [row.object, row.object_of]
  WHEN 'ATTRIBUTED_TO' THEN [row.speaker, row.speaker_of] ELSE [row.offered_by, row.offered_by_of] END AS now
WHERE there <> coalesce(now[0], '') OR of <> coalesce(now[1], '')
DELETE t
"""
"""A larger registry may lead the same name to another entity."""

MOVE: Final = """
UNWIND $rows AS row
MATCH (s:Statement {id: row.id}) WHERE s.slot <> row.slot
WITH s, row, s.slot AS before
SET s.slot = row.slot
RETURN before
"""

REFINE: Final = """
UNWIND $rows AS row
MATCH (s:Statement {id: row.id})
WHERE split(s.extractor, '/')[0] = $family
  AND (s.extractor <> $extractor OR s.confidence <> row.confidence)
SET s += row.properties
"""
"""The same fact by a later version of its extractor, which may be surer."""

STATEMENTS_OF: Final = """
UNWIND $documents AS id
MATCH (:Document {id: id})<-[:EVIDENCED_BY]-(s:Statement)
RETURN s.id AS id
"""

SETTLE: Final = f"""
UNWIND $rows AS id
MATCH (s:Statement {{id: id}})-[:EVIDENCED_BY]->(d:Document)
OPTIONAL MATCH (r:Rejection {{key: s.claim_id + '{SEPARATOR}' + d.source_key}}) WHERE r.undone_at IS NULL
WITH s, CASE
  WHEN d.withdrawn_at IS NOT NULL
    THEN 'withdrawn by ' + d.withdrawn_by + coalesce(': ' + d.withdrawn_why, '')
  WHEN d.superseded_by = '{GONE}' THEN 'no longer in its source'
  WHEN d.superseded_by IS NOT NULL THEN 'superseded by version ' + d.superseded_by
  WHEN NOT EXISTS {{ MATCH (s)-[f:FOUND_BY]->(:Extractor) WHERE f.lost_at IS NULL }}
    THEN 'no longer found by its extractor'
  WHEN r IS NOT NULL THEN 'rejected by ' + r.by + ': ' + r.why
END AS why
WHERE coalesce(s.retracted_why, '') <> coalesce(why, '')
WITH s, why, s.retracted_at AS was
SET s.gaps = CASE WHEN why IS NULL THEN coalesce(s.gaps, []) + [coalesce(was, $now), $now] ELSE s.gaps END,
    s.retracted_at = CASE WHEN why IS NULL THEN null ELSE coalesce(was, $now) END,
    s.retracted_why = why
RETURN s.id AS id, s.slot AS slot, (was IS NULL) <> (why IS NULL) AS turned
"""
"""Whether a statement stands follows from what is known of its document, its readings and its rejection.

`gaps` keeps when it was retracted and when it came back, pair by pair, for who asks what was known then.
"""
