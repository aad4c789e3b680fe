// All names of an entity in one text of small letters, where parts of names are looked for.
MATCH (e:Entity) WHERE e.folded IS NULL
SET e.folded = reduce(forms = '\u001F', form IN [e.name] + coalesce(e.aliases, []) | forms + replace(toLower(form), 'ς', 'σ') + '\u001F');
