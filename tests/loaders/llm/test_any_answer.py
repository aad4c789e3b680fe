"""Whatever a server sends, what comes out is facts in the document's own words, or one stated reason."""

import json
from contextlib import suppress
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from kb.facts import EntityRef, Fact, Figure, Relation
from kb.ontology import DateEvent, EntityType, Metric, Modality, RelationType, TermType
from kb.registry import Registry
from loaders.extraction.selection import distinct
from loaders.llm.answers import read_completion, read_facts
from loaders.llm.errors import LlmError
from loaders.llm.evidence import check
from loaders.llm.naming import Linker, entities
from loaders.llm.passages import passages
from loaders.llm.places import fold
from tests.loaders.llm.conftest import dated, document, end, figure, relation

TEXT = (
    "Contoso’s “Larkspur 2”, a model with 70 billion parameters, was released in May 2024.\n\n"
    "Ada Moreau, chief executive of Contoso, said on 3 March 2025 that it has 5 million\n"
    "users, and 5 million users more next year. Contoso acquired Northwind AI for $2 billion, up from a "
    "loss of €1.5bn. French start-up Tailspin, based in Paris, raised between $5 and $7 million. "
    "Moreau left. 北风 有 3亿 用户。"
)
WORDS = TEXT.split()
DOCUMENT = document(TEXT)
RIGHT: list[dict[str, Any]] = [
    relation("DEVELOPS", "Company Contoso", "Model Larkspur 2", 'Contoso\'s "Larkspur 2"'),
    relation("WORKS_FOR", "Person Moreau", "Company Contoso", "Ada Moreau, chief executive of Contoso"),
    relation("ACQUIRED", "Company Contoso", "Company Northwind", "acquired Northwind AI for $2 billion"),
    relation("BASED_IN", "Company Tailspin", "Country France", "Tailspin, based in Paris", city="Paris"),
    figure("PARAMETERS", "Model Larkspur 2", 7e10, "parameter", "a model with 70 billion parameters"),
    figure("USERS", "Company Contoso", 5e6, "user", "5 million users"),
    figure("USERS", "Company 北风", "300000000", "user", "北风 有 3亿 用户"),
    figure("PROFIT", "Company Contoso", -1.5e9, "EUR", "a loss of €1.5bn"),
    figure("VALUATION", "Company Contoso", 2e9, "USD", "for $2 billion"),
    dated("RELEASED_ON", "Model Larkspur 2", "2024-05", "was released in May 2024"),
    {"predicate": "OPENNESS", "subject": end("Model Larkspur 2"), "quote": "released", "access": "CLOSED"},
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def phrases(draw: st.DrawFn) -> str:
    """Some words of the text, now and then with a letter too much or too little."""
    start = draw(st.integers(0, len(WORDS) - 1))
    words = " ".join(WORDS[start : start + draw(st.integers(1, 14))])
    return draw(st.sampled_from([words, words, words, words[:-1], words[1:], words + "s", words.upper()]))


NAMES = st.sampled_from(["Contoso", "Northwind AI", "Ada Moreau", "Larkspur 2", "Tailspin", "France", "北风"])
ENDS = st.fixed_dictionaries(
    {"type": st.sampled_from([*EntityType]).map(str), "name": NAMES | phrases() | st.text(max_size=5)}
)
NUMBERS = st.sampled_from([5e6, 7e10, 2e9, 1.5e9, -1.5e9, 3e8, "5000000"]) | st.floats() | st.integers()
UNITS = st.sampled_from(["USD", "EUR", "user", "parameter", "%", "points", "token"])
MEASURES = st.fixed_dictionaries({"value": NUMBERS, "unit": UNITS})
DATES = st.sampled_from(["2024-05", "2024", "2025-03-03", "2026", "soon"])
TELLINGS = st.fixed_dictionaries(
    {"modality": st.sampled_from([*Modality]).map(str), "speaker": NAMES | phrases(), "as_of": DATES}
)
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "predicate": st.sampled_from([*RelationType, *Metric, *DateEvent, *TermType]).map(str),
    "quote": phrases(),
    "subject": ENDS,
    "object": ENDS,
    "measure": MEASURES,
    "amount": MEASURES,
    "date": DATES,
    "city": phrases(),
    "role": phrases(),
    "told": TELLINGS,
}


