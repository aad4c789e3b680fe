"""`licenceThresholds`: one query brings thresholds and figures of users, `kb.thresholds` decides.

The record is `[terms, services, ids that nobody has]`. A term is its numbers, then the release that its
clause counts at, then the rows selected of it; a service its offerers and its figures, then the rows selected
of it.
A check is put together here from one term, one service and one offerer.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, cast

from kb.errors import UsageError
from kb.facts import Number
from kb.ontology import Comparator, Modality, Period
from kb.partial_date import PartialDate
from kb.thresholds import Decision, Threshold, Users, Verdict, decide
from schema.planner import entities, facts
from schema.planner.compiled import ChildReader, Part, Pattern, RowPart
from schema.planner.connections import first_of
from schema.planner.current import is_current
from schema.planner.existence import refuse_unknown, unknown
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Child, Row, Scalar, Shape, Values

MAX_TERMS: Final = 50
MAX_SERVICES: Final = 200
"""Those with the largest figures."""
MAX_FIGURES: Final = 500
"""Of one service, the newest."""

_SAME: Final = "same"
_ORDER: Final = tuple(Verdict)
_FIGURE: Final = ("id", "modality", "comparator", "period", "as_of", "value", "low", "high")


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows selected of one thing: their expressions, and by signature where each lies."""

    expressions: Sequence[str]
    places: Mapping[str, tuple[int, RowPart]]

    def reader(self, field: Field) -> ChildReader:
        """Reads the field from the thing's values; nothing where there is no such thing."""
        position, part = self.places[field.signature]
        return lambda values, _parent: None if values is None else part.read(cast("Values", values)[position])


@dataclass(frozen=True, slots=True)
class _Groups:
    licence: _Group
    term: _Group
    model: _Group
    service: _Group
    company: _Group
    figure: _Group


@dataclass(frozen=True, slots=True)
class _Case:
    """One term and one service, as their raw values."""

    term: Values
    service: Values
    company: Values | None


def thresholds(query: Query, field: Field) -> Part:
    """The checks of services against thresholds, those that exceed first."""
    groups = _groups(query, field.selection)
    terms, services = _terms(query, field, groups), _services(query, field, groups)
    day = _day(query, field.arguments)
    shape = _check_shape(field.selection, groups, query.today)
    verdicts: Sequence[Verdict] | None = field.arguments.get("verdict")
    first, skip = first_of(field.arguments), _skip(field.arguments)

    def read(value: object, _parent: Row) -> list[Row]:
        refuse_unknown(cast("Sequence[Sequence[str]]", value)[2])
        decided = [(case, _decide(case, day, query.today)) for case in _cases(value)]
        wanted = [(c, d) for c, d in decided if verdicts is None or d.verdict in verdicts]
        wanted.sort(key=lambda one: _ORDER.index(one[1].verdict))
        return [_check(shape, case, decision) for case, decision in wanted[skip : skip + first]]

    return Part(f"[{terms}, {services}, {unknown(_asked(query, field))}]", read)


def _asked(query: Query, field: Field) -> list[str]:
    """The ids of the licence and the company that are asked about."""
    ids = (field.arguments.get(name) for name in ("licence", "company"))
    return [query.entity_id(id_) for id_ in ids if id_ is not None]


def _skip(arguments: Mapping[str, Any]) -> int:
    skip: int = arguments["skip"]
    if skip < 0:
        raise UsageError("`skip` is how many checks to leave out: 0 or more.")
    return skip


def _cases(value: object) -> Iterable[_Case]:
    terms, services, _ = cast("Sequence[Sequence[Values]]", value)
    for term in terms:
        for service in services:
            for company in cast("Sequence[Values]", service[0]) or (None,):
                yield _Case(term, service, company)


def _terms(query: Query, field: Field, groups: _Groups) -> str:
    conditions = [*query.scope.visible("t"), is_current(query, "t", relation=False), _own(query)]
    if field.arguments.get("licence") is not None:
        licence = query.entity_id(field.arguments["licence"])
        family = f"(:Model {{id: {licence}}})<-[:RELEASE_OF*0..1]-(:Model)-[:RELEASED_UNDER*0..1]->(l)"
        conditions.append(f"(l.id = {licence} OR EXISTS {{ {family} }})")
    pattern = Pattern("t", "(t:Term {predicate: 'USER_THRESHOLD'})-[:SUBJECT]->(l:Entity)", tuple(conditions))
    values = ["t.value", "t.comparator", "t.period", _release(query, groups.model)]
    rows = ", ".join([*values, *groups.term.expressions, *groups.licence.expressions])
    return (
        f"COLLECT {{ {pattern.text} WITH t, l ORDER BY coalesce(t.as_of_last, '') DESC, l.id, t.id "
        f"LIMIT {MAX_TERMS} RETURN [{rows}] }}"
    )


