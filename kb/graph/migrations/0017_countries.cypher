// The countries of a company beside its name, so that a page of the companies of a country reads no edge.
MATCH (e:Company) WHERE e.countries IS NULL
WITH e, COLLECT {
  MATCH (e)-[:BASED_IN]->(o:Entity) WHERE o.id =~ 'country/[a-z]{2}'
  RETURN DISTINCT toUpper(substring(o.id, size('country/'))) AS code ORDER BY code
} AS codes WHERE codes <> []
CALL (e, codes) { SET e.countries = codes } IN TRANSACTIONS OF 1000 ROWS;
CREATE INDEX company_countries IF NOT EXISTS FOR (n:Company) ON (n.name, n.countries);
