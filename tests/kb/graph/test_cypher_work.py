"""Expressions that no time limit can stop are refused by their words; honest ones pass."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UsageError
from kb.graph.cypher_work import MAX_RANGE, MAX_REPLACEMENT, check_work, tokens

ENDLESS = {
    "the string bomb": "RETURN size(reduce(s = 'ab', i IN range(1, 29) | s + s)) AS x",
    "reduce in other letters": "RETURN REDUCE(a = 0, i IN [1] | a + i) AS x",
    "reduce behind a comment": "RETURN reduce /* ( */ (a = 0, i IN [1] | a + i) AS x",
    "reduce in backticks": "RETURN `reduce`(a = 0, i IN [1] | a + i) AS x",
    "reduce behind text that looks like a comment": "WITH '/*' AS a RETURN reduce(b = 0, i IN [a] | b) //*/",
    "a regular expression": "RETURN 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' =~ '(a+)+b' AS x",
    "an escape that ends a text": r"RETURN 'a\u0027 + reduce(a = 0, i IN [1] | a) + \u0027' AS x",
    "a loop over a long range": "RETURN all(x IN range(1, 3000000000) WHERE x > 0) AS x",
    "a range of a parameter's length": "RETURN size([x IN range(1, $n) | x]) AS x",
    "a range kept for later": "WITH range(1, 1000000000) AS r RETURN size([x IN r | x]) AS x",
    "a range beside another in UNWIND": "UNWIND range(1, 10) + range(1, 1000000000) AS x RETURN x",
    "a loop in a loop": "MATCH (n) WITH collect(n) AS l RETURN [x IN l WHERE any(y IN l WHERE y = x)] AS x",
    "a loop in a loop's list": "RETURN [x IN [y IN [1] | y] | x] AS x",
    "texts that double": "WITH 'ab' AS s " + "WITH s + s AS s " * 28 + "RETURN s",
    "texts that double by other signs": "WITH 'ab' AS s " + "WITH s || s AS s " * 28 + "RETURN s",
    "lists that double": "WITH [1] AS l " + "WITH [l, l] AS l " * 28 + "RETURN l",
    "maps that double": "WITH {a: 1} AS m " + "WITH {a: m, b: m} AS m " * 28 + "RETURN m",
    "subqueries that double": "WITH 'ab' AS s "
    + "CALL (s) { RETURN s + s AS t } WITH t AS s " * 28
    + "RETURN s",
    "names that hide where a clause begins": (
        "WITH 'ab' AS a " + "WITH a + a AS ends WITH ends + ends AS a " * 20 + "RETURN a"
    ),
    "a name that is a clause's word": "WITH 'ab' AS return RETURN return + return AS x",
    "lists of lists of lists": (
        "MATCH (n) WITH collect(n) AS l " + "WITH [x IN l | [x, l]] AS l " * 3 + "RETURN l"
    ),
    "replace by the text itself": "WITH 'aaaa' AS s RETURN replace(replace(s, 'a', s), 'a', s) AS x",
    "replace by a parameter": "RETURN replace('a', 'a', $long) AS x",
    "replace by a sum": "RETURN replace('a', 'a', $long + 'b') AS x",
    "replace by a long text": f"RETURN replace('a', 'a', '{'b' * (MAX_REPLACEMENT + 1)}') AS x",
}

HONEST = [
    "MATCH p = (a)-->(b) RETURN [n IN nodes(p) | n.name] AS n, [r IN relationships(p) | type(r)] AS r",
    "MATCH (e:Entity) WHERE any(alias IN e.aliases WHERE alias STARTS WITH 'Open') RETURN e.name AS x",
    "UNWIND range(1, 1000000000) AS x RETURN x LIMIT 3",
    f"RETURN [i IN range(0, {MAX_RANGE}) | i * 2] AS x",
    "WITH range(10, 2, 2) AS r RETURN r",
    "MATCH (e) RETURN replace(e.name, ' ', '-') AS x",
    """MATCH (s:Statement) WITH s.predicate AS p, count(*) AS n, min(s.value) AS low,
    max(s.value) AS high WITH p, n, low, high, high - low AS width WHERE n > 2 AND width > 0
    RETURN p, n, low ORDER BY n, p""",
    "WITH * RETURN 1 AS x",
    "RETURN 'reduce(a = 0, i IN range(1, 99999999) | a =~ b)' AS x",
    "MATCH (n) WHERE n.range > 1 AND n.reduce < 2 // reduce(\nRETURN n /* =~ */",
    "MATCH (c) WHERE c.name STARTS WITH 'A' AND c.name ENDS WITH 'Z' RETURN c.name AS x",
    "MATCH (c) RETURN [(c)-->(d) WHERE d.x > 1 | d.name] AS x, COLLECT { MATCH (c)-->(d) RETURN d } AS y",
]


@pytest.mark.parametrize("query", ENDLESS.values(), ids=ENDLESS.keys())
def test_work_that_no_limit_stops_is_refused(query: str):
    with pytest.raises(UsageError, match=r"refused|escapes|can be no name"):
        check_work(query)


@pytest.mark.parametrize("query", HONEST)
def test_an_honest_expression_passes(query: str):
    check_work(query)


def test_a_refusal_says_what_to_write_instead():
    with pytest.raises(UsageError) as refused:
        check_work(ENDLESS["a regular expression"])
    assert str(refused.value) == (
        "The query is refused, since no time limit could stop a regular expression: use CONTAINS, "
        "STARTS WITH or the full-text index."
    )


@given(st.text(max_size=200))
def test_any_text_is_read_to_its_end(text: str):
    assert len("".join(token.text for token in tokens(text))) <= len(text.lower())


@given(st.text(alphabet="[](){}|+,:. 'xINwithreturn", max_size=80))
def test_any_text_is_let_pass_or_refused_and_nothing_else(text: str):
    with suppress(UsageError):
        check_work(text)
