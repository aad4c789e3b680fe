"""The words and signs of a Cypher text, and what is refused by them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.errors import UsageError

OPENING: Final = frozenset("([{")
CLOSING: Final = frozenset(")]}")

_TOKEN: Final = re.compile(
    r"""(?P<space> \s+ | //[^\r\n]* | /\*.*?\*/ )
      | (?P<string> '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" )
      | (?P<name> `(?:``|[^`])*` | [^\W\d]\w* )
      | (?P<number> \d+ )
      | (?P<sign> =~ | . )""",
    re.DOTALL | re.VERBOSE,
)
_CLAUSES: Final = frozenset(("with", "return", "unwind"))
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


def _plain(found: re.Match[str]) -> str:
    text = found[0]
    return text.strip("`").lower() if found.lastgroup == "name" else text


def at(words: Sequence[Token], place: int) -> str:
    """The text of a name, number or sign; nothing for a string, and where there is no word."""
    return words[place].text if 0 <= place < len(words) and words[place].kind != "string" else ""


def close(words: Sequence[Token], opening: int) -> int:
    """Where the bracket that opens here is closed."""
    depth = 0
    for place in range(opening, len(words)):
        depth += (at(words, place) in OPENING) - (at(words, place) in CLOSING)
        if depth == 0:
            return place
    return len(words)


def is_clause(words: Sequence[Token], place: int) -> bool:
    """Whether a clause begins here, which makes new values of the old ones.

    Raises:
        UsageError: where a word that tells clauses apart is used as a name.
    """
    word, before = words[place], at(words, place - 1)
    if word.kind != "name" or word.text not in _RESERVED or before in {".", ":", "$"}:
        return False
    if before in _NAMING or at(words, place + 1) in _NAMED:
        raise UsageError(f"The query is refused: {word.text.upper()} can be no name in it.")
    return word.text in _CLAUSES and before not in {"starts", "ends"}


def refused(what: str, instead: str) -> UsageError:
    """The refusal of what no time limit could stop, and what to write in its place."""
    return UsageError(f"The query is refused, since no time limit could stop {what}: use {instead}.")
