"""A large industry that never was, for measuring the graph: documents and the facts that are found in them.

Twenty statements a company: ten figures of it and its two models, two DEVELOPS, three WORKS_FOR, three
INVESTED_IN, its seat and its founding; forty statements a document. The same number gives the same industry.
"""

from collections.abc import Iterator
from random import Random
from typing import Any, Final

from kb.documents import Document, Metadata, sha256
from kb.facts import (
    Amount,
    DateFact,
    EntityRecord,
    EntityRef,
    Evidence,
    Extraction,
    Fact,
    Figure,
    Relation,
    Speaker,
)
from kb.ontology import (
    Basis,
    Comparator,
    DateEvent,
    EmploymentStatus,
    EntityType,
    Metric,
    Modality,
    ModelLevel,
    Period,
    RelationType,
    Scope,
)
from kb.partial_date import PartialDate
from kb.registry import Registry, RegistryEntry

EXTRACTOR: Final = "bench/1"
INGEST: Final = "bench"
PER_COMPANY: Final = 20
PER_DOCUMENT: Final = 40
_TOGETHER: Final = 50
"""Documents in one transaction: two thousand statements fit the embedded server's small memory."""
_KNOWN: Final = 4
"""One company in so many is in the registry."""

FIELDS: Final = (
    "Robotics Labs Cloud Health Dynamics Systems Capital Ventures Analytics Semiconductors Biotech Energy "
    "Mobility Security Networks Games Education Legal Finance Imaging Speech Vision Materials Logistics"
).split()
_FIRST_NAMES: Final = "Ada Alan Barbara Claude Edsger Frances Grace John Katherine Kurt Lynn Mary".split()
_ROLES: Final = (
    "chief executive,chief technology officer,head of research,research scientist,software engineer,"
    "chief financial officer,board member,vice president of product"
).split(",")
_COUNTRIES: Final = (
    "us:United States,gb:United Kingdom,fr:France,de:Germany,ca:Canada,il:Israel,jp:Japan,kr:South Korea,"
    "in:India,cn:China,sg:Singapore,ch:Switzerland,se:Sweden,ae:United Arab Emirates,au:Australia,br:Brazil"
).split(",")
_SYLLABLES: Final = [consonant + vowel for consonant in "bdfghjklmnprstvz" for vowel in "aeiouy"]
_WORDS: Final = len(_SYLLABLES) ** 3
_STEP: Final = 610_033
"""Has no divisor in common with the number of words, so that no word comes twice."""
_MONEY: Final = {Metric.VALUATION: 9.0, Metric.FUNDING_RAISED: 8.0, Metric.REVENUE: 7.5}
_COUNTS: Final = {Metric.HEADCOUNT: ("person", 2.5), Metric.CUSTOMERS: ("organisation", 3.0)}
_FIGURES: Final = (
    *(Metric.VALUATION, Metric.VALUATION, Metric.VALUATION, Metric.FUNDING_RAISED, Metric.FUNDING_RAISED),
    *(Metric.REVENUE, Metric.HEADCOUNT, Metric.CUSTOMERS),
)


