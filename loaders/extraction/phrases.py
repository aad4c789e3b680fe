"""Where phrases stand in a text, in one pass over it however many they are."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

_WORD: Final = re.compile(r"(?<![\w-])\w+")
_ENDS: Final = re.compile(r"(?![\w-])")


def places(text: str, phrases: Iterable[str], ends: re.Pattern[str] = _ENDS) -> Sequence[tuple[str, int]]:
    """Each phrase with where it begins in the text as whole words, by phrase and place.

    Phrases begin with a word; `ends` must match behind them. A phrase is not found again within itself.
    """
    by_word: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for phrase in phrases:
        word = _WORD.match(phrase)
        if word is not None:
            by_word[word[0]][len(phrase)].add(phrase)
    found: list[tuple[str, int]] = []
    reached: dict[str, int] = {}
    for word in _WORD.finditer(text):
        for length, known in by_word[word[0]].items() if word[0] in by_word else ():
            start = word.start()
            phrase = text[start : start + length]
            if phrase in known and start >= reached.get(phrase, 0) and ends.match(text, start + length):
                reached[phrase] = start + length
                found.append((phrase, start))
    return sorted(found)
