"""From a GraphQL selection to one parameterised Cypher query, and back from its one record to values.

`selection` reads what was asked for, `query` collects parameters and names, `compiled` holds pieces of
Cypher with the functions that read their values; `entities`, `facts`, `documents`, `connections`,
`filters` and `thresholds` compile the types; `roots` compiles the root fields.
"""
