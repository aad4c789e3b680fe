// Names that begin with other letters than the entity's own stand in its text again, with a mark before each.
// Also applied as f9201947d13052ab77474d07618ced0bbeefb787d8d554070ccdbb6ec7d19feb
MATCH (e:Entity) WHERE size(coalesce(e.aliases, [])) > 0 AND NOT coalesce(e.folded, '') CONTAINS '\u001E'
WITH e, substring(replace(toLower(e.name), 'ς', 'σ'), 0, 2) AS head,
     [form IN e.aliases | replace(toLower(form), 'ς', 'σ')] AS forms
WITH e, [form IN forms WHERE substring(form, 0, 2) <> head] AS elsewhere WHERE size(elsewhere) > 0
CALL (e, elsewhere) {
  SET e.folded = e.folded + reduce(text = '', form IN elsewhere | text + '\u001E' + form + '\u001F')
} IN TRANSACTIONS OF 1000 ROWS;
