"""Where in an index lies what may pass a filter, for pages that begin there or are made of few."""

from kb.names import BETWEEN, ELSEWHERE, HEAD, LONG, folded, spellings
from kb.ontology import EntityType, Metric
from schema.planner.compiled import Pattern
from schema.planner.conditions import COMPARISONS, Filter
from schema.planner.filters import PARTS, country_ids, of_one_type
from schema.planner.indexed import Branch, Sample
from schema.planner.query import Query
from schema.planner.variables import apply


def bounds(query: Query, key: str, value: Filter | None) -> list[str]:
    """What a FloatFilter demands of the property by which figures are sorted, so that its index begins there.

    Of ranges it is the upper end, which is beyond a lower bound where the lower end is.
    """
    return [
        f"{key} {sign} {query.parameter(value[name])}"
        for name, sign in COMPARISONS.items()
        if value is not None and value.get(name) is not None
    ]


def valued(query: Query, variable: str, metric: Metric, value: Filter) -> tuple[str, ...]:
    """Clauses that find the figures of a metric whose value may pass, by indexes: numbers, then ranges."""
    given = [(sign, query.parameter(value[n])) for n, sign in COMPARISONS.items() if value.get(n) is not None]
    of_metric = f"MATCH ({variable}:Figure) WHERE {variable}.predicate = {query.parameter(str(metric))}"
    # a range that lies between two bounds has its lower end between them
    end = "low" if any(sign[0] == ">" for sign, _ in given) else "high"
    of = {"value": given, end: [pair for pair in given if pair[0] != "="]}
    return tuple(
        f"{of_metric} AND {' AND '.join(f'{variable}.{name} {sign} {bound}' for sign, bound in pairs)}"
        for name, pairs in of.items()
        if pairs
    )


def lower(query: Query, variable: str, value: Filter) -> list[str]:
    """What `bounds` of figures that are shown leave: ranges go by their lower ends too, and equal nothing."""
    ends = {"=": f"{variable}.value", ">": f"coalesce({variable}.value, {variable}.low)"}
    return [
        f"{ends[sign[0]]} {sign} {query.parameter(value[name])}"
        for name, sign in COMPARISONS.items()
        if value.get(name) is not None and sign[0] in ends
    ]


def beginning(query: Query, pattern: Pattern, given: Filter) -> tuple[Branch, ...]:
    """Entities of which a name begins so, by their own names: those whose own begins alike stand together.

    Other names of theirs may begin so where the own does not; there is a mark before such names.
    """
    entity, begin = pattern.variable, given["name"]["startsWith"]
    spelling = query.name("t")
    near = pattern.where(f"{entity}.name STARTS WITH {spelling}")
    key = f"{entity}.name"
    own = Branch(near, key, each=(spelling, query.parameter(apply(spellings, begin))))
    other = f"NOT {entity}.folded STARTS WITH {query.parameter(apply(_head, begin))}"
    marked = _marked(query, pattern, given, apply(_elsewhere, begin))
    return (own, *(Branch(one.where(other), key) for one in marked))


def containing(
    query: Query, pattern: Pattern, anyhow: Pattern, given: Filter
) -> tuple[tuple[Branch, ...], Sample]:
    """Entities that have a part in their names, and a sample: the index that sorts them holds most's names.

    Who has too many names for it has a mark behind them. `anyhow` is the pattern without the part.
    """
    entity = pattern.variable
    label, _ = of_one_type(given)
    held, key = f"{entity}.folded_short", f"{entity}.name"
    part = query.parameter(apply(folded, given["name"]["contains"]))
    # named, since the database at times takes the index of names alone, and reads the names of each node
    by_index = Pattern(entity, f"{anyhow.match} USING INDEX {entity}:{label}(name, folded_short)")
    passes = (f"{held} CONTAINS {part}", *anyhow.conditions)
    of_most = Branch(by_index.where(*passes), key, looked_at=(held,))
    marked = _marked(query, pattern, given, LONG)
    branches = (of_most, *(Branch(one.where(f"{held} IS NULL"), key) for one in marked))
    return branches, Sample(Branch(by_index, key, looked_at=(held,)), passes)


def based_in(query: Query, pattern: Pattern, given: Filter) -> tuple[Branch, Sample, tuple[str, ...]]:
    """Companies of countries, from the index that has them beside the name by which it sorts, and a sample.

    The last are clauses that find them by the countries.
    """
    entity, land = pattern.variable, query.name("o")
    held, key = f"{entity}.countries", f"{entity}.name"
    by_index = Pattern(entity, f"{pattern.match} USING INDEX {entity}:Company(name, countries)")
    branch = Branch(by_index.where(f"{held} IS NOT NULL", *pattern.conditions), key, looked_at=(held,))
    found = (
        f"MATCH ({land}:Entity) WHERE {land}.id IN {country_ids(query, given['country'])} "
        f"MATCH ({land})<-[:BASED_IN]-({entity}:Company) WITH DISTINCT {entity}"
    )
    return branch, Sample(Branch(by_index, key, looked_at=(held,)), pattern.conditions), (found,)


def _marked(query: Query, pattern: Pattern, given: Filter, mark: object) -> tuple[Pattern, ...]:
    """What the pattern leaves of those with a mark among their names; nothing where no type is asked."""
    entity = pattern.variable
    found = _found(entity, given, query.parameter(mark))
    source = f"CALL () {{ {' UNION ALL '.join(f'{clause} RETURN {entity}' for clause in found)} }} WITH"
    return (Pattern(entity, "*", pattern.conditions, source=source),) if found else ()


def _elsewhere(begin: str) -> str:
    return ELSEWHERE + folded(begin)


def _head(begin: str) -> str:
    return BETWEEN + folded(begin)[:HEAD]


def named_in_part(query: Query, variable: str, given: Filter, way: str) -> tuple[str, ...]:
    """Clauses that find the entities of which a name contains a part or begins with it.

    There is an index of texts for each type, of which those of the asked types are taken.
    """
    name = given.get("name") or {}
    if name.get(way) is None:
        return ()
    return _found(variable, given, query.parameter(apply(PARTS[way], name[way])))


def _found(variable: str, given: Filter, part: str) -> tuple[str, ...]:
    return tuple(
        f"MATCH ({variable}:{kind.value}) WHERE {variable}.folded CONTAINS {part}"
        for kind in asked_types(given)
    )


def asked_types(given: Filter) -> list[EntityType]:
    """The types that an EntityFilter leaves, each of which has indexes of its own."""
    kinds = given.get("type")
    return sorted(EntityType if kinds is None else set[EntityType](kinds))
