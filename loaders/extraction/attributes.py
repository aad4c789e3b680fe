"""The facts that words under a label make: a cell of a table, the value of a card's line."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kb.errors import ContractError
from kb.facts import DateFact, EntityRef, Fact, Figure, Term
from kb.ontology import (
    DATES,
    METRICS,
    Access,
    Comparator,
    DateEvent,
    Derivation,
    EntityType,
    Metric,
    RelationType,
    Scope,
    TermType,
)
from kb.partial_date import PartialDate
from loaders.extraction.annotations import EXTRACTOR, Annotated
from loaders.extraction.dates import find_dates
from loaders.extraction.labels import Attribute, currency_in
from loaders.extraction.quantities import Quantity, find_quantities
from loaders.extraction.statements import RELATED, Statement, best_mention, named, related, relation, seat_in
from loaders.extraction.trace import Reason, What

_PER_THOUSAND: Final = re.compile(r"(?:/|per) ?(?:1[ ,]?)?(?:k\b|000\b|thousand)", re.I)
_HOURS: Final = re.compile(r"\bhours?\b", re.I)
_BOTH: Final = re.compile(r"\b(?:total\b.{1,12}\bactiv\w*|activ\w*\b.{1,12}\btotal)\b", re.I)
_LEAST_FLOP: Final = 1e15
_METRICS: Final = {
    Attribute.PARAMETERS: (Metric.PARAMETERS, "parameter"),
    Attribute.ACTIVE_PARAMETERS: (Metric.PARAMETERS, "parameter"),
    Attribute.CONTEXT_WINDOW: (Metric.CONTEXT_WINDOW, "token"),
    Attribute.TRAINING_TOKENS: (Metric.TRAINING_TOKENS, "token"),
    Attribute.PRICE_INPUT: (Metric.PRICE_INPUT, ""),
    Attribute.PRICE_OUTPUT: (Metric.PRICE_OUTPUT, ""),
    Attribute.PRICES: (Metric.PRICE_INPUT, ""),
    Attribute.TRAINING_COMPUTE: (Metric.TRAINING_COMPUTE, ""),
    Attribute.TRAINING_COST: (Metric.TRAINING_COST, ""),
    Attribute.BENCHMARK: (Metric.BENCHMARK_SCORE, ""),
    Attribute.VALUATION: (Metric.VALUATION, ""),
    Attribute.FUNDING: (Metric.FUNDING_RAISED, ""),
    Attribute.REVENUE: (Metric.REVENUE, ""),
    Attribute.HEADCOUNT: (Metric.HEADCOUNT, "person"),
    Attribute.USERS: (Metric.USERS, "user"),
    Attribute.CUSTOMERS: (Metric.CUSTOMERS, "organisation"),
    Attribute.DOWNLOADS: (Metric.DOWNLOADS, "download"),
    Attribute.MARKET_SHARE: (Metric.MARKET_SHARE, "%"),
}
_BESIDE: Final = 80
_MONEY: Final = frozenset(
    (
        *(Metric.PRICE_INPUT, Metric.PRICE_OUTPUT, Metric.VALUATION, Metric.FUNDING_RAISED, Metric.REVENUE),
        Metric.TRAINING_COST,
    )
)
_PRICES: Final = frozenset((Metric.PRICE_INPUT, Metric.PRICE_OUTPUT))
_LASTING: Final = frozenset(
    (
        *(Metric.PARAMETERS, Metric.CONTEXT_WINDOW, Metric.TRAINING_TOKENS, Metric.BENCHMARK_SCORE),
        *(Metric.TRAINING_COMPUTE, Metric.TRAINING_COST),
    )
)
"""What does not change with time, so that the document's date is not the number's."""
_LEAST: Final = {Metric.PARAMETERS: 10_000, Metric.TRAINING_TOKENS: 1_000_000, Metric.CONTEXT_WINDOW: 64}
"""Smaller numbers under such a label count something else."""

_NO_LICENCE: Final = re.compile(
    r"(?:custom|other|unknown|various|mixed|see .*|n/?a|none|no|yes|tbd|-+|–|—)?", re.I
)
_CLOSED: Final = re.compile(r"(?:proprietary|closed(?:[- ]source)?)(?: licen[cs]e)?", re.I)
_YEAR_MONTH: Final = re.compile(r"((?:19|20)\d\d)[/.](\d{1,2})(?:[/.](\d{1,2}))?(?!\d)")


def facts_of(annotated: Annotated, said: Statement) -> Iterator[Fact]:
    """The facts that the words make; none where they do not read as the label expects."""
    rule, at = f"label {said.label.attribute}", (said.start, said.end)
    is_read = False
    for fact in _facts(annotated, said):
        if fact is not None:
            is_read = True
            yield annotated.trace.made(fact, rule, at)
    if not is_read:
        annotated.trace.dropped(What.CELL, Reason.UNREAD, at, rule=rule)


def _facts(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    attribute = said.label.attribute
    if attribute in _METRICS:
        yield from _figures(annotated, said)
    elif attribute in (Attribute.RELEASED_ON, Attribute.FOUNDED_ON):
        yield _dated(said)
    elif attribute is Attribute.COUNTRY:
        yield from _countries(annotated, said)
    elif attribute is Attribute.RELEASED_UNDER:
        yield from _licence(annotated, said)
    elif attribute is Attribute.DEVELOPER:
        yield from _developers(annotated, said)
    elif attribute in RELATED:
        yield from related(annotated, said)
    elif (base := best_mention(annotated, said.start, said.end, EntityType.MODEL)) is not None:
        yield relation(said, RelationType.DERIVED_FROM, said.subject, base.ref, how=Derivation.FINE_TUNED)


def _figures(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    metric, _ = _METRICS[said.label.attribute]
    if said.subject.type not in METRICS[metric].subjects:
        return
    said = replace(said, text=re.sub(r"(?<=\w)/(?=[~\d$€£¥])", " / ", said.text))
    found = _meant(said, list(find_quantities(said.text)))
    if len(found) > 1:
        found = [q for q in found if not _is_year(q)] or found
    if len(found) > 4 or re.search(r"\d\s?[x×]\s?\d", said.text):
        return
    for index, quantity in enumerate(found):
        # The range of a family's sizes is no size of one model.
        if quantity.value is not None or metric in _MONEY - _PRICES:
            yield _figure(annotated, said, quantity, index)


def _is_year(quantity: Quantity) -> bool:
    whole = quantity.magnitude == 1 and quantity.currency is None and isinstance(quantity.value, int)
    return whole and 1990 <= (quantity.value or 0) <= 2100


def _meant(said: Statement, found: list[Quantity]) -> list[Quantity]:
    """The numbers of the cell that the label asks for: of money where it has any, the input's context."""
    attribute = said.label.attribute
    if attribute is Attribute.TRAINING_TOKENS and re.search(r"corpus|data", said.label.words, re.I):
        return found if "token" in said.text.lower() else []
    if _METRICS[attribute][0] in _MONEY:
        found = [q for q in found if q.currency is not None] or found
    if attribute is Attribute.PRICES:
        return found if len(found) == 2 and "/" in said.text[found[0].end : found[1].start] else []
    if attribute is Attribute.CONTEXT_WINDOW:
        return [q for q in found if not _is_output(said.text, q)]
    return found


