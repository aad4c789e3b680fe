// The largest figures of one metric and unit are read from an index of those that are shown first.
// Also applied as 389134d7703e66a24a4fef82ac73a71168fa10e8af0a27a8b290cea374b12c80
CREATE INDEX figure_shown IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.unit, n.shown);
MATCH (f:Figure {rank: 'BEST'}) WHERE f.shown IS NULL
CALL (f) { SET f.shown = coalesce(f.value, f.high) } IN TRANSACTIONS OF 1000 ROWS;
