"""How a fact is told: as so, planned, rumoured or denied; by whom; and for which date."""

import re
from typing import Final

from kb.facts import Speaker
from kb.ontology import EntityType, Modality
from kb.partial_date import PartialDate
from loaders.extraction.annotations import Annotated, EntityMention, Span
from loaders.extraction.dates import DateMention

_DENIED: Final = re.compile(
    r"\b(?:not|never|nor|neither|denie[sd]|den(?:y|ying)|rejected|rejects|refused"
    r"|turned down|ruled out|no longer"
    r"|without|failed to|instead of)\b|n['’]t\b",
    re.IGNORECASE,
)
_NOT_DENIED: Final = re.compile(
    r"\bnot (?:only|just|even|least|yet clear)\b|\bif not\b|not been disclosed", re.IGNORECASE
)
_DROPPED: Final = re.compile(
    r"\b(?:fell through|called off|abandoned|scrapped|was dropped|were dropped|said no\b"
    r"|walked away|collapsed"
    r"|turned (?:it|them|the offer) down)\b",
    re.IGNORECASE,
)
_REPORTED: Final = re.compile(
    r"\b(?:reportedly|allegedly|rumou?r\w*|is said to|are said to|was said to|people familiar|person familiar"
    r"|people (?:with|close)|person (?:with|close)|people who|according to (?:people"
    r"|sources|reports?|a person|a report"
    r"|insiders)|(?:citing|quoting) (?:people|sources|unnamed)|sources (?:say|said|told)"
    r"|unnamed|thought to|believed to"
    r"|suspected|may have|might have|it is reported|has been reported|had reported"
    r"|reported talks|indications that"
    r"|in talks|estimated to|the people said|were told)\b",
    re.IGNORECASE,
)
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
_NOW: Final = re.compile(
    r"\b(?:now|just|currently|today|to date|so far|at present|these days)\b", re.IGNORECASE
)
_SAID: Final = (
    r"(?:said|says|told|announced|added|wrote|posted|tweeted|noted|explained|claimed|claims"
    r"|insists|stated|argues|argued|confirmed|disclosed|according)"
)
_SAYS_AFTER: Final = re.compile(rf"['’\w\s,]{{0,25}}?\b{_SAID}\b")
_BEFORE: Final = re.compile(r"(?:according to|said|says|told)\s(?:the\s)?$", re.IGNORECASE)


def modality(annotated: Annotated, start: int, end: int) -> Modality:
    """How the clause around the words tells them; the strongest sign decides."""
    sentence = annotated.sentence_at(start)
    whole = annotated.text[sentence.start : max(sentence.end, end)]
    clause = clause_around(annotated.text, sentence, start, end)
    words = _NOT_DENIED.sub("", annotated.text[max(clause.start, start - _REACH) : end])
    after = annotated.text[start : end + 2 * _REACH]
    if _DENIED.search(words) or _DROPPED.search(after.split("\n")[0]):
        return Modality.DENIED
    if _REPORTED.search(_part(whole, start - sentence.start)):
        return Modality.REPORTED
    if _PLANNED.search(words):
        return Modality.PLANNED
    return Modality.ASSERTED


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


def speaker(annotated: Annotated, start: int, end: int) -> Speaker | None:
    """Who says it, where the sentence attributes it: `X said …`, `…, said X`, `according to X`."""
    sentence = annotated.sentence_at(start)
    for mention in annotated.mentions_in(sentence.start, sentence.end, EntityType.PERSON, EntityType.COMPANY):
        if mention.start >= start and mention.end <= end and mention.type is EntityType.COMPANY:
            continue
        before = annotated.text[max(sentence.start, mention.start - 30) : mention.start]
        after = annotated.text[mention.end : min(sentence.end, mention.end + 45)]
        if _BEFORE.search(before) or _says(after, mention, start):
            return Speaker(mention.ref.name, mention.ref)
    return None


def _says(after: str, mention: EntityMention, start: int) -> bool:
    found = _SAYS_AFTER.match(after)
    return found is not None and not (mention.start > start and "," in found[0][:2])


def as_of(annotated: Annotated, start: int, end: int, *, current: bool = True) -> PartialDate | None:
    """The sentence's date for these words, nearest first; else the document's for what is current."""
    sentence = annotated.sentence_at(start)
    clause = clause_around(annotated.text, sentence, start, end)
    known = annotated.document_date
    if known is not None and _NOW.search(annotated.text, max(clause.start, start - 40), end):
        return known
    near = annotated.dates_in(clause.start, clause.end) or annotated.dates_in(
        sentence.start, max(sentence.end, end)
    )
    near = [d for d in near if d.start < start or not annotated.quantities_in(end, d.start)]
    if near:
        return min(near, key=lambda d: _distance(annotated, d, start, end)).date
    return known if current else None


def _distance(annotated: Annotated, found: DateMention, start: int, end: int) -> tuple[int, int]:
    """Dates after the words come before those ahead of them; another quantity between costs."""
    if found.start >= end:
        between = annotated.quantities_in(end, found.start)
        return len(between), found.start - end
    between = annotated.quantities_in(found.end, start)
    return len(between), start - found.end + 10
