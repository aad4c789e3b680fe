// Each role of a person in a company has a statement that is shown first.
// Also applied as 6360fedd5fb161fb6951caeb8d698c5b022d0be5a72660684767798b978372e4
MATCH (p:Person)
CALL (p) {
  MATCH (p)<-[:SUBJECT]-(s:Relation {predicate: 'WORKS_FOR'}) WHERE s.retracted_at IS NULL
  WITH s
  ORDER BY s.slot, CASE s.modality WHEN 'DENIED' THEN 1 ELSE 0 END,
    CASE WHEN s.modality IN ['ASSERTED', 'REPORTED'] AND coalesce(s.as_of_first, '') <= toString(date())
         THEN 0 ELSE 1 END,
    coalesce(s.as_of_last, '') DESC, CASE s.modality WHEN 'ASSERTED' THEN 0 ELSE 1 END, s.confidence DESC, s.id
  WITH s.slot AS slot, coalesce(s.role_code, '') AS role_code, coalesce(s.status, '') AS status,
       collect(s) AS ranked
  UNWIND range(0, size(ranked) - 1) AS place
  WITH ranked[place] AS s, CASE WHEN place = 0 AND ranked[place].modality <> 'DENIED' THEN 'BEST' END AS rank
  WHERE coalesce(s.rank, '') <> coalesce(rank, '')
  SET s.rank = rank
} IN TRANSACTIONS OF 1000 ROWS;
// Totals of a metric are taken over the figures that are shown first.
CREATE INDEX figure_rank IF NOT EXISTS FOR (n:Figure) ON (n.predicate, n.rank);