def _own(query: Query) -> str:
    """That a threshold told of a model is not told of the model's licence, too."""
    same = [f"{_SAME}.{name} = t.{name}" for name in ("predicate", "value", "comparator")]
    conditions = [*same, *query.scope.visible(_SAME), is_current(query, _SAME, relation=False)]
    return (
        f"NOT EXISTS {{ MATCH (l)-[:RELEASED_UNDER]->(:Licence)<-[:SUBJECT]-({_SAME}:Term) "
        f"WHERE {' AND '.join(conditions)} }}"
    )


def _release(query: Query, model: _Group) -> str:
    """The first model under the licence, which is its own version, with its date and its developers."""
    told = [*query.scope.visible("d"), is_current(query, "d", relation=False)]
    pattern = Pattern(
        "m",
        "(l)<-[:RELEASED_UNDER*0..1]-(m:Model)<-[:SUBJECT]-(d:DateFact {predicate: 'RELEASED_ON'})",
        tuple(told),
    )
    developers = "COLLECT { MATCH (m)<-[:DEVELOPS]-(x:Company) RETURN x.id }"
    rows = ", ".join(["d.date", developers, *model.expressions])
    ordered = f"{pattern.text} WITH m, d ORDER BY d.date_last, m.id LIMIT 1"
    return f"head(COLLECT {{ {ordered} RETURN [{rows}] }})"


def _services(query: Query, field: Field, groups: _Groups) -> str:
    conditions = ["(s:Product OR s:Company)", *query.scope.visible("u")]
    if field.arguments.get("company") is not None:
        company = query.entity_id(field.arguments["company"])
        conditions.append(f"(s.id = {company} OR EXISTS {{ (s)<-[:OFFERS]-(:Company {{id: {company}}}) }})")
    pattern = Pattern("s", "(u:Figure {predicate: 'USERS'})-[:SUBJECT]->(s:Entity)", tuple(conditions))
    rows = ", ".join([_companies(groups.company), _users(query, groups.figure), *groups.service.expressions])
    return (
        f"COLLECT {{ {pattern.text} WITH s, max(coalesce(u.value, u.high)) AS most "
        f"ORDER BY most DESC, s.id LIMIT {MAX_SERVICES} RETURN [{rows}] }}"
    )


def _companies(group: _Group) -> str:
    rows = ", ".join(["c.id", *group.expressions])
    return (
        f"COLLECT {{ MATCH (s)<-[:OFFERS*0..1]-(c:Company) WITH DISTINCT c ORDER BY c.id RETURN [{rows}] }}"
    )


def _users(query: Query, group: _Group) -> str:
    pattern = Pattern("f", "(s)<-[:SUBJECT]-(f:Figure {predicate: 'USERS'})", tuple(query.scope.visible("f")))
    rows = ", ".join([*(f"f.{name}" for name in _FIGURE), *group.expressions])
    return (
        f"COLLECT {{ {pattern.text} WITH f ORDER BY coalesce(f.as_of_last, '') DESC, f.id "
        f"LIMIT {MAX_FIGURES} RETURN [{rows}] }}"
    )


def _groups(query: Query, selection: Selection) -> _Groups:
    fields = selection.distinct()
    inner = [
        found for release in fields if release.name == "atRelease" for found in release.selection.distinct()
    ]

    def group(name: str, offset: int, compile_row: Callable[[Selection], RowPart]) -> _Group:
        chosen = {f.signature: f for f in (*fields, *inner) if f.name == name}
        parts = [(signature, compile_row(f.selection)) for signature, f in sorted(chosen.items())]
        places = {signature: (offset + i, part) for i, (signature, part) in enumerate(parts)}
        return _Group([part.expression for _, part in parts], places)

    def entity(variable: str) -> Callable[[Selection], RowPart]:
        return lambda chosen: entities.entity_row(query, variable, chosen)

    def fact(variable: str, kind: str) -> Callable[[Selection], RowPart]:
        return lambda chosen: facts.fact_row(query, variable, kind, chosen)

    term = group("term", 4, fact("t", "LicenceTerm"))
    return _Groups(
        term=term,
        licence=group("licence", 4 + len(term.expressions), entity("l")),
        model=group("model", 2, entity("m")),
        service=group("service", 2, entity("s")),
        company=group("company", 1, entity("c")),
        figure=group("users", len(_FIGURE), fact("f", "Figure")),
    )


