"""Expressions that no time limit can stop are refused by their words; honest ones pass."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import UsageError
from kb.graph.cypher_growth import MAX_SHORT
from kb.graph.cypher_nesting import MAX_NESTING
from kb.graph.cypher_words import tokens
from kb.graph.cypher_work import MAX_RANGE, check_work

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
    "replace by a long text": f"RETURN replace('a', 'a', '{'b' * (MAX_SHORT + 1)}') AS x",
    "replacements that multiply from clause to clause": (
        "WITH 'a' AS a " + f"WITH replace(a, 'a', '{'a' * MAX_SHORT}') AS a " * 7 + "RETURN size(a) AS x"
    ),
    "replacements that multiply in each other": (
        "RETURN size(" + "replace(" * 7 + "'a'" + f", 'a', '{'a' * MAX_SHORT}')" * 7 + ") AS x"
    ),
    "replacements between all characters": (
        "WITH 'a' AS a " + "WITH replace(a, '', 'aaa') AS a " * 14 + "RETURN size(a) AS x"
    ),
    "texts that double from UNWIND to UNWIND": (
        "WITH 'ab' AS s0 " + "".join(f"UNWIND [s{i} + s{i}] AS s{i + 1} " for i in range(28)) + "RETURN s28"
    ),
    "texts that double in CASE": (
        "WITH 'ab' AS s "
        + "WITH CASE WHEN true THEN s END + CASE WHEN true THEN s END AS s " * 28
        + "RETURN s"
    ),
    "parts of maps that double": "WITH {a: 'ab'} AS m " + "WITH {a: m.a + m.a} AS m " * 28 + "RETURN m",
    "parameters that are put in many times": "WITH $p + $p + $p + $p AS s " * 5 + "RETURN s",
    "a loop that doubles its own list": "WITH [1] AS l " + "WITH [x IN l + l | x] AS l " * 28 + "RETURN l",
    "a loop that doubles its items": "WITH ['a'] AS l " + "WITH [x IN l | x + x] AS l " * 28 + "RETURN l",
    "a parameter for each character of another": "RETURN [x IN split($p, '') | $q + x] AS x",
    "a text of the graph for each character": "MATCH (d) RETURN [x IN split($p, '') | d.text] AS x",
    "a long text for each number": f"RETURN [x IN range(1, 9999) | '{'b' * (MAX_SHORT + 1)}'] AS x",
    "much for each number": "RETURN [i IN range(1, 9999) | [" + "1, " * 500 + "1]] AS x",
    "texts taken apart that had grown": "WITH $p AS s " + "WITH s + s AS s " * 5 + "RETURN split(s, '') AS x",
}
DEEP: dict[str, Callable[[int], str]] = {
    "lists in lists": lambda n: "RETURN " + "[" * n + "1" + "]" * n + " AS x",
    "brackets": lambda n: "RETURN " + "(" * n + "1" + ")" * n + " AS x",
    "functions": lambda n: "RETURN " + "abs(" * n + "1" + ")" * n + " AS x",
    "a sum": lambda n: "RETURN " + "1 + " * n + "1 AS x",
    "a sum with a variable": lambda n: "WITH 'a' AS b RETURN " + "'' + " * n + "b AS x",
    "a product": lambda n: "WITH 1 AS b RETURN " + "1 * " * n + "b AS x",
    "NOT": lambda n: "RETURN " + "NOT " * n + "true AS x",
    "parts of parts": lambda n: "WITH null AS a RETURN a.a" + ".a" * n + " AS x",
    "slices": lambda n: "WITH [1] AS a RETURN a" + "[0..1]" * n + " AS x",
    "CASE in CASE": lambda n: "RETURN " + "CASE WHEN true THEN " * n + "1" + " END" * n + " AS x",
    "CASE with commas": lambda n: "RETURN " + "CASE 1 WHEN 1, 2 THEN " * n + "1" + " END" * n + " AS x",
    "CASE of CASE": lambda n: (
        "RETURN " + "CASE " * n + "1" + " WHEN 1 THEN 1 WHEN 2 THEN 2 END" * n + " AS x"
    ),
    "labels": lambda n: "MATCH (a:" + "!" * n + "A) RETURN count(*) AS x",
    "labels together": lambda n: "MATCH (a:" + "A&" * n + "A) RETURN count(*) AS x",
    "AND in OR": lambda n: "MATCH (n) WHERE " + "((" * n + "n.y" + " AND n.x) OR n.z)" * n + " RETURN n AS x",
    "NOT of both": lambda n: (
        "MATCH (n) WHERE " + "NOT (" * n + "n.y" + " AND n.x OR n.z)" * n + " RETURN n AS x"
    ),
    "comparisons compared": lambda n: (
        "MATCH (n) WHERE " + "(n.x = " * n + "n.y" + ") = (n.z = 1)" * n + " RETURN n AS x"
    ),
    "subqueries": lambda n: (
        "MATCH (a) WHERE " + "EXISTS { MATCH (a) WHERE " * n + "true" + "}" * n + " RETURN 1 AS x"
    ),
}
"""Expressions in each other, by how many of them."""
HANGING = {f"very deep: {name}": text(100) for name, text in DEEP.items()}
HANGING["names that hide where a CASE ends"] = "WITH 1 AS end RETURN end + end AS x"
HANGING["lists wrapped in lists"] = "WITH 1 AS a " + "WITH [a] AS a " * 200 + "RETURN a AS x"
HANGING["very many clauses"] = "RETURN 1 AS x" + " UNION RETURN 1 AS x" * 400
HANGING["XOR, whose plan is exponential"] = "RETURN " + "true XOR " * 40 + "true AS x"

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
    "MATCH (n) " + "WITH n, count(coalesce(n.x, [n.y, (n.z)])) AS m " * 12 + "RETURN n AS x",
    " UNION ".join(["MATCH (n) WHERE (n.x = 1) RETURN n AS x"] * 25),
    "RETURN 'reduce(a = 0, i IN range(1, 99999999) | a =~ b)' AS x",
    "MATCH (n) WHERE n.range > 1 AND n.reduce < 2 // reduce(\nRETURN n /* =~ */",
    "MATCH (c) WHERE c.name STARTS WITH 'A' AND c.name ENDS WITH 'Z' RETURN c.name AS x",
    "MATCH (n) WHERE " + " AND ".join(f"n.p{i} = {i} OR n.q{i} IS NOT NULL" for i in range(60)) + " RETURN n",
    "RETURN [" + ", ".join(f"'company/{i}'" for i in range(500)) + "] AS ids",
    "MATCH (f) RETURN " + ", ".join(f"f.p{i} + ' ' + f.q{i} AS p{i}" for i in range(60)),
    "MATCH (a) " + "OPTIONAL MATCH (a)-[:X]->(b)<-[:Y]-(c) " * 40 + "RETURN count(*) AS x",
    "MATCH (e) RETURN replace(replace(replace(e.name, ',', ' '), '.', ' '), '  ', ' ') AS x",
    "MATCH (a)-[r]->(b) WITH a, b, collect(r) AS rs RETURN [r IN rs WHERE r.since > a.since | r.since] AS x",
    "MATCH p = (a)-->(b) RETURN [n IN nodes(p) | {name: n.name, at: date.truncate('year', n.day)}] AS x",
    "MATCH p = (a)-->(b) RETURN [n IN nodes(p) | CASE WHEN n:Company THEN n.name ELSE 'other' END] AS x",
    "MATCH (c) RETURN [(c)-->(d) WHERE d.x > 1 | d.name] AS x, COLLECT { MATCH (c)-->(d) RETURN d } AS y",
]


@pytest.mark.parametrize("query", [*ENDLESS.values(), *HANGING.values()], ids=[*ENDLESS, *HANGING])
def test_work_that_no_limit_stops_is_refused(query: str):
    with pytest.raises(UsageError, match=r"refused|escapes|can be no name"):
        check_work(query)


@pytest.mark.parametrize("query", HONEST)
def test_an_honest_expression_passes(query: str):
    check_work(query)


@pytest.mark.parametrize("name", DEEP)
def test_expressions_in_each_other_have_a_bound(name: str):
    check_work(DEEP[name](2))
    with pytest.raises(UsageError, match="stand in each other"):
        check_work(DEEP[name](MAX_NESTING + 1))


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
