"""Lists of entities and relations against a plain evaluation in memory of a small random graph: filters on
facts and neighbours, both clocks of `at`, orders, and pages in both directions."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.embedded import Address
from kb.facts import EntityRef, Fact, Figure, Relation
from kb.graph.connection import open_driver
from kb.graph.rows import statement_row
from kb.ontology import EmploymentStatus, Metric, Modality, RelationType
from kb.partial_date import PartialDate
from kb.ranking import Ranked, best
from kb.registry import Registry
from kb.resolution import Resolver
from tests import facts as make
from tests.schema.conftest import Ask, asking

DAYS = [None, "2023", "2024-06", "2024-12-31", "2025-03", "2025-05-01", "2025-06-02"]
RECORDED = [datetime(2025, month, 1, tzinfo=UTC) for month in (1, 2, 3)]
COMPANIES = [make.company(name) for name in "ABCD"]
MODELS = [make.model(name) for name in ("M-1", "M-2", "M-3")]
PEOPLE = [make.person(name) for name in ("Ann Lee", "Bob Ray")]
ENDS: Mapping[RelationType, tuple[Sequence[EntityRef], Sequence[EntityRef]]] = {
    RelationType.DEVELOPS: (COMPANIES, MODELS),
    RelationType.WORKS_FOR: (PEOPLE, COMPANIES),
    RelationType.INVESTED_IN: (COMPANIES, COMPANIES),
    RelationType.PARTNER_OF: (COMPANIES, COMPANIES),
}


@dataclass(frozen=True)
class Told:
    """A statement as it was written, and when it was told and taken back."""

    row: Mapping[str, Any]
    recorded: datetime
    retracted: datetime | None

    @property
    def id(self) -> str:
        return str(self.row["id"])

    def __getitem__(self, name: str) -> Any:
        return self.row["properties"].get(name)

    @property
    def ends(self) -> set[str]:
        return {self.row["subject"], self.row["object"]} - {None}


def random_facts(count: int) -> tuple[Any, list[Fact]]:
    source = make.document("\n".join(f"fact {n:03d}" for n in range(count)), "random.txt")
    chance = random.Random(11)
    return source, [random_fact(chance, source, f"fact {n:03d}") for n in range(count)]


def random_fact(chance: random.Random, source: Any, words: str) -> Fact:
    days = [None if day is None else PartialDate.parse(day) for day in DAYS]
    common = make.common(
        source,
        words,
        as_of=chance.choice(days),
        valid_to=chance.choice([None, None, None, PartialDate.parse("2024"), PartialDate.parse("2025-04")]),
        modality=chance.choice([Modality.ASSERTED, *Modality]),
        confidence=chance.choice([0.25, 0.5, 0.75]),
    )
    if chance.random() < 0.4:
        who, unit = chance.choice(COMPANIES), chance.choice(["USD", "EUR"])
        return Figure(
            subject=who, predicate=Metric.VALUATION, value=chance.choice([1, 2.5, 9]), unit=unit, **common
        )
    kind = chance.choice(list(ENDS))
    subject = chance.choice(ENDS[kind][0])
    target = chance.choice([end for end in ENDS[kind][1] if end != subject])
    job = {"role": chance.choice(["CEO", "CTO", "poet"]), "status": chance.choice([None, *EmploymentStatus])}
    return Relation(
        subject=subject,
        predicate=kind,
        object=target,
        **(job if kind is RelationType.WORKS_FOR else {}),
        **common,
    )


SOURCE, FACTS = random_facts(110)
_CHANCE = random.Random(5)
_RESOLVER = Resolver(Registry({}, {}))
TOLD = [
    Told(
        statement_row(fact, _RESOLVER),
        _CHANCE.choice(RECORDED),
        _CHANCE.choice([None, None, None, datetime(2025, 4, 1, tzinfo=UTC)]),
    )
    for fact in FACTS
]
ENTITIES = {
    _RESOLVER.resolve(ref).id: ref
    for fact in FACTS
    for ref in ((fact.subject, fact.object) if isinstance(fact, Relation) else (fact.subject,))
}
_DATED = """UNWIND $told AS one MATCH (s:Statement {id: one.id})
SET s.recorded_at = one.recorded, s.retracted_at = one.retracted"""


@pytest.fixture(scope="module")
def ask_random(neo4j: Address) -> Iterator[Ask]:
    with asking(neo4j, [(SOURCE, make.extraction(SOURCE, *FACTS))]) as put:
        told = [{"id": one.id, "recorded": one.recorded, "retracted": one.retracted} for one in TOLD]
        with open_driver(neo4j) as driver:
            driver.execute_query(_DATED, told=told, database_=neo4j.database)
        yield put


@dataclass(frozen=True)
class Seen:
    """The statements that are there at a moment of both clocks."""

    valid: PartialDate
    known: datetime | None

    @property
    def told(self) -> list[Told]:
        return [one for one in TOLD if self._was_known(one) and self._was_so(one)]

    def _was_known(self, one: Told) -> bool:
        if self.known is None:
            return one.retracted is None
        return one.recorded <= self.known and (one.retracted is None or one.retracted > self.known)

    def _was_so(self, one: Told) -> bool:
        day = self.valid.last.isoformat()
        ended = one["valid_to"]
        return (one["as_of_first"] or "") <= day and (ended is None or ended >= day[: len(ended)])

    def is_current(self, one: Told) -> bool:
        rivals = [ranked(other) for other in self.told if apart(other) == apart(one)]
        shown = best(rivals, self.valid.last)
        return shown is not None and shown.id == one.id


def apart(one: Told) -> tuple[object, ...]:
    """What tells the facts apart of which one is shown."""
    job = ("role_code", "status") if one.row["kind"] == "relation" else ()
    return (one["slot"], *(one[name] for name in job))


def ranked(one: Told) -> Ranked:
    as_of = one["as_of"]
    return Ranked(
        id=one.id,
        slot=str(one["slot"]),
        modality=Modality(one["modality"]),
        as_of=None if as_of is None else PartialDate.parse(as_of),
        confidence=one["confidence"],
    )


def told_so(one: Told, where: Mapping[str, Any]) -> bool:
    """Whether a fact passes a filter on facts."""
    rules: Mapping[str, Callable[[Any], bool]] = {
        "metric": lambda value: one["predicate"] in value,
        "unit": lambda value: one["unit"] in value,
        "value": lambda value: one["value"] is not None and one["value"] >= value["gte"],
        "type": lambda value: one["predicate"] in value,
        "modality": lambda value: one["modality"] in value,
        "minConfidence": lambda value: one["confidence"] >= value,
        "status": lambda value: one["status"] in value,
        "not": lambda value: not told_so(one, value),
        "or": lambda value: any(told_so(one, each) for each in value),
    }
    return all(rules[key](value) for key, value in where.items())


def fits(entity: str, where: Mapping[str, Any], seen: Seen) -> bool:
    """Whether an entity passes a filter on entities."""
    figures = [one for one in seen.told if one.row["kind"] == "figure" and one.row["subject"] == entity]
    rules: Mapping[str, Callable[[Any], bool]] = {
        "type": lambda value: ENTITIES[entity].type.name in value,
        "name": lambda value: ENTITIES[entity].name.lower().startswith(value["startsWith"].lower()),
        "has": lambda value: any(told_so(one, value) and seen.is_current(one) for one in figures),
        "hasEver": lambda value: any(told_so(one, value) for one in figures),
        "related": lambda value: related(entity, value, seen),
        "not": lambda value: not fits(entity, value, seen),
        "and": lambda value: all(fits(entity, each, seen) for each in value),
        "or": lambda value: any(fits(entity, each, seen) for each in value),
    }
    return all(rules[key](value) for key, value in where.items())


def related(entity: str, value: Mapping[str, Any], seen: Seen) -> bool:
    near = {"OUT": ["subject"], "IN": ["object"], "BOTH": ["subject", "object"]}[value["direction"]]
    facts = {"type": value["type"], "modality": value["modality"], **value.get("fact", {})}
    found = any(
        one.row["kind"] == "relation"
        and one.row[end] == entity
        and told_so(one, facts)
        and fits(one.row["object" if end == "subject" else "subject"], value.get("entity", {}), seen)
        for one in seen.told
        for end in near
    )
    return found is not value["none"]


FACT_WHERE = st.fixed_dictionaries(
    {"metric": st.just(["VALUATION"])},
    optional={
        "unit": st.sampled_from([["USD"], ["USD", "EUR"]]),
        "value": st.fixed_dictionaries({"gte": st.sampled_from([0, 2, 5])}),
        "modality": st.sampled_from([["ASSERTED"], ["REPORTED", "DENIED"]]),
        "minConfidence": st.sampled_from([0.5, 0.75]),
        "not": st.just({"unit": ["EUR"]}),
    },
)
RELATION_WHERE = st.fixed_dictionaries(
    {},
    optional={
        "type": st.lists(st.sampled_from([kind.name for kind in ENDS]), min_size=1, unique=True),
        "modality": st.lists(st.sampled_from([kind.name for kind in Modality]), min_size=1, unique=True),
        "minConfidence": st.sampled_from([0.5, 0.75]),
        "status": st.sampled_from([["CURRENT"], ["FORMER", "CURRENT"]]),
        "or": st.just([{"type": ["WORKS_FOR"]}, {"not": {"minConfidence": 0.5}}]),
    },
)
SIMPLE = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from([["COMPANY"], ["PERSON", "MODEL"]]),
        "name": st.sampled_from([{"startsWith": "m"}, {"startsWith": "A"}]),
        "has": FACT_WHERE,
        "hasEver": FACT_WHERE,
    },
)
RELATED = st.fixed_dictionaries(
    {
        "type": st.lists(st.sampled_from([kind.name for kind in ENDS]), min_size=1, unique=True),
        "direction": st.sampled_from(["OUT", "IN", "BOTH"]),
        "modality": st.sampled_from([["ASSERTED"], ["ASSERTED", "PLANNED", "REPORTED"]]),
        "none": st.booleans(),
    },
    optional={
        "entity": SIMPLE,
        "fact": st.fixed_dictionaries({}, optional={"minConfidence": st.just(0.5)}),
    },
)
ENTITY_WHERE = st.recursive(
    st.one_of(SIMPLE, st.fixed_dictionaries({"related": RELATED})),
    lambda inner: st.fixed_dictionaries(
        {},
        optional={
            "and": st.lists(inner, min_size=1, max_size=2),
            "or": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
        },
    ),
    max_leaves=3,
)
VALID = [PartialDate.parse(day) for day in ("2023", "2024-06", "2025-05")]
KNOWN = st.sampled_from([None, datetime(2025, 2, 10, tzinfo=UTC), datetime(2025, 5, 1, tzinfo=UTC)])


@dataclass(frozen=True)
class Paging:
    """How a list is sorted and read."""

    descending: bool
    backward: bool
    size: int


PAGING = st.builds(Paging, st.booleans(), st.booleans(), st.integers(3, 6))


def moment(seen: Seen) -> Mapping[str, Any]:
    return {"valid": str(seen.valid), "known": None if seen.known is None else seen.known.isoformat()}


def in_order(ids: Sequence[str], key: Callable[[str], Any], *, descending: bool) -> list[str]:
    """By the key, then by the id; what has none comes last in either direction."""
    keyed = sorted((one for one in ids if key(one) is not None), key=lambda one: one)
    keyed.sort(key=key, reverse=descending)
    return [*keyed, *sorted(one for one in ids if key(one) is None)]


def pages(ask: Ask, query: str, field: str, paging: Paging, **variables: Any) -> list[str]:
    """The ids of a list, read to its end page by page in one direction."""
    found: list[str] = []
    cursor = None
    while True:
        size, backward = paging.size, paging.backward
        page = {"last": size, "before": cursor} if backward else {"first": size, "after": cursor}
        answer = ask(query, **page, **variables)
        assert answer.errors == []
        assert len(answer.queries) == 1
        one = answer.data[field]
        ids = [node["id"] for node in one["nodes"]]
        found = [*ids, *found] if backward else [*found, *ids]
        info = one["pageInfo"]
        cursor = info["startCursor" if backward else "endCursor"]
        if not info["hasPreviousPage" if backward else "hasNextPage"]:
            assert one["total"]["value"] == len(found)
            return found


PAGE = """nodes { id } total { value }
    pageInfo { startCursor endCursor hasNextPage hasPreviousPage }"""
ENTITY_LIST = f"""query($where: EntityFilter, $at: AsOf, $order: [EntityOrdering!], $first: Int,
              $after: String, $last: Int, $before: String) {{
  entities(where: $where, at: $at, orderBy: $order, first: $first, after: $after,
           last: $last, before: $before) {{
    {PAGE} }} }}"""
RELATION_LIST = f"""query($where: RelationFilter, $subject: EntityFilter, $at: AsOf, $pick: Pick!,
              $order: [FactOrdering!], $first: Int, $after: String, $last: Int, $before: String) {{
  relations(where: $where, subject: $subject, at: $at, pick: $pick, orderBy: $order,
            first: $first, after: $after, last: $last, before: $before) {{ {PAGE} }} }}"""


def entity_key(by: str, seen: Seen) -> Callable[[str], Any]:
    def facts(entity: str) -> list[Told]:
        return [one for one in seen.told if entity in one.ends]

    def newest_value(entity: str) -> Any:
        figures = [one for one in facts(entity) if one["unit"] == "USD" and seen.is_current(one)]
        figures.sort(key=lambda one: one.id)
        return max(figures, key=lambda one: one["as_of_last"] or "")["value"] if figures else None

    return {
        "NAME": lambda entity: ENTITIES[entity].name,
        "FACT_COUNT": lambda entity: len(facts(entity)),
        "CONFIDENCE": lambda entity: max((one["confidence"] for one in facts(entity)), default=None),
        "AS_OF": lambda entity: max((one["as_of_last"] or "" for one in facts(entity)), default="") or None,
        "VALUE": newest_value,
    }[by]


@pytest.mark.long
@settings(max_examples=3)
@given(
    where=ENTITY_WHERE,
    known=KNOWN,
    by=st.sampled_from(["NAME", "FACT_COUNT", "CONFIDENCE", "AS_OF", "VALUE"]),
    paging=PAGING,
)
def test_lists_of_entities_are_what_a_plain_evaluation_finds(
    ask_random: Ask, where: Any, known: datetime | None, by: str, paging: Paging
) -> None:
    order = {"by": by, "descending": paging.descending}
    if by == "VALUE":
        order |= {"metric": "VALUATION", "unit": "USD"}
    for seen in (Seen(day, known) for day in VALID):
        found = pages(
            ask_random, ENTITY_LIST, "entities", paging, where=where, at=moment(seen), order=[order]
        )
        fitting = [entity for entity in ENTITIES if fits(entity, where, seen)]
        assert found == in_order(fitting, entity_key(by, seen), descending=paging.descending)


@pytest.mark.long
@settings(max_examples=3)
@given(
    where=st.fixed_dictionaries({"where": RELATION_WHERE, "subject": SIMPLE}),
    known=KNOWN,
    pick=st.sampled_from(["CURRENT", "ALL"]),
    by=st.sampled_from(["CONFIDENCE", "AS_OF", "SUBJECT"]),
    paging=PAGING,
)
def test_lists_of_relations_are_what_a_plain_evaluation_finds(
    ask_random: Ask, where: Any, known: datetime | None, pick: str, *, by: str, paging: Paging
) -> None:
    order = {"by": by, "descending": paging.descending}
    for seen in (Seen(day, known) for day in VALID):
        found = pages(
            ask_random,
            RELATION_LIST,
            "relations",
            paging,
            **where,
            at=moment(seen),
            pick=pick,
            order=[order],
        )
        told = {one.id: one for one in seen.told if one.row["kind"] == "relation"}
        fitting = [
            key
            for key, one in told.items()
            if told_so(one, where["where"])
            and fits(one.row["subject"], where["subject"], seen)
            and (pick == "ALL" or seen.is_current(one))
        ]
        assert found == in_order(fitting, relation_key(by, told), descending=paging.descending)


def relation_key(by: str, told: Mapping[str, Told]) -> Callable[[str], Any]:
    return {
        "CONFIDENCE": lambda key: told[key]["confidence"],
        "AS_OF": lambda key: told[key]["as_of_last"],
        "SUBJECT": lambda key: ENTITIES[told[key].row["subject"]].name,
    }[by]
