"""Times told by how far they are from another: `a year earlier`, `the quarter before`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kb.partial_date import PartialDate
from loaders.extraction.annotations import Annotated, Span
from loaders.extraction.dates import shifted

_COUNT: Final = r"an?|one|two|three|four|five|six|seven|eight|nine|ten|\d{1,2}"
_STEP: Final = re.compile(
    r"(?P<vague>\b(?:(?:less|more|fewer) than|under|over|within|almost|nearly|barely|not quite|at least) )?"
    rf"\b(?P<count>{_COUNT}|the) (?:(?P<last>previous|prior|preceding) )?"
    r"(?P<unit>year|quarter|month|week|day)s?\b"
    r"(?: (?P<way>before|earlier|later|after|ago)\b)?",
    re.IGNORECASE,
)
_MEASURED: Final = re.compile(r"\b(?:than|as|from|since|against|versus|over|with|to)(?: in| for)? $")
_ADVERB: Final = re.compile(
    r"[^\w\s]|\s*$| (?:and|but|when|while|to|in|at|on|it|they|he|she|had|was)\b| [A-Z]"
)
"""What follows `before` and `after` that name no event: `a year before, …`, not `a year before the deal`."""

_WHEN: Final = re.compile(r", when ")
_OPENS: Final = re.compile(
    r"(?:^|[.,;:(—] ?|\b(?:and|but|while|when)) ?(?:(?:only|just|back|even|in|during|as recently as) )*$",
    re.IGNORECASE,
)
_APART: Final = re.compile(r"[,;:]|\b(?:and|but|while|to|from|against|compared)\b")


@dataclass(frozen=True, slots=True)
class Step:
    """Words that tell a time by its distance from another; `compared` where they stand behind the number."""

    start: int
    end: int
    count: str
    unit: str
    back: bool
    exact: bool
    compared: bool
    since_now: bool

    def from_date(self, anchor: PartialDate | None) -> PartialDate | None:
        """The date so far from the anchor; None where the words are too vague for one.

        The number of a month or quarter is compared with that of the same one in another year.
        """
        if anchor is None or not self.exact:
            return None
        return shifted(anchor, self.count, self.unit, back=self.back, same_month=self.compared)


def steps_around(annotated: Annotated, sentence: Span, start: int, end: int, *, past: bool) -> Iterator[Step]:
    """The steps that tell when the number at this place was so, nearest last.

    `past` tells that the number's verb is in the past, where `$5 less than a year ago` is no comparison.
    """
    for found in _STEP.finditer(annotated.text, sentence.start, sentence.end):
        step = _step(found, compared=found.start() >= end)
        if step is None or (step.since_now and step.exact):
            continue  # what is told from the document's date on, `dates` reads
        behind = _is_behind(annotated, found, end, past=past) if step.compared else False
        if behind or (not step.compared and _is_ahead(annotated.text, sentence, found, start)):
            yield step


def _step(found: re.Match[str], *, compared: bool) -> Step | None:
    count, way = found["count"].lower(), (found["way"] or "").lower()
    if found["last"] and (count != "the" or way):
        return None
    if not found["last"] and (not way or (count == "the" and way == "ago")):
        return None
    return Step(
        found.start(),
        found.end(),
        "one" if count == "the" else count,
        found["unit"].lower(),
        back=way not in {"later", "after"},
        exact=found["vague"] is None or _WHEN.match(found.string, found.end()) is not None,
        compared=compared,
        since_now=way == "ago",
    )


def _is_ahead(text: str, sentence: Span, found: re.Match[str], start: int) -> bool:
    """Whether what follows the words is told for their time (`a year earlier, it had …`)."""
    if found.end() > start:
        return False
    before = text[sentence.start : found.start()]
    if _MEASURED.search(before) or (found["vague"] and not _OPENS.search(before)):
        return _WHEN.match(text, found.end()) is not None
    return not _names_event(text, found)


def _is_behind(annotated: Annotated, found: re.Match[str], end: int, *, past: bool) -> bool:
    """Whether the number before the words is told for their time (`up from $5 a year earlier`)."""
    between = annotated.text[end : found.start()]
    if annotated.quantities_in(end, found.start()) or _APART.search(between) or _MEASURED.search(between):
        return False
    return (past or found["vague"] is None) and not _names_event(annotated.text, found)


def _names_event(text: str, found: re.Match[str]) -> bool:
    preposition = (found["way"] or "").lower() in {"before", "after"}
    return preposition and _ADVERB.match(text, found.end()) is None
