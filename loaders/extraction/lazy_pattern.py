"""Regular expressions that are compiled and tried only where a text holds words that they cannot do without.

Most sentences hold none of the words of most rules: to look for these first is quicker than to try the rules,
and keeps those for lists from walking through long lists of names in vain.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
Words = frozenset[str]
"""Of these, one must be in a text for a pattern to match."""

_MINDS_NO_CASE: Final = re.compile(r"\(\?i[:)]")
_QUANTIFIER: Final = re.compile(r"(?P<least>\*|\?|\+|\{\d*(?:,\d*)?\})[?+]?")
_CLASS: Final = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]")
_GROUP: Final = re.compile(r"\((?:\?(?:P<\w+>|[:>]|i:))?(?!\?)")
_OPTIONAL: Final = re.compile(r"[*?]|\{0?[,}]")
_NO_LETTERS: Final = ".^$ "
_LETTERS: Final = re.compile(r"[^\\\[\](){}|.^$ *?+]+(?![*?+{])")
_BRACKET: Final = re.compile(_CLASS.pattern + r"|\\.|(?P<opens>\()|(?P<closes>\))")
_MOST: Final = 60
_KEPT: Final = 2


class LazyPattern:
    """A pattern by its source; `write_out` gives the regular expression that the source stands for.

    In the source, blanks and `{…}` that is no quantifier are `write_out`'s to read; the rest is as in `re`.
    """

    def __init__(self, source: str, write_out: Callable[[str], str]) -> None:
        """Read off the source which words a match needs."""
        self._source: Final = source
        self._write_out: Final = write_out
        self.minds_case: Final = _MINDS_NO_CASE.match(source) is None
        self.needs: Final = tuple(
            words if self.minds_case else frozenset(map(_fold, words)) for words in needed_words(source)
        )

    @cached_property
    def pattern(self) -> str:
        """The regular expression."""
        return self._write_out(self._source)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """The matches in the text, in order, none overlapping another."""
        return self._compiled.finditer(text) if self.can_match(text) else iter(())

    def search(self, text: str) -> re.Match[str] | None:
        """The first match in the text."""
        return self._compiled.search(text) if self.can_match(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """The match at the beginning of the text."""
        return self._compiled.match(text) if self.can_match(text) else None

    def can_match(self, text: str) -> bool:
        """Whether the text holds the words that a match needs."""
        searched = text if self.minds_case else _fold(text)
        for words in self.needs:
            for word in words:
                if word in searched:
                    break
            else:
                return False
        return True


def ignoring_case(source: str) -> LazyPattern:
    """A pattern that minds no case, of a regular expression as it is."""
    return LazyPattern(f"(?i:{source})", str)


class Choice(Generic[Item]):
    """Things with a pattern each, of which only those are tried whose words a text holds.

    The words of all are looked up once per text, and each thing is then settled by two comparisons.
    """

    def __init__(self, items: Iterable[tuple[LazyPattern, Item]]) -> None:
        """Keep the items in this order."""
        given = list(items)
        asked = [one.needs if one.minds_case else () for one, _ in given]
        words = sorted({word for needs in asked for one in needs for word in one})
        bits = {word: 1 << place for place, word in enumerate(words)}
        self._bits: Final = list(bits.items())
        self._items: Final = [
            (tuple(sum(bits[word] for word in words) for words in needs), item)
            for needs, (_, item) in zip(asked, given, strict=True)
        ]

    def among(self, text: str) -> Iterator[Item]:
        """The items whose patterns may match in the text, in order."""
        here = 0
        for word, bit in self._bits:
            if word in text:
                here |= bit
        for masks, item in self._items:
            for mask in masks:
                if not mask & here:
                    break
            else:
                yield item


@lru_cache(maxsize=16)
def _fold(text: str) -> str:
    """The text as a pattern sees it that minds no case: the dotless i is an i to it, too."""
    return text.casefold().replace("\N{LATIN SMALL LETTER DOTLESS I}", "i")


@lru_cache(maxsize=8192)
def needed_words(source: str) -> tuple[Words, ...]:
    """Sets of words of which every match holds at least one each; only the most telling, maybe none.

    Kept by source, since the groups of many patterns are the same lists of words.
    """
    ends = _ends(source)
    each: list[tuple[Words, ...]] = []
    at = -1
    while at < len(source):
        needs, at = _sequence(source, at + 1, ends)
        each.append(needs)
    if len(each) == 1:
        return each[0]
    union = Words().union(*(needs[0] for needs in each)) if all(each) else Words()
    return (union,) if 0 < len(union) <= _MOST else ()


def _ends(source: str) -> dict[int, int]:
    """Where the group that opens at a place closes."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for bracket in _BRACKET.finditer(source):
        if bracket["opens"]:
            opened.append(bracket.start())
        elif bracket["closes"]:
            ends[opened.pop()] = bracket.start()
    return ends


def _sequence(source: str, at: int, ends: dict[int, int]) -> tuple[tuple[Words, ...], int]:
    """What all parts of one alternative together need; and where it ends."""
    needs: list[Words] = []
    run = ""
    while at < len(source) and source[at] != "|":
        if letters := _LETTERS.match(source, at):
            run += letters[0]
            at = letters.end()
            continue
        literal, inner, at = _item(source, at, ends)
        quantifier = _QUANTIFIER.match(source, at)
        at = at if quantifier is None else quantifier.end()
        if quantifier is None or not _OPTIONAL.match(quantifier["least"]):
            run += literal
            needs.extend(inner)
        if run and (quantifier is not None or not literal):
            needs.append(Words((run,)))
            run = ""
    if run:
        needs.append(Words((run,)))
    if len(needs) > 1:
        needs.sort(key=lambda words: (-min(map(len, words)), len(words), sorted(words)))
    return tuple(needs[:_KEPT]), at


def _item(source: str, at: int, ends: dict[int, int]) -> tuple[str, tuple[Words, ...], int]:
    """The literal letter or the needs of the item here, and where it ends."""
    match source[at]:
        case "(":
            end = ends[at]
            group = _GROUP.match(source, at)
            return "", needed_words(source[group.end() : end]) if group else (), end + 1
        case "[":
            found = _CLASS.match(source, at)
            return "", (), found.end() if found else at + 1
        case "{":
            return "", (), source.index("}", at) + 1
        case "\\":
            return "" if source[at + 1].isalnum() else source[at + 1], (), at + 2
        case letter:
            return "" if letter in _NO_LETTERS else letter, (), at + 1
