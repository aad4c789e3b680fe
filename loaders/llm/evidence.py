"""What a model tells becomes a fact only where the document bears it out.

A fact is left out, and counted by its reason, when its words are not in the passage, when the document does
not name its ends or the words name neither, when its number or date does not stand in the words, or when the
ontology does not allow it. Qualifiers that the document does not bear out are left away from the fact.
"""

import sys
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from kb.documents import Document
from kb.errors import ContractError
from kb.facts import Amount, DateFact, EntityRef, Evidence, Fact, Figure, Number, Relation, Speaker, Term
from kb.ontology import (
    RELATIONS,
    TERMS,
    DateEvent,
    EntityType,
    Metric,
    Modality,
    RelationType,
    TermType,
)
from loaders.extraction.quantities import Quantity
from loaders.llm.answers import Circumstances, Measure, Named, Told, read_fact
from loaders.llm.naming import Linker, Names, is_name, lies_in
from loaders.llm.passages import Passage
from loaders.llm.places import places_of, quote_places, words_in
from loaders.llm.readings import PERCENT, Readings, comparator, tells_loss, tells_profit

CONFIDENCE: Final = 0.5
"""Fixed, below every rule's: a model's own figure for its certainty is not calibrated, and nothing was
measured for the model that a user chooses."""


class Reason(StrEnum):
    """Why something that a model told is no fact."""

    UNREADABLE = "fields missing or of other types"
    ONTOLOGY = "not allowed by the ontology"
    QUOTE = "words not in the text"
    NAME = "ends not named in the text"
    NUMBER = "number not in the words"
    DATE = "date not in the words"


class _LeftOutError(Exception):
    """Inside this module: no fact, for this reason."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Final = reason


@dataclass(frozen=True, slots=True)
class Checked:
    """The facts that the document bears out, and how many were left out for which reason."""

    facts: tuple[Fact, ...]
    left_out: Counter[Reason]


def check(
    document: Document, answers: Sequence[tuple[Passage, Sequence[object]]], linker: Linker, extractor: str
) -> Checked:
    """Hold the answers to a document's passages against its text."""
    left_out: Counter[Reason] = Counter()
    told = [(passage, [read_fact(item) for item in items]) for passage, items in answers]
    names = Names(linker, document.text, _named(fact for _, facts in told for fact in facts))
    found: list[Fact] = []
    for passage, facts in told:
        readings = Readings(document.text, passage, document.metadata.published)
        page = _Page(document, document.id, passage, names, readings, extractor)
        for fact in facts:
            try:
                found.append(_Claim(page, fact).fact())
            except _LeftOutError as error:
                left_out[error.reason] += 1
            except ContractError:
                left_out[Reason.ONTOLOGY] += 1
    return Checked(tuple(found), left_out)


def _named(facts: Iterable[Told | None]) -> list[tuple[EntityType, str]]:
    ends = [end for fact in facts if fact is not None for end in (fact.subject, fact.object)]
    return [(end.type, end.name) for end in ends if end is not None]


@dataclass(frozen=True, slots=True)
class _Page:
    """A passage and what is known around it; the document's id is a digest, made once."""

    document: Document
    document_id: str
    passage: Passage
    names: Names
    readings: Readings
    extractor: str


