"""Checks of a whole graph against the contract: what Community constraints cannot enforce.

The rules stand in `kb.graph.rules`. Statements are passed over once for all rules on one of them, once for
slots, once for figures that lie far apart, and once by document for the words of evidence.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from heapq import nsmallest
from typing import Any, Final, LiteralString, cast

import neo4j

from kb.graph.rules import SCOPES, STATEMENTS, Rule, Scope, parameters
from kb.quality.findings import EXAMPLES, Example, Finding, Severity
from kb.statement_ids import SEPARATOR

APART: Final = 300.0
"""How many times one value of a slot may be the next smaller one.

A million that is told as a billion is 1,000 times what others say, and what they say may differ threefold.
"""

_MIXED: Final = ("FUNDING_RAISED", "SPENDING")
"""Metrics whose slot holds numbers of different things, such as the rounds of a company."""

_SLOTS: Final = """
MATCH (s:Statement {rank: 'BEST'})
WITH s.slot AS slot, s.role_code AS role_code, s.status AS status, count(*) AS n, min(s.id) AS id WHERE n > 1
RETURN count(*) AS n, collect(id)[..$examples] AS ids
"""

_COMPARED: Final = """
@:Figure AND @.retracted_at IS NULL AND @.modality = 'ASSERTED' AND @.value > 0 AND NOT @.predicate IN $mixed
"""
_FAR_APART: Final = f"""
MATCH (s:Figure) WHERE {_COMPARED.replace("@", "s")}
WITH s.slot AS slot, min(s.value) AS least, max(s.value) AS greatest WHERE greatest >= $apart * least
MATCH (f:Statement {{slot: slot}}) WHERE {_COMPARED.replace("@", "f")}
WITH slot, f ORDER BY slot, f.value, f.id
WITH slot, collect(f) AS row
UNWIND range(1, size(row) - 1) AS place
WITH slot, row[place - 1] AS low, row[place] AS high WHERE high.value >= $apart * low.value
RETURN low.id AS low, high.id AS high ORDER BY slot, low
"""

_DOCUMENT_PAGE: Final = """
MATCH (d:Document) WHERE d.id > $after WITH d ORDER BY d.id LIMIT 50
RETURN d.id AS id, d.text AS text, COLLECT {
  MATCH (d)<-[v:EVIDENCED_BY]-(s:Statement) RETURN [s.id, v.start, v.end, v.text]
} AS spans
ORDER BY id
"""


def run_checks(driver: neo4j.Driver, database: str) -> list[Finding]:
    """Run every check; a count of 0 means that the rule holds."""
    asked = parameters(datetime.now(UTC).date().isoformat())
    with driver.session(database=database, default_access_mode=neo4j.READ_ACCESS) as session:
        findings = [finding for scope in SCOPES for finding in _scope(session, scope, asked)]
        return [*findings, _slots(session), _offsets(session), _far_apart(session)]


def _scope(session: neo4j.Session, scope: Scope, asked: dict[str, Any]) -> Iterator[Finding]:
    counted = ", ".join(
        f"count(CASE WHEN {rule.broken} THEN 1 END) AS r{i}" for i, rule in enumerate(scope.rules)
    )
    row = session.run(_cypher(f"{scope.match} RETURN {counted}"), asked).single(strict=True)
    for place, rule in enumerate(scope.rules):
        count: int = row[f"r{place}"]
        examples = _examples(session, scope, rule, asked) if count else ()
        yield Finding(rule.name, count, rule.advice if count else "", examples, rule.severity)


def _examples(session: neo4j.Session, scope: Scope, rule: Rule, asked: dict[str, Any]) -> tuple[Example, ...]:
    """The first by their keys of those that break a rule, asked for only where there are some."""
    query = f"{scope.match} WHERE {rule.broken} WITH * ORDER BY {scope.key} LIMIT $examples {scope.tell}"
    rows = session.run(_cypher(query), {**asked, "examples": EXAMPLES}).data()
    return tuple(_example(row) for row in rows)


def _statements(session: neo4j.Session, ids: Iterable[str]) -> tuple[Example, ...]:
    """Statements as examples, in the order of their ids as given."""
    wanted = list(ids)
    query = f"UNWIND $ids AS id MATCH (s:Statement {{id: id}}) {STATEMENTS.tell}"
    told = {row["id"]: row for row in session.run(_cypher(query), ids=wanted).data()}
    return tuple(_example(told[id_]) for id_ in wanted if id_ in told)


def _slots(session: neo4j.Session) -> Finding:
    row = session.run(_SLOTS, examples=EXAMPLES).single(strict=True)
    advice = "Run `kb rebuild-edges`." if row["n"] else ""
    return Finding("slot shown by more than one fact", row["n"], advice, _statements(session, row["ids"]))


def _offsets(session: neo4j.Session) -> Finding:
    """Offsets count code points, the database counts UTF-16 units: so this is compared here."""
    wrong: list[str] = []
    after = ""
    while rows := session.run(_DOCUMENT_PAGE, after=after).data():
        for row in rows:
            text: str = row["text"] or ""
            wrong += [span[0] for span in row["spans"] if text[span[1] : span[2]] != span[3]]
        after = rows[-1]["id"]
    examples = _statements(session, nsmallest(EXAMPLES, wrong))
    advice = "Load the document again, or report a fault of the program." if wrong else ""
    return Finding("evidence whose offsets do not give its words", len(wrong), advice, examples)


def _far_apart(session: neo4j.Session) -> Finding:
    """Neighbours by value are compared, so that a number that grew step by step raises no doubt."""
    pairs = session.run(_FAR_APART, apart=APART, mixed=list(_MIXED)).data()
    examples = _statements(session, (id_ for pair in pairs[:EXAMPLES] for id_ in (pair["low"], pair["high"])))
    advice = (
        "One of each two may be in another unit, such as millions for billions: read the words, and hide "
        "what they do not say with `kb reject ID --why …`."
    )
    name = f"figures of one thing that differ {APART:.0f} times or more"
    return Finding(name, len(pairs), advice if pairs else "", examples, Severity.WARNING)


def _example(row: Mapping[str, Any]) -> Example:
    return Example(row["id"], _name(row), row.get("document"), row.get("words"))


def _name(row: Mapping[str, Any]) -> str | None:
    """What an example is about: a title, or a statement in short."""
    if "predicate" not in row:
        return row.get("title")
    value = row["value"]
    if isinstance(value, int | float):
        value = f"{int(value) if value == int(value) else value:,}"
    subject = row["subject"] or (row["subject_key"] or "").partition(SEPARATOR)[2]
    when = f"({row['as_of']})" if row["as_of"] else None
    return " ".join(str(p) for p in (subject, row["predicate"], value, row["unit"], row["object"], when) if p)


def _cypher(text: str) -> LiteralString:
    """A query put together from the conditions above, which are all literals."""
    return cast("LiteralString", text)
