"""To whom the text attributes what it tells: `X said that …`, `…, said X`, `according to X`."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import Speaker
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, Span

_BACK: Final = 260
_AHEAD: Final = 220
_TELLS: Final = (
    r"(?:said|says|told|tells|claimed|claims|insists|insisted|stated|states|argued|argues|added|adds"
    r"|wrote|writes"
    r"|explained|posted|tweeted|boasted)"
)
_REPORTS: Final = (
    r"(?:announced|announces|confirmed|confirms|disclosed|reported|reports|revealed|noted|notes|found|finds"
    r"|acknowledged|estimates|estimated|calculates|calculated|reckons|expects)"
)
_COUNTS: Final = r"(?:estimates|estimated|puts|put|counts|counted|spoke of|speaks of|pegs|pegged)"
_AUX: Final = r"(?:(?:has|have|had|also|later|then|itself|himself|herself|recently|publicly|since|now) )*"
_ASIDE: Final = r"(?:, [^,;.]{2,80},)?"
_SAYS_BEFORE: Final = re.compile(
    rf"{_ASIDE} {_AUX}(?:{_TELLS}\b|{_REPORTS}\b[^.;]{{0,60}}? that\b|{_COUNTS} )", re.IGNORECASE
)
_OWN_COUNT: Final = re.compile(
    r"['’]s (?:own |latest |median )*(?:estimates?|counts?|figures|data|website|report|survey|analysis"
    r"|filing)\b",
    re.IGNORECASE,
)
_SAYS_AFTER: Final = re.compile(
    rf"{_ASIDE} {_AUX}(?:{_TELLS}|{_REPORTS}|counted|put it)\b(?! that\b)", re.IGNORECASE
)
_SAID_BY: Final = re.compile(
    r"(?:[,”\"] ?(?:said|says|wrote|writes|reported|reports|announced|added|claimed|argued|noted) "
    r"|[Aa]ccording to )"
    r"(?:(?!that\b|it\b|he\b|she\b|they\b)(?:[a-z][\w'’-]*|CEO|CFO|COO) ){0,6}$"
)
_BY_OWN: Final = re.compile(r"\bby $", re.IGNORECASE)
_OWN: Final = re.compile(r"(?:['’]s)? own (?:account|count|figures|estimate|telling)\b", re.IGNORECASE)
_AS_SOURCE: Final = re.compile(r" as (?:the|its|their) source\b", re.IGNORECASE)
_ESTIMATE: Final = re.compile(
    r"['’]s (?:[a-z]+ ){0,2}(?:estimates?|counts?|figures|survey|analysis)"
    r" (?:is|are|stands?|stood|comes?|came|was|were|put|puts)\b",
    re.IGNORECASE,
)
_BESIDES: Final = re.compile(
    r"(?:\b(?:of|at|for|from|by|with|to|in|than)|(?<!, )\band) (?:the |its |their )?$", re.IGNORECASE
)
_NAME: Final = r"(?P<name>[A-Z][\w&’'-]*[\w&](?: (?:[A-Z][\w&-]*|of|&)){0,3}(?<! of))"
_UNKNOWN: Final = (
    re.compile(rf"\b[Aa]ccording to (?:the )?(?:[a-z][\w-]* ){{0,4}}{_NAME}"),
    re.compile(rf"(?<![\w.] ){_NAME} {_AUX}(?:{_TELLS}|estimates|estimated|reported|announced|found) that\b"),
    re.compile(rf"(?<=[a-z] ){_NAME} {_AUX}(?:{_TELLS}|estimates|estimated|reported|announced|found) that\b"),
    re.compile(
        rf"\b{_NAME}['’]s (?:own |latest |median )*(?:estimates?|counts?|figures|data|website|survey"
        rf"|analysis) "
    ),
    re.compile(rf"(?:, |[”\"] ){_NAME}{_ASIDE} (?:said|says|wrote|reported|told|estimates)\b(?! that\b)"),
)
_NO_NAMES: Final = re.compile(
    r"(?:The|It|He|She|They|We|I|This|That|These|Those|People|Sources?|Analysts?|Investors|Reports?|One"
    r"|Some|Many|Others"
    r"|According|But|And|In|On|At|As|Experts|Critics|Executives|Officials|Nobody|Who|Which)\b"
)


def speaker(annotated: Annotated, start: int, end: int) -> Speaker | None:
    """Who says it, where the sentence attributes it; of several the nearest, one ahead of the words first."""
    around = _around(annotated, start, end)
    mentions = [
        m
        for m in annotated.mentions_in(around.start, around.end, EntityType.PERSON, EntityType.COMPANY)
        if m.end <= start or m.start >= end or m.start == start
    ]
    ahead = [m for m in mentions if m.start <= start]
    for mention in (*reversed(ahead), *(m for m in mentions if m.start >= end)):
        if _speaks(annotated, mention, around, start, end):
            return Speaker(mention.ref.name, mention.ref)
    return _unknown(annotated, around, start, end)


def _around(annotated: Annotated, start: int, end: int) -> Span:
    """The sentence near the words, and what follows a quotation that ends with it (`…,” he said`)."""
    sentence, text = annotated.sentence_at(start), annotated.text
    last = max(sentence.end, end)
    if "”" in text[last - 1 : last + 1] or '"' in text[last - 1 : last + 1]:
        last = min(last + 60, len(text))
    first = max(sentence.start, start - _BACK, text.rfind(";", sentence.start, start) + 1)
    return Span(first, min(last, end + _AHEAD))


def _speaks(annotated: Annotated, mention: EntityMention, around: Span, start: int, end: int) -> bool:
    text = annotated.text
    before = text[max(around.start, mention.start - 70) : mention.start]
    after = text[mention.end : min(around.end, mention.end + 170)]
    if _SAID_BY.search(before):
        return True
    if _BY_OWN.search(before) and _OWN.match(after):
        return True
    if _AS_SOURCE.match(after) or (mention.start <= start and _ESTIMATE.match(after)):
        return True
    if _BESIDES.search(before):
        return False
    if mention.start <= start:
        said = _SAYS_BEFORE.match(after) or _OWN_COUNT.match(after)
        return said is not None and mention.end + said.end() <= (end if mention.start == start else start + 1)
    return before.rstrip()[-1:] in {",", "”", '"'} | _article(before) and _SAYS_AFTER.match(after) is not None


def _article(before: str) -> set[str]:
    """The last letter of `, its owner` or `, CEO`: words between the comma and a name."""
    between = re.search(r"[,”\"] (?:as )?(?:[A-Za-z][\w-]* ){1,4}$", before)
    return set() if between is None else {before.rstrip()[-1]}


def _unknown(annotated: Annotated, around: Span, start: int, end: int) -> Speaker | None:
    for name, place in _names(annotated, around):
        told = place.start >= end or place.end <= start
        if told and annotated.mention_at(place.start) is None and not _NO_NAMES.match(name):
            return Speaker(name)
    return None


def _names(annotated: Annotated, around: Span) -> Iterator[tuple[str, Span]]:
    for pattern in _UNKNOWN:
        for found in pattern.finditer(annotated.text, around.start, around.end):
            yield found["name"], Span(*found.span("name"))
