"""Facts of a text of our own, by one finder over the real pipeline's annotations."""

from functools import cache
from pathlib import Path

from kb.documents import Document, Metadata
from kb.facts import DateFact, Fact, Figure, Relation, Term
from kb.partial_date import PartialDate
from kb.registry import Registry, load_registry
from loaders.extraction.annotations import Annotated, FactFinder
from loaders.extraction.pipeline import SpacyExtractor

_REGISTRY = Path(__file__).parents[3] / "seeds" / "registry"


@cache
def registry() -> Registry:
    """The registry of the seeds, read once."""
    return load_registry(_REGISTRY)


@cache
def extractor() -> SpacyExtractor:
    """The extractor over the registry of the seeds, made once."""
    return SpacyExtractor(registry())


def annotated(text: str, *, title: str | None = None, published: str | None = None) -> Annotated:
    """The text with its mentions and quantities."""
    known = Metadata(title=title, published=None if published is None else PartialDate.parse(published))
    document = Document("test", text, "text/plain", "sha256:0", "none/1", known)
    return next(iter(extractor().annotate([document])))


def found(finder: FactFinder, text: str, **known: str) -> list[Fact]:
    """The facts that the finder reads in the text; each is quoted by its evidence."""
    facts = list(finder.find(annotated(text, **known)))
    for fact in facts:
        assert text[fact.evidence.start : fact.evidence.end] == fact.evidence.text
    return facts


def told(finder: FactFinder, text: str, **known: str) -> set[tuple[object, ...]]:
    """The facts as tuples: subject, predicate, and what is said."""
    return {_tuple(fact) for fact in found(finder, text, **known)}


def _tuple(fact: Fact) -> tuple[object, ...]:
    start = (fact.subject.name, fact.predicate.value)
    match fact:
        case Relation():
            return (*start, fact.object.name)
        case Figure():
            active = ("active",) if fact.active else ()
            benchmark = (fact.benchmark,) if fact.benchmark else ()
            return (*start, fact.value, fact.unit, *active, *benchmark)
        case DateFact():
            return (*start, str(fact.date))
        case Term():
            said = (fact.value, fact.unit, fact.comparator, fact.period, fact.consequence, fact.access)
            return (
                *start,
                *(one if not hasattr(one, "value") else one.value for one in said if one is not None),
            )
