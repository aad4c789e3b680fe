"""Bounds how deep the expressions of a Cypher text stand in each other.

Neo4j works through an expression by calling itself for each part. Where the parts stand too deep, its stack
is used up, it throws away the error, and the client waits for an answer that never comes. Its planner, which
nothing interrupts, copies the parts of CASE, of compared comparisons and of subqueries for each that they
stand in. So what is open at a place is added up: brackets and CASEs, and the signs and words that hold an
expression, up to the next comma or clause. Over the clauses, which wrap the values of those before them, the
deepest brackets of each are added up too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.errors import UsageError
from kb.graph.cypher_words import CLOSING, OPENING, Token, at, is_clause

MAX_NESTING: Final = 64
"""A third of what a stack of 1 MB holds."""
MAX_WRAPPED: Final = 100
_CLAUSE: Final = 2
"""What each clause counts besides its brackets."""
_BRACKET: Final = 4
_SUBQUERY: Final = 5
"""What a brace counts."""
_CASE: Final = 16
_COMPARED: Final = 8
_COMPARING: Final = frozenset("=<>")
_HOLDING: Final = frozenset("+-*/%^|&!")
_JOINING: Final = frozenset(("and", "or", "xor", "not"))
_STARTING: Final = frozenset(("match", "optional", "where", "call"))
"""Clauses that begin another expression where they stand after a bracket; elsewhere they may be names."""
_BEFORE_NAMES: Final = frozenset(
    ("as", "yield", "match", "(", "[", ",", "|", "{", "in", "then", "else", "when")
)


@dataclass(slots=True)
class _Level:
    """What is counted within one bracket or CASE."""

    opened: int = 0
    inner: int = 0
    compared: bool = False
    is_case: bool = False

    def begin(self) -> None:
        """Begin another expression."""
        self.inner, self.compared = 0, False

    def depth(self) -> int:
        """How deep an expression stands that is put in here."""
        return self.opened + self.inner + _COMPARED * self.compared


def check_nesting(words: Sequence[Token]) -> None:
    """Let a query pass whose expressions are no deeper than the database can work through.

    Raises:
        UsageError: saying how deep they may be.
    """
    levels = [_Level()]
    wrapped = deepest = 0
    for place in range(len(words)):
        _step(words, place, levels)
        if is_clause(words, place):
            wrapped, deepest = wrapped + _CLAUSE + deepest, 0
        deepest = max(deepest, len(levels) - 1)
        if wrapped + deepest > MAX_WRAPPED:
            raise UsageError(
                "The query is refused: it has too many clauses, or too many brackets in them. Ask in several "
                "queries."
            )
        if sum(level.depth() for level in levels) > MAX_NESTING:
            raise UsageError(
                "The query is refused: too many brackets, operators or CASEs of it stand in each other. Ask "
                "in steps with WITH, or send long lists and texts as parameters."
            )


def _step(words: Sequence[Token], place: int, levels: list[_Level]) -> None:
    word, level = at(words, place), levels[-1]
    if word in OPENING:
        level.inner += word == "[" and _follows_value(words, place)
        levels.append(_Level(_SUBQUERY if word == "{" else _BRACKET))
    elif word in CLOSING:
        _close_bracket(levels)
    elif _is_word(words, place, "case"):
        level.inner += 1
        levels.append(_Level(_CASE, is_case=True))
    elif _is_word(words, place, "end"):
        _close_case(words, place, levels)
    elif _begins(words, place) or (word == "," and not level.is_case):
        level.begin()
    else:
        level.inner += _holds(words, place)
        level.compared = word in _COMPARING or (level.compared and word not in _JOINING)


def _close_bracket(levels: list[_Level]) -> None:
    """Leave the innermost bracket, and what is left open in it."""
    while len(levels) > 1 and levels.pop().is_case:
        pass


def _close_case(words: Sequence[Token], place: int, levels: list[_Level]) -> None:
    """Leave the innermost CASE.

    Raises:
        UsageError: where its last word is used as a name.
    """
    if at(words, place - 1) in _BEFORE_NAMES:
        raise UsageError("The query is refused: END can be no name in it.")
    if levels[-1].is_case:
        levels.pop()


def _is_word(words: Sequence[Token], place: int, word: str) -> bool:
    """Whether this is a word of the language, and no property or key of a map."""
    return (
        words[place] == Token("name", word)
        and at(words, place - 1) not in {".", ":", "$"}
        and not (at(words, place + 1) == ":" and at(words, place - 1) in {"{", ","})
    )


def _begins(words: Sequence[Token], place: int) -> bool:
    """Whether a clause begins here; within an expression nothing but operators can follow a bracket."""
    after_bracket = at(words, place - 1) in {")", "}"}
    return is_clause(words, place) or (after_bracket and at(words, place) in _STARTING)


def _holds(words: Sequence[Token], place: int) -> bool:
    """Whether an expression is put into another, or copied, by this word or sign."""
    word, before = at(words, place), at(words, place - 1)
    if word == ".":
        return before in CLOSING or at(words, place - 2) == "."
    if words[place].kind == "name":
        return before != "." and (word == "when" or (word == "not" and before != "is"))
    return word in _HOLDING or word == ","


def _follows_value(words: Sequence[Token], place: int) -> bool:
    """Whether a bracket takes a part of what stands before it."""
    return place > 0 and (words[place - 1].kind == "name" or at(words, place - 1) in CLOSING)
