// Pages in the order of dates, of which many are the same: the id stands behind them.
CREATE INDEX figure_dated IF NOT EXISTS FOR (n:Figure) ON (n.as_of_last, n.id);
CREATE INDEX figure_metric_dated IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.as_of_last, n.id);
CREATE INDEX relation_dated IF NOT EXISTS FOR (n:Relation) ON (n.as_of_last, n.id);
CREATE INDEX relation_type_dated IF NOT EXISTS FOR (n:Relation) ON (n.predicate, n.as_of_last, n.id);
CREATE INDEX document_dated IF NOT EXISTS FOR (n:Document) ON (n.published_last, n.id);
DROP INDEX figure_as_of IF EXISTS;
DROP INDEX document_published IF EXISTS;
// Parts of names: all that have a part are found without looking at others.
CREATE TEXT INDEX company_folded IF NOT EXISTS FOR (n:Company) ON (n.folded);
CREATE TEXT INDEX model_folded IF NOT EXISTS FOR (n:Model) ON (n.folded);
CREATE TEXT INDEX product_folded IF NOT EXISTS FOR (n:Product) ON (n.folded);
CREATE TEXT INDEX person_folded IF NOT EXISTS FOR (n:Person) ON (n.folded);
CREATE TEXT INDEX licence_folded IF NOT EXISTS FOR (n:Licence) ON (n.folded);
CREATE TEXT INDEX country_folded IF NOT EXISTS FOR (n:Country) ON (n.folded);
