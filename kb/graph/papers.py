"""The documents of a graph for others: where each is from, and its text where its licence allows that."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import neo4j

from kb.graph.transactions import fetch
from kb.graph.version_queries import STANDS
from kb.licences import may_be_handed_on

PAGE: Final = 50

_DOCUMENTS: Final = f"""
MATCH (d:Document) WHERE d.id > $after AND {STANDS}
WITH d ORDER BY d.id LIMIT $limit
RETURN d.id AS id, d.title AS title, d.publisher AS publisher, d.authors AS authors, d.published AS published,
       d.url AS url, d.licence AS licence, d.text AS text
ORDER BY id
"""


def papers(driver: neo4j.Driver, database: str, *, all_texts: bool = False) -> Iterator[Mapping[str, Any]]:
    """The documents that stand by id, as maps ready for JSON; `text` is None where it may not be handed on.

    With `all_texts` every text is there, whatever its licence.
    """
    after = ""
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        while rows := session.execute_read(fetch, _DOCUMENTS, {"after": after, "limit": PAGE}):
            for row in rows:
                free = may_be_handed_on(row["licence"])
                text = row["text"] if free or all_texts else None
                yield {**row, "text": text, "attribution": _attribution(row)}
            after = rows[-1]["id"]


def _attribution(row: Mapping[str, Any]) -> str:
    """Whom to name beside the text: authors, title, publisher, address and licence, as far as known."""
    known = (", ".join(row["authors"] or ()), row["title"], row["publisher"], row["url"], row["licence"])
    return ". ".join(part for part in known if part)
