"""Numbers and dates that a model tells, checked by the grammars of the default extractor."""

import math
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Final

from kb.errors import ContractError
from kb.facts import Number, plain
from kb.ontology import Comparator
from kb.partial_date import PartialDate
from loaders.extraction.dates import find_dates
from loaders.extraction.quantities import Quantity, find_quantities
from loaders.llm.answers import Measure
from loaders.llm.passages import Passage

PERCENT: Final = "%"
_POINTS: Final = frozenset({"points", PERCENT})
_CODE: Final = re.compile(r"[A-Z]{3}")
_LOSS: Final = re.compile(
    r"\b(?:loss(?:es)?|lost|los(?:es|ing)|burn(?:s|ed|t|ing)?|deficit|negative|minus)\b|\bin the red\b|亏|虧"
    r"|(?<![\w])[-−(]\s?[$€£¥]?\d",
    re.IGNORECASE,
)
_GAIN: Final = re.compile(
    r"\b(?:profit\w*|earn\w*|income|gain\w*|surplus|positive)\b|利润|利潤|盈利", re.IGNORECASE
)


class Readings:
    """The quantities and dates of one passage, read in their surroundings.

    A quote that stops at `$1.2` of `$1.2 billion` holds no quantity: that of the text goes on behind it.
    """

    def __init__(self, text: str, passage: Passage, published: PartialDate | None) -> None:
        """Read the passage once for all its quotes."""
        words = passage.of(text)
        self._text: Final = text
        self._published: Final = published
        self._offset: Final = passage.start
        self._quantities: Final = tuple(find_quantities(words))
        self._dates: Final = {passage.start + d.end: d.date for d in find_dates(words, published)}

    def quantity(
        self, measure: Measure, span: tuple[int, int], *, loss: bool = False, score: bool = False
    ) -> Quantity | None:
        """The quantity whose digits stand in the span and that has the measure's numbers and unit.

        `loss` lets a negative number stand for a positive one, and `score` bare points for a percentage.

        Raises:
            ContractError: when the numbers are too large for any fact.
        """
        told = [plain(abs(n) if loss else n) for n in _numbers(measure)]
        start, end = (place - self._offset for place in span)
        for quantity in self._quantities:
            within = start <= quantity.number_start and quantity.end <= end
            if within and _unit_fits(quantity, measure.unit, score=score) and _same(told, quantity):
                return quantity
        return None

    def date(self, told: str | None, span: tuple[int, int]) -> PartialDate | None:
        """The date that the words of the span give where the model read one, as precise as they are.

        The words alone must give it and their surroundings bear it out: `in May` of `in May 2024` is no May.
        """
        try:
            date = PartialDate.parse(told or "")
        except ContractError:
            return None
        start, end = span
        own = {start + d.end: d.date for d in find_dates(self._text[start:end], self._published)}
        around = {place: self._dates[place] for place in own if place in self._dates}
        found = {own[place] for place, one in around.items() if own[place].overlaps(one)}
        return _meant(date, {one for one in found if one.overlaps(date)})


def _meant(told: PartialDate, found: set[PartialDate]) -> PartialDate | None:
    """Of dates that overlap the one told, that one or the most precise; where they disagree, the one told."""
    agreed = all(one.overlaps(other) for one, other in combinations(found, 2))
    if told in found or not agreed:
        return told
    return max(found, key=lambda d: (d.month is not None, d.day is not None), default=None)


def comparator(measure: Measure, quantity: Quantity) -> Comparator:
    """The comparator in the words before the number, else what the model read in the others."""
    if quantity.comparator is not Comparator.EQ:
        return quantity.comparator
    return measure.comparator or Comparator.EQ


def tells_loss(words: str) -> bool:
    """Whether a number in these words can be negative."""
    return _LOSS.search(words) is not None


def tells_profit(words: str) -> bool:
    """Whether a number in these words can be a profit: they tell of one, or at least of no loss."""
    return _GAIN.search(words) is not None or not tells_loss(words)


def _numbers(measure: Measure) -> Iterator[Number]:
    numbers = (measure.low, measure.high) if measure.value is None else (measure.value,)
    return (number for number in numbers if number is not None)


def _same(told: list[Number], quantity: Quantity) -> bool:
    written = [n for n in (quantity.value, quantity.low, quantity.high) if n is not None]
    return len(told) == len(written) and all(
        math.isclose(one, other, rel_tol=1e-9) for one, other in zip(told, written, strict=True)
    )


def _unit_fits(quantity: Quantity, unit: str, *, score: bool) -> bool:
    if _CODE.fullmatch(unit):
        return quantity.currency == unit and not quantity.percent
    if unit in _POINTS:
        return quantity.currency is None and (quantity.percent or score)
    return quantity.currency is None and not quantity.percent
