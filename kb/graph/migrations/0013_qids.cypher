// Entities by their ids in Wikidata.
CREATE INDEX entity_qid IF NOT EXISTS FOR (n:Entity) ON (n.qid);
CREATE INDEX merged_qid IF NOT EXISTS FOR (n:MergedEntity) ON (n.qid);
