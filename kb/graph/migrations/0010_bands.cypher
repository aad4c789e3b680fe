// The parts of documents' signatures are nodes, so that finding copies is a seek for each.
CREATE CONSTRAINT band_key IF NOT EXISTS FOR (n:Band) REQUIRE n.key IS UNIQUE;
MATCH (d:Document) WHERE d.bands IS NOT NULL
UNWIND split(d.bands, ' ') AS key
MERGE (b:Band {key: key})
MERGE (d)-[:IN_BAND]->(b);
MATCH (d:Document) WHERE d.bands IS NOT NULL REMOVE d.bands;
DROP INDEX document_bands IF EXISTS;
