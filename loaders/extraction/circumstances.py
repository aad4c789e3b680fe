"""How a fact is told: as so, planned, rumoured or denied."""

import re
from functools import lru_cache
from typing import Final

from kb.ontology import Modality
from loaders.extraction.annotations import Annotated, Span
from loaders.extraction.attribution import speaker
from loaders.extraction.governors import governor

__all__ = ["clause_around", "modality", "speaker"]

_DENIED: Final = re.compile(
    r"\b(?:not|never|nor|neither|denie[sd]|den(?:y|ying)|rejected|rejects|refused"
    r"|turned down|ruled out|no longer"
    r"|without|failed to|instead of)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_DENIED: Final = re.compile(
    r"\bnot (?:only|just|even|least|yet clear)\b|\bif not\b|not been disclosed"
    r"|, (?:and |but )?(?:not|instead of) [^,.;]{1,60},(?= )|\bnot (?-i:(?=[A-Z]))",
    re.IGNORECASE,
)
"""Words of denial that do not deny the verb, such as `Acme, not Beta, bought …`."""
_DROPPED: Final = re.compile(
    r"\b(?:fell through|called off|abandoned|scrapped|was dropped|were dropped|said no\b"
    r"|walked away|collapsed"
    r"|turned (?:it|them|the offer) down)\b",
    re.IGNORECASE,
)
_REPORTED: Final = re.compile(
    r"\b(?:reportedly|allegedly|is said to|are said to|was said to|people familiar|person familiar"
    r"|people (?:with|close)|person (?:with|close)|people who|according to (?:people"
    r"|sources|reports?|a person|a report"
    r"|insiders)|(?:citing|quoting) (?:people|sources|unnamed)|sources (?:say|said|told)"
    r"|said (?:the |two |three |several |some )?(?:people|persons?|sources?|insiders)\b"
    r"|unnamed|it (?:is|was) reported|has been reported|had reported"
    r"|reports (?:have )?surfaced"
    r"|reported talks|indications that"
    r"|in talks|the people said|were told|reports? (?:had|have|has|still|spoke|speaks?|say"
    r"|said|puts?|of)\b"
    r"|(?:had |has |have |been )?spoken? of (?:a|an|some|up to)|rumou?red)\b",
    re.IGNORECASE,
)
"""Signs of hearsay for all that a part of a sentence tells, wherever in it they stand."""

_SUPPOSED: Final = re.compile(
    r"\b(?:rumou?r\w*|thought to|believed to|suspected|may have|might have|estimated to"
    r"|(?-i:may|might) (?:yet |soon |still |also |even )?(?:buy|acquire|purchase|take over|bid|invest|join"
    r"|merge|sell|raise|launch|release))\b",
    re.IGNORECASE,
)
"""Signs of supposition, for their own clause alone."""

_PLANNED: Final = re.compile(
    r"\b(?:will|would|plans?|planned|planning|aims?|aiming|expects?|expected|set to"
    r"|agreed to|agrees to|intends?|hopes?"
    r"|hoping|wants?|wanted to|seeks?|seeking|targets?|targeting|project(?:s|ed)|forecasts?"
    r"|upcoming|forthcoming"
    r"|is to|are to|could|should|considering|in talks|exploring|about to|going to|preparing"
    r"|offer(?:s|ed)? to|offered"
    r"|bid|proposed|pledged|commit(?:s|ted) to|scheduled|be able to|looks? to)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    r"; |: |, (?:but|and|while|whereas|though|although|which|who|when|as|so) | — |—| but | while "
)
_REACH: Final = 70


def modality(annotated: Annotated, start: int, end: int) -> Modality:
    """How the clause around the words tells them; the strongest sign decides.

    An item of a list that has no verb of its own is told as the verb before the list (`plans to invest …,
    $5 from X and $9 from Y`).
    """
    told = _by_signs(annotated, start, end)
    verb = governor(annotated, start, end) if told is Modality.ASSERTED else None
    return told if verb is None else _by_signs(annotated, verb, start)


def _by_signs(annotated: Annotated, start: int, end: int) -> Modality:
    sentence = annotated.sentence_at(start)
    whole = annotated.text[sentence.start : max(sentence.end, end)]
    clause = clause_around(annotated.text, sentence, start, end)
    words = _NOT_DENIED.sub("", annotated.text[max(clause.start, start - _REACH) : end])
    after = annotated.text[start : end + 2 * _REACH]
    if _DENIED.search(words) or _DROPPED.search(after.split("\n")[0]):
        return Modality.DENIED
    supposed = _SUPPOSED.search(annotated.text, clause.start, clause.end)
    if supposed or _is_reported(_part(whole, start - sentence.start)):
        return Modality.REPORTED
    if _PLANNED.search(words):
        return Modality.PLANNED
    return Modality.ASSERTED


@lru_cache(maxsize=64)
def _is_reported(part: str) -> bool:
    """Whether a part of a sentence is hearsay; each of its facts asks for the same."""
    return _REPORTED.search(part) is not None


def _part(sentence: str, position: int) -> str:
    """The part between semicolons that holds the position."""
    begin = sentence.rfind(";", 0, max(position, 0)) + 1
    end = sentence.find(";", max(position, 0))
    return sentence[begin:] if end < 0 else sentence[begin:end]


def clause_around(text: str, sentence: Span, start: int, end: int) -> Span:
    """The part of the sentence between conjunctions that holds the words."""
    begin, finish = sentence.start, max(sentence.end, end)
    for cut in _CLAUSE.finditer(text, sentence.start, finish):
        if cut.end() <= start:
            begin = cut.end()
        elif cut.start() >= end:
            finish = cut.start()
            break
    return Span(begin, finish)
