"""Numbers that are no figure of anybody: of nobody in particular, of a part, of a stretch of time."""

import re
from typing import Final

from kb.ontology import Metric
from loaders.extraction.annotations import Annotated
from loaders.extraction.figure_places import Place
from loaders.extraction.figure_rules import FigureRule
from loaders.extraction.trace import Reason

_ANYBODY: Final = re.compile(
    r"\b(?:whoever|anyone|anybody|everyone|nobody|no one|(?:any|every|no|each|(?<!the )most|many|few|some"
    r"|all) (?:other )?"
    r"(?:[a-z-]+ )?(?:company|compan(?:y|ies)|firms?|business(?:es)?|organi[sz]ations?|services?|products?"
    r"|start-?ups?|licensees?|providers?|developers?|platforms?|customers?|apps?|models?)"
    r"|(?:companies|firms|businesses|organi[sz]ations|services|products|start-?ups|licensees|providers"
    r"|platforms"
    r"|entities|apps|those) (?:with|that|who|which|whose|having|above|exceeding"
    r"|(?:need|have|must|had|want|wish|hope)(?:ed)? to)"
    r"|(?:if|unless) (?:you|your|an?|any|the licensee|they|their|its)\b|(?:when|once) (?:you|your|an?|any)\b"
    r"|you (?:have|earn|make|reach)|your (?:company|business|service|product|users|revenue))[^.;:<]{0,90}$",
    re.IGNORECASE,
)
_MANY: Final = re.compile(
    r"\b(?:start-?ups|companies|firms|businesses|labs|rivals|competitors|deals|rounds|transactions|acquisitions|bets"
    r"|players|giants|vendors|providers|makers|chipmakers|developers|unicorns) (?:[a-z]+ ){0,4}$"
)
"""Several whom nobody has named here: `AI startups raised $5`."""
_SOMEBODY: Final = re.compile(
    r"(?:(?<!\bis )(?<!\bwas )(?<!\bas )(?<!\bbecame )(?<!\bbecome )(?<![CDMP]\d>, )(?<![CDMP]\d\d>, ))"
    r"\ban? (?:[a-z-]+ ){0,2}"
    r"(?:company|firm|business|organi[sz]ation|service|product|start-?up|licensee|provider|developer|platform"
    r"|entity|user|app|customer|corporation|group)(?: or [a-z]+)? (?:with|that|which|whose|having"
    r"|above)[^.;:<]{0,60}$",
    re.IGNORECASE,
)
_DUTY: Final = re.compile(
    r"\b(?:must|shall|may|need(?:s|ed)? (?:to|an?)|ha(?:s|ve|d) to|requires?|required|falls? (?:on|under)"
    r"|appl(?:y|ies)"
    r"|licen[cs]e[sd]?|obliged|allowed|permitted|forbidden|request|fees?)\b",
    re.IGNORECASE,
)
_SUPPOSED: Final = re.compile(r"(?<!even )\b(?:if|whether)\b[^,.;:]*$", re.IGNORECASE)
_IF: Final = re.compile(r"\b(?:if|whose)\b[^.;]*$", re.IGNORECASE)
_PART: Final = (
    r"(?:business(?:es)?|divisions?|units?|segments?|arm|departments?|branch|data[- ]cent(?:re|er)s?|cloud"
    r"|advertising|ads?|subscriptions?|gaming|hardware|software|API|chips?|devices?"
    r"|automotive|infrastructure|networking|consulting|region|china|europe|asia|america)"
)
_OF_PART: Final = re.compile(
    rf"\b(?:{_PART}|products?|services?|segment)(?:'s)? (?:revenues?|sales|turnover|profits?|income"
    rf"|loss(?:es)?|ARR)\b[^.;]{{0,40}}$"
    rf"|\b(?:revenues?|sales|profits?|income|loss(?:es)?) (?:from|in|at|of) (?:(?:its|the|their"
    rf"|<[CDM]\d+>'s) )?"
    rf"(?:[\w-]+ ){{0,3}}{_PART}\b[^.;]{{0,30}}$"
    rf"|(?:^|[.;,] |\b(?:the|its|their|'s) )(?:[\w-]+ ){{0,5}}{_PART}"
    rf"(?: (?:of|at|for) (?:the )?(?:<C\d+>|[a-z ]{{3,25}})|,? (?:to|in|of|for) which [^.;]{{3,45}}?)?"
    r" (?:had|has|have|brought in|brings in|generated?|generates|earned|earns|made|makes|took in|takes in"
    r"|turned over"
    r"|contributed|lost|loses|booked|accounted for)\b[^.;]{0,70}$",
    re.IGNORECASE,
)
_USE_UNKNOWN: Final = re.compile(r"^ (?:[a-z]+ ){1,3}(?:use|used|using|have used) (?-i:[A-Z])", re.IGNORECASE)
_TOGETHER: Final = re.compile(
    r"(?:\btogether|\bcombined|\bbetween them|\bjointly)\b[^.;]{0,40}$", re.IGNORECASE
)
_SIZES: Final = re.compile(
    r"\b(?:rang(?:ed|es?|ing)|sizes?|versions?|models?|variants?|family|vary|varies|varied|spans?"
    r"|spanning|anywhere)"
    r" [^.;<]{0,20}(?:from|between) (?:<Z\d+>[^<.;]{0,20}(?:to|and) )?$",
    re.IGNORECASE,
)
_HYPOTHETICAL: Final = re.compile(
    r"\ban? <Z\d+>[ -](?:parameter )?model (?:(?:that|which) (?:is|was) )?trained (?:for|on"
    r"|with) (?:about )?$",
    re.IGNORECASE,
)
_OF_ANOTHER: Final = re.compile(
    r"[^<>.;]{0,20} of the (?:larger|smaller|bigger|largest|smallest|biggest|other|second|first|big|small)\b",
    re.IGNORECASE,
)
_ANY_MODEL: Final = re.compile(
    r"\b(?:an? (?:[a-z]+ )?model|models) (?:with|of) (?:an? |over |more than )?$", re.IGNORECASE
)
"""A model that nobody has named (`a model with a trillion parameters`)."""
_OF_DATA: Final = re.compile(
    r"(?:^|\W)(?:(?:data ?sets?|corpus|corpora|data|mixture|crawl|pile)\b[^.;]{0,80}|it |which |that |and )"
    r"(?:contains?|containing|contained|compris(?:es?|ing)|consists? of|consisting of|holds?|holding|totals?"
    r"|totalling|has|with|of)(?: (?:about|some|roughly|over))?$",
    re.IGNORECASE,
)
"""A data set's own size, which is no model's unless the words say that it was trained on it."""
_TRAINED: Final = re.compile(r"\b(?:pre-?)?train(?:ed|ing|s)?\b[^.;]*$", re.IGNORECASE)
_LOOK_BACK: Final = 2
_OF_FIRMS: Final = frozenset((Metric.REVENUE, Metric.PROFIT))
_OF_OWN: Final = frozenset((Metric.PARAMETERS, Metric.CONTEXT_WINDOW, Metric.BENCHMARK_SCORE))


