"""Price files of models.dev, litellm and genai-prices: what each provider asks for a million tokens.

A price of zero is left out: the files write it for what is not charged by the token as well. Context windows
and dates are no prices; `kb registry refresh` takes them, with care for which provider's are the model's own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any, Final

from kb.documents import Metadata
from kb.facts import EntityRef, Figure
from kb.ontology import EntityType, Metric
from kb.partial_date import PartialDate
from loaders.cleaning.dates import partial_date
from loaders.refusals import Code
from loaders.sources.found import Found, Given, Problem
from loaders.sources.rendering import Keys, Line, Make, plain, stated

EXTRACTOR: Final = "price-file/1"
_LOOK: Final = 5
"""Records by which a file is recognised; one of them suffices, as others may be broken."""
_MILLION: Final = 1_000_000
_AUTHOR: Final = re.compile(r"^(?:[a-z-]{2,20}\.)+(?=[a-z])")
"""Region and maker before a name, as `us.anthropic.`."""


@dataclass(frozen=True, slots=True)
class _Price:
    """One cell of a row: what it is called there, its value in words, and dollars a million tokens."""

    metric: Metric
    field: str
    words: str
    dollars: Decimal
    since: PartialDate | None = None


@dataclass(frozen=True, slots=True)
class _Offer:
    """A row's place in the file, who offers the model, and the model's id."""

    place: str
    provider: str
    model: str


def is_models_dev(value: object) -> bool:
    """Whether this is the data of models.dev: providers by id, each with its models by id."""
    return any("id" in one and isinstance(one.get("models"), Mapping) for one in _first(value))


def is_litellm(value: object) -> bool:
    """Whether this is litellm's file: rows by model, each naming its provider."""
    return any("litellm_provider" in one for one in _first(value))


def is_genai_prices(value: object) -> bool:
    """Whether this is the data of genai-prices: a list of providers, each with a list of its models."""
    return isinstance(value, list) and any(_is_priced(one.get("models")) for one in _first(value))


def _is_priced(models: object) -> bool:
    return isinstance(models, list) and any(
        isinstance(one, Mapping) and "prices" in one for one in models[:3]
    )


def _first(value: object) -> Iterator[Mapping[str, Any]]:
    """The first records of a file, of which one may be broken."""
    records: Any = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return (one for one in islice(records, _LOOK) if isinstance(one, Mapping))


def models_dev(value: Mapping[str, Any], given: Given) -> Iterator[Found]:
    """The prices of models.dev's data."""
    keys = Keys()
    for provider, about in value.items():
        models = about.get("models") if isinstance(about, Mapping) else None
        if not isinstance(models, Mapping):
            yield _no_record(given, provider)
            continue
        seller = str(about.get("name") or provider)
        for model, fields in models.items():
            place = f"{provider}/{model}"
            if not isinstance(fields, Mapping):
                yield _no_record(given, place)
                continue
            cost = fields.get("cost")
            table: Mapping[str, Any] = cost if isinstance(cost, Mapping) else {}
            cells = (("input", Metric.PRICE_INPUT), ("output", Metric.PRICE_OUTPUT))
            prices = [_price(metric, f"cost.{name}", table.get(name)) for name, metric in cells]
            yield from _row(_Offer(place, seller, model), prices, given, keys)


def litellm(value: Mapping[str, Any], given: Given) -> Iterator[Found]:
    """The prices of litellm's file, which are for one token each."""
    keys = Keys()
    for model, fields in value.items():
        if model == "sample_spec":  # the file's own example of a row
            continue
        if not isinstance(fields, Mapping) or not isinstance(fields.get("litellm_provider"), str):
            yield _no_record(given, model)
            continue
        cells = (("input_cost_per_token", Metric.PRICE_INPUT), ("output_cost_per_token", Metric.PRICE_OUTPUT))
        prices = [_price(metric, name, fields.get(name), _MILLION) for name, metric in cells]
        yield from _row(_Offer(model, fields["litellm_provider"], model), prices, given, keys)


