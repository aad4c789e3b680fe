"""Where words that a model repeats stand in a document: their places are found here, never believed."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from loaders.llm.passages import Passage

LONGEST_QUOTE: Final = 1_000
"""Code points; what needs more words than this states no single fact."""
_ALIKE: Final = str.maketrans("‘’ʼ`“”„«»‐‑–—−", '\'\'\'\'"""""-----')  # one for one: places stay
_EDGES: Final = "\t\n .,;:!?…'\"‘’“”«»"
_LATIN: Final = "A-Za-z0-9\u00c0-\u024f"
_BEFORE: Final = rf"(?<![{_LATIN}_])(?<!\d[.,])"
_AFTER: Final = rf"(?![{_LATIN}_]|[.,]\d)"


def quote_places(text: str, passage: Passage, quote: str) -> list[tuple[int, int]]:
    """Where the quote stands in the passage, whatever its blanks and quotation marks, else without its edges.

    A model often ends a quote as a sentence, or puts it in quotation marks, where the text does not.
    """
    for words in (quote.split(), quote.strip(_EDGES).split()):
        if len(quote) <= LONGEST_QUOTE and any(c.isalnum() for c in quote):
            pattern = re.compile(_whole(_spaced(words)))
            found = [one.span() for one in pattern.finditer(fold(text), passage.start, passage.end)]
            if found:
                return found
    return []


def words_in(text: str, phrase: str, *, any_case: bool = False) -> str | None:
    """The phrase as the text writes it, blanks collapsed; nothing when it does not stand there whole."""
    words = phrase.split()
    if not words or len(phrase) > LONGEST_QUOTE:
        return None
    pattern = re.compile(_whole(_spaced(words)), re.IGNORECASE if any_case else 0)
    found = pattern.search(fold(text))
    return None if found is None else " ".join(text[found.start() : found.end()].split())


def places_of(text: str, forms: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Where any of the forms stands whole, of overlapping ones the longest; one pass over the text."""
    ordered = sorted({form for form in forms if form.strip()}, key=lambda form: (-len(form), form))
    if ordered:
        whole = "|".join(_whole(_spaced(form.split())) for form in ordered)
        for found in re.finditer(whole, fold(text)):
            yield found.span()


@lru_cache(maxsize=2)
def fold(text: str) -> str:
    """The text with one form of quotation marks and hyphens, every place as it was."""
    return text.translate(_ALIKE)


def _spaced(words: Iterable[str]) -> str:
    return r"\s+".join(re.escape(word.translate(_ALIKE)) for word in words)


def _whole(pattern: str) -> str:
    """The pattern where no Latin word or number goes on at its ends; other scripts part no words."""
    return f"(?:(?=[^{_LATIN}])|{_BEFORE}){pattern}(?:(?<=[^{_LATIN}])|{_AFTER})"
