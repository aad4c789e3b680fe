"""Numbers that go with the dates of a sentence before: `for the same two years …, respectively`."""

import re
from typing import Final

from kb.partial_date import PartialDate
from loaders.extraction.annotations import Annotated, Span

_SAME_YEARS: Final = re.compile(r"\bthe same (?P<number>two|three) (?:years|quarters|periods)\b")
_LOOK_BACK: Final = 3


def date_in_series(annotated: Annotated, sentence: Span, start: int) -> PartialDate | None:
    """A date told by its place among others: `for the same two years …, respectively`."""
    text = annotated.text
    same = _SAME_YEARS.search(text, sentence.start, start)
    if same is None or "respectively" not in text[start : sentence.end]:
        return None
    number = {"two": 2, "three": 3}[same["number"]]
    dates = _dates_of_series(annotated, sentence, number)
    numbers = annotated.quantities_in(same.end(), sentence.end)
    place = (
        [quantity.start for quantity in numbers].index(start)
        if any(q.start == start for q in numbers)
        else -1
    )
    return dates[place] if len(dates) == number == len(numbers) and place >= 0 else None


def _dates_of_series(annotated: Annotated, sentence: Span, number: int) -> list[PartialDate]:
    """The dates of the nearest sentence before that names so many."""
    for _ in range(_LOOK_BACK):
        before = annotated.sentence_before(sentence)
        if before is None:
            break
        dates = [found.date for found in annotated.dates_in(before.start, before.end)]
        if len(dates) >= number:
            return dates[:number]
        sentence = before
    return []
