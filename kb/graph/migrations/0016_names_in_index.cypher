// All names of an entity beside the one it is sorted by, so that a page finds a part of names in the index alone.
MATCH (e:Entity|MergedEntity) WHERE size(e.folded) <= 1000 AND e.folded_short IS NULL
CALL (e) { SET e.folded_short = e.folded } IN TRANSACTIONS OF 1000 ROWS;
MATCH (e:Entity|MergedEntity) WHERE size(e.folded) > 1000 AND NOT e.folded ENDS WITH '\u001D\u001D\u001D'
CALL (e) { SET e.folded = e.folded + '\u001D\u001D\u001D' } IN TRANSACTIONS OF 1000 ROWS;
CREATE INDEX entity_name_parts IF NOT EXISTS FOR (n:Entity) ON (n.name, n.folded_short);
CREATE INDEX company_name_parts IF NOT EXISTS FOR (n:Company) ON (n.name, n.folded_short);
CREATE INDEX model_name_parts IF NOT EXISTS FOR (n:Model) ON (n.name, n.folded_short);
CREATE INDEX product_name_parts IF NOT EXISTS FOR (n:Product) ON (n.name, n.folded_short);
CREATE INDEX person_name_parts IF NOT EXISTS FOR (n:Person) ON (n.name, n.folded_short);
CREATE INDEX licence_name_parts IF NOT EXISTS FOR (n:Licence) ON (n.name, n.folded_short);
CREATE INDEX country_name_parts IF NOT EXISTS FOR (n:Country) ON (n.name, n.folded_short);
