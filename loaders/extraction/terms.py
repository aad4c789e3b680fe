"""Licence terms: thresholds, commercial use, attribution, training of other models, openness.

A clause of a licence's own text is a term of that licence. Elsewhere a term belongs to the model or the
licence that the sentence names, else to the model that the text is about.
"""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Term
from kb.ontology import EntityType, Modality, TermType
from loaders.extraction.annotations import EXTRACTOR, Annotated, MentionKind, Span
from loaders.extraction.circumstances import modality
from loaders.extraction.lazy_pattern import ignoring_case
from loaders.extraction.licence_text import licence_of_text, subjects_of
from loaders.extraction.openness import openness
from loaders.extraction.thresholds import thresholds
from loaders.extraction.trace import Reason, What

_NOT: Final = (
    r"(?:\b(?:not(?! (?:be )?limited)|never|no|neither|prohibit\w*|forbid\w*|without|cannot"
    r"|barred? from|bans?)\b|\w+n['’]t\b)"
)
_NON_COMMERCIAL: Final = ignoring_case(
    r"\bnon-?\s?commercial(?:ly)?\b(?: (?:and|or) [\w-]+)?"
    r" (?:use|uses|purposes?|research|licen[cs]\w*|terms|basis|creative commons|only|applications?)\b"
    r"|\bfor non-?commercial\b"
    rf"|{_NOT}[^.;]{{0,60}}?(?<!non-)(?<!non)\bcommercial (?:use|purposes?|exploitation|gain)\b"
    rf"|{_NOT}[^.;]{{0,60}}?\bcommercially\b"
    r"|\bresearch(?:[- ]use)? only\b|\b(?:only|solely|exclusively) (?:for|serve|to) (?:private|personal"
    r"|scientific"
    r"|research|academi\w+|evaluation|educational|hobby)\b"
    r"|\b(?:is|are|was|were|remains?|stays?) (?:strictly |purely |still )?non-?commercial\b"
    r"|\bcommercial use\b[^.;]{0,40}\b(?:is|remains|was) (?:[a-z]+ )?(?:forbidden|prohibited|ruled out"
    r"|excluded|banned"
    r"|barred|out of bounds|off[- ]limits)\b"
    r"|\bcommercial use\b[^.;]{0,40}\b(?:requires|needs|calls for|takes"
    r"|demands) (?:an? )?(?:[a-z]+ ){0,2}(?:contract"
    r"|licen[cs]e|permission|agreement|deal|permit|consent)\b"
    r"|\b(?:restricted|limited|confined|reserved) (?:to|for) (?:[a-z-]+ ){0,2}(?:research|academi\w+"
    r"|evaluation|personal use"
    r"|science)\b"
    r"|\bmay only (?:be used )?(?:for |serve )(?:private|personal|scientific|research|academic)\b"
    r"|\b(?:off[- ]limits|closed|forbidden) (?:to|for) (?:all )?(?:business(?:es)?|compan(?:y|ies)"
    r"|commercial)\b",
)
_PERMITS: Final = re.compile(
    r"\b(?:commercial(?:ly)? (?:and|or|as well as) (?:for )?(?:non-?commercial|research)"
    r"|(?:non-?commercial|research) (?:and|as well as) (?:for )?commercial"
    r"|not (?:only|just|limited)|no longer|not restricted|without (?:any )?(?:restriction|limit|fee|royalt))",
    re.I,
)
_DUTY: Final = (
    r"\b(?:must|shall|required? to|has to|have to|needs? to|provided that you|agrees? to|asked to"
    r"|oblig(?:ed|es \w+) to"
    r"|as long as|so long as|on condition that)\b"
)
_REST: Final = r"(?:[^.;]|\.(?=\d))"
"""A character of a clause; the dot of `2.0` ends none."""

_ATTRIBUTION: Final = ignoring_case(
    rf"{_DUTY}{_REST}{{0,300}}?\b(?:display|show)\b{_REST}{{0,20}}[“\"][^”\"]{{3,60}}[”\"]"
    rf"|{_DUTY}{_REST}{{0,40}}?\bthe words? [“\"]{_REST}{{3,60}}?[”\"]"
    rf"|{_DUTY}{_REST}{{0,100}}?\b(?:retain|include|give|provide|keep|preserve|reproduce|acknowledge|cite"
    rf"|name)\b"
    rf"{_REST}{{0,120}}?\b(?:attributions?|credit|copyright notices?|(?:the|its) source|original authors?)\b"
    rf"|{_DUTY}{_REST}{{0,60}}?\b(?:display|show|print|carry|bear|feature|mention|credit"
    rf"|put)\b{_REST}{{0,50}}?"
    r"\b(?:(?:its|the|their|model's|model’s) (?:name|logo|badge|authors?|maker)|logo|credit|by name)\b"
    rf"|{_DUTY}{_REST}{{0,40}}?\b(?:gets?|given?|receives?) (?:an? |due )?(?:credit|mention|attribution)\b"
    rf"|{_DUTY}{_REST}{{0,60}}?\b(?:say so|begin|start|read)\b{_REST}{{0,60}}?[“\"]"
    rf"|copyright notice\b{_REST}{{0,60}}\b(?:shall|must) be included\b"
    rf"|{_DUTY}{_REST}{{0,30}}?\baccompanied by an? [“\"]?notice\b"
    r"|\brequires? (?:the words [“\"]|(?:an? )?(?:attribution|notice|credit)\b)",
)
_OWN_ATTRIBUTION: Final = ignoring_case(
    r"\b(?:include|retain|reproduce|display|provide)\b[^.;]{0,60}?"
    r"(?:\b(?:attribution|copyright) notices?\b|[“\"](?:built|powered|made|created) (?:with|by|using)\b)",
)
"""In a licence's own list of duties, whose heading the sentence need not hold."""

