"""Which ad-hoc Cypher asks for work that the database cannot break off.

Neo4j looks at a query's time between rows. What one expression does within a row runs to its end, whatever
the limit, and text and lists that grow there are counted by no memory limit. So a query's own words are
read, and refused where an expression could go on for ever or grow without bound:

1. `reduce`, and regular expressions, which can need exponential time;
2. `range` outside UNWIND, which makes rows of it, unless its bounds are written out and near;
3. a loop over a list (a comprehension, `all`, `any`, `none`, `single`) within another;
4. `replace` by something longer than a word;
5. values that multiply from clause to clause (`WITH x + x AS x WITH x + x AS x …`): the product over the
   clauses of how often one name stands in each, where a name within a loop counts as often as a list is long.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.errors import UsageError

MAX_RANGE: Final = 10_000
MAX_REPLACEMENT: Final = 20
MAX_GROWTH: Final = 2**20
LOOP: Final = 1000
"""How long a list that a loop runs over is taken to be."""

_TOKEN: Final = re.compile(
    r"""(?P<space> \s+ | //[^\r\n]* | /\*.*?\*/ )
      | (?P<string> '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" )
      | (?P<name> `(?:``|[^`])*` | [^\W\d]\w* )
      | (?P<number> \d+ )
      | (?P<sign> =~ | . )""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPED: Final = re.compile(r"\\[uU]")
_LOOPS: Final = frozenset(("all", "any", "none", "single"))
_OPENING: Final = frozenset("([{")
_CLOSING: Final = frozenset(")]}")
_BUILDING: Final = frozenset("+|,:") | _OPENING | _CLOSING
"""Signs that texts, lists and maps are made with: a name that is put into one stands beside such a sign."""
_NO_VALUE: Final = frozenset((".", "$", "as", "in"))
"""After these a name is a property, a parameter, or new."""
_PART: Final = frozenset((".", ":", "(", "in"))
"""Before these a name is a function, what a part is taken of, or what a loop calls its items."""
_CLAUSES: Final = frozenset(("with", "return"))
_RESERVED: Final = _CLAUSES | {"starts", "ends"}
_NAMING: Final = frozenset(("as", "yield", "(", "[", ",", "|", "&", "!", "%"))
_NAMED: Final = frozenset(("in", "=", ":"))
"""Where a name is brought in, or a label that could be taken for a clause."""


@dataclass(frozen=True, slots=True)
class Token:
    """A name (in lower case, without backticks), a string, a number, or a sign."""

    kind: str
    text: str


def tokens(query: str) -> list[Token]:
    """The query's words and signs, without spaces and comments."""
    return [
        Token(str(found.lastgroup), _plain(found))
        for found in _TOKEN.finditer(query)
        if found["space"] is None
    ]


def check_work(query: str) -> None:
    """Let a query pass whose expressions end.

    Raises:
        UsageError: saying what is refused, and what to write instead.
    """
    if _ESCAPED.search(query):
        raise UsageError("A query may not hold \\u escapes: write the character, or send it as a parameter.")
    words = tokens(query)
    for place, word in enumerate(words):
        called = word.kind == "name" and _at(words, place + 1) == "("
        if word.text == "=~":
            raise _refused("a regular expression", "CONTAINS, STARTS WITH or the full-text index")
        if called and word.text in {"reduce", "allreduce"}:
            raise _refused("reduce", "UNWIND and an aggregation, such as sum")
        if called and word.text == "range" and not _near(words, place):
            raise _refused(
                f"range over more than {MAX_RANGE} numbers, or over some that are not written out",
                "UNWIND range(…) AS n",
            )
        if called and word.text == "replace" and not _short(words, place):
            raise _refused(
                f"replace by anything but a text of at most {MAX_REPLACEMENT} characters",
                "the replacement as text in quotes",
            )
    if _growth(words) > MAX_GROWTH:
        raise UsageError(
            "The query is refused: its values could multiply from clause to clause beyond what the database "
            "holds. Use each value fewer times, or ask in two queries."
        )


def _plain(found: re.Match[str]) -> str:
    text = found[0]
    return text.strip("`").lower() if found.lastgroup == "name" else text


def _refused(what: str, instead: str) -> UsageError:
    return UsageError(f"The query is refused, since no time limit could stop {what}: use {instead}.")


def _at(words: Sequence[Token], place: int) -> str:
    return words[place].text if 0 <= place < len(words) and words[place].kind != "string" else ""


def _close(words: Sequence[Token], opening: int) -> int:
    """Where the bracket that opens here is closed."""
    depth = 0
    for place in range(opening, len(words)):
        depth += (_at(words, place) in _OPENING) - (_at(words, place) in _CLOSING)
        if depth == 0:
            return place
    return len(words)


def _near(words: Sequence[Token], place: int) -> bool:
    """Whether this `range` is rows of an UNWIND, or short by its own words."""
    end = _close(words, place + 1)
    if _at(words, place - 1) == "unwind" and _at(words, end + 1) == "as":
        return True
    inner = words[place + 2 : end]
    if [word.text for word in inner[1::2]] not in ([","], [",", ","]):
        return False
    bounds = inner[::2]
    return all(word.kind == "number" for word in bounds) and all(int(w.text) <= MAX_RANGE for w in bounds[:2])


def _short(words: Sequence[Token], place: int) -> bool:
    """Whether this `replace` ends in a text that is short, after a comma."""
    end = _close(words, place + 1)
    last = words[end - 1]
    return last.kind == "string" and len(last.text) <= MAX_REPLACEMENT + 2 and _at(words, end - 2) == ","


def _growth(words: Sequence[Token]) -> int:
    """How many times the largest value could become the next, clause by clause.

    Raises:
        UsageError: at a loop within a loop, and where a clause's word is used as a name.
    """
    growth = 1
    used: Counter[str] = Counter()
    end, body, item = -1, -1, ""
    for place, word in enumerate(words):
        opening = _loop(words, place)
        if opening is not None:
            if place < end:
                raise _refused("a loop over a list within another", "UNWIND for the outer list")
            end = _close(words, opening)
            body, item = _body(words, opening, end), _at(words, opening + 1)
        if _is_clause(words, place):
            growth *= max(used.values(), default=1)
            used.clear()
        elif _is_value(words, place):
            used[word.text] += LOOP if body < place < end and word.text != item else 1
    return growth * max(used.values(), default=1)


def _loop(words: Sequence[Token], place: int) -> int | None:
    """The bracket of the loop that begins here."""
    word = words[place]
    if word.text == "[" and word.kind == "sign" and _at(words, place + 2) == "in":
        return place
    if word.kind == "name" and word.text in _LOOPS and _at(words, place + 1) == "(":
        return place + 1
    return None


def _body(words: Sequence[Token], opening: int, end: int) -> int:
    """Where the loop's list ends and what is done with each item begins."""
    return next((place for place in range(opening, end) if _at(words, place) in {"|", "where"}), end)


def _is_clause(words: Sequence[Token], place: int) -> bool:
    """Whether a clause begins here, which makes new values of the old ones.

    Raises:
        UsageError: where a word that tells clauses apart is used as a name.
    """
    word, before = words[place], _at(words, place - 1)
    if word.kind != "name" or word.text not in _RESERVED or before in {".", ":", "$"}:
        return False
    if before in _NAMING or _at(words, place + 1) in _NAMED:
        raise UsageError(f"The query is refused: {word.text.upper()} can be no name in it.")
    return word.text in _CLAUSES and before not in {"starts", "ends"}


def _is_value(words: Sequence[Token], place: int) -> bool:
    """Whether a value is put whole into another here."""
    before, after = _at(words, place - 1), _at(words, place + 1)
    return (
        words[place].kind == "name"
        and before not in _NO_VALUE
        and after not in _PART
        and (before in _BUILDING or after in _BUILDING)
    )
