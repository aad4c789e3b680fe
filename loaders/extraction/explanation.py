"""A document's extraction with its reasons: where each fact came from, and what became none, and why.

Beside what the parts of the extraction told of their own work, every number, date and name that a reader
sees and nobody has spoken of is a candidate, too. A candidate whose words a fact has used is none.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kb.documents import Document
from kb.facts import DateFact, Extraction, Fact, Figure, Term
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind, Span
from loaders.extraction.cover import Cover
from loaders.extraction.provisional import COMMON_CAPITALISED
from loaders.extraction.quantities import Quantity, find_quantities
from loaders.extraction.trace import Candidate, Origin, Reason, Recording, What

_NAMES: Final = frozenset(("ORG", "PERSON", "PRODUCT"))
"""What spaCy calls those who may be companies, people, models or products."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact, who made it, and who else made the same of the same words."""

    fact: Fact
    origin: Origin
    also: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was read in a document, with the reasons; findings and candidates in the text's order."""

    document: Document
    extraction: Extraction
    sentences: tuple[Span, ...]
    mentions: tuple[EntityMention, ...]
    findings: tuple[Finding, ...]
    candidates: tuple[Candidate, ...]


def explanation(
    annotated: Annotated, extraction: Extraction, chosen: Sequence[Fact], trace: Recording
) -> Explanation:
    """Join an extraction with what `trace` was told; `chosen` are its facts as their finders made them."""
    findings = tuple(
        Finding(fact, trace.origin(original), trace.doubles(original))
        for original, fact in zip(chosen, extraction.facts, strict=True)
    )
    told, unspoken = _open(annotated, findings, trace), _unspoken(annotated, findings, trace)
    candidates = {(one.start, one.end, one.what, one.says, one.reason): one for one in (*told, *unspoken)}
    return Explanation(
        document=annotated.document,
        extraction=extraction,
        sentences=tuple(annotated.sentences()),
        mentions=annotated.mentions,
        findings=findings,
        candidates=tuple(candidates[key] for key in sorted(candidates)),
    )


def _open(annotated: Annotated, findings: Sequence[Finding], trace: Recording) -> list[Candidate]:
    """The candidates that were told and that nothing answers: no fact of their words, no name."""
    used, named = _used(annotated, findings, trace), _named(annotated)
    said: defaultdict[str, Cover] = defaultdict(lambda: Cover(len(annotated.text)))
    for finding in findings:
        words = finding.fact.evidence
        said[finding.fact.predicate.value].take(words.start, words.end)

    def is_answered(one: Candidate) -> bool:
        if one.what in (What.NUMBER, What.DATE):
            return used.touches(one.start, one.end)
        if one.what is What.NAME:
            return named.touches(one.start, one.end)
        return one.what is not What.FACT and one.says in said and said[one.says].touches(one.start, one.end)

    return [one for one in trace.candidates if not is_answered(one)]


def _unspoken(annotated: Annotated, findings: Sequence[Finding], trace: Recording) -> Iterator[Candidate]:
    """The numbers, dates and names that no part of the extraction has said a word about."""
    named, used = _named(annotated), _used(annotated, findings, trace)
    for one in trace.candidates:
        if one.what is not What.RELATION:
            used.take(one.start, one.end)
    dates = Cover(len(annotated.text), ((d.start, d.end) for d in annotated.dates))
    read = {q.start for q in annotated.quantities}
    for quantity in find_quantities(annotated.text):
        place = quantity.start, quantity.end
        if _is_small_word(annotated.text, quantity) or any(c.touches(*place) for c in (used, dates, named)):
            continue
        reason = Reason.NO_RULE if quantity.start in read else Reason.COUNTS_TIME
        yield Candidate(What.NUMBER, *place, reason, "figures")
    for date in annotated.dates:
        if not used.touches(date.start, date.end):
            yield Candidate(What.DATE, date.start, date.end, Reason.NO_EVENT, "date_facts")
    for name in annotated.doc.ents:
        place = name.start_char, name.end_char
        may_be_ours = name.label_ in _NAMES and not COMMON_CAPITALISED.issuperset(name.text.split())
        if may_be_ours and not named.touches(*place) and not used.touches(*place):
            yield Candidate(What.NAME, *place, Reason.UNTYPED, "mentions")


def _used(annotated: Annotated, findings: Sequence[Finding], trace: Recording) -> Cover:
    """The numbers and dates that facts hang on, and the dates that they are told for."""
    used = Cover(len(annotated.text), trace.used)
    for finding in findings:
        fact = finding.fact
        if finding.origin.at is None:
            for start, end in _same(annotated, fact):
                used.take(start, end)
        if fact.as_of is not None:
            here = annotated.sentence_at(fact.evidence.start)
            before = annotated.sentence_before(here) or here
            for date in annotated.dates_in(before.start, max(here.end, fact.evidence.end)):
                if date.date == fact.as_of:
                    used.take(date.start, date.end)
    return used


def _same(annotated: Annotated, fact: Fact) -> Iterator[tuple[int, int]]:
    """Where the evidence holds the fact's own number or date, for a finder that does not tell."""
    words = fact.evidence
    if isinstance(fact, DateFact):
        dates = annotated.dates_in(words.start, words.end)
        yield from ((date.start, date.end) for date in dates if date.date == fact.date)
    elif isinstance(fact, Figure | Term) and fact.value is not None:
        for quantity in annotated.quantities_in(words.start, words.end):
            if quantity.value == abs(fact.value):
                yield quantity.start, quantity.end


def _named(annotated: Annotated) -> Cover:
    names = ((m.start, m.end) for m in annotated.mentions if m.kind is MentionKind.NAME)
    return Cover(len(annotated.text), names)


def _is_small_word(text: str, quantity: Quantity) -> bool:
    """`one of them`, `the two`: words for numbers that nobody asks about."""
    plain = quantity.currency is None and not quantity.percent and quantity.magnitude == 1
    return plain and not any(c.isdigit() for c in text[quantity.start : quantity.end])
