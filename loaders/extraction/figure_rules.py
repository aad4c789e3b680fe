"""Which words around a number make it which figure: `rules/figures.toml`, compiled, and its exceptions."""

import re
from dataclasses import dataclass
from typing import Final

from kb.ontology import CURRENCY, METRICS, EntityType, Metric
from loaders.extraction.lazy_pattern import LazyPattern, ignoring_case
from loaders.extraction.rules import Rule, load_rules


@dataclass(frozen=True, slots=True)
class FigureRule:
    """One way of telling a metric; `money` and `percent` say what kind of number it takes.

    `attached` means that the words after the number may name the subject (`downloads of X`).
    `scaled` asks for a number in millions or more, by a word or letter (`7B`).
    `near` must stand in the sentence or one of the two before it, `not_near` must not stand in the sentence.
    `confidence` is the prior share of right findings where the sentence names the subject itself.
    """

    metric: Metric
    left: LazyPattern | None
    right: LazyPattern | None
    confidence: float
    money: bool = False
    percent: bool = False
    attached: bool = False
    loss: bool = False
    unit: str = ""
    scaled: bool = False
    near: LazyPattern | None = None
    not_near: LazyPattern | None = None
    where: str = ""

    @property
    def subjects(self) -> frozenset[EntityType]:
        """The types that the metric is said of."""
        return METRICS[self.metric].subjects


def _compiled(rule: Rule) -> FigureRule:
    metric = Metric(rule.text("says"))
    left, right = rule.text_or_none("left"), rule.text_or_none("right")
    near, not_near = rule.text_or_none("near"), rule.text_or_none("not_near")
    units = METRICS[metric].units
    return FigureRule(
        metric,
        ignoring_case(f"(?:{left})\\s*(?:an? )?$") if left else None,
        ignoring_case(right) if right else None,
        rule.confidence,
        money=CURRENCY in units,
        percent="%" in units,
        attached=rule.flag("attached"),
        loss=rule.flag("loss"),
        unit=rule.text_or_none("unit") or min(units),
        scaled=rule.flag("scaled"),
        near=ignoring_case(near) if near else None,
        not_near=ignoring_case(not_near) if not_near else None,
        where=rule.where,
    )


FIGURE_RULES: Final = tuple(_compiled(rule) for rule in load_rules("figures"))
NOT_HEADCOUNT: Final = re.compile(
    (
        r"\b(?:laid off|lay off|layoffs?|dismiss\w*|cuts?|cutting|lost their jobs|fired"
        r"|redundan\w+|contractors|job cuts)\b"
    ),
    re.IGNORECASE,
)
LIKE_A_BENCHMARK: Final = re.compile(
    r"[A-Z][a-z]*(?:[A-Z\d-]|forces\b)|[A-Z]\w+(?: \w+)? (?:Elo|Arena|Exam|Bench)\b"
)
LEFT_OVER: Final = re.compile(
    r"\b(?:down|shr[aui]nk|reduced|slimmed|trimmed) (?:from <Z\d+> )?to\s*$", re.IGNORECASE
)
MARKET_CAP: Final = re.compile(
    r"market cap|market value|stock[- ]market|capitali[sz]ation|share price|publicly traded|\blisted\b"
    r"|\bon the (?:stock exchange|Nasdaq|NYSE|New York Stock Exchange|bourse)\b|a company now worth",
    re.IGNORECASE,
)
TOTAL: Final = re.compile(
    (
        r"\b(?:in total|a total|to date|so far|in all|altogether|overall|since its founding"
        r"|rounds|total|money raised)\b"
    ),
    re.IGNORECASE,
)
ACTIVE: Final = re.compile(
    (
        r"^[- ]?(?:billion )?(?:active|activated)|^[^.<]{0,25}(?:work on|(?:is|are|were) active|active per"
        r"|used per|activated|at work)|^ of (?:the|its|<M\d+>'s) <Z"
    ),
    re.IGNORECASE,
)
SAME_AGAIN: Final = re.compile(
    r"^[^<>]{0,60}(?:up|down|compared|against|versus|rising|increase|more than double|from|tripled|doubled)"
    r"(?: (?:the|from|with|to|against|just|only))*\s*$",
    re.IGNORECASE,
)
