"""The page `docs/predicates.md`, made from the ontology: `python -m kb.predicates_page` prints it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from kb.ontology import (
    CURRENCY,
    DATES,
    METRICS,
    RELATIONS,
    TERM_SUBJECTS,
    TERMS,
    Access,
    Basis,
    Comparator,
    Consequence,
    Derivation,
    EmploymentStatus,
    EntityType,
    Modality,
    ModelLevel,
    Period,
    Scope,
)

_INTRODUCTION: Final = """\
# Predicates

<!-- Made by `python -m kb.predicates_page` from kb/ontology.py; change that file and run `make docs`. -->

What a fact can say, of whom, and in which fields. A fact that breaks one of these rows is refused when
it is made. Every fact also carries `modality`, `speaker`, `as_of`, `valid_from`, `valid_to`, `evidence`,
`extractor` and `confidence`."""

_ENTITIES: Final[Mapping[EntityType, tuple[str, str]]] = {
    EntityType.COMPANY: (
        "a firm, lab, publisher, fund or public body that acts in the industry",
        "OpenAI, Forrester",
    ),
    EntityType.MODEL: ("a model family or one of its releases", "Llama, Llama 4, DeepSeek R1"),
    EntityType.PRODUCT: ("what people use, built on models", "ChatGPT, Claude Code"),
    EntityType.PERSON: ("a named person", "Sam Altman"),
    EntityType.LICENCE: ("the terms that a model is released under", "Llama Community License, MIT"),
    EntityType.COUNTRY: ("a country, its id ending in the ISO 3166-1 alpha-2 code", "US, FR"),
}

_VALUES: Final[Mapping[str, tuple[type[StrEnum], str]]] = {
    "modality": (Modality, "how the source tells it: as so, as planned, as rumour, or as not so"),
    "comparator": (Comparator, "how a number bounds the true one"),
    "period": (Period, "the time over which a number is counted"),
    "basis": (Basis, "what a valuation rests on"),
    "scope": (Scope, "whether raised money is one round's or all rounds' together"),
    "how": (Derivation, "how one model came from another"),
    "status": (EmploymentStatus, "whether somebody still holds a role"),
    "access": (Access, "how open a model is"),
    "consequence": (Consequence, "what meets those who pass a licence's threshold"),
    "level": (ModelLevel, "of a model: whether it is a family or one of its releases"),
}


def page() -> str:
    """The whole page as Markdown."""
    sections = (_INTRODUCTION, _entities(), _relations(), _metrics(), _dates(), _terms(), _values())
    return "\n\n".join(sections) + "\n"


def _entities() -> str:
    rows = ((_code(kind), *_ENTITIES[kind]) for kind in EntityType)
    return _section("Entities", ("type", "what it is", "examples"), rows)


def _relations() -> str:
    rows = (
        (
            _code(relation),
            _types(spec.subjects),
            _types(spec.objects),
            spec.meaning + ("; stored once, smaller id first" if spec.symmetric else ""),
            _codes(spec.qualifiers),
        )
        for relation, spec in RELATIONS.items()
    )
    return _section("Relations", ("predicate", "subject", "object", "meaning", "qualifiers"), rows)


def _metrics() -> str:
    rows = (
        (
            _code(metric),
            _types(spec.subjects),
            _units(spec.units),
            spec.meaning,
            _codes(spec.qualifiers),
            ", ".join(_code(period) for period in Period if period in spec.periods),
        )
        for metric, spec in METRICS.items()
    )
    heading = ("predicate", "subject", "unit", "meaning", "qualifiers", "periods")
    told = "A figure has a `value`, or `low` and `high`, and a `comparator`; numbers are in base units."
    return _section("Figures", heading, rows, told)


def _dates() -> str:
    rows = ((_code(event), _types(spec.subjects), spec.meaning) for event, spec in DATES.items())
    told = "A date keeps its precision: `2015`, `2025-04` or `2025-04-01`."
    return _section("Dates", ("predicate", "subject", "meaning"), rows, told)


def _terms() -> str:
    rows = (
        (_code(term), spec.meaning, _codes(spec.fields), _units(spec.units)) for term, spec in TERMS.items()
    )
    told = f"A term is said of a {_types(TERM_SUBJECTS)}."
    return _section("Licence terms", ("predicate", "meaning", "fields", "unit"), rows, told)


def _values() -> str:
    rows = (
        (_code(field), ", ".join(_code(member) for member in members), meaning)
        for field, (members, meaning) in _VALUES.items()
    )
    return _section("Values of fields", ("field", "values", "meaning"), rows)


def _section(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]], told: str = "") -> str:
    return "\n".join(_lines(title, heading, rows, told))


def _lines(title: str, heading: Sequence[str], rows: Iterable[Sequence[str]], told: str) -> Iterator[str]:
    yield f"## {title}\n"
    if told:
        yield f"{told}\n"
    yield _row(heading)
    yield _row(["---"] * len(heading))
    yield from (_row(row) for row in rows)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _types(types: frozenset[EntityType]) -> str:
    return " or ".join(kind.value for kind in EntityType if kind in types)


def _units(units: frozenset[str]) -> str:
    return " or ".join("a currency (ISO 4217)" if unit == CURRENCY else f"`{unit}`" for unit in sorted(units))


def _codes(names: frozenset[str]) -> str:
    return ", ".join(_code(name) for name in sorted(names))


def _code(name: str) -> str:
    return f"`{name}`"


if __name__ == "__main__":
    print(page(), end="")
