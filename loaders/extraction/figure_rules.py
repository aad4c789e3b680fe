"""Which words around a number make it which figure, as one table.

`left` must end where the number begins, `right` begin where it ends, both in a sentence with slots
(`loaders.extraction.slots`); a rule needs all that it names. The first rule that fits decides.
"""

import re
from dataclasses import dataclass
from typing import Final

from kb.ontology import METRICS, EntityType, Metric

_M = Metric


@dataclass(frozen=True, slots=True)
class FigureRule:
    """One way of telling a metric; `money` and `percent` say what kind of number it takes.

    `attached` means that the words after the number may name the subject (`downloads of X`).
    `confidence` is the prior share of right findings where the sentence names the subject itself.
    """

    metric: Metric
    left: re.Pattern[str] | None
    right: re.Pattern[str] | None
    confidence: float
    money: bool = False
    percent: bool = False
    attached: bool = False
    loss: bool = False
    unit: str | None = None

    @property
    def subjects(self) -> frozenset[EntityType]:
        """The types that the metric is said of."""
        return METRICS[self.metric].subjects


def _rule(
    metric: Metric,
    left: str | None,
    right: str | None,
    confidence: float,
    *,
    attached: bool = False,
    loss: bool = False,
    unit: str | None = None,
) -> FigureRule:
    units = METRICS[metric].units
    return FigureRule(
        metric,
        re.compile(f"(?:{left})\\s*(?:an? )?$", re.IGNORECASE) if left else None,
        re.compile(right, re.IGNORECASE) if right else None,
        confidence,
        money="currency" in units,
        percent=units == frozenset("%"),
        attached=attached,
        loss=loss,
        unit=unit or next(iter(sorted(units))),
    )


