"""`timeSeries`: one flat row for each figure, or for the best figure of each bucket, oldest first."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import Any, Final, cast

from kb.errors import UsageError
from kb.ontology import Metric
from kb.partial_date import PartialDate
from kb.ranking import rank_key
from schema.enums import Bucket
from schema.planner import facts
from schema.planner.compiled import Part, Pattern, at
from schema.planner.conditions import among_values
from schema.planner.entities import unit_of
from schema.planner.filters import figure_conditions
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Row, Scalar, Shape, Values

MAX_SUBJECTS: Final = 50
MAX_POINTS: Final = 2000

_LABEL: Final = ("period", "scope", "basis", "benchmark")


def time_series(query: Query, field: Field) -> Part:
    """The points of one metric in one unit, of some subjects."""
    arguments = field.arguments
    subjects: Sequence[str] = arguments["subjects"]
    if len(subjects) > MAX_SUBJECTS:
        raise UsageError(f"`subjects` names at most {MAX_SUBJECTS} entities.")
    metric: Metric = arguments["metric"]
    conditions = [
        f"e.id IN {query.entity_ids(among_values(query, subjects))}",
        f"f.predicate = {query.parameter(metric.value)}",
        f"f.unit = {query.parameter(unit_of(metric, arguments.get('unit')))}",
        f"f.modality IN {among_values(query, arguments['modality'])}",
        "f.as_of_last IS NOT NULL",
        *query.scope.visible("f"),
        *_bounds(query, arguments),
        *figure_conditions(query, "f", arguments.get("where")),
    ]
    pattern = Pattern("f", "(f:Figure)-[:SUBJECT]->(e:Entity)", tuple(conditions))
    figure = facts.fact_row(query, "f", "Figure", Selection({}), whole=True)
    expression = (
        f"COLLECT {{ {pattern.text} WITH f, e ORDER BY f.as_of_last, e.id, f.id "
        f"LIMIT {query.parameter(MAX_POINTS + 1)} RETURN [e.id, e.name, {figure.expression}] }}"
    )
    bucket: Bucket = arguments["bucket"]
    moment = query.moment

    def read(value: object, _parent: Row) -> list[Row]:
        rows = cast("Sequence[Values]", value)
        if len(rows) > MAX_POINTS:
            raise UsageError(f"There are more than {MAX_POINTS} points: narrow the time or the subjects.")
        points = [(row[0], row[1], found) for row in rows if (found := figure.read(row[2])) is not None]
        return [Row(_POINT, point) for point in _bucketed(points, bucket, moment)]

    return Part(expression, read)


def _bounds(query: Query, arguments: Mapping[str, Any]) -> list[str]:
    since: PartialDate | None = arguments.get("from")
    until: PartialDate | None = arguments.get("to")
    conditions = [] if since is None else [f"f.as_of_last >= {query.parameter(since.first.isoformat())}"]
    if until is not None:
        conditions.append(f"f.as_of_last <= {query.parameter(until.last.isoformat())}")
    return conditions


def _bucketed(points: Iterable[Values], bucket: Bucket, moment: date) -> Iterable[Values]:
    """Of each series and bucket the point that the ranking rule shows first."""
    if bucket is Bucket.NONE:
        return points
    ordered = sorted(points, key=lambda point: (_slot(point), _bucket(point, bucket)))
    groups = groupby(ordered, key=lambda point: (_slot(point), _bucket(point, bucket)))
    best = [min(group, key=lambda p: rank_key(facts.ranked(_figure(p)), moment)) for _, group in groups]
    return sorted(best, key=lambda point: (_day(point), _slot(point)))


def _bucket(point: Values, bucket: Bucket) -> str:
    day = _day(point)
    match bucket:
        case Bucket.YEAR:
            return f"{day.year}"
        case Bucket.QUARTER:
            return f"{day.year}-{(day.month - 1) // 3}"
        case _:
            return day.isoformat()[:7]


def _figure(point: Values) -> Row:
    return cast("Row", point[2])


def _slot(point: Values) -> str:
    return cast("str", _figure(point).scalar("slot"))


def _day(point: Values) -> date:
    return cast("PartialDate", _figure(point).scalar("as_of")).last


def _time(point: Values) -> datetime:
    return datetime.combine(_day(point), time(tzinfo=UTC))


def _series(point: Values) -> str:
    """What a chart's legend shows: the name, and what tells series of one subject apart."""
    qualifiers = [_figure(point).scalar(name) for name in _LABEL]
    if _figure(point).scalar("active"):
        qualifiers.append("active")
    return " ".join([str(point[1]), *(str(one) for one in qualifiers if one is not None)])


def _of_figure(name: str) -> Scalar:
    return lambda point: _figure(point).scalar(name)


_POINT: Final = Shape(
    lambda _values: "Point",
    {
        "time": _time,
        "series": _series,
        "subject_id": at(0),
        "subject_name": at(1),
        "fact_id": _of_figure("id"),
        **{
            name: _of_figure(name)
            for name in (
                "metric",
                "value",
                "low",
                "high",
                "unit",
                "period",
                "comparator",
                "modality",
                "as_of",
            )
        },
    },
    {},
)
