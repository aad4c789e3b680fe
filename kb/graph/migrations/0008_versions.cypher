// Facts that a person knows to be wrong, by claim and source.
CREATE CONSTRAINT rejection_key IF NOT EXISTS FOR (n:Rejection) REQUIRE n.key IS UNIQUE;
// Documents that count as one, and the parts of their signatures under which copies are found.
CREATE INDEX document_cluster IF NOT EXISTS FOR (n:Document) ON (n.cluster);
CREATE FULLTEXT INDEX document_bands IF NOT EXISTS FOR (n:Document) ON EACH [n.bands]
  OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
