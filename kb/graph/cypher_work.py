"""Which ad-hoc Cypher asks for work that the database cannot break off.

Neo4j looks at a query's time between rows. What one expression does within a row runs to its end, whatever
the limit, and text and lists that grow there are counted by no memory limit. So a query's own words are
read, and refused where an expression could go on for ever or grow without bound:

1. `reduce`, and regular expressions, which can need exponential time, as do plans for many XOR;
2. `range` outside UNWIND, which makes rows of it, unless its bounds are written out and near;
3. a loop over a list (a comprehension, `all`, `any`, `none`, `single`) within another, or one that puts other
   values beside its items;
4. `replace` by something longer than a word;
5. values that multiply, within a clause or from one to the next (`kb.graph.cypher_growth`);
6. expressions in each other without end (`kb.graph.cypher_nesting`).

Rows are left to the database: what is collected, sorted or kept apart of them counts for its limit of memory.
"""

import re
from collections.abc import Sequence
from typing import Final

from kb.errors import UsageError
from kb.graph.cypher_growth import MAX_SHORT, check_growth
from kb.graph.cypher_nesting import check_nesting
from kb.graph.cypher_words import Token, at, close, refused, tokens

MAX_RANGE: Final = 10_000
MAX_XOR: Final = 8

_ESCAPED: Final = re.compile(r"\\[uU]")


def check_work(query: str) -> None:
    """Let a query pass whose expressions end.

    Raises:
        UsageError: saying what is refused, and what to write instead.
    """
    if _ESCAPED.search(query):
        raise UsageError("A query may not hold \\u escapes: write the character, or send it as a parameter.")
    words = tokens(query)
    check_nesting(words)
    for place, word in enumerate(words):
        called = word.kind == "name" and at(words, place + 1) == "("
        if word.text == "=~":
            raise refused("a regular expression", "CONTAINS, STARTS WITH or the full-text index")
        if called and word.text in {"reduce", "allreduce"}:
            raise refused("reduce", "UNWIND and an aggregation, such as sum")
        if called and word.text == "range" and not _near(words, place):
            raise refused(
                f"range over more than {MAX_RANGE} numbers, or over some that are not written out",
                "UNWIND range(…) AS n",
            )
        if called and word.text == "replace" and not _short(words, place):
            raise refused(
                f"replace by anything but a text of at most {MAX_SHORT} characters",
                "the replacement as text in quotes",
            )
    if sum(word == Token("name", "xor") for word in words) > MAX_XOR:
        raise refused(f"more than {MAX_XOR} XOR", "<>")
    check_growth(words)


def _near(words: Sequence[Token], place: int) -> bool:
    """Whether this `range` is rows of an UNWIND, or short by its own words."""
    end = close(words, place + 1)
    if at(words, place - 1) == "unwind" and at(words, end + 1) == "as":
        return True
    inner = words[place + 2 : end]
    if [word.text for word in inner[1::2]] not in ([","], [",", ","]):
        return False
    bounds = inner[::2]
    return all(word.kind == "number" for word in bounds) and all(int(w.text) <= MAX_RANGE for w in bounds[:2])


def _short(words: Sequence[Token], place: int) -> bool:
    """Whether this `replace` ends in a text that is short, after a comma."""
    end = close(words, place + 1)
    last = words[end - 1]
    return last.kind == "string" and len(last.text) <= MAX_SHORT + 2 and at(words, end - 2) == ","