class Industry:
    """So many statements about companies, models and people; each is a function of its number alone."""

    def __init__(self, statements: int) -> None:
        """Plan an industry; its companies, models, people and documents follow from the number."""
        self.statements = statements
        self.companies = max(statements // PER_COMPANY, 4)
        self.documents = statements // PER_DOCUMENT | 1  # odd, so that a document has facts of every kind
        self.registry = Registry({entry.id: entry for entry in self._entries()}, {})

    def company(self, number: int) -> EntityRef:
        """A company; its name is a word of its own and a field that many share."""
        field = FIELDS[_spread(number) % len(FIELDS)]
        return EntityRef(EntityType.COMPANY, f"{_word(number)} {field}")

    def model(self, number: int) -> EntityRef:
        """A model, by the number of its company times two, and one more for the second."""
        return EntityRef(EntityType.MODEL, f"{_word(number)}-{(7, 13, 34, 70)[number % 4]}B")

    def person(self, number: int) -> EntityRef:
        """A person, numbered as models are."""
        first = _FIRST_NAMES[number % len(_FIRST_NAMES)]
        return EntityRef(EntityType.PERSON, f"{first} {_word(number)}")

    def found(self) -> Iterator[tuple[Document, Extraction]]:
        """The documents with what is found in them, in their order."""
        return (self._document(number) for number in range(self.documents))

    def _entries(self) -> Iterator[RegistryEntry]:
        for code, name in (pair.split(":") for pair in _COUNTRIES):
            yield _entry(f"country/{code}", EntityType.COUNTRY, name)
        for number in range(0, self.companies, _KNOWN):
            ref = self.company(number)
            word = _word(number)
            yield _entry(f"company/{word.lower()}", ref.type, ref.name, word.upper())

    def _document(self, number: int) -> tuple[Document, Extraction]:
        facts = [self._fact(index) for index in range(number, self.statements, self.documents)]
        words = [_sentence(*fact) for fact in facts]
        chance = Random(f"document {number}")
        document = Document(
            source_key=f"https://news.example/{number}",
            text="\n".join(words),
            media_type="text/plain",
            raw_hash=sha256(str(number).encode()),
            cleaner="bench/1",
            metadata=Metadata(
                title=f"The industry in brief, number {number}",
                publisher=f"The {_word(chance.randrange(40))} Times",
                authors=(self.person(chance.randrange(2 * self.companies)).name,),
                published=PartialDate(chance.randrange(2019, 2025), chance.randrange(1, 13), 15),
                url=f"https://news.example/{number}",
                retrieved=PartialDate(2025, 6, 1),
            ),
            origin=f"{number}.txt",
        )
        made: list[Fact] = []
        start = 0
        for (make, fields), sentence in zip(facts, words, strict=True):
            evidence = Evidence(document.id, start, start + len(sentence), sentence)
            made.append(make(evidence=evidence, extractor=EXTRACTOR, **fields))
            start += len(sentence) + 1
        refs = {(ref.type, ref.name): ref for fact in made for ref in _ends(fact)}
        records = tuple(EntityRecord(ref, level=_level(ref)) for ref in refs.values())
        return document, Extraction(document.id, EXTRACTOR, records, tuple(made))

    def _fact(self, index: int) -> tuple[Any, dict[str, Any]]:
        """The record's type and fields of a statement, all but its evidence."""
        company, place = divmod(index, PER_COMPANY)
        chance = Random(index)
        common = _common(chance)
        if place < 10:
            return Figure, {**common, **self._figure(company, place, chance)}
        if place == 19:
            when = PartialDate(chance.randrange(1995, 2024), chance.randrange(1, 13))
            return DateFact, {
                **common,
                "subject": self.company(company),
                "predicate": DateEvent.FOUNDED_ON,
                "date": when,
            }
        return Relation, {**common, **self._relation(company, place, chance)}

    def _figure(self, company: int, place: int, chance: Random) -> dict[str, Any]:
        """Three valuations of one thing, so that the newest is shown; the other figures stand alone."""
        comparator = chance.choices((Comparator.EQ, Comparator.ABOUT, Comparator.GT), (8, 1, 1))[0]
        if place >= 8:
            model = self.model(2 * company + place - 8)
            value = _size(chance, 10.5)
            return {
                "subject": model,
                "predicate": Metric.PARAMETERS,
                "unit": "parameter",
                "value": value,
                "comparator": comparator,
            }
        metric = _FIGURES[place]
        fields: dict[str, Any] = {"subject": self.company(company), "predicate": metric}
        if metric in _MONEY:
            currency = ("USD", "USD", "USD", "EUR", "USD", "GBP", "USD", "CNY")[_spread(company) % 8]
            fields |= {"unit": currency, "value": _size(chance, _MONEY[metric])}
        else:
            unit, size = _COUNTS[metric]
            fields |= {"unit": unit, "value": _size(chance, size)}
        if metric is Metric.VALUATION:
            fields["basis"] = Basis.PRIVATE
        if metric is Metric.FUNDING_RAISED:
            fields["scope"] = (Scope.TOTAL, Scope.ROUND)[place % 2]
        if metric is Metric.REVENUE:
            fields["period"] = Period.YEAR
        return {**fields, "comparator": comparator}

    def _relation(self, company: int, place: int, chance: Random) -> dict[str, Any]:
        it = self.company(company)
        if place < 12:
            model = self.model(2 * company + place - 10)
            return {"subject": it, "predicate": RelationType.DEVELOPS, "object": model}
        if place < 15:
            people = 2 * self.companies
            number = 2 * company + place - 12 if place < 14 else chance.randrange(people)
            return {
                "subject": self.person(number),
                "predicate": RelationType.WORKS_FOR,
                "object": it,
                "role": chance.choice(_ROLES),
                "status": chance.choice((None, None, EmploymentStatus.CURRENT, EmploymentStatus.FORMER)),
            }
        if place < 18:
            return {
                "subject": self.company(self._investor(company, chance)),
                "predicate": RelationType.INVESTED_IN,
                "object": it,
                "amount": Amount(_size(chance, 7.0), "USD") if chance.random() < 0.5 else None,
            }
        country = chance.choice(list(self.registry.entries.values())[: len(_COUNTRIES)])
        return {
            "subject": it,
            "predicate": RelationType.BASED_IN,
            "object": EntityRef(EntityType.COUNTRY, country.name),
        }

    def _investor(self, company: int, chance: Random) -> int:
        """Few invest much: the density of investors falls with the root of their number."""
        number = int(self.companies * chance.random() ** 2)
        return (number + 1) % self.companies if number == company else number


def _common(chance: Random) -> dict[str, Any]:
    year, month, day = chance.randrange(2019, 2025), chance.randrange(1, 13), chance.randrange(1, 29)
    dates = (PartialDate(year), PartialDate(year, month), PartialDate(year, month, day), None)
    modalities = (Modality.ASSERTED, Modality.REPORTED, Modality.PLANNED, Modality.DENIED)
    return {
        "confidence": chance.randrange(50, 100) / 100,
        "modality": chance.choices(modalities, (90, 6, 3, 1))[0],
        "speaker": Speaker(_FIRST_NAMES[chance.randrange(12)]) if chance.random() < 0.05 else None,
        "as_of": chance.choices(dates, (2, 3, 4, 1))[0],
    }


def _sentence(_: object, fields: dict[str, Any]) -> str:
    said = [fields["subject"].name, fields["predicate"].value]
    if "object" in fields:
        said.append(fields["object"].name)
    if "value" in fields:
        said.append(f"{fields['value']} {fields['unit']}")
    return f"{' '.join(said)}, as was {fields['modality'].value.lower()} in {fields['as_of'] or 'passing'}."


def _ends(fact: Fact) -> tuple[EntityRef, ...]:
    return (fact.subject, fact.object) if isinstance(fact, Relation) else (fact.subject,)


def _level(ref: EntityRef) -> ModelLevel | None:
    return ModelLevel.RELEASE if ref.type is EntityType.MODEL else None


def _size(chance: Random, magnitude: float) -> int:
    """A number around ten to this power, with three digits that tell."""
    number = 10 ** chance.gauss(magnitude, 0.7)
    digits = max(int(number), 1)
    unit = 10 ** max(len(str(digits)) - 3, 0)
    return digits // unit * unit


def _word(number: int) -> str:
    spot = number * _STEP % _WORDS
    parts = (spot % 96, spot // 96 % 96, spot // 96**2)
    return "".join(_SYLLABLES[part] for part in parts).capitalize()


def _spread(number: int) -> int:
    """A number without a pattern, always the same."""
    return number * 2_654_435_761 % 2**32 >> 7


def _entry(key: str, kind: EntityType, name: str, *aliases: str) -> RegistryEntry:
    return RegistryEntry(key, kind, name, aliases, frozenset(), None, (), (), "bench.jsonl", 1, "")
