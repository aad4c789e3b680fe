"""How many times the values of a Cypher text could become larger than those that it begins with.

The growth is a product over the clauses: of how often one value stands in each, and of what its functions
make longer. What a loop makes is kept for every item of a list, so it may hold the item and short texts.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from kb.errors import UsageError
from kb.graph.cypher_words import CLOSING, OPENING, Token, at, close, is_clause, refused

MAX_GROWTH: Final = 256
MAX_SHORT: Final = 20
"""Characters of a text that may be put in many times."""
MAX_MADE: Final = 100
"""Words and signs in which a loop says what it makes."""

_SPLIT: Final = 16
"""How much more memory a character takes that is a text of its own; NFKD makes as many of one."""
_LOOPS: Final = frozenset(("all", "any", "none", "single"))
_BUILDING: Final = frozenset("+|,:") | OPENING | CLOSING
"""Signs that texts, lists and maps are made with: a value that is put into one stands beside such a sign."""
_CASES: Final = frozenset(("then", "else"))
_PART: Final = frozenset((".", ":", "(", "in"))
"""Before these a name is a function, what a part is taken of, or what a loop calls its items."""
_SPEECH: Final = frozenset(
    "and or xor not in is null true false contains starts ends with case when then else end exists".split()
)
"""Words of expressions that are no values."""


def check_growth(words: Sequence[Token]) -> None:
    """Let a query pass whose values stay small.

    Raises:
        UsageError: saying what multiplies, and what to write instead.
    """
    if _growth(words) > MAX_GROWTH:
        raise UsageError(
            f"The query is refused: its values could become more than {MAX_GROWTH} times as large from "
            "clause to clause, beyond what the database holds. Use each value fewer times, or ask twice."
        )


def _growth(words: Sequence[Token]) -> int:
    total = clause = 1
    used: Counter[str] = Counter()
    end, item = -1, ""
    for place, word in enumerate(words):
        opening = _loop(words, place)
        if opening is not None:
            if place < end:
                raise refused("a loop over a list within another", "UNWIND for the outer list")
            end, item = close(words, opening), at(words, opening + 1)
            clause *= _made(words, opening, end, item)
        if is_clause(words, place):
            total *= clause * max(used.values(), default=1)
            clause, used = 1, Counter()
        elif _is_value(words, place) and not (place < end and word.text == item):
            used[_whole(words, place)] += 1
        clause *= _stretch(words, place)
    return total * clause * max(used.values(), default=1)


def _loop(words: Sequence[Token], place: int) -> int | None:
    """The bracket of the loop that begins here."""
    word = words[place]
    if word.text == "[" and word.kind == "sign" and at(words, place + 2) == "in":
        return place
    if word.kind == "name" and word.text in _LOOPS and at(words, place + 1) == "(":
        return place + 1
    return None


def _made(words: Sequence[Token], opening: int, end: int, item: str) -> int:
    """How many times a loop puts its item into what it makes, behind the `|`.

    Raises:
        UsageError: where it puts in anything else that could be large.
    """
    begun = next((place for place in range(opening, end) if at(words, place) == "|"), end)
    made = range(begun + 1, end)
    if len(made) > MAX_MADE or not all(_is_small(words, place, item) for place in made):
        raise refused(
            f"a loop that puts other values than its item, or texts of more than {MAX_SHORT} characters, "
            "into what it makes",
            "UNWIND for the list, and collect",
        )
    return max(1, sum(words[place].kind == "name" and words[place].text == item for place in made))


def _is_small(words: Sequence[Token], place: int, item: str) -> bool:
    """Whether a word within what a loop makes is the item, of the item, or short."""
    word, before, after = words[place], at(words, place - 1), at(words, place + 1)
    if word.kind == "string":
        return len(word.text) <= MAX_SHORT + 2
    if word.kind != "name":
        return word.text != "$"
    function = after == "(" or (after == "." and at(words, place + 3) == "(")
    label = before == ":" and at(words, place - 2) == item and at(words, place - 3) not in {"{", ","}
    return word.text == item or before == "." or after == ":" or function or label or word.text in _SPEECH


def _stretch(words: Sequence[Token], place: int) -> int:
    """How much larger the function that is called here makes a value."""
    if words[place].kind != "name" or at(words, place + 1) != "(":
        return 1
    if words[place].text in {"split", "normalize"}:
        return _SPLIT
    if words[place].text != "replace":
        return 1
    end = close(words, place + 1)
    put, sought = len(words[end - 1].text) - 2, 0
    if words[end - 3].kind == "string" and at(words, end - 4) == ",":
        sought = len(words[end - 3].text) - 2
    return put + 1 if sought == 0 else max(1, -(-put // sought))


def _whole(words: Sequence[Token], place: int) -> str:
    """The value that ends here, with what it is a part of."""
    begun = _begun(words, place)
    return "".join(word.text for word in words[begun : place + 1])


def _begun(words: Sequence[Token], place: int) -> int:
    """Where the value that ends here begins: `a.b.c` is one, and so is `$a`."""
    while at(words, place - 1) == "." and place > 1 and words[place - 2].kind == "name":
        place -= 2
    return place - (at(words, place - 1) == "$")


def _is_value(words: Sequence[Token], place: int) -> bool:
    """Whether a value is put whole into another here."""
    if words[place].kind != "name" or at(words, place + 1) in _PART:
        return False
    before, after = at(words, _begun(words, place) - 1), at(words, place + 1)
    return before != "as" and (before in _BUILDING | _CASES or after in _BUILDING)
