"""Regular expressions that are compiled and tried only where a text holds words that they cannot do without.

Most sentences hold none of the words of most rules: to look for these first is quicker than to try the rules,
and keeps those for lists from walking through long lists of names in vain.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
Words = frozenset[str]
"""Of these, one must be in a text for a pattern to match."""

_MINDS_NO_CASE: Final = re.compile(r"\(\?i[:)]")
_QUANTIFIER: Final = re.compile(r"(?:(?P<least>\*|\?|\+|\{\d*(?:,\d*)?\})[?+]?)?")
_OPTIONAL: Final = re.compile(r"[*?]|\{0?[,}]")
_CLASS: Final = r"\[\^?\]?(?:\\.|[^\]\\])*\]"
_PART: Final = re.compile(
    r"(?P<run>[^\\\[\](){}|.^$ *?+]+)(?![*?+{])"
    r"|(?P<or>\|)"
    r"|(?P<group>\((?:\?(?:P<\w+>|[:>]|i:))?(?!\?))"
    r"|(?P<look>\()"
    rf"|(?:{_CLASS}|\{{[^}}]*\}}|\\[0-9A-Za-z]|[.^$ ]|\\?(?P<letter>.)){_QUANTIFIER.pattern}",
    re.S,
)
"""A part of a source: letters without a quantifier, a group's or a look-around's beginning, or one place."""
_BRACKET: Final = re.compile(_CLASS + r"|\\.|(?P<opens>\()|(?P<closes>\))", re.S)
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


def needed_words(source: str) -> tuple[Words, ...]:
    """Sets of words of which every match holds at least one each; only the most telling, maybe none."""
    return _choice(source, 0, len(source), _ends(source))


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


_needs_of_choices: dict[str, tuple[Words, ...]] = {}
"""What is known of alternatives by their source: the groups of many patterns are the same lists of words."""


def _choice(source: str, at: int, end: int, ends: Mapping[int, int]) -> tuple[Words, ...]:
    """What the alternatives between two places need."""
    written = source[at:end]
    if (known := _needs_of_choices.get(written)) is not None:
        return known
    each: list[tuple[Words, ...]] = []
    while at <= end:
        needs, at = _sequence(source, at, end, ends)
        each.append(needs)
    if len(each) == 1:
        needs = each[0]
    else:
        union = Words().union(*(needs[0] for needs in each)) if all(each) else Words()
        needs = (union,) if 0 < len(union) <= _MOST else ()
    _needs_of_choices[written] = needs
    return needs


def _sequence(source: str, at: int, end: int, ends: Mapping[int, int]) -> tuple[tuple[Words, ...], int]:
    """What all parts of one alternative together need; and where the next one begins."""
    needs: list[Words] = []
    run = ""
    while (part := _PART.match(source, at, end)) and part.lastgroup != "or":
        at = part.end()
        if part.lastgroup == "run":
            run += part["run"]
            continue
        literal, inner, least = part["letter"] or "", (), part["least"]
        if part["group"] or part["look"]:
            close = ends[part.start()]
            inner = _choice(source, at, close, ends) if part["group"] else ()
            if quantifier := _QUANTIFIER.match(source, close + 1, end):
                least, at = quantifier["least"], quantifier.end()
        if least is None or not _OPTIONAL.match(least):
            run += literal
            needs.extend(inner)
        if run and (least is not None or not literal):
            needs.append(Words((run,)))
            run = ""
    if run:
        needs.append(Words((run,)))
    if len(needs) > 1:
        needs.sort(key=lambda words: (-min(map(len, words)), len(words), sorted(words)))
    return tuple(needs[:_KEPT]), end + 1 if part is None else part.end()
