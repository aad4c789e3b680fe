// Jobs that clients handed over, one item for each document, under the client's own key.
CREATE CONSTRAINT ingest_job_id IF NOT EXISTS FOR (n:IngestJob) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT ingest_item_key IF NOT EXISTS FOR (n:IngestItem) REQUIRE n.key IS UNIQUE;
CREATE INDEX ingest_job_state IF NOT EXISTS FOR (n:IngestJob) ON (n.state);
// Who accepts a job or takes one up locks this node.
MERGE (:Lease {id: 'ingest'});
