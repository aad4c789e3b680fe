// Which state of the data this is: every write transaction puts a new one here.
MATCH (l:Lease {id: 'writer'}) SET l.version = randomUUID();
