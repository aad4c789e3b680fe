"""What the model is asked."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from kb.documents import Document
from kb.ontology import (
    DATES,
    METRICS,
    RELATIONS,
    TERM_SUBJECTS,
    TERMS,
    Access,
    Basis,
    Consequence,
    Derivation,
    EmploymentStatus,
    Period,
    Scope,
)
from loaders.llm.passages import Passage

VERSION: Final = "1"
"""Part of the extractor's name: raise it when documents that were read should be read again. The cache does
not go by it, but by the very words that are sent."""

_CHOICES: Final[Mapping[str, Iterable[str]]] = {
    "period": Period,
    "basis": Basis,
    "scope": Scope,
    "how": Derivation,
    "status": EmploymentStatus,
    "access": Access,
    "consequence": Consequence,
}


@cache
def instructions() -> str:
    """The task and the ontology in words, for models that are not held to the schema as well."""
    return "\n".join((_task(), *_predicates()))


def question(document: Document, passage: Passage) -> str:
    """The passage between its marks, after what is known of the document between others.

    The marks hold a digest of all that stands between them, so no text can hold the mark of its own end.
    """
    words = passage.of(document.text)
    known = document.metadata
    head = {"Title": known.title, "Publisher": known.publisher, "Published": known.published}
    lines = [f"{name}: {' '.join(str(value).split())}" for name, value in head.items() if value is not None]
    mark = hashlib.sha256("\n".join((*lines, words)).encode()).hexdigest()[:16]
    about = (f"<about {mark}>", *lines, f"</about {mark}>") if lines else ()
    return "\n".join((*about, f"<passage {mark}>", words, f"</passage {mark}>"))


def _task() -> str:
    return files("loaders.llm").joinpath("task.txt").read_text(encoding="utf-8")


def _predicates() -> Iterator[str]:
    yield "Relations (subject predicate object):"
    for relation, spec in RELATIONS.items():
        ends = f"{_either(spec.subjects)} {relation} {_either(spec.objects)}"
        yield f"- {ends}: {spec.meaning}{_fields(spec.qualifiers)}"
    yield "Figures (subject, measure):"
    for metric, measure in METRICS.items():
        fields = [*measure.qualifiers, *(["period"] if measure.periods else [])]
        what = f"{metric} of {_either(measure.subjects)} in {_either(measure.units)}"
        yield f"- {what}: {measure.meaning}{_fields(fields)}"
    yield "Dates (subject, date):"
    for event, dated in DATES.items():
        yield f"- {event} of {_either(dated.subjects)}: {dated.meaning}"
    yield f"Terms (subject {_either(TERM_SUBJECTS)}):"
    for term, terms in TERMS.items():
        numbers = {"value", "unit", "comparator"}
        measure = f" [measure in {_either(terms.units)}]" if terms.units else ""
        yield f"- {term}: {terms.meaning}{measure}{_fields(terms.fields - numbers)}"
    for field, values in _CHOICES.items():
        yield f"{field} is one of {_either(values)}."
    yield "amount has value, unit and comparator; share is in percent; lead and active are true or false."


def _either(names: Iterable[str]) -> str:
    return "|".join(sorted(names))


def _fields(names: Iterable[str]) -> str:
    listed = ", ".join(sorted(names))
    return f" [{listed}]" if listed else ""
