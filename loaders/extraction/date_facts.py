"""When firms were founded, and when models and products came out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kb.facts import DateFact, EntityRef, Fact
from kb.ontology import DATES, DateEvent, Modality
from loaders.extraction.annotations import EXTRACTOR, Annotated, MentionKind
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.clauses import clauses
from loaders.extraction.dates import DateMention
from loaders.extraction.focus import focus
from loaders.extraction.lazy_pattern import LazyPattern
from loaders.extraction.rules import load_rules
from loaders.extraction.slots import Slotted, all_slotted, pattern
from loaders.extraction.trace import Reason, What


@dataclass(frozen=True, slots=True)
class _Rule:
    event: DateEvent
    pattern: LazyPattern
    confidence: float
    near: re.Pattern[str] | None
    where: str


_TOLD: Final = re.compile(r"(?:announced|posted|presented|published)\b")
_RULES: Final = tuple(
    _Rule(
        DateEvent(rule.text("says")),
        pattern(rule.text("pattern")),
        rule.confidence,
        re.compile(near) if (near := rule.text_or_none("near")) else None,
        rule.where,
    )
    for rule in load_rules("dates")
)


class DateFinder:
    """Applies the rules to sentences in which dates are slots, too."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The dated events that the sentences tell."""
        for sentence in all_slotted(annotated, dates=True):
            if "<T" not in sentence.text:
                continue
            for part in (sentence, *clauses(annotated, sentence)):
                for rule in _RULES:
                    if rule.near is not None and not rule.near.search(part.text):
                        continue
                    for found in rule.pattern.finditer(part.text):
                        if not part.head or found.start() < part.head:
                            yield from _facts(annotated, part, rule, found)


def _facts(annotated: Annotated, sentence: Slotted, rule: _Rule, found: re.Match[str]) -> Iterator[Fact]:
    date = sentence.date(found["t"])
    start, end = sentence.original(found.start(), found.end())
    named = sentence.mentions(found.groupdict().get("a"))
    if _TOLD.match(found[0]) and any(m.kind is MentionKind.PRONOUN for m in named):
        _let_go(annotated, rule, date, Reason.NEWS_OF_IT)  # what it is may have come out long ago
        return
    refs = [m.ref for m in named]
    confidence = rule.confidence
    if not refs:
        types = sorted(DATES[rule.event].subjects)
        about = focus(annotated, start, types)
        refs, confidence = ([about] if about else []), confidence * 0.92
    if date is None:
        return
    if not refs:
        _let_go(annotated, rule, date, Reason.NO_SUBJECT)
    for ref in refs:
        if ref.type in DATES[rule.event].subjects:
            fact = _fact(annotated, replace(rule, confidence=confidence), ref, date, (start, end))
            yield annotated.trace.made(fact, rule.where, (date.start, date.end))
        else:
            _let_go(annotated, rule, date, Reason.UNFIT_TYPE)


def _let_go(annotated: Annotated, rule: _Rule, date: DateMention | None, reason: Reason) -> None:
    if date is not None:
        place = date.start, date.end
        annotated.trace.dropped(What.DATE, reason, place, rule=rule.where, says=rule.event)


def _fact(
    annotated: Annotated,
    rule: _Rule,
    ref: EntityRef,
    date: DateMention,
    place: tuple[int, int],
) -> DateFact:
    known = annotated.document_date
    told = modality(annotated, *place)
    if told is Modality.ASSERTED and known is not None and date.date.first > known.last:
        told = Modality.PLANNED
    if told is Modality.PLANNED and known is not None and date.date.last < known.first:
        told = Modality.ASSERTED
    return DateFact(
        subject=ref,
        predicate=rule.event,
        date=date.date,
        modality=told,
        speaker=speaker(annotated, *place),
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=round(rule.confidence, 3),
    )
