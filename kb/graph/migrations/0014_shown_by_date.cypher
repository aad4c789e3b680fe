// The newest figures of one metric and unit that are shown first, with a value or with any.
CREATE INDEX figure_shown_dated IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.unit, n.as_of_last, n.id, n.shown);