_TRAINING: Final = ignoring_case(
    rf"{_NOT}{_REST}{{0,40}}?\b(?:use|employ)\b{_REST}{{0,40}}?\bto (?:train|distil|improve"
    rf"|develop)\w*\b{_REST}{{0,50}}?"
    rf"\b(?:other|another|competing|rival)\b{_REST}{{0,30}}?\bmodels?\b|"
    rf"{_NOT}{_REST}{{0,140}}?\b(?:outputs?|results?|generations?|responses|completions"
    rf"|generated)\b{_REST}{{0,160}}?"
    rf"\b(?:train|improve|develop|fine-?tune|build|create|distil)\w*\b{_REST}{{0,60}}?"
    rf"\b(?:other|another|competing|rival|any|models? that)\b{_REST}{{0,40}}?"
    r"\b(?:models?|LLMs?|AI|services?|compet\w+)\b"
    rf"|{_NOT}{_REST}{{0,80}}?\b(?:train|improve|develop|fine-?tune|distil)\w*\b{_REST}{{0,50}}?"
    rf"\b(?:other|another|competing|rival)\b{_REST}{{0,40}}?\bmodels?\b{_REST}{{0,60}}?"
    r"\b(?:outputs?|results|generated)\b",
)
_GRANTED_COMMERCE: Final = re.compile(
    r"\b(?:limited |permitted )?commercial (?:use )?(?:licen[cs]e|uses?) (?:is|are|granted|for|to)\b"
    r"|\bfor any commercial purpose\b|\bfor commercial use by\b|\b(?:and|or) (?:limited )?commercial\b",
    re.I,
)
"""A licence that grants commercial use, too, is not for other use alone."""

_ABOUT_LICENCE: Final = re.compile(r"licen[cs]|\bterms\b|\bagreement\b|\bweights\b|\bmodels?\b", re.I)
_CLAUSES: Final = (
    (TermType.NON_COMMERCIAL, _NON_COMMERCIAL),
    (TermType.ATTRIBUTION, _ATTRIBUTION),
    (TermType.NO_TRAINING_OTHERS, _TRAINING),
)
_LONGEST: Final = 5000
_SEARCHED: Final = 200_000
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
        if found is None and own is not None and kind is TermType.ATTRIBUTION:
            found = _OWN_ATTRIBUTION.search(words)
        if found is None:
            continue
        start, end = sentence.start + found.start(), sentence.start + found.end()
        subjects: list[EntityRef] = []
        reason = _why_no_clause(annotated, sentence, kind, own)
        if reason is None:
            subjects = subjects_of(annotated, sentence, own, start, end)
            reason = None if subjects else Reason.NO_SUBJECT
        if reason is not None:
            annotated.trace.dropped(What.CLAUSE, reason, (start, end), says=kind)
        for subject in subjects:
            told = modality(annotated, start, end)
            term = Term(
                subject=subject,
                predicate=kind,
                modality=told if told is Modality.REPORTED else Modality.ASSERTED,
                evidence=annotated.evidence(sentence.start if end - start < 40 else start, end),
                extractor=EXTRACTOR,
                confidence=_CONFIDENCE,
            )
            yield annotated.trace.made(term, f"clause {kind}", (start, end))


def _why_no_clause(
    annotated: Annotated, sentence: Span, kind: TermType, own: EntityRef | None
) -> Reason | None:
    """Why a sentence with the words of a clause states none; None where it does."""
    words = annotated.text[sentence.start : sentence.end]
    if own is None and not _ABOUT_LICENCE.search(words) and not _names_model(annotated, sentence):
        return Reason.NOT_ABOUT_LICENCE
    if kind is TermType.NON_COMMERCIAL and (_PERMITS.search(words) or _grants_commerce(annotated, own)):
        return Reason.PERMITS
    return None


def _names_model(annotated: Annotated, sentence: Span) -> bool:
    models = annotated.mentions_in(sentence.start, sentence.end, EntityType.MODEL)
    return any(model.kind is MentionKind.NAME for model in models)


def _grants_commerce(annotated: Annotated, own: EntityRef | None) -> bool:
    """Whether the licence whose text this is grants commercial use somewhere and is not named otherwise."""
    named = f"{annotated.document.metadata.title or ''} {own.name if own else ''}"
    if own is None or re.search(r"non-?commercial|\bNC\b", named, re.I):
        return False
    return _GRANTED_COMMERCE.search(annotated.text[:_SEARCHED]) is not None
