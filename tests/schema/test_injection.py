"""Cypher through every text that a query takes (row 10): texts are parameters, whatever stands in them."""

from typing import Any

import pytest

from tests.schema.conftest import Ask, ask

__all__ = ["ask"]

HOSTILE = [
    "x'}) DETACH DELETE n //",
    'x"}) RETURN 1 AS value UNION MATCH (n) RETURN n //',
    "`)-[:SUBJECT]->(n) SET n.name = 'gone' //`",
    "\\u0027 OR true //",
    "$p0} CALL dbms.components() //",
]
ID, TEXT = "query($x: ID!) ", "query($x: String!) "
QUERIES = [
    ID + "{ node(id: $x) { id } }",
    ID + "{ entity(id: $x) { id } }",
    TEXT + "{ entity(name: $x) { id } }",
    TEXT + "{ entity(qid: $x) { id } }",
    TEXT + "{ entities(where: {name: {eq: $x, contains: $x, startsWith: $x, in: [$x]}}) { nodes { id } } }",
    TEXT + "{ entities(where: {qid: [$x], country: [$x]}) { nodes { id } } }",
    TEXT + "{ figures(where: {unit: [$x], benchmark: {eq: $x}}) { nodes { id } } }",
    ID + "{ figures(where: {speaker: $x, evidence: {id: [$x]}}) { nodes { id } } }",
    TEXT + "{ figures(where: {evidence: {publisher: {contains: $x}, title: {eq: $x}}}) { nodes { id } } }",
    TEXT + "{ relations(where: {role: {eq: $x}, roleCode: [$x]}) { nodes { id } } }",
    TEXT + "{ documents(where: {title: {startsWith: $x}}) { nodes { id } } }",
    TEXT + '{ entity(id: "company/orbit") { ... on Company { people(role: [$x]) { nodes { id } } } } }',
    ID + "{ licenceThresholds(licence: $x, company: $x) { verdict } }",
    ID + "{ paths(from: $x, to: $x) { length } }",
    ID + "{ timeSeries(metric: USERS, subjects: [$x]) { value } }",
    ID + "{ compare(ids: [$x], metrics: USERS) { metric } }",
    TEXT + "{ search(text: $x) { nodes { id } } }",
]


def names(ask: Ask) -> Any:
    return ask("{ entities(first: 100) { nodes { id name } total { value } } }").data


@pytest.mark.parametrize("query", QUERIES)
def test_a_text_is_a_value_and_never_part_of_a_query(ask: Ask, query: str):
    before = names(ask)
    plain = ask(query, x="plain")
    for text in HOSTILE:
        found = ask(query, x=text)
        assert found.queries == plain.queries
        assert not any(text in asked for asked in found.queries)
        assert [error.replace(text[:100], "plain") for error in found.errors] == plain.errors
    assert names(ask) == before
