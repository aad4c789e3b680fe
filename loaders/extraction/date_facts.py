"""When firms were founded, and when models and products came out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kb.facts import DateFact, EntityRef, Fact
from kb.ontology import DATES, DateEvent, Modality
from loaders.extraction.annotations import EXTRACTOR, Annotated
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.dates import DateMention
from loaders.extraction.focus import focus
from loaders.extraction.slots import Slotted, all_slotted, pattern


@dataclass(frozen=True, slots=True)
class _Rule:
    event: DateEvent
    pattern: re.Pattern[str]
    confidence: float


_LINK: Final = r"(?:,| in| on| by| back| early| in the| during| sometime| around| of| until| as early as| at the end of| at the beginning of| at)*"
_OUT: Final = (
    r"(?:released|launched|unveiled|introduced|announced|published|open-sourced|opened|debuted|shown(?: to the public)?"
    r"|made available|brought out|presented|rolled out|shipped|came out|appeared|arrived|went live|put out|posted)"
)


def _rule(event: DateEvent, source: str, confidence: float) -> _Rule:
    return _Rule(
        event, pattern(source.replace("LINK", _LINK).replace("OUT", _OUT), ignore_case=False), confidence
    )


_F, _R = DateEvent.FOUNDED_ON, DateEvent.RELEASED_ON
_RULES: Final = (
    _rule(_F, r"{a:C},? (?:which |that )?(?:was |has been |is )?(?:co-?)?(?:founded|established|set up|started|incorporated)(?: by [^.;]{2,70}?)?LINK {t:T}", 0.9),
    _rule(_F, r"(?:founded|set up|established|started|launched|cofounded|co-founded|found) {a:C}(?: with [^.;]{2,60}?)?LINK {t:T}", 0.9),
    _rule(_F, r"{a:C} <P\d+> (?:co-?)?foundedLINK {t:T}", 0.88),
    _rule(_F, r"(?:Founded|Started|Established|Set up)(?: by [^.;]{2,40}?)?LINK {t:T},? {a:C}", 0.9),
    _rule(_F, r"^(?:- |• |\* |[*_]+)?(?:Start|Founded|Founding date|Established|Year founded|Launched)(?:[*_]+)?: {t:T}", 0.85),
    _rule(_R, r"{a:MDs},? (?:[\w-]+ ){0,3}?(?:which |that )?(?:was |were |has been |been |is |to be )*(?:first )?OUT(?: [^<>.;]{0,40}?)?(?: by <C\d+>| [a-z]+)?LINK {t:T}", 0.88),
    _rule(_R, r"OUT (?:[\w.,'-]+ ){0,5}?{a:MDs}[^<>.;]{0,30}?LINK {t:T}", 0.87),
    _rule(_R, r"{t:T},? (?:[\w]+ ){0,2}<C\d+>,? (?:[^<>.;]{0,45}, )?(?:also |has |had )?OUT (?:[\w.,'-]+ ){0,5}{a:MDs}", 0.87),
    _rule(_R, r"(?:launch|release|debut|introduction|arrival|unveiling) of {a:MDs}[^<>.;]{0,15}?LINK {t:T}", 0.9),
    _rule(_R, r"<C\d+> (?:[\w]+ ){0,3}OUTLINK {t:T},? (?:[^<>.;]{0,30})?{a:M}", 0.7),
    _rule(_R, r"{a:MDs}, (?:which |that )?<C\d+>(?:, [^<>.;]{0,50},)? OUTLINK {t:T}", 0.86),
    _rule(_R, r"{a:MDs}(?:'s)? (?:launch|release|debut)[^<>.;]{0,12}?LINK {t:T}", 0.85),
    _rule(_R, r"{a:MDs}: (?:OUT )?(?:LINK )?{t:T}", 0.85),
    _rule(_R, r"<C\d+> (?:is|are) (?:set|due|expected|planning|about) to OUT [^<>.]{0,70}{a:MDs},?LINK {t:T}", 0.7),
    _rule(_R, r"(?:Initial release|Release [Dd]ate|Released|Launched|Launch date|Stable release)(?:[*_]+)?:?\s+{t:T}", 0.85),
    _rule(_R, r"{a:MDs} (?:[Vv]ersion )?[Rr]elease [Dd]ate: {t:T}", 0.9),
    _rule(_R, r"{a:MDs} (?:appeared|came out|arrived|debuted|launched|went live)LINK {t:T}", 0.88),
    _rule(_R, r"OUTLINK {t:T},? (?:in|as|under|with|by) ", 0.6),
)  # fmt: skip


class DateFinder:
    """Applies the rules to sentences in which dates are slots, too."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The dated events that the sentences tell."""
        for sentence in all_slotted(annotated, dates=True):
            if "<T" in sentence.text:
                for rule in _RULES:
                    for found in rule.pattern.finditer(sentence.text):
                        yield from _facts(annotated, sentence, rule, found)


def _facts(annotated: Annotated, sentence: Slotted, rule: _Rule, found: re.Match[str]) -> Iterator[Fact]:
    date = sentence.date(found["t"])
    start, end = sentence.original(found.start(), found.end())
    refs = [m.ref for m in sentence.mentions(found.groupdict().get("a"))]
    confidence = rule.confidence
    if not refs:
        types = sorted(DATES[rule.event].subjects)
        about = focus(annotated, start, types)
        refs, confidence = ([about] if about else []), confidence * 0.92
    if date is None:
        return
    for ref in refs:
        if ref.type in DATES[rule.event].subjects:
            yield _fact(annotated, rule.event, ref, date, (start, end), confidence)


def _fact(
    annotated: Annotated,
    event: DateEvent,
    ref: EntityRef,
    date: DateMention,
    place: tuple[int, int],
    confidence: float,
) -> DateFact:
    known = annotated.document_date
    told = modality(annotated, *place)
    if told is Modality.ASSERTED and known is not None and date.date.first > known.last:
        told = Modality.PLANNED
    if told is Modality.PLANNED and known is not None and date.date.last < known.first:
        told = Modality.ASSERTED
    return DateFact(
        subject=ref,
        predicate=event,
        date=date.date,
        modality=told,
        speaker=speaker(annotated, *place),
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=round(confidence, 3),
    )
