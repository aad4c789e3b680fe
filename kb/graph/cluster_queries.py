"""The Cypher of merges: one entity stands for a cluster, and the others of it lead there.

A merged entity keeps its node, under the label `MergedEntity` alone, with all that is its own. What it was
tied to is tied to the one that stands for it, by edges that say in `of` whose they are.
"""

from typing import Final

from kb.graph.ends import EDGES
from kb.ontology import EntityType

CLUSTERED: Final = """
UNWIND CASE WHEN EXISTS { (:MergedEntity) } THEN $ids ELSE [] END AS id
CALL (id) {
  MATCH (:MergedEntity {id: id})-[:MERGED_INTO]->(c:Entity) RETURN c.id AS stands
  UNION MATCH (c:Entity {id: id})<-[:MERGED_INTO]-() RETURN c.id AS stands
}
RETURN id, stands
"""
"""Who stands for those of the ids that are one with others."""

MEMBERS: Final = """
UNWIND $ids AS id
CALL (id) {
  MATCH (e:Entity {id: id}) RETURN e, e.id AS stands, head([l IN labels(e) WHERE l <> 'Entity']) AS type
  UNION MATCH (e:MergedEntity {id: id})-[:MERGED_INTO]->(c:Entity) RETURN e, c.id AS stands, e.type AS type
}
RETURN id, stands, type, e.name AS name, e.provisional AS provisional, e.aliases AS aliases,
       coalesce(e.own_aliases, e.aliases, []) AS own_aliases, e.folded AS folded,
       e.own_aliases IS NOT NULL AS clustered
ORDER BY id
"""

COMPANIONS: Final = """
UNWIND $ids AS id
MATCH (c:Entity {id: id})
RETURN [c.id] + COLLECT { MATCH (c)<-[:MERGED_INTO]-(m:MergedEntity) RETURN m.id } AS ids
"""
"""The clusters that the ids stand for."""

OWN: Final = """
UNWIND $rows AS row
CALL (row) {
  MATCH (e:Entity {id: row.id}) RETURN e UNION MATCH (e:MergedEntity {id: row.id}) RETURN e
}
WITH e, row WHERE e.provisional OR e.name <> row.name OR e.own_aliases <> row.aliases
  OR coalesce(e.level, '') <> coalesce(row.level, '') OR coalesce(e.qid, '') <> coalesce(row.qid, '')
SET e.name = row.name, e.own_aliases = row.aliases, e.level = row.level, e.provisional = false,
    e.qid = row.qid
RETURN e.id AS id
"""
"""What a registry entry says of an entity of a cluster; gives those that it changed."""

ALIASES: Final = """
UNWIND $rows AS row
MATCH (e:Entity {id: row.entity})
MERGE (a:Alias {key: row.key})
WITH a, e, row WHERE NOT EXISTS { (a)-[n:NAMES]->(e) WHERE coalesce(n.of, e.id) = row.of }
CREATE (a)-[n:NAMES]->(e) SET n.of = CASE WHEN row.of <> e.id THEN row.of END
"""

STATEMENTS: Final = f"""
UNWIND $rows AS row
MATCH (e:Entity {{id: row.old}})<-[r:{"|".join(EDGES.values())}]-(s:Statement)
WHERE coalesce(r.of, e.id) = row.id
WITH DISTINCT s
RETURN s.id AS id, s.predicate AS predicate, s.slot AS slot,
       COLLECT {{ MATCH (s)-[r:{"|".join(EDGES.values())}]->(e:Entity) RETURN [type(r), e.id, r.of] }} AS ends
ORDER BY id
"""
"""The statements about members that another one stands for from now on."""

SLOTS: Final = "UNWIND $rows AS row MATCH (s:Statement {id: row.id}) SET s.slot = row.slot"

TIES: Final = {
    name: f"""
UNWIND $rows AS row
MATCH (s:Statement {{id: row.id}})-[old:{edge}]->()
MATCH (e:Entity {{id: row.end}})
DELETE old
CREATE (s)-[new:{edge}]->(e) SET new.of = row.of
"""
    for name, edge in EDGES.items()
}

NAMES: Final = """
UNWIND $rows AS row
MATCH (e:Entity {id: row.old})<-[old:NAMES]-(a:Alias) WHERE coalesce(old.of, e.id) = row.id
MATCH (c:Entity {id: row.new})
DELETE old
CREATE (a)-[new:NAMES]->(c) SET new.of = CASE WHEN row.id <> row.new THEN row.id END
"""

REVIVE: Final = {
    kind: f"""
UNWIND $ids AS id
MATCH (e:MergedEntity {{id: id}})
REMOVE e:MergedEntity, e.type SET e:Entity:{kind.value}
"""
    for kind in EntityType
}

RETIRE: Final = {
    kind: f"""
UNWIND $ids AS id
MATCH (e:Entity {{id: id}})
REMOVE e:Entity:{kind.value} SET e:MergedEntity, e.type = '{kind.value}'
"""
    for kind in EntityType
}

LEAD: Final = """
UNWIND $rows AS row
MATCH (m:MergedEntity {id: row.id}), (c:Entity {id: row.new})
MERGE (m)-[:MERGED_INTO]->(c)
"""

LEAVE: Final = """
UNWIND $rows AS row
CALL (row) {
  MATCH (m:MergedEntity {id: row.id}) RETURN m UNION MATCH (m:Entity {id: row.id}) RETURN m
}
MATCH (m)-[r:MERGED_INTO]->(c) WHERE c.id <> row.new OR m:Entity
DELETE r
"""

ALSO_CALLED: Final = """
UNWIND $rows AS row
CALL (row) {
  MATCH (e:MergedEntity {id: row.id}) RETURN e UNION MATCH (e:Entity {id: row.id}) RETURN e
}
SET e.aliases = row.aliases, e.own_aliases = row.own_aliases, e.folded = row.folded,
    e.folded_short = row.folded_short
"""
"""Whoever stands for others answers to their names too; what an entity is called itself is kept beside it."""