def _day(query: Query, arguments: Mapping[str, Any]) -> date:
    valid: PartialDate | None = (arguments.get("at") or {}).get("valid")
    return query.today if valid is None else valid.last


def _decide(case: _Case, day: date, today: date) -> Decision:
    value, comparator, period = case.term[:3]
    threshold = Threshold(
        value=cast("Number", value),
        comparator=Comparator(cast("str", comparator)),
        period=None if period is None else Period(cast("str", period)),
    )
    figures = [_users_of(raw) for raw in cast("Sequence[Values]", case.service[1])]
    return decide(threshold, figures, day, today)


def _users_of(values: Values) -> Users:
    told: dict[str, Any] = dict(zip(_FIGURE, values, strict=False))
    return Users(
        id=told["id"],
        modality=Modality(told["modality"]),
        comparator=Comparator(told["comparator"]),
        period=None if told["period"] is None else Period(told["period"]),
        as_of=None if told["as_of"] is None else PartialDate.parse(told["as_of"]),
        value=told["value"],
        low=told["low"],
        high=told["high"],
    )


def _check(shape: Shape, case: _Case, decision: Decision) -> Row:
    release = cast("Values | None", case.term[3])
    licensor = (
        release is not None and case.company is not None and case.company[0] in cast("list[str]", release[1])
    )
    return Row(shape, (decision, case, _figure(case, decision), licensor))


def _figure(case: _Case, decision: Decision) -> Values | None:
    figures = cast("Sequence[Values]", case.service[1])
    return next((f for f in figures if decision.figure is not None and f[0] == decision.figure.id), None)


def _check_shape(selection: Selection, groups: _Groups, today: date) -> Shape:
    readers: dict[str, Callable[[Field], ChildReader]] = {
        "term": lambda field: _of_case(lambda case: case.term, groups.term.reader(field)),
        "licence": lambda field: _of_case(lambda case: case.term, groups.licence.reader(field)),
        "service": lambda field: _of_case(lambda case: case.service, groups.service.reader(field)),
        "company": lambda field: _of_case(lambda case: case.company, groups.company.reader(field)),
        "atRelease": lambda field: _at_release(_release_shape(field.selection, groups), today),
    }
    children = {key: Child(1, readers[f.name](f)) for key, f in selection.fields.items() if f.name in readers}
    return Shape(
        lambda _values: "ThresholdCheck", _DECISION, {**children, **_figure_children(selection, groups)}
    )


def _figure_children(selection: Selection, groups: _Groups) -> dict[tuple[str, str], Child]:
    return {
        key: Child(2, groups.figure.reader(f)) for key, f in selection.fields.items() if f.name == "users"
    }


def _of_case(choose: Callable[[_Case], Values | None], read: ChildReader) -> ChildReader:
    return lambda case, parent: read(choose(cast("_Case", case)), parent)


def _release_shape(selection: Selection, groups: _Groups) -> Shape:
    models = {
        key: Child(1, _of_case(lambda case: cast("Values", case.term[3]), groups.model.reader(f)))
        for key, f in selection.fields.items()
        if f.name == "model"
    }
    return Shape(lambda _values: "ReleaseCheck", _DECISION, {**models, **_figure_children(selection, groups)})


def _at_release(shape: Shape, today: date) -> ChildReader:
    def read(value: object, _parent: Row) -> Row | None:
        case = cast("_Case", value)
        release = cast("Values | None", case.term[3])
        if release is None:
            return None
        decision = _decide(case, _released(release).last, today)
        return Row(shape, (decision, case, _figure(case, decision), False))

    return read


def _released(release: Values) -> PartialDate:
    return PartialDate.parse(cast("str", release[0]))


_DECISION: Final[Mapping[str, Scalar]] = {
    "verdict": lambda values: cast("Decision", values[0]).verdict,
    "reason": lambda values: cast("Decision", values[0]).reason,
    "ratio": lambda values: cast("Decision", values[0]).ratio,
    "licensor": lambda values: values[3],
    "released": lambda values: _released(cast("Values", cast("_Case", values[1]).term[3])),
}
