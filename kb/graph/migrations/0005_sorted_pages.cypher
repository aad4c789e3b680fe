// Pages in the order of names, by type; `entity_name` gives that of all entities.
CREATE INDEX company_name IF NOT EXISTS FOR (n:Company) ON (n.name);
CREATE INDEX model_name IF NOT EXISTS FOR (n:Model) ON (n.name);
CREATE INDEX product_name IF NOT EXISTS FOR (n:Product) ON (n.name);
CREATE INDEX person_name IF NOT EXISTS FOR (n:Person) ON (n.name);
CREATE INDEX licence_name IF NOT EXISTS FOR (n:Licence) ON (n.name);
CREATE INDEX country_name IF NOT EXISTS FOR (n:Country) ON (n.name);
// Ranges have no value: what sorts figures by value, and entities by their figures, finds their ends here.
CREATE INDEX figure_high IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.high);
CREATE INDEX figure_low IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.low);
