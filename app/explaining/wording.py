"""Facts, candidates and origins in a few words for people."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from app.explaining.rows import LetGo
from kb.contract import qualifiers
from kb.facts import DateFact, Fact, Figure, Relation, Term
from kb.ontology import Comparator, Modality
from loaders.extraction.trace import Origin

_BOUNDS: Final = {
    Comparator.EQ: "",
    Comparator.ABOUT: "about ",
    Comparator.GT: "more than ",
    Comparator.GTE: "at least ",
    Comparator.LT: "less than ",
    Comparator.LTE: "at most ",
}
_IN_SAID: Final = frozenset("object value low high unit comparator date access".split())


@dataclass(frozen=True, slots=True)
class Told:
    """What a fact says: of whom, what, and the rest of its fields, each as a few words."""

    subject: str
    predicate: str
    said: str
    details: tuple[str, ...]


def told(fact: Fact) -> Told:
    """The fact in words."""
    return Told(fact.subject.name, fact.predicate.value, _said(fact), tuple(_details(fact)))


def _said(fact: Fact) -> str:
    match fact:
        case Relation():
            return fact.object.name
        case Figure():
            return f"{_BOUNDS[fact.comparator]}{_number(fact)} {fact.unit}"
        case DateFact():
            return str(fact.date)
        case Term():
            bound = _BOUNDS[fact.comparator] if fact.comparator else ""
            value = f"{fact.value:,} {fact.unit}" if fact.value is not None else fact.access or ""
            return f"{bound}{value}"


def _number(fact: Figure) -> str:
    return f"{fact.value:,}" if fact.value is not None else f"{fact.low:,} to {fact.high:,}"


def _details(fact: Fact) -> Iterator[str]:
    for name, value in qualifiers(fact).items():
        if value is not None and name not in _IN_SAID:
            yield name.replace("_", " ") if value is True else f"{name.replace('_', ' ')} {_plain(value)}"
    if fact.as_of is not None:
        yield f"as of {fact.as_of}"
    if fact.modality is not Modality.ASSERTED:
        yield fact.modality.value.lower()
    if fact.speaker is not None:
        yield f"said by {fact.speaker.name}"


def _plain(value: object) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    known = cast("Mapping[str, Any]", value)
    if "name" in known:
        return str(known["name"])
    return f"{_BOUNDS[Comparator(known['comparator'])]}{known['value']:,} {known['unit']}"


def told_origin(origin: Origin) -> str:
    """The component and its rule."""
    return f"{origin.component}, {origin.rule}" if origin.rule else origin.component


def told_reason(one: LetGo) -> str:
    """Why the candidate became nothing, with the fact that it gave way to."""
    if one.instead is None:
        return one.reason
    words = told(one.instead)
    return f"{one.reason} ({words.predicate} {words.subject} {words.said})"