@st.composite
def claims(draw: st.DrawFn) -> dict[str, Any]:
    """A right one, or one with a field or two changed for another of its kind or for anything at all."""
    changed = draw(st.lists(st.sampled_from([*FIELDS]), max_size=2))
    return draw(st.sampled_from(RIGHT)) | {name: draw(FIELDS[name] | JSON) for name in changed}


ITEMS = st.lists(st.one_of(claims(), claims(), claims(), JSON), max_size=12)


def completion(items: list[Any]) -> bytes:
    return json.dumps({"choices": [{"message": {"content": json.dumps({"facts": items})}}]}).encode()


def checked(items: list[Any], registry: Registry) -> tuple[tuple[Fact, ...], int]:
    (passage,) = passages(TEXT)
    result = check(DOCUMENT, [(passage, items)], Linker(registry), "llm/x/1")
    return result.facts, result.left_out.total()


def ends(fact: Fact) -> list[EntityRef]:
    others = [fact.object] if isinstance(fact, Relation) else []
    sellers = [fact.offered_by] if isinstance(fact, Figure) and fact.offered_by is not None else []
    return [fact.subject, *others, *sellers]


def named(ref: EntityRef, registry: Registry) -> bool:
    """By its own name or one that the registry knows; France also by the city."""
    entry = registry.entries.get(ref.id or "")
    forms = {ref.name} if entry is None else {ref.name, *entry.forms, *entry.demonyms}
    words = " ".join(TEXT.split())
    return any(form in words for form in forms) or ref.id == "country/fr"


def test_what_is_right_comes_out(registry: Registry):
    assert [claim for claim in RIGHT if checked([claim], registry)[1]] == []


@given(ITEMS)
def test_every_fact_quotes_the_document_and_every_other_is_counted(registry: Registry, items: list[Any]):
    facts, left_out = checked(items, registry)
    assert len(facts) + left_out == len(items)
    assert [f for f in facts if f.evidence.document != DOCUMENT.id] == []
    assert [f for f in facts if TEXT[f.evidence.start : f.evidence.end] != f.evidence.text] == []


@given(ITEMS)
def test_no_entity_comes_out_that_the_document_does_not_name(registry: Registry, items: list[Any]):
    facts, _ = checked(items, registry)
    assert [ref for fact in facts for ref in ends(fact) if not named(ref, registry)] == []


@given(ITEMS)
def test_every_mention_is_a_form_of_its_entity(registry: Registry, items: list[Any]):
    facts, _ = checked(items, registry)
    for record in entities(TEXT, facts, Linker(registry)):
        forms = {fold(form) for form in (record.ref.name, *record.aliases)}
        words = {fold(" ".join(TEXT[m.start : m.end].split())) for m in record.mentions}
        assert words <= forms


@given(ITEMS)
def test_the_facts_are_the_same_in_whatever_order_they_are_told(registry: Registry, items: list[Any]):
    forwards, _ = checked(items, registry)
    backwards, _ = checked(items[::-1], registry)
    assert distinct(forwards) == distinct(backwards)


@given(st.binary(max_size=200) | JSON.map(lambda j: json.dumps(j).encode()) | ITEMS.map(completion))
@example(b"data: {}\n\ndata: [DONE]\n")
@example(b'{"choices": [{"message": {"content": "{\\"facts\\": [1e999, NaN]}"}}]}')
def test_any_body_is_an_answer_or_one_stated_reason(body: bytes):
    with suppress(LlmError):
        read_facts(read_completion(body).content or "")
