"""Thresholds of users and revenue in licences, with what meets those who pass them."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Term
from kb.ontology import Comparator, Consequence, Modality, Period, TermType
from loaders.extraction.annotations import EXTRACTOR, Annotated, Span
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.licence_text import subjects_of
from loaders.extraction.quantities import Quantity
from loaders.extraction.trace import Reason, What

_CONDITION: Final = re.compile(
    r"licen[cs]|\bterms\b|\bpermission\b|\bpermitted\b|\bmay not\b|\bcan(?:['’]t|not)\b|\bprohibit|\bforbid"
    r"|\bbar(?:s|red)\b|\bbann?(?:ed|s)?\b|\bnot authori[sz]ed\b|\bagreement\b|\brestrict"
    r"|\bfree (?:to use )?for\b|\bfree of charge\b|\bha(?:s|ve) to\b|\bclause\b|\bceiling\b|\bthreshold\b"
    r"|\bdut(?:y|ies)\b|\bobligations?\b|\bobliged\b|\bmust\b",
    re.I,
)
_USERS: Final = re.compile(
    r"[\s-]?(?:(?P<period>monthly|weekly|daily)\W)?(?:active\W)?(?:users?\b|MAUs?\b)"
    r"(?:\s(?:per|a|each|every)\s(?P<per>month|week|day))?",
    re.I,
)
_PERIODS: Final = {
    "monthly": Period.MONTH,
    "month": Period.MONTH,
    "weekly": Period.WEEK,
    "week": Period.WEEK,
    "daily": Period.DAY,
    "day": Period.DAY,
}
_REVENUE: Final = re.compile(r"\b(?:revenues?|turnover|(?:annual|gross|yearly) income|sales)\b", re.I)
_YEARLY: Final = re.compile(
    r"\b(?:annual(?:ly)?|yearly|per year|a year|fiscal year|(?:12|twelve) months)\b", re.I
)
_OVER: Final = re.compile(
    r"\b(?:more than|greater than|exceed(?:s|ed|ing)?|over|above|in excess of|surpass\w*|beyond)\b", re.I
)
_FROM: Final = re.compile(r"\b(?:from|starting at) $", re.I)
_ON: Final = re.compile(r"\b(?:on|onwards?|upwards?)\b")
_LIMIT: Final = re.compile(
    r"\b(?:ceiling|limit|cap|threshold|maximum) (?:of|at|is|is set at|stands at) (?:about )?#"
    r"|#[\s\w-]{0,25}user (?:clause|limit|ceiling|cap|threshold)\b",
    re.I,
)
_OTHER_LICENCE: Final = re.compile(
    r"\b(?:request|obtain|need|require|seek|apply for|ask|negotiate|get|acquire|buy|contact)\w*\b[^.]{0,60}"
    r"\b(?:licen[cs]e|permission|agreement)\b"
    r"|\b(?:separate|special|commercial|enterprise|paid|different)\b[\w\s-]{0,20}licen[cs]e",
    re.I,
)
_SHOW: Final = re.compile(r"\b(?:display|credit|attribut\w+|show|name the|mention)\b", re.I)
_UNDONE: Final = re.compile(
    r"\b(?:not|never|won['’]t|no longer)\b[^.;]{0,60}\b(?:say|saying|require|demand|ask|impose|limit\w*)\b",
    re.I,
)
_MONTHLY: Final = re.compile(r"\b(?:monthly|per month|a month|each month)\b", re.I)
_LICENCE: Final = re.compile(r"licen[cs]", re.I)
_MUST: Final = re.compile(
    r"\W{0,3}(?:\w+ ){0,6}?(?:you|they|it|licensees?|such \w+) (?:must|shall|should|may) [^.]{3,200}", re.I
)
_NEAR: Final = 400
_LEAST_USERS: Final = 1000
_LONG: Final = 600
_CONFIDENCE: Final = 0.9


def thresholds(annotated: Annotated, sentence: Span, own: EntityRef | None) -> Iterator[Term]:
    """The thresholds that the sentence states: what is allowed up to them, or what meets those above."""
    words = annotated.text[sentence.start : sentence.end]
    if own is None and _CONDITION.search(words) is None:
        return
    for quantity in annotated.quantities_in(sentence.start, sentence.end):
        kind = _kind(annotated, quantity, own)
        comparator = _comparator(annotated, sentence, quantity)
        if kind is None:
            continue
        at = quantity.start, quantity.end
        if comparator is None:
            annotated.trace.dropped(What.NUMBER, Reason.MERE_COUNT, at, says=kind)
            continue
        place = _clause(sentence, quantity, words)
        subjects = subjects_of(annotated, sentence, own, quantity.start, quantity.end)
        if not subjects:
            annotated.trace.dropped(What.NUMBER, Reason.NO_SUBJECT, at, says=kind)
        for subject in subjects:
            term = _threshold(annotated, kind, quantity, (subject, comparator), place)
            yield annotated.trace.made(term, f"threshold {kind}", at)


def _kind(annotated: Annotated, quantity: Quantity, own: EntityRef | None) -> TermType | None:
    if quantity.value is None or quantity.percent:
        return None
    if quantity.currency is None:
        users = _USERS.match(annotated.text, quantity.end)
        return TermType.USER_THRESHOLD if users and quantity.value >= _LEAST_USERS else None
    near = annotated.text[max(0, quantity.start - 150) : quantity.end + 80]
    is_licence = own or _LICENCE.search(
        annotated.text, max(0, quantity.start - _NEAR), quantity.end + _NEAR // 3
    )
    return TermType.REVENUE_THRESHOLD if _REVENUE.search(near) and is_licence else None


def _comparator(annotated: Annotated, sentence: Span, quantity: Quantity) -> Comparator | None:
    """A threshold says which side of the number it is about; a mere count of users does not.

    What is allowed below a number meets its consequence from that number on.
    """
    turned = {Comparator.LT: Comparator.GTE, Comparator.LTE: Comparator.GT}
    if quantity.comparator in turned:
        return turned[quantity.comparator]
    if quantity.comparator in (Comparator.GT, Comparator.GTE):
        return quantity.comparator
    before = annotated.text[max(sentence.start, quantity.start - 40) : quantity.start]
    after = annotated.text[quantity.end : min(sentence.end, quantity.end + 40)]
    if _FROM.search(before) and _ON.search(after):
        return Comparator.GTE
    return Comparator.GT if _OVER.search(before) or _LIMIT.search(f"{before}#{after}") else None


def _threshold(
    annotated: Annotated,
    kind: TermType,
    quantity: Quantity,
    of: tuple[EntityRef, Comparator],
    place: tuple[int, int],
) -> Term:
    words = annotated.text[slice(*place)]
    subject, comparator = of
    users = kind is TermType.USER_THRESHOLD
    return Term(
        subject=subject,
        predicate=kind,
        value=quantity.value,
        unit="user" if users else quantity.currency,
        comparator=comparator,
        period=_user_period(annotated, quantity) if users else _revenue_period(annotated, quantity, words),
        consequence=_consequence(words + _remedy(annotated, place[1])),
        modality=_told(words, modality(annotated, quantity.start, quantity.end)),
        speaker=speaker(annotated, *place),
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=_CONFIDENCE,
    )


def _user_period(annotated: Annotated, quantity: Quantity) -> Period | None:
    users = _USERS.match(annotated.text, quantity.end)
    if users is None:
        return None
    if "MAU" in users[0]:
        return Period.MONTH
    return _PERIODS.get((users["period"] or users["per"] or "").lower())


def _revenue_period(annotated: Annotated, quantity: Quantity, words: str) -> Period | None:
    near = annotated.text[max(0, quantity.start - 40) : quantity.end + 40]
    if _MONTHLY.search(near):
        return Period.MONTH
    return Period.YEAR if _YEARLY.search(words) else None


def _remedy(annotated: Annotated, end: int) -> str:
    """The next sentence where it says what those above the number must do."""
    after = annotated.text[end : end + _LONG]
    found = _MUST.match(after)
    return "" if found is None else found[0]


def _consequence(words: str) -> Consequence:
    if _OTHER_LICENCE.search(words):
        return Consequence.OTHER_LICENCE
    return Consequence.ATTRIBUTION if _SHOW.search(words) else Consequence.FORBIDDEN


def _told(words: str, told: Modality) -> Modality:
    """`We will not say that you cannot …` denies a threshold; `you may not …` states one."""
    if _UNDONE.search(words):
        return Modality.DENIED
    return told if told is Modality.REPORTED else Modality.ASSERTED


def _clause(sentence: Span, quantity: Quantity, words: str) -> tuple[int, int]:
    """The sentence, or in a long one the part around the number between its semicolons."""
    if len(words) <= _LONG:
        return sentence.start, sentence.end
    at = quantity.start - sentence.start
    begin = max(words.rfind(";", 0, at), words.rfind(". ", 0, at)) + 1
    end = words.find(";", at)
    return sentence.start + begin, sentence.end if end < 0 else sentence.start + end
