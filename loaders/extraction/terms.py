"""Licence terms: thresholds, commercial use, attribution, training of other models, openness.

A clause of a licence's own text is a term of that licence. Elsewhere a term belongs to the model or the
licence that the sentence names, else to the model that the text is about.
"""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Term
from kb.ontology import Modality, TermType
from loaders.extraction.annotations import EXTRACTOR, Annotated, Span
from loaders.extraction.circumstances import modality
from loaders.extraction.licence_text import licence_of_text, subjects_of
from loaders.extraction.openness import openness
from loaders.extraction.thresholds import thresholds

_NOT: Final = (
    r"(?:\b(?:not|never|no|neither|prohibit\w*|forbid\w*|without|cannot|barred? from|bans?)\b|\w+n['’]t\b)"
)
_NON_COMMERCIAL: Final = re.compile(
    r"\bnon-?\s?commercial(?:ly)?\b(?: (?:and|or) [\w-]+)?"
    r" (?:use|uses|purposes?|research|licen[cs]\w*|terms|basis|creative commons|only|applications?)\b"
    r"|\bfor non-?commercial\b"
    rf"|{_NOT}[^.;]{{0,60}}?(?<!non-)(?<!non)\bcommercial (?:use|purposes?|exploitation|gain)\b"
    rf"|{_NOT}[^.;]{{0,60}}?\bcommercially\b"
    r"|\bresearch(?:[- ]use)? only\b|\b(?:only|solely|exclusively) for (?:research|academic|evaluation)\b",
    re.I,
)
_PERMITS: Final = re.compile(
    r"\b(?:commercial(?:ly)? (?:and|or|as well as) (?:for )?(?:non-?commercial|research)"
    r"|(?:non-?commercial|research) (?:and|as well as) (?:for )?commercial"
    r"|not (?:only|just|limited)|no longer|not restricted|without (?:any )?(?:restriction|limit|fee|royalt))",
    re.I,
)
_DUTY: Final = (
    r"\b(?:must|shall|required? to|has to|have to|needs? to|provided that you|agrees? to|asked to)\b"
)
_ATTRIBUTION: Final = re.compile(
    rf"{_DUTY}[^.;]{{0,300}}?\b(?:display|show)\b[^.;]{{0,20}}[“\"][^”\"]{{3,60}}[”\"]"
    rf"|{_DUTY}[^.;]{{0,60}}?\b(?:retain|include|give|provide|keep|preserve|reproduce|acknowledge|cite|name)\b"
    r"[^.;]{0,80}?\b(?:attributions?|credit|copyright notices?|the source|its source|original authors?)\b"
    r"|\brequires? (?:the words [“\"]|(?:an? )?(?:attribution|notice|credit)\b)",
    re.I,
)
_TRAINING: Final = re.compile(
    rf"{_NOT}[^.;]{{0,100}}?\b(?:outputs?|results?|generations?|responses|completions|generated)\b[^.;]{{0,120}}?"
    r"\b(?:train|improve|develop|fine-?tune|build|create|distil)\w*\b[^.;]{0,60}?"
    r"\b(?:other|another|competing|rival|any)\b[^.;]{0,40}?\b(?:models?|LLMs?|AI|services?)\b"
    rf"|{_NOT}[^.;]{{0,80}}?\b(?:train|improve|develop|fine-?tune|distil)\w*\b[^.;]{{0,50}}?"
    r"\b(?:other|another|competing|rival)\b[^.;]{0,40}?\bmodels?\b[^.;]{0,60}?\b(?:outputs?|results|generated)\b",
    re.I,
)
_ABOUT_LICENCE: Final = re.compile(r"licen[cs]|\bterms\b|\bagreement\b|\bweights\b|\bmodels?\b", re.I)
_CLAUSES: Final = (
    (TermType.NON_COMMERCIAL, _NON_COMMERCIAL),
    (TermType.ATTRIBUTION, _ATTRIBUTION),
    (TermType.NO_TRAINING_OTHERS, _TRAINING),
)
_LONGEST: Final = 5000
_CONFIDENCE: Final = 0.85


class TermFinder:
    """Reads clauses sentence by sentence; a licence's own text states each term once."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The terms that the text states."""
        own = licence_of_text(annotated)
        seen: set[tuple[TermType, str]] = set()
        for sentence in annotated.sentences():
            words = annotated.text[sentence.start : sentence.end]
            if len(words) > _LONGEST or words.startswith("|"):
                continue
            for term in _terms(annotated, sentence, own):
                key = (term.predicate, term.subject.name)
                if own is None or key not in seen:
                    yield term
                seen.add(key)


def _terms(annotated: Annotated, sentence: Span, own: EntityRef | None) -> Iterator[Term]:
    yield from thresholds(annotated, sentence, own)
    yield from _clauses(annotated, sentence, own)
    if own is None:
        yield from openness(annotated, sentence)


def _clauses(annotated: Annotated, sentence: Span, own: EntityRef | None) -> Iterator[Term]:
    words = annotated.text[sentence.start : sentence.end]
    for kind, pattern in _CLAUSES:
        found = pattern.search(words)
        if found is None or (own is None and not _ABOUT_LICENCE.search(words)):
            continue
        if kind is TermType.NON_COMMERCIAL and _PERMITS.search(words):
            continue
        start, end = sentence.start + found.start(), sentence.start + found.end()
        for subject in subjects_of(annotated, sentence, own, start, end):
            told = modality(annotated, start, end)
            yield Term(
                subject=subject,
                predicate=kind,
                modality=told if told is Modality.REPORTED else Modality.ASSERTED,
                evidence=annotated.evidence(sentence.start if end - start < 40 else start, end),
                extractor=EXTRACTOR,
                confidence=_CONFIDENCE,
            )
