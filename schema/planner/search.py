"""`search`: entities by their names and by the words of the facts about them, ranked.

Every word becomes a quoted phrase, so that nothing in it is an operator of the full-text syntax. An
entity that goes by exactly the text comes first, then names by their score, then words of facts, all of
which must stand in one place. Where no name has all the words, names with similar ones are found too.
Words of facts are looked for where names do not fill the page, or more is asked for than a page.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from kb.errors import UsageError
from kb.ontology import EntityType
from schema.planner import entities, facets, facts
from schema.planner.compiled import ChildReader, Part, Pattern, where
from schema.planner.connections import Listing, SortKey, connection, first_of, page_of
from schema.planner.filters import alias_keys, entity_type
from schema.planner.query import Query
from schema.planner.selection import Field
from schema.rows import Row

MAX_LENGTH: Final = 200
MAX_WORDS: Final = 12
CANDIDATES: Final = 500
"""How many hits of each index are looked at."""
_OPTIONS: Final = f"{{limit: {CANDIDATES}}}"
_OF_WORDS: Final = frozenset({"facts", "facets", "total"})
"""What tells of words of facts also where names fill the page."""

LONG: Final = 5
"""Letters of a word for which similar ones are looked for: with one letter more, less, other or swapped."""
_EXACT: Final = 1000.0
_NAMES: Final = "1 + 10 * score"
"""A hit in a name stands before all that are in the words of facts alone."""
_SIMILAR: Final = "1 + 20 * score"
"""A name with words like all that are asked for stands before names with some of them."""
_TOLD: Final = "score / (1 + score)"
_ALL: Final = 2**31 - 1


def search(query: Query, field: Field) -> Part:
    """A page of entities, the best first."""
    words = _words(field.arguments)
    kinds: list[EntityType] | None = field.arguments.get("types")
    conditions = () if kinds is None else (entity_type(query, "n", kinds),)
    match = "node AS n, max(score) AS score, collect(told) AS told"
    hits = Pattern("n", match, conditions, source=f"{_hits(query, field, words, conditions)} WITH")
    listing = Listing(
        pattern=hits,
        order=(SortKey("score", descending=True),),
        node=lambda selection: entities.entity_row(query, "n", selection),
        edge={
            "score": lambda _found: Part("score", lambda value, _parent: value),
            "matched": lambda _found: Part("[n.name] + coalesce(n.aliases, [])", _matching(words)),
            "facts": lambda found: _facts(query, found),
        },
        carried=("score", "told"),
        whole={"facets": lambda found: facets.facets(query, hits, found)},
    )
    return connection(query, field, listing)


def _words(arguments: Mapping[str, Any]) -> list[str]:
    text: str = arguments["text"]
    words = text.split()
    if not words:
        raise UsageError("`text` is empty: give at least one word.")
    if len(text) > MAX_LENGTH or len(words) > MAX_WORDS:
        raise UsageError(f"`text` has at most {MAX_LENGTH} characters and {MAX_WORDS} words.")
    return words


def _hits(query: Query, field: Field, words: list[str], conditions: Sequence[str]) -> str:
    """Rows of node, score and the statement that was hit, if any; statements where they are needed."""
    every = query.parameter(" AND ".join(phrase(word) for word in words))
    rows = _named(query, field.arguments["text"], words, every)
    named = f"{rows} WITH node AS n, max(score) AS score{where(conditions)}"
    enough = query.parameter(_enough(field))
    return (
        f"CALL () {{ WITH COLLECT {{ {named} RETURN [n, score] }} AS named CALL (named) {{ "
        "UNWIND named AS one RETURN one[0] AS node, one[1] AS score, null AS told UNION ALL "
        f"UNWIND CASE WHEN size(named) < {enough} THEN [true] ELSE [] END AS short "
        f"CALL (short) {{ {_told(query, every)} }} RETURN node, score, told }} RETURN node, score, told }}"
    )


def _enough(field: Field) -> int:
    """How many hits in names leave nothing to look for: those of a first page that tells nothing else."""
    page, selected = page_of(field.arguments), field.selection.distinct()
    asked = {one.name for found in selected for one in (found, *found.selection.distinct())}
    begins = page.after is None and page.before is None and not page.backward
    return page.size + 1 if begins and asked.isdisjoint(_OF_WORDS) else _ALL


def _named(query: Query, text: str, words: list[str], every: str) -> str:
    """Rows of node and score: who goes by the text, and names that have some of its words."""
    any_of = query.parameter(" ".join(phrase(word) for word in words))
    keys = query.parameter(alias_keys(text))
    return (
        f"CALL () {{ MATCH (a:Alias)-[:NAMES]->(node:Entity) WHERE a.key IN {keys} "
        f"RETURN node, {_EXACT} AS score UNION ALL {_similar(query, words, every)}"
        f"CALL db.index.fulltext.queryNodes('entity_names', {any_of}, {_OPTIONS}) YIELD node, score "
        f"RETURN node, {_NAMES} AS score }}"
    )


def _told(query: Query, every: str) -> str:
    """Rows of node, score and statement: those of facts that are told in every word."""
    seen = " AND ".join([*query.scope.visible("s"), "s.modality <> 'DENIED'"])
    return (
        f"CALL db.index.fulltext.queryRelationships('evidence_words', {every}, {_OPTIONS}) "
        "YIELD relationship, score WITH startNode(relationship) AS s, score "
        f"MATCH (s)-[:SUBJECT|OBJECT]->(node:Entity) WHERE {seen} "
        f"RETURN node, {_TOLD} AS score, s AS told"
    )


def _similar(query: Query, words: list[str], every: str) -> str:
    """A branch of rows: names with words like these, where none has them all; short words are as they are."""
    alike = query.parameter(" AND ".join(f"{w}~1" if _is_long(w) else phrase(w) for w in words))
    names = "CALL db.index.fulltext.queryNodes('entity_names'"
    return (
        f"WITH 1 AS one WHERE NOT EXISTS {{ {names}, {every}, {{limit: 1}}) YIELD node RETURN node }} "
        f"{names}, {alike}, {_OPTIONS}) YIELD node, score "
        f"RETURN node, {_SIMILAR} AS score UNION ALL "
    )


def _is_long(word: str) -> bool:
    return len(word) >= LONG and word.isalnum()


def phrase(word: str) -> str:
    """The word as a quoted phrase of the full-text syntax."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _matching(words: list[str]) -> ChildReader:
    folded = [word.casefold() for word in words]

    def read(value: object, _parent: Row) -> list[str]:
        return [name for name in cast("list[str]", value) if any(word in name.casefold() for word in folded)]

    return read


def _facts(query: Query, field: Field) -> Part:
    """The facts whose words were hit, in the order of their score."""
    fact = query.name("f")
    element = facts.fact_row(query, fact, "Fact", field.selection)
    limit = query.parameter(first_of(field.arguments))
    expression = f"COLLECT {{ UNWIND told AS {fact} WITH {fact} LIMIT {limit} RETURN {element.expression} }}"
    return Part(expression, lambda values, _parent: element.read_list(values))
