"""Labels of tables and cards: what a column's header or a line's key is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final

from kb.ontology import Period
from loaders.extraction.roles import ROLE
from loaders.extraction.table_layout import plain


class Attribute(StrEnum):
    """What the words under a label tell of a model or product."""

    PARAMETERS = "PARAMETERS"
    ACTIVE_PARAMETERS = "ACTIVE_PARAMETERS"
    CONTEXT_WINDOW = "CONTEXT_WINDOW"
    TRAINING_TOKENS = "TRAINING_TOKENS"
    RELEASED_ON = "RELEASED_ON"
    RELEASED_UNDER = "RELEASED_UNDER"
    DEVELOPER = "DEVELOPER"
    BASE_MODEL = "BASE_MODEL"
    PRICE_INPUT = "PRICE_INPUT"
    PRICE_OUTPUT = "PRICE_OUTPUT"
    PRICES = "PRICES"
    BENCHMARK = "BENCHMARK"
    TRAINING_COMPUTE = "TRAINING_COMPUTE"
    TRAINING_COST = "TRAINING_COST"
    VALUATION = "VALUATION"
    FUNDING = "FUNDING"
    REVENUE = "REVENUE"
    HEADCOUNT = "HEADCOUNT"
    USERS = "USERS"
    CUSTOMERS = "CUSTOMERS"
    DOWNLOADS = "DOWNLOADS"
    MARKET_SHARE = "MARKET_SHARE"
    FOUNDED_ON = "FOUNDED_ON"
    COUNTRY = "COUNTRY"
    FOUNDERS = "FOUNDERS"
    OFFICER = "OFFICER"
    INVESTORS = "INVESTORS"
    COMPETITORS = "COMPETITORS"
    PARTNERS = "PARTNERS"
    PARENT = "PARENT"
    SUBSIDIARIES = "SUBSIDIARIES"
    PRODUCTS = "PRODUCTS"
    MODELS = "MODELS"


@dataclass(frozen=True, slots=True)
class Label:
    """A label read: what it is about, the scale that it sets (`Params (B)`), its own words, the period
    (`Monthly users`) and the currency (`Input ($)`)."""

    attribute: Attribute
    scale: int = 1
    words: str = ""
    period: Period | None = None
    currency: str | None = None


_SOURCES: Final[Mapping[Attribute, str]] = MappingProxyType(
    {
        Attribute.ACTIVE_PARAMETERS: (
            r"#? ?AP|#? ?(?:number of )?(?:active|activated|activation)(?: (?:params?|parameters"
            r"|size))?(?: \(?count\)?)?"
            r"|(?:params?|parameters) (?:active|activated)(?: per token)?"
        ),
        Attribute.PARAMETERS: (
            r"#? ?TP|#? ?(?:(?:total|number of|model|nr\.? of) )?(?:params?|parameters"
            r"|parameter (?:count|size))"
            r"(?: ?count)?|(?:model )?sizes?|total(?: ?/ ?activ(?:e|ated))?(?: (?:params?|parameters))?"
            r"|activ(?:e|ated) ?/ ?total(?: (?:params?|parameters))?|参数量?|參數量?"
        ),
        Attribute.CONTEXT_WINDOW: (
            r"(?:max(?:imum|\.)? )?(?:context|ctx)(?: ?(?:length|window|size|len))?(?: supported)?"
            r"|(?:max(?:imum|\.)? )?seq(?:uence|\.)? ?len(?:gth)?|上下文(?:长度|長度|窗口)?"
        ),
        Attribute.TRAINING_TOKENS: (
            r"#? ?(?:pre-?)?train(?:ing)? tokens|(?:number of |# ?)?tokens(?: (?:trained|seen|count))?"
            r"|(?:pre-?)?training (?:data|set) size|corpus size|(?:pre-?)?training (?:data|length)"
            r"|token count|trained on"
        ),
        Attribute.RELEASED_ON: (
            r"(?:initial |first |model |version |original )?(?:release|released|launch|launched|publication)"
            r"(?: ?date| ?on)?|date(?: released| of release)?|发布日期|發布日期"
        ),
        Attribute.RELEASED_UNDER: (r"(?:model )?licen[cs]e(?:s|d under)?(?: ?(?:type|name))?|许可证?|授權"),
        Attribute.DEVELOPER: (
            r"(?:model |original )?(?:developer|creator|author|vendor|maker|lab|company|organi[sz]ation"
            r"|publisher)(?:s|\(s\))?|(?:developed|created|made|built|trained|released) by|开发者|開發者"
        ),
        Attribute.BASE_MODEL: (
            r"base[ _]?models?|(?:fine-?tuned|finetuned|derived|built) (?:from|on)|parent model"
        ),
        Attribute.PRICE_INPUT: (
            r"(?:%COST%[ ,:-]*)?(?:api )?(?:input|prompt)s?(?: tokens?)?(?: ?%COST%)?%PER%"
        ),
        Attribute.PRICE_OUTPUT: (
            r"(?:%COST%[ ,:-]*)?(?:api )?(?:output|completion)s?(?: tokens?)?(?: ?%COST%)?%PER%"
        ),
        Attribute.PRICES: (
            r"(?:%COST%[ ,:-]*)?(?:input|prompt|in) ?(?:/|and|&) ?(?:output|completion|out)"
            r"(?: tokens?)?(?: ?%COST%)?%PER%"
            r"|%COST%%PER%"
        ),
        Attribute.TRAINING_COMPUTE: (
            r"(?:pre-?)?(?:training )?(?:compute|flops?)|(?:total )?(?:training )?gpu[- ]?hours|training time"
        ),
        Attribute.TRAINING_COST: r"(?:pre-?)?training costs?(?: estimate)?",
        Attribute.VALUATION: (
            r"(?:latest |last |post-money |current )?valuation(?: in \d{4})?|market cap(?:itali.ation)?"
        ),
        Attribute.FUNDING: (
            r"(?:total |amount )?(?:funding|raised|funds raised|capital raised)(?: raised| to date"
            r"| in total)?"
        ),
        Attribute.REVENUE: r"(?:annual |yearly |annuali[sz]ed )?(?:revenue|sales|arr)(?: run[- ]rate)?",
        Attribute.HEADCOUNT: r"(?:number of )?(?:employees|headcount|staff|team size|workforce)",
        Attribute.USERS: (
            r"(?:number of )?(?P<period>weekly|monthly|daily)?(?: active)? ?users|(?P<short>WAU|MAU|DAU)s?"
        ),
        Attribute.CUSTOMERS: r"(?:number of |enterprise |business )?customers",
        Attribute.DOWNLOADS: r"(?:number of |total )?downloads",
        Attribute.MARKET_SHARE: r"(?:market |usage )?share(?: of (?:the )?market)?",
        Attribute.FOUNDED_ON: r"founded(?: in| on)?|founding (?:year|date)|year founded|established"
        r"|date of (?:establishment|founding)",
        Attribute.COUNTRY: (
            r"(?:country|headquarters|head office|hq|based in|location|home country|seat|origin)"
        ),
        Attribute.FOUNDERS: r"(?:co-?)?founders?|(?:co-?)?founded by|founding team",
        Attribute.OFFICER: rf"{ROLE}|CEO ?(?:&|and) ?(?:co-?)?founder|(?:co-?)?founder ?(?:&|and) ?CEO",
        Attribute.INVESTORS: r"(?:\w+ )?(?:investors?|backers?|shareholders?|backed by)",
        Attribute.COMPETITORS: r"(?:[\w-]+ ){0,2}(?:competitors?|rivals?|competes with|competition)",
        Attribute.PARTNERS: r"(?:[\w-]+ ){0,2}(?:partners?|partnerships?|collaborators?)",
        Attribute.PARENT: r"(?:parent|owner|parent (?:company|organi[sz]ation)|owned by|part of)",
        Attribute.SUBSIDIARIES: r"subsidiar(?:y|ies)|divisions?",
        Attribute.PRODUCTS: (
            r"(?:(?:main|key|flagship|notable) )?products?(?: ?(?:&|and|or|/) ?(?:services?|models?))?"
            r"|models?(?: ?(?:&|and|or|/) ?products?)"
        ),
        Attribute.MODELS: r"(?:(?:main|key|flagship|notable|open|base) )?(?:AI |language )?models",
        Attribute.BENCHMARK: (
            r"(?:MMLU|GSM-?8k|HumanEval|MBPP|MATH|ARC|HellaSwag|TruthfulQA|WinoGrande|GPQA|BBH|BIG-?Bench"
            r"|IFEval|MT-?Bench|AlpacaEval|AIME|SWE-?bench|LiveCodeBench|DROP|MMMU|C-?Eval|CMMLU|AGIEval"
            r"|BoolQ|PIQA|OpenBookQA|TriviaQA|NaturalQuestions|MathVista|RULER|SimpleQA|HLE|Arena-Hard"
            r"|Codeforces|TAU-?bench|LiveBench|MGSM|LAMBADA|SQuAD|RACE|SIQA|CSQA|HumanEval\+|EvalPlus|BFCL|Multi-?IF"
            r"|Terminal-?Bench|BrowseComp|FrontierMath|ARC-AGI|ZebraLogic|IFBench|HMMT|CharXiv|DocVQA|ChartQA"
            r"|AI2D|TextVQA|VQAv2|MMBench|Video-?MME|Gaokao|SuperGLUE|GLUE|XSum|QuALITY|NarrativeQA|LongBench"
            r"|Needle(?:bench| in a haystack)|Humanity's Last Exam|OSWorld|WebArena|Aider|BigCodeBench"
            r"|CRUXEval|MultiPL-E|DS-1000|Arena(?: Elo)?|LMArena|Elo)(?:[-+ @/][\w.+-]{1,15}){0,3}"
            r"|(?:[\w.'-]+ ){0,3}(?:leaderboard|benchmark|arena|index)(?: (?:score|elo|average|rating))?"
            r"|average(?: score)?|avg\.?|score"
        ),
    }
)
OF_FIRMS: Final = frozenset(
    (
        *(
            Attribute.FOUNDERS,
            Attribute.OFFICER,
            Attribute.INVESTORS,
            Attribute.COMPETITORS,
            Attribute.PARTNERS,
        ),
        *(
            Attribute.PARENT,
            Attribute.SUBSIDIARIES,
            Attribute.PRODUCTS,
            Attribute.MODELS,
            Attribute.FOUNDED_ON,
        ),
        *(Attribute.COUNTRY, Attribute.VALUATION, Attribute.FUNDING, Attribute.HEADCOUNT),
    )
)
"""What only firms have: lines with these labels are about a firm."""

_PARTS: Final = {
    "%COST%": r"(?:(?:api|token|base|standard|list) )?(?:prices?|pricing|costs?|rates?)",
    "%PER%": r"(?: ?(?:per|/) ?(?:1 ?)?(?:m(?:illion|n|tok|tokens?)?|k|thousand)?(?: ?tok(?:en)?s?)?)?",
}


def _pattern(source: str) -> re.Pattern[str]:
    for name, part in _PARTS.items():
        source = source.replace(name, part)
    return re.compile(source, re.I)


@cache
def _labels() -> tuple[tuple[Attribute, re.Pattern[str]], ...]:
    return tuple((attribute, _pattern(source)) for attribute, source in _SOURCES.items())


_CURRENCY: Final = re.compile(r"(?:US)?[$€£¥](?=\s|$|/| ?per)|\b(?:USD|EUR|GBP|CNY|RMB)\b")
_SCALE: Final = re.compile(r"\(\s?(?:in )?(B|M|K|T|billions?|millions?|trillions?|thousands?)\s?\)", re.I)
_SCALES: Final = {"k": 10**3, "t": 10**12, "m": 10**6, "b": 10**9}
_PART: Final = re.compile(r"non-?\s?embedding|\bper (?:layer|expert|head)\b|knowledge cut-?off", re.I)
"""Labels of a part of what the rest of their words mean."""

_ASIDE: Final = re.compile(r"\s?[(\[].*?[)\]]")


_SIGNS: Final = {
    "$": "USD",
    "USD": "USD",
    "€": "EUR",
    "EUR": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "¥": "CNY",
    "CNY": "CNY",
    "RMB": "CNY",
}
_UNIT: Final = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP|CNY|RMB)\b")
_PERIODS: Final = {"w": Period.WEEK, "m": Period.MONTH, "d": Period.DAY}


def _period(groups: Mapping[str, str | None]) -> Period | None:
    words = groups.get("period") or groups.get("short")
    return _PERIODS[words[0].lower()] if words else None


def currency_in(words: str) -> str | None:
    """The currency that the words name, as its ISO 4217 code."""
    unit = _UNIT.search(words)
    return None if unit is None else _SIGNS[unit[0]]


def read_label(words: str) -> Label | None:
    """What the label of a column or line is about, or None for one that no fact is made of."""
    text = plain(words).strip(" :：")
    if not 2 <= len(text) <= 60 or _PART.search(text):
        return None
    scale = _SCALE.search(text)
    bare = " ".join(_CURRENCY.sub(" ", _ASIDE.sub("", text)).replace("_", " ").split()).strip(" :,/")
    for attribute, pattern in _labels():
        if found := pattern.fullmatch(bare):
            return Label(
                attribute,
                _SCALES[scale[1][0].lower()] if scale else 1,
                text,
                _period(found.groupdict()),
                currency_in(text),
            )
    return None
