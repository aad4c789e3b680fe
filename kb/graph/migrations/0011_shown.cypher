// The largest figures of one metric and unit are read from an index of those that are shown first.
CREATE INDEX figure_shown IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.unit, n.shown);
MATCH (f:Figure {rank: 'BEST'}) WHERE f.shown IS NULL
SET f.shown = coalesce(f.value, f.high);