def _is_output(text: str, quantity: Quantity) -> bool:
    """Whether so many tokens come out, not in: `8K output`, `generation 8,192 tokens`."""
    before = re.search(
        r"\b(?:generat\w+|outputs?)\W{1,3}(?:[a-z]+ ){0,2}$",
        text[max(quantity.start - _BESIDE, 0) : quantity.start],
        re.I,
    )
    after = text[quantity.end : quantity.end + _BESIDE]
    return before is not None or re.match(r"[^/,;]{0,12}\boutput", after, re.I) is not None


def _figure(annotated: Annotated, said: Statement, quantity: Quantity, index: int) -> Fact | None:
    metric, unit = _METRICS[said.label.attribute]
    if said.label.attribute is Attribute.PRICES and index == 1:
        metric = Metric.PRICE_OUTPUT
    value = quantity.value or quantity.low or 0
    if quantity.magnitude == 1:
        value = round(value * said.label.scale, 6)
    if value < _LEAST.get(metric, 0):
        return None
    if metric in _MONEY:
        unit = quantity.currency or currency_in(said.text) or said.label.currency or ""
        if metric in (Metric.PRICE_INPUT, Metric.PRICE_OUTPUT) and _PER_THOUSAND.search(
            f"{said.label.words} {said.text[quantity.end :]}"
        ):
            value = round(value * 1000, 9)
    elif metric is Metric.TRAINING_COMPUTE:
        unit = "GPU-hour" if _HOURS.search(f"{said.label.words} {said.text}") else "FLOP"
        if unit == "FLOP" and value < _LEAST_FLOP:
            return None
    elif metric is Metric.BENCHMARK_SCORE:
        if quantity.currency is not None or quantity.magnitude != 1:
            return None
        unit = "%" if quantity.percent else "points"
    elif metric is Metric.MARKET_SHARE and not quantity.percent and "%" not in said.label.words:
        return None
    try:
        return Figure(
            subject=said.subject,
            predicate=metric,
            value=None if quantity.is_range else value,
            low=quantity.low,
            high=quantity.high,
            unit=unit,
            comparator=Comparator.EQ if metric is Metric.BENCHMARK_SCORE else quantity.comparator,
            period=said.label.period,
            scope=Scope.TOTAL if metric is Metric.FUNDING_RAISED else None,
            active=True if metric is Metric.PARAMETERS and _is_active(said, quantity, index) else None,
            benchmark=said.label.words if metric is Metric.BENCHMARK_SCORE else None,
            as_of=None if metric in _LASTING else annotated.document_date,
            evidence=said.evidence,
            extractor=EXTRACTOR,
            confidence=said.confidence,
        )
    except ContractError:  # a price without a currency
        return None