_TO_BE: Final = r"(?: (?:of|is|was|were|at|to|reached|hit|came|comes|stood|stands|totall?ed|rose|grew|climbed|fell|jumped|has|had|have|been|will|would|now|tops?|exceeds?|put|given|as))*:? ?"
_ACTIVE: Final = r"(?:daily|weekly|monthly|active|registered|total|global|regular|individual|different|unique|annual|worldwide|-)"
RULES: Final = (
    _rule(_M.VALUATION, None, r"(?: [\w-]+){0,2} (?:post-money |pre-money |private )?valuation\b", 0.92),
    _rule(_M.VALUATION, rf"\bvaluation(?: (?:for|above|below|on|from|in) [^<>]{{0,25}}| of <C\d+>)?{_TO_BE}", None, 0.9),
    _rule(_M.VALUATION, r"\bvalu(?:ed|es|ing|e) (?:it |itself |the (?:company|start-?up|firm|lab) |<C\d+> |the combined company )?at", None, 0.92),
    _rule(_M.VALUATION, r"(?:<C\d+>,?|company|firm|start-?up|lab|maker|\bit|\bis|\bwas|\bare|\bnow|already|\bbe|been) (?:now |currently |be |is |was )*worth|\b(?:price tag of|market cap(?:itali[sz]ation)?(?: of)?|market value of|valuation of|value of|value above|valuation above|put (?:its|their|the) (?:worth|value) at)", None, 0.86, attached=True),
    _rule(_M.VALUATION, r"put the figure at", None, 0.6),
    _rule(_M.FUNDING_RAISED, r"\b(?:raised?|raises|raising|secured?|secures|landed|attracted|closed|draws|drew|collected|taken in|have given <C\d+>|money raised|funding|put)(?: (?:a total of|a round of|another|an additional|a further|in all|it|him|so far|a fresh|as much as|total))*:?", r"(?! (?:in|of) (?:revenue|debt|sales|losses)|[^<>.]{0,30}valuation| on <)", 0.85),
    _rule(_M.FUNDING_RAISED, r"\b(?:brought in|Series [A-H](?: round)? of|round of|financing of|funding of|investment of)", r"(?! (?:in|of) (?:revenue|sales))", 0.84),
    _rule(_M.FUNDING_RAISED, None, r" (?:in )?(?:[\w-]+ ){0,2}(?:round|funding|Series [A-H]|seed)\b", 0.82),
    _rule(_M.FUNDING_RAISED, r"(?:investors|backers|shareholders|funds?)[^.]{0,50} (?:given|handed|promised|put|poured)(?: (?:it|<C\d+>|the (?:company|start-?up)))?", None, 0.82),
    _rule(_M.FUNDING_RAISED, r"To date,?", r" (?:\([^()]*\) )?of outside money", 0.85),
    _rule(_M.REVENUE, rf"\b(?:revenues?|sales|turnover|ARR|run[- ]rate)(?: (?:for|in|at|of|during) [^<>]{{2,30}}?)?{_TO_BE}", None, 0.88),
    _rule(_M.REVENUE, rf"revenue[^<>]{{0,20}}<Q\d+> in \d{{4}} (?:against|compared with|versus|up from|from)", None, 0.85),
    _rule(_M.REVENUE, None, r"(?: [\w-]+)? (?:in|of) (?:[\w-]+ ){0,3}(?:revenues?|sales|ARR)\b", 0.88),
    _rule(_M.REVENUE, r"\b(?:earns?|generate[sd]?|booked|takes? in|took in|makes|turned over|brings in|brought in)(?: in)?", r"(?! (?:in|of|from) (?:funding|a round|investors|profit|losses|loss))", 0.8),
    _rule(_M.REVENUE, r"heading for", r"(?: this year| next year| a year)", 0.7),
    _rule(_M.PROFIT, rf"\b(?:net )?(?:profits?|income|earnings)(?: (?:for|in|at|of) [^<>]{{2,25}}?)?{_TO_BE}", None, 0.86),
    _rule(_M.PROFIT, None, r" (?:in|of) (?:net |annual |operating )?(?:profits?|income|earnings)\b", 0.86),
    _rule(_M.PROFIT, rf"\b(?:net |operating )?loss(?:es)?(?: (?:for|in|at|of) [^<>]{{2,25}}?)?{_TO_BE}|\b(?:lost|losing|loses|burned|burnt|burns)", None, 0.86, loss=True),
    _rule(_M.PROFIT, r"\bloss(?:es)? [^.]{0,30}<Q\d+> and", None, 0.8, loss=True),
    _rule(_M.SPENDING, r"\b(?:capex|capital (?:expenditures?|spending))(?: [\w-]+){0,3}?(?: of| at| to|:)?", None, 0.85),
    _rule(_M.SPENDING, r"\b(?:spend|spends|spent|spending|pledged|committed|earmarked|invest)(?: (?:up to|another|a total of))?", r"(?: this year| next year| a year| in \d{4})? (?:on|in|for|into|to build|over) (?!<C)(?:[\w-]+ ){0,3}(?:data cent(?:er|re)s?|infrastructure|chips|computing|compute|AI\b|capacity|cloud|servers|the next)", 0.82),
    _rule(_M.TRAINING_COST, r"\b(?:cost|costs|costing)", r" to train\b", 0.9),
    _rule(_M.TRAINING_COST, r"\b(?:training (?:it |run |<M\d+> )?cost(?:s|ed)?|cost of (?:the )?training(?: run)?|its cost|trained (?:it )?(?:for|at a cost of))(?: (?:has been|was|is) (?:reported|put|estimated) (?:as|at))?(?: (?:of|at|was|is|to))?", None, 0.85),
    _rule(_M.SUBSCRIBERS, None, r" (?:paying |paid |premium )*(?:subscribers|subscriptions|paid seats|paid users|paying users|paying customers|seats|people (?:paying|pay|who pay) for)\b", 0.88, attached=True),
    _rule(_M.USERS, rf"\b(?:{_ACTIVE} )*(?:users|MAUs?|WAUs?|DAUs?|members)(?: (?:per|a|each) (?:month|week|day))?(?: on (?:[A-Z]\w+|<\w\d+>))?{_TO_BE}", r"(?!%| percent| times)", 0.86),
    _rule(_M.USERS, None, rf" (?:{_ACTIVE} ?)*(?:(?:chatbot |app )?users|MAUs?|WAUs?|DAUs?|members)(?! a day| per day: )\b", 0.9, attached=True),
    _rule(_M.USERS, None, r" (?:people|developers|consumers|students|programmers) (?:[\w]+ )?(?:have an account|use|used|using|who use|are using|a (?:week|month|day) use)\b", 0.86, attached=True),
    _rule(_M.USERS, r"used by", r" (?:people|users|developers)", 0.84),
    _rule(_M.CUSTOMERS, None, r" (?:paying |enterprise |business |corporate )*(?:customers|clients)\b", 0.85),
    _rule(_M.CUSTOMERS, None, r" (?:organi[sz]ations|businesses|companies|enterprises|firms)(?: on (?:its|<C\d+>'s) customer list| (?:now |already |currently |that )?(?:pay for|pay|use|are using|as customers))", 0.85, attached=True),
    _rule(_M.DOWNLOADS, None, r" downloads\b", 0.9, attached=True),
    _rule(_M.DOWNLOADS, r"\bdownloaded(?: [a-z]+)?", r" times", 0.92),
    _rule(_M.DOWNLOADS, rf"\bdownloads{_TO_BE}", None, 0.85),
    _rule(_M.HEADCOUNT, None, r" (?:full-time |permanent )*(?:employees|staff(?:ers)?(?: members)?|workers|people on (?:its|<C\d+>'s) payroll|people employed)\b", 0.86),
    _rule(_M.HEADCOUNT, r"\b(?:employs|employing|workforce of|headcount of|head count of|staff of|(?:people )?employed:|headcount:|employees:|team of|grown to)", r"(?! (?:million|users))", 0.84),
    _rule(_M.PARAMETERS, None, r"(?: \(<Z\d+>\))?[- ](?:total |active |activated |trainable |billion )?(?:and [\w-]+ )?(?:parameters?|params)\b", 0.9),
    _rule(_M.PARAMETERS, None, r" ?(?:个|個)?(?:參數|参数)", 0.88),
    _rule(_M.PARAMETERS, None, r" of the <Z\d+> parameters", 0.85),
    _rule(_M.PARAMETERS, None, r" total and <Z\d+> (?:active|activated) parameters", 0.9),
    _rule(_M.PARAMETERS, r"\b(?:parameters?(?: count)?)(?: of| is|:)", r"(?!%)", 0.86),
    _rule(_M.PARAMETERS, r"(?:<Z\d+> parameters|parameters,?) (?:just|only|of which|with)", r"(?! tokens)[^.]{0,20}(?:work|are active|active|are used|activated)", 0.84),
    _rule(_M.CONTEXT_WINDOW, None, r"[- ](?:token )?context\b|[- ]tokens? (?:of )?(?:context|at a time|long context)\b|[- ]token (?:window|context)", 0.9),
    _rule(_M.CONTEXT_WINDOW, r"\b(?:context (?:window|length|size)s?|sequence length|context)(?: (?:for|of) (?:these|this|the) models?)?(?: (?:of|is|are|was|reaches|up|to|:))*", r"(?:-token| tokens)?(?!%| percent)", 0.86),
    _rule(_M.TRAINING_COMPUTE, None, r" ?FLOPs?\b(?!/)", 0.82, unit="FLOP"),
    _rule(_M.TRAINING_COMPUTE, None, r" (?:<C\d+> )?(?:[A-Z]\w+ )?GPU[- ]hours", 0.88, unit="GPU-hour"),
    _rule(_M.TRAINING_TOKENS, r"\b(?:trained|pre-?trained|training|trained on|corpus|data)\b[^.]{0,60}", r" (?:[\w-]+ )?tokens\b", 0.9),
    _rule(_M.TRAINING_TOKENS, None, r" training tokens\b", 0.88),
    _rule(_M.ACCELERATORS, r"\b(?:hold|holds|uses?|used|using|ha[sv]e?|had|owns?|runs?|operates?|order|ordered|bought|buys?|deploy\w*|trained on|cluster of|with|on|about|of)(?: [\w-]+){0,2}", r" ?(?:<C\d+> )?(?:(?:[A-Z]\w+|AI|advanced|such|of its|more) )*(?:GPUs?|[HAB]\d00s?|accelerators|AI chips|TPUs|graphics (?:processors|cards)|GB\d00s?)(?![- ]hours)\b", 0.84),
    _rule(_M.MARKET_SHARE, None, r" (?:of|share of) (?:the )?(?:[\w-]+ ){0,4}market\b", 0.85),
    _rule(_M.MARKET_SHARE, r"\bmarket share(?: of| was| is| to| at)*", None, 0.85),
    _rule(_M.MARKET_SHARE, None, r" (?:market share|share of the market)", 0.85),
)  # fmt: skip
NOT_HEADCOUNT: Final = re.compile(
    r"\b(?:laid off|lay off|layoffs?|dismiss\w*|cuts?|cutting|lost their jobs|fired|redundan\w+|contractors|job cuts)\b",
    re.IGNORECASE,
)
NOT_USERS: Final = re.compile(
    r"\b(?:if|whose|services?|products?|companies|licensees?|anyone|apps?)\b[^.;<]{0,30}"
    r"(?:with|has|have|having|exceeds?|exceeding|is|are)\b[^.;]{0,25}$",
    re.IGNORECASE,
)
"""A threshold of a licence is no count of users."""
MARKET_CAP: Final = re.compile(r"market cap|market value|shares|stock|\blisted\b|now worth", re.IGNORECASE)
TOTAL: Final = re.compile(
    r"\b(?:in total|a total|to date|so far|in all|altogether|overall|since its founding|rounds|total|money raised)\b",
    re.IGNORECASE,
)
ACTIVE: Final = re.compile(
    r"^[- ]?(?:billion )?(?:active|activated)|^[^.<]{0,25}(?:work on|are active|active per|used per|activated)|^ of the <Z",
    re.IGNORECASE,
)
SAME_AGAIN: Final = re.compile(
    r"^[^<>]{0,60}(?:up|down|compared|against|versus|rising|increase|more than double|from|tripled|doubled)"
    r"(?: (?:the|from|with|to|against|just|only))*\s*$",
    re.IGNORECASE,
)