class _Claim:
    """One thing told, on its way to a fact."""

    def __init__(self, page: _Page, told: Told | None) -> None:
        if told is None:
            raise _LeftOutError(Reason.UNREADABLE)
        self._page: Final = page
        self._names: Final = page.names
        self._readings: Final = page.readings
        self._told: Final = told
        self._span: Final = self._place()
        self._words: Final = page.document.text[slice(*self._span)]

    def fact(self) -> Fact:
        predicate = self._told.predicate
        if predicate in RelationType.__members__:
            return self._relation(RelationType(predicate))
        if predicate in Metric.__members__:
            return self._figure(Metric(predicate))
        if predicate in DateEvent.__members__:
            return self._date(DateEvent(predicate))
        if predicate in TermType.__members__:
            return self._term(TermType(predicate))
        raise _LeftOutError(Reason.ONTOLOGY)

    def _place(self) -> tuple[int, int]:
        """Where the words stand; of several places, the one soonest after the ends of the fact are named."""
        text, passage = self._page.document.text, self._page.passage
        spans = quote_places(text, passage, self._told.quote)
        if not spans:
            raise _LeftOutError(Reason.QUOTE)
        if len(spans) == 1:
            return spans[0]
        ends = [end for end in (self._told.subject, self._told.object) if end is not None]
        named = [self._named_at(end, spans[-1][1]) for end in ends]
        return min(spans, key=lambda span: sum(_since(starts, span[1]) for starts in named))

    def _named_at(self, end: Named, before: int) -> list[int]:
        start = self._page.passage.start
        forms = self._names.forms(end.type, end.name)
        return [start + place for place, _ in places_of(self._page.document.text[start:before], forms)]

    def _relation(self, predicate: RelationType) -> Relation:
        told = self._told
        if told.object is None:
            raise _LeftOutError(Reason.UNREADABLE)
        city = None if told.city is None else words_in(self._words, told.city)
        ends = self._end(told.subject), self._object(told.object, city)
        if city is None and not any(self._in_words(end) for end in (told.subject, told.object)):
            raise _LeftOutError(Reason.NAME)
        dated = "valid_from" in RELATIONS[predicate].qualifiers
        return Relation(
            predicate=predicate,
            subject=ends[0],
            object=ends[1],
            role=None if told.role is None else words_in(self._words, told.role, any_case=True),
            status=told.status,
            how=told.how,
            amount=self._amount(told.amount),
            lead=told.lead,
            share=self._share(told.share),
            city=city,
            valid_from=self._readings.date(told.valid_from, self._span) if dated else None,
            valid_to=self._readings.date(told.valid_to, self._span) if dated else None,
            **self._common(),
        )

    def _figure(self, predicate: Metric) -> Figure:
        told = self._told
        subject = self._end(told.subject)
        measure, quantity = self._measured(predicate)
        benchmark = None if told.benchmark is None else self._names.written(told.benchmark)
        if told.benchmark is not None and benchmark is None:
            raise _LeftOutError(Reason.NAME)
        return Figure(
            predicate=predicate,
            subject=subject,
            unit=PERCENT if quantity.percent else measure.unit,
            value=self._signed(predicate, measure, quantity),
            low=quantity.low,
            high=quantity.high,
            comparator=comparator(measure, quantity),
            period=told.period,
            basis=told.basis,
            scope=told.scope,
            active=told.active,
            benchmark=benchmark,
            offered_by=self._maybe(EntityType.COMPANY, told.offered_by),
            **self._common(),
        )

    def _signed(self, predicate: Metric, measure: Measure, quantity: Quantity) -> Number | None:
        """The number with the sign that the words bear out: only a loss is negative."""
        if predicate is not Metric.PROFIT or quantity.value is None:
            return quantity.value
        negative = (measure.value or 0) < 0
        if not (tells_loss(self._words) if negative else tells_profit(self._words)):
            raise _LeftOutError(Reason.NUMBER)
        return -quantity.value if negative else quantity.value

    def _date(self, predicate: DateEvent) -> DateFact:
        subject = self._end(self._told.subject)
        date = self._readings.date(self._told.date, self._span)
        if date is None:
            raise _LeftOutError(Reason.DATE)
        return DateFact(predicate=predicate, subject=subject, date=date, **self._common())

    def _term(self, predicate: TermType) -> Term:
        told = self._told
        subject = self._end(told.subject)
        number: dict[str, Any] = {}
        if "value" in TERMS[predicate].fields:
            measure, quantity = self._measured()
            bound = comparator(measure, quantity)
            number = {
                "value": quantity.value,
                "unit": measure.unit,
                "comparator": bound,
                "period": told.period,
            }
        return Term(
            predicate=predicate,
            subject=subject,
            consequence=told.consequence,
            access=told.access,
            **number,
            **self._common(),
        )

    def _common(self) -> dict[str, Any]:
        told = self._told.told or Circumstances()
        return {
            "evidence": Evidence(self._page.document_id, *self._span, self._words),
            "extractor": self._page.extractor,
            "confidence": CONFIDENCE,
            "modality": told.modality or Modality.ASSERTED,
            "speaker": self._speaker(told.speaker),
            "as_of": self._readings.date(told.as_of, self._span),
        }

    def _end(self, named: Named) -> EntityRef:
        ref = self._names.ref(named.type, named.name)
        if ref is None:
            raise _LeftOutError(Reason.NAME)
        return ref

    def _object(self, named: Named, city: str | None) -> EntityRef:
        """The object; a city that the words name stands for its country."""
        if named.type is EntityType.COUNTRY and city is not None:
            country = self._names.country_of(named.name)
            if country is not None and lies_in(city, country):
                return country
        return self._end(named)

    def _in_words(self, named: Named) -> bool:
        return any(words_in(self._words, form) for form in self._names.forms(named.type, named.name))

    def _measured(self, metric: Metric | None = None) -> tuple[Measure, Quantity]:
        measure = self._told.measure
        if measure is None:
            raise _LeftOutError(Reason.UNREADABLE)
        quantity = self._readings.quantity(
            measure, self._span, loss=metric is Metric.PROFIT, score=metric is Metric.BENCHMARK_SCORE
        )
        if quantity is None:
            raise _LeftOutError(Reason.NUMBER)
        return measure, quantity

    def _amount(self, measure: Measure | None) -> Amount | None:
        quantity = None if measure is None else self._readings.quantity(measure, self._span)
        if measure is None or quantity is None or quantity.value is None or quantity.currency is None:
            return None
        return Amount(quantity.value, quantity.currency, comparator(measure, quantity))

    def _share(self, share: Number | None) -> Number | None:
        if share is None:
            return None
        quantity = self._readings.quantity(Measure(value=share, unit=PERCENT), self._span)
        return None if quantity is None else quantity.value

    def _maybe(self, kind: EntityType, name: str | None) -> EntityRef | None:
        return None if name is None else self._names.ref(kind, name)

    def _speaker(self, name: str | None) -> Speaker | None:
        written = None if name is None else self._names.written(name)
        if name is None or written is None or not is_name(written):
            return None
        known = (self._names.ref(kind, name) for kind in (EntityType.PERSON, EntityType.COMPANY))
        return Speaker(written, next((ref for ref in known if ref is not None and ref.id is not None), None))


def _since(starts: Sequence[int], end: int) -> int:
    """How long before this place one of the others is; where none is, longer than any passage."""
    before = bisect_left(starts, end)
    return end - starts[before - 1] if before else sys.maxsize
