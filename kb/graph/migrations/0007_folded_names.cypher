// All names of an entity in one text of small letters, where parts of names are looked for.
// Also applied as 5297c684066b39633751efa29e0ef46c7a2b60a62146b8a1ae2397902efdb420
MATCH (e:Entity) WHERE e.folded IS NULL
CALL (e) {
  SET e.folded = reduce(forms = '\u001F', form IN [e.name] + coalesce(e.aliases, []) | forms + replace(toLower(form), 'ς', 'σ') + '\u001F')
} IN TRANSACTIONS OF 1000 ROWS;
