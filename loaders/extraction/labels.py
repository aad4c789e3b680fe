"""Labels of tables and cards: what a column's header or a line's key is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

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
    BENCHMARK = "BENCHMARK"


@dataclass(frozen=True, slots=True)
class Label:
    """A label read: what it is about, the scale that it sets (`Params (B)`), and its own words."""

    attribute: Attribute
    scale: int = 1
    words: str = ""


_SOURCES: Final[Mapping[Attribute, str]] = MappingProxyType(
    {
        Attribute.ACTIVE_PARAMETERS: (
            r"(?:number of )?(?:active|activated) (?:params?|parameters)(?: \(?count\)?)?"
        ),
        Attribute.PARAMETERS: (
            r"#? ?(?:(?:total|number of|model|nr\.? of) )?(?:params?|parameters|parameter (?:count|size))"
            r"(?: ?count)?|model size|参数量?|參數量?"
        ),
        Attribute.CONTEXT_WINDOW: (
            r"(?:max(?:imum|\.)? )?(?:context|ctx)(?: ?(?:length|window|size|len))?(?: supported)?"
            r"|(?:max(?:imum|\.)? )?seq(?:uence|\.)? ?len(?:gth)?|上下文(?:长度|長度|窗口)?"
        ),
        Attribute.TRAINING_TOKENS: (
            r"#? ?(?:pre-?)?train(?:ing)? tokens|(?:number of |# ?)?tokens(?: (?:trained|seen|count))?"
            r"|(?:pre-?)?training (?:data|set) size|token count|trained on"
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
            r"(?:input|prompt)(?: ?(?:price|cost|tokens?))?(?: price| cost)?|price \(?input\)?"
        ),
        Attribute.PRICE_OUTPUT: (
            r"(?:output|completion)(?: ?(?:price|cost|tokens?))?(?: price| cost)?|price \(?output\)?"
        ),
        Attribute.BENCHMARK: (
            r"(?:MMLU|GSM-?8k|HumanEval|MBPP|MATH|ARC|HellaSwag|TruthfulQA|WinoGrande|GPQA|BBH|BIG-?Bench"
            r"|IFEval|MT-?Bench|AlpacaEval|AIME|SWE-?bench|LiveCodeBench|DROP|MMMU|C-?Eval|CMMLU|AGIEval"
            r"|BoolQ|PIQA|OpenBookQA|TriviaQA|NaturalQuestions|MathVista|RULER|SimpleQA|HLE|Arena-Hard"
            r"|Codeforces|TAU-?bench)(?:[-+ ][\w.+-]{1,15}){0,3}"
        ),
    }
)
_LABELS: Final = tuple((attribute, re.compile(source, re.I)) for attribute, source in _SOURCES.items())
_SCALE: Final = re.compile(r"\(\s?(?:in )?(B|M|K|T|billions?|millions?|trillions?|thousands?)\s?\)", re.I)
_SCALES: Final = {"k": 10**3, "t": 10**12, "m": 10**6, "b": 10**9}
_ASIDE: Final = re.compile(r"\s?[(\[].*?[)\]]")


def read_label(words: str) -> Label | None:
    """What the label of a column or line is about, or None for one that no fact is made of."""
    text = plain(words).strip(" :：")
    if not 2 <= len(text) <= 60:
        return None
    scale = _SCALE.search(text)
    bare = _ASIDE.sub("", text).strip(" :").replace("_", " ")
    for attribute, pattern in _LABELS:
        if pattern.fullmatch(bare):
            return Label(attribute, _SCALES[scale[1][0].lower()] if scale else 1, text)
    return None
