"""Tables of models as Epoch AI publishes them: one row a model, with its maker, date, size and training."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from kb.documents import Metadata
from kb.errors import ContractError
from kb.facts import DateFact, EntityRef, Figure, Number, Relation, Term
from kb.ontology import Access, Comparator, DateEvent, EntityType, Metric, RelationType, TermType
from kb.partial_date import PartialDate
from loaders.refusals import Code
from loaders.sources.found import Found, Given, Problem
from loaders.sources.rendering import Keys, Line, Make, plain, stated
from loaders.sources.rows import Row, number

EXTRACTOR: Final = "epoch-table/1"

_MODEL: Final = ("Model", "System")
_FIGURES: Final[Mapping[str, tuple[Metric, str]]] = {
    "Parameters": (Metric.PARAMETERS, "parameter"),
    "Training compute (FLOP)": (Metric.TRAINING_COMPUTE, "FLOP"),
    "Hardware quantity": (Metric.ACCELERATORS, "accelerator"),
}
_COST: Final = re.compile(r"Training compute cost \(\d{4} USD\)")
_CERTAIN: Final = {"Confident": 0.9, "Likely": 0.7, "Speculative": 0.5}
_ACCESS: Final = {
    "open weights": Access.OPEN_WEIGHTS,
    "api access": Access.CLOSED,
    "hosted access": Access.CLOSED,
}


def recognises(columns: Iterable[str]) -> bool:
    """Whether these are columns of such a table."""
    names = set(columns)
    return (
        bool(names & set(_MODEL))
        and "Organization" in names
        and bool(names & {*_FIGURES, "Publication date"})
    )


def items(rows: Iterable[Row], given: Given) -> Iterator[Found]:
    """A document with its facts for each model, and a problem for each row or cell that gives none."""
    keys = Keys()
    for row in rows:
        if isinstance(row, Problem):
            yield row
            continue
        place, cells = row
        origin = f"{given.origin}, {place}"
        told = {str(name): plain(value).strip() for name, value in cells.items()}
        model = next((told[name] for name in _MODEL if told.get(name)), None)
        if model is None:
            yield Problem(origin, "This row names no model.", Code.BAD_ROW)
            continue
        known = given.known.or_else(
            Metadata(title=f"{model} ({given.path.name})", url=_url(told.get("Link")))
        )
        yield from stated(
            keys.unique(f"{given.key}#{model}"),
            origin,
            list(_lines(model, told)),
            extractor=EXTRACTOR,
            media_type="text/csv",
            metadata=known,
        )


def _lines(model: str, told: Mapping[str, str]) -> Iterator[Line]:
    """The cells that are read; the sizes of data sets are not, since their points are not always tokens."""
    ref = EntityRef(EntityType.MODEL, model)
    certain = _CERTAIN.get(told.get("Confidence", ""), _CERTAIN["Confident"])
    for column, value in told.items():
        if not value:
            continue
        makes = list(_makes(ref, column, value, sure=certain == _CERTAIN["Confident"]))
        if makes:
            estimated = column in _FIGURES or _COST.fullmatch(column) is not None
            yield Line(f"{model}, {column}: {value}", makes, certain if estimated else _CERTAIN["Confident"])


def _makes(ref: EntityRef, column: str, value: str, *, sure: bool) -> Iterator[Make]:
    if column in _FIGURES:
        metric, unit = _FIGURES[column]
        comparator = Comparator.EQ if sure else Comparator.ABOUT
        yield _figure(ref, metric, unit, value, comparator)
    elif _COST.fullmatch(column):
        yield _figure(ref, Metric.TRAINING_COST, "USD", value, Comparator.ABOUT)
    elif column == "Organization":
        for name in value.split(","):
            if name.strip():
                maker = EntityRef(EntityType.COMPANY, name.strip())
                yield partial(Relation, subject=maker, predicate=RelationType.DEVELOPS, object=ref)
    elif column == "Publication date":
        yield _release(ref, value)
    elif column == "Base model":
        base = EntityRef(EntityType.MODEL, value)
        yield partial(Relation, subject=ref, predicate=RelationType.DERIVED_FROM, object=base)
    elif column == "Model accessibility":
        access = _ACCESS.get(value.partition("(")[0].strip().casefold())
        if access is not None:
            yield partial(Term, subject=ref, predicate=TermType.OPENNESS, access=access)


def _release(ref: EntityRef, value: str) -> Make:
    def make(**found: Any) -> DateFact:  # noqa: ANN401 - evidence, extractor, confidence
        date = PartialDate.parse(value[:10])
        return DateFact(subject=ref, predicate=DateEvent.RELEASED_ON, date=date, **found)

    return make


def _figure(ref: EntityRef, metric: Metric, unit: str, value: str, comparator: Comparator) -> Make:
    def make(**found: Any) -> Figure:  # noqa: ANN401 - evidence, extractor, confidence
        return Figure(
            subject=ref, predicate=metric, unit=unit, value=_positive(value), comparator=comparator, **found
        )

    return make


def _positive(text: str) -> Number:
    value = number(text)
    if value <= 0:
        raise ContractError(f"'{text[:40]}' is no size.")
    return value


def _url(text: str | None) -> str | None:
    return text if text is not None and re.match(r"https?://\S+$", text) else None