def genai_prices(value: list[Any], given: Given) -> Iterator[Found]:
    """The prices of genai-prices' data; those that hold at certain hours are left out."""
    keys = Keys()
    for position, about in enumerate(value, start=1):
        models = about.get("models") if isinstance(about, Mapping) else None
        if not isinstance(models, list):
            yield _no_record(given, f"provider {position}")
            continue
        provider = str(about.get("id") or about.get("name") or position)
        for fields in models:
            if not isinstance(fields, Mapping) or not isinstance(fields.get("id"), str):
                yield _no_record(given, f"{provider}, a model")
                continue
            prices = list(_conditional(fields.get("prices")))
            offer = _Offer(f"{provider}/{fields['id']}", str(about.get("name") or provider), fields["id"])
            yield from _row(offer, prices, given, keys)


def _conditional(prices: object) -> Iterator[_Price | str | None]:
    for price in prices if isinstance(prices, list) else [{"prices": prices}]:
        table = price.get("prices") if isinstance(price, Mapping) else None
        constraint = price.get("constraint") if isinstance(price, Mapping) else None
        start = constraint.get("start_date") if isinstance(constraint, Mapping) else None
        if not isinstance(table, Mapping) or (constraint is not None and start is None):
            continue
        since = None if start is None else partial_date(start)
        for name, metric in (("input_mtok", Metric.PRICE_INPUT), ("output_mtok", Metric.PRICE_OUTPUT)):
            cell = table.get(name)
            base = cell.get("base") if isinstance(cell, Mapping) else cell
            yield _price(metric, name, base, since=since)


def _price(
    metric: Metric, field: str, cell: object, factor: int = 1, since: PartialDate | None = None
) -> _Price | str | None:
    """The price in a cell; None where there is none, its words where it is no price."""
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        return f"{field} is '{str(cell)[:40]}'"
    number = Decimal(str(cell))
    if not number.is_finite() or number < 0:
        return f"{field} is {number}"
    return _Price(metric, field, plain(number), number * factor, since) if number else None


def _row(offer: _Offer, prices: list[_Price | str | None], given: Given, keys: Keys) -> Iterator[Found]:
    origin = f"{given.origin}, {offer.place}"
    ref = EntityRef(EntityType.MODEL, _model_name(offer.model) or offer.place)
    seller = EntityRef(EntityType.COMPANY, offer.provider.replace("_", " ").strip() or offer.place)
    today = given.known.published
    lines: list[Line] = []
    for price in prices:
        if isinstance(price, str):
            yield Problem(origin, f"{price}, which is no price.", Code.BAD_ROW)
        elif price is not None:
            since = f", since {price.since}" if price.since else f", as of {today}" if today else ""
            words = f"{offer.model} at {offer.provider}, {price.field}: {price.words} USD{since}"
            lines.append(Line(words, [_make(ref, seller, price, given)]))
    known = given.known.or_else(Metadata(title=f"{offer.place} ({given.path.name})"))
    key = keys.unique(f"{given.key}#{offer.place}")
    yield from stated(key, origin, lines, extractor=EXTRACTOR, media_type="application/json", metadata=known)


def _make(ref: EntityRef, seller: EntityRef, price: _Price, given: Given) -> Make:
    value = price.dollars
    number = int(value) if value == value.to_integral_value() else float(value)
    return partial(
        Figure,
        subject=ref,
        predicate=price.metric,
        value=number,
        unit="USD",
        offered_by=seller,
        as_of=price.since or given.known.published,
    )


def _model_name(model: str) -> str:
    """The model's name in an id such as `azure/eu/gpt-4o` or `us.anthropic.claude-3-haiku`."""
    return _AUTHOR.sub("", model.rpartition("/")[2].strip())


def _no_record(given: Given, place: str) -> Problem:
    return Problem(f"{given.origin}, {place}", "There is no record of a model there.", Code.BAD_ROW)
