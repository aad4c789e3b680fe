// Full text over the words that carry facts.
CREATE FULLTEXT INDEX evidence_words IF NOT EXISTS FOR ()-[e:EVIDENCED_BY]-() ON EACH [e.text];