def _is_active(said: Statement, quantity: Quantity, index: int) -> bool:
    """Whether these are a mixture's active parameters, by the label or the words beside the number."""
    if _BOTH.search(said.label.words):
        return index == (0 if said.label.words.lower().lstrip("# ").startswith("activ") else 1)
    beside = re.match(r"[\s-]?(?:parameters? )?\(?activ", said.text[quantity.end :], re.I)
    return said.label.attribute is Attribute.ACTIVE_PARAMETERS or beside is not None


def _dated(said: Statement) -> Fact | None:
    event = DateEvent.RELEASED_ON if said.label.attribute is Attribute.RELEASED_ON else DateEvent.FOUNDED_ON
    date = _date(said.text)
    if date is None or said.subject.type not in DATES[event].subjects:
        return None
    return DateFact(
        subject=said.subject,
        predicate=event,
        date=date,
        evidence=said.evidence,
        extractor=EXTRACTOR,
        confidence=said.confidence,
    )


def _countries(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    if said.subject.type is EntityType.COMPANY:
        seat = seat_in(annotated, said.start, said.text, said.end)
        if seat is not None:
            yield relation(said, RelationType.BASED_IN, said.subject, seat)


def _date(text: str) -> PartialDate | None:
    try:
        if found := _YEAR_MONTH.match(text):
            return PartialDate(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
        if re.fullmatch(r"(?:19|20)\d\d(?:-\d\d){0,2}", text):
            return PartialDate.parse(text)
    except ContractError:
        return None
    dates = find_dates(text, None)
    return dates[0].date if dates else None


def _licence(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    if said.subject.type is not EntityType.MODEL or _NO_LICENCE.fullmatch(said.text):
        return
    if re.search(r"[^\W\d_]{2}", said.text) is None:
        return
    if _CLOSED.fullmatch(said.text):
        yield Term(
            subject=said.subject,
            predicate=TermType.OPENNESS,
            access=Access.CLOSED,
            evidence=said.evidence,
            extractor=EXTRACTOR,
            confidence=said.confidence,
        )
        return
    several = {m.ref for m in annotated.mentions_in(said.start, said.end, EntityType.LICENCE)}
    if len(several) > 1:
        licences = sorted(several, key=lambda ref: ref.name)
    elif len(said.text.split()) <= 7:
        licences = [named(annotated, said.start, said.end, EntityType.LICENCE, said.text)]
    else:
        licences = list(several)
    for licence in licences:
        yield relation(said, RelationType.RELEASED_UNDER, said.subject, licence)


def _developers(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    predicate = RelationType.OFFERS if said.subject.type is EntityType.PRODUCT else RelationType.DEVELOPS
    mentions = annotated.mentions_in(said.start, said.end, EntityType.COMPANY)
    companies = {mention.ref: None for mention in mentions}
    if not companies and re.fullmatch(r"[A-Z][\w.&-]*(?: [A-Z][\w.&-]*){0,3}", said.text):
        companies = {EntityRef(EntityType.COMPANY, said.text): None}
    for company in companies:
        yield relation(said, predicate, company, said.subject)