def why_nobodys(place: Place, rule: FigureRule) -> Reason | None:
    """What in the words around the number makes it no figure of one entity; None where nothing does."""
    reason = _why_generic(place) or _why_not_of_metric(place, rule.metric)
    if reason is None and rule.metric not in _OF_OWN and _TOGETHER.search(place.left[-60:]):
        return Reason.TOGETHER
    return reason


def fits_context(annotated: Annotated, place: Place, rule: FigureRule) -> bool:
    """Whether the sentence, or one of the two before it, speaks of what the rule's words are said of."""
    first = place.sentence.sentence
    if rule.not_near is not None and rule.not_near.search(place.sentence.text):
        return False
    if rule.near is None or rule.near.search(place.sentence.text):
        return True
    for _ in range(_LOOK_BACK):
        first = annotated.sentence_before(first) or first
    return rule.near.search(annotated.text[first.start : place.sentence.sentence.start]) is not None


def _why_not_of_metric(place: Place, metric: Metric) -> Reason | None:
    if metric is Metric.USERS and _USE_UNKNOWN.match(place.right):
        return Reason.UNKNOWN_USER
    if metric in _OF_FIRMS and _OF_PART.search(place.left):
        return Reason.PART
    if metric is Metric.TRAINING_TOKENS and (
        _HYPOTHETICAL.search(place.left)
        or (_OF_DATA.search(place.left.rstrip()) and not _TRAINED.search(place.left))
    ):
        return Reason.OTHER_TOKENS
    if metric is Metric.PARAMETERS and (_OF_ANOTHER.match(place.right) or _ANY_MODEL.search(place.left)):
        return Reason.SOMEBODY
    if metric is Metric.PARAMETERS and (place.quantity.is_range or _SIZES.search(place.left)):
        return Reason.RANGE_OF_SIZES
    return None


def _why_generic(place: Place) -> Reason | None:
    """A condition (`whoever has more than …`), or a company that nobody has named with a duty of its own."""
    if _MANY.search(place.left):
        return Reason.SEVERAL_NAMELESS
    if _ANYBODY.search(place.left):
        return Reason.CONDITION
    if _SUPPOSED.search(place.left):
        return Reason.SUPPOSITION
    said = place.sentence.text[: place.sentence.starts[place.index]]
    if _IF.search(said) and _DUTY.search(place.sentence.text):
        return Reason.CONDITION
    somebody = _SOMEBODY.search(place.left)
    if somebody is None:
        return None
    named = re.search(r"<[CD]\d+>", place.left[: somebody.start()]) is not None
    return None if named and _DUTY.search(place.sentence.text) is None else Reason.SOMEBODY
