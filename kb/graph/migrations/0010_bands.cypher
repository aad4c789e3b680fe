// The parts of documents' signatures are nodes, so that finding copies is a seek for each.
// Also applied as fce7a4fce95c85c420b41baae9ad1148000e9c91ee1bfcf5d12672661ff6ff6e
CREATE CONSTRAINT band_key IF NOT EXISTS FOR (n:Band) REQUIRE n.key IS UNIQUE;
MATCH (d:Document) WHERE d.bands IS NOT NULL
CALL (d) {
  UNWIND split(d.bands, ' ') AS key
  MERGE (b:Band {key: key})
  MERGE (d)-[:IN_BAND]->(b)
} IN TRANSACTIONS OF 1000 ROWS;
MATCH (d:Document) WHERE d.bands IS NOT NULL
CALL (d) { REMOVE d.bands } IN TRANSACTIONS OF 1000 ROWS;
DROP INDEX document_bands IF EXISTS;
