// Pages in the order of dates, of which many are the same: the id stands behind them.
CREATE INDEX figure_dated IF NOT EXISTS FOR (n:Figure) ON (n.as_of_last, n.id);
CREATE INDEX figure_metric_dated IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.as_of_last, n.id);
CREATE INDEX relation_dated IF NOT EXISTS FOR (n:Relation) ON (n.as_of_last, n.id);
CREATE INDEX relation_type_dated IF NOT EXISTS FOR (n:Relation) ON (n.predicate, n.as_of_last, n.id);
CREATE INDEX document_dated IF NOT EXISTS FOR (n:Document) ON (n.published_last, n.id);
DROP INDEX figure_as_of IF EXISTS;
DROP INDEX document_published IF EXISTS;
