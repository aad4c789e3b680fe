// How many facts are about an entity, so that those with the most are read from an index.
MATCH (s:Statement) WHERE s.retracted_at IS NOT NULL AND s.uncounted IS NULL
CALL (s) { SET s.uncounted = true } IN TRANSACTIONS OF 1000 ROWS;
MATCH (e:Entity) WHERE e.facts IS NULL
CALL (e) {
  SET e.facts = COUNT { MATCH (e)<-[:SUBJECT|OBJECT]-(s:Statement) WHERE s.retracted_at IS NULL }
} IN TRANSACTIONS OF 1000 ROWS;
MATCH (e:MergedEntity) WHERE e.facts IS NULL
CALL (e) { SET e.facts = 0 } IN TRANSACTIONS OF 1000 ROWS;
CREATE INDEX company_facts IF NOT EXISTS FOR (n:Company) ON (n.facts, n.id);
CREATE INDEX model_facts IF NOT EXISTS FOR (n:Model) ON (n.facts, n.id);
CREATE INDEX product_facts IF NOT EXISTS FOR (n:Product) ON (n.facts, n.id);
CREATE INDEX person_facts IF NOT EXISTS FOR (n:Person) ON (n.facts, n.id);
CREATE INDEX licence_facts IF NOT EXISTS FOR (n:Licence) ON (n.facts, n.id);
CREATE INDEX country_facts IF NOT EXISTS FOR (n:Country) ON (n.facts, n.id);
