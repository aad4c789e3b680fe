"""Whose number it is: by the words beside it, by the parse, by the sentence, by the text's topic."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType, Metric
from loaders.extraction.annotations import Annotated, EntityMention
from loaders.extraction.figure_groups import group_of
from loaders.extraction.figure_heads import beside_head
from loaders.extraction.figure_places import Place
from loaders.extraction.figure_rules import FigureRule
from loaders.extraction.focus import focus, is_source
from loaders.extraction.syntax import has_unknown_owner, owner
from loaders.extraction.trace import Reason

_ATTACHED: Final = re.compile(
    r"^[^<>.;]{0,45}? (?:for|of|on|(?<!according )to|in|into|behind|at|(?<=employed )by"
    r"|(?:pre-?)?train(?:ing)?) (?:the |its )?<[CMDPLN](\d+)>"
)
_ATTACHED_MONEY: Final = re.compile(r"^[^<>.;]{0,45}? (?:for|of|at|into) (?:the )?<[CM](\d+)>")
_CALLED: Final = re.compile(r"^-(?:person|strong)(?: [\w-]+){1,6}(?: called| named|,)? <C(\d+)>")
_USED: Final = re.compile(r"^ (?:[a-z]+ ){1,3}(?:use|used|using) (?:the )?<[CMD](\d+)>")
_BESIDE: Final = re.compile(
    r"(?<!by )(?<!from )(?<!at )(?<!of )(?<!with )<[CDM](\d+)> (?:(?:has|have|had|just|now|also|recently"
    r"|is|already|was|were"
    r"|are|will|would|to|currently|reportedly) )*[a-z]+ (?:[a-z]+ ){0,2}$"
)
_UNKNOWN: Final = re.compile(
    r"(?:^|[\s(])(?!(?:The|This|That|These|Those|It|Its|He|She|They|We|I|Our|In|On|At|By|For|From|With|As"
    r"|And|But|If"
    r"|When|While|Who|Which|What|How|Then|Now|Here|There|Both|Each|All|Series|AI|CEO|CFO|COO|CTO"
    r"|Revenues?|Sales|Turnover|ARR|Downloads|Subscribers|Customers|Losses|Loss|Headcount|Capex|Valuation|Funding"
    r"|Users?|Profits?|Income|Net|Annual|ARR|MAUs?|DAUs?|Members|Employees|Investors|January|February"
    r"|March|April"
    r"|May|June|July|August|September|October|November|December|Q[1-4]|H[12]|[A-Z])\b)"
    r"[A-Z][\w&+-]*(?: [A-Z][\w&+-]*){0,3}"
    r"(?:'s (?:[a-z-]+ ){0,2}(?:revenues?|sales|users|valuation|profit|loss|headcount|audience|workforce"
    r"|service)\b"
    r"|(?= (?:has|have|had|is|was|will|would|now|just|also|reportedly|raised|raises|reached|passed"
    r"|employs|employed"
    r"|earned|lost|made|counts|serves|closed|secured)\b))[^<>.;:,]{0,50}$"
    r"|<[PN]\d+> (?:(?:now|also|already|just) )*(?:has|had|reached|passed|employs|employed|earned"
    r"|is valued|was valued)\b"
    r"(?! (?:also )?(?:said|put|told|named|estimated|announced|reported|spoken|claimed|been))[^<>.;:,]{0,50}$"
)
"""An unknown name that is the subject of the number's own verb (`Zyx has …`), or has the thing counted;
a person who has it is a name read wrongly."""
_POSSESSOR: Final = re.compile(r"<[CMDPLN](\d+)>'s (?:[a-z-]+ ){0,2}(?:an? )?$")
_INTO: Final = re.compile(
    r"^ (?:(?:in )?(?:[\w-]+ ){0,2}(?:Series [A-H]|round|funding|financing|investment|extension) )?"
    r"(?:into|on|for|to) (?:the )?<C(\d+)>"
)
_EXCHANGE: Final = re.compile(r"Nasdaq|NYSE|Exchange|Börse|Euronext", re.IGNORECASE)
_VALUED: Final = re.compile(
    r"^ (?:(?:in )?(?:[\w-]+ ){0,2}(?:Series [A-H]|round|funding|financing|investment))?,? (?:which "
    r"|that )?(?:had )?"
    r"valu(?:ed|es|ing) <C(\d+)>"
)
_SERVING: Final = re.compile(r"<[CD](\d+)>, (?:now |already )?(?:serving|used by|boasting|counting) $")
_GIVEN: Final = re.compile(r"(?:given|gave|gives|handed|valu(?:ed|es|ing|e)) <C(\d+)>(?: at)? (?:an? )?$")
_GIVER: Final = re.compile(r"\b(?:from|by|with|than|behind|unlike) (?:the )?$")
_FED: Final = re.compile(
    r"\b(?:led|co-led|leads|leading|joined|anchored)\b[^.;]* (?:into|in|for) (?:the )?<C(\d+)>"
    r"[^.;]*'s valuation[^.;]*$"
)
_LED: Final = re.compile(
    r"\b(?:led|co-led|leading|promised|pledged|put|poured|participat(?:ed|es|ing)|invest(?:ed|s|ing)|backed|backing)"
    r"\b[^.;]*$"
)
_TRAINING: Final = re.compile(
    r"\b(?:run|(?:pre-?)?train\w*|stage|took|needed|consumed|used|cost)\b", re.IGNORECASE
)
_LEADS: Final = re.compile(
    r"(?:(?:, | and |, and )<C\d+>){0,4}(?: (?:has|had|have))? (?:co-)?(?:led|leads|lead|headed|anchored)\b"
)
_KEY: Final = re.compile(r"[\s•*_-]*<[CMD](\d+)>(?: \([^()<>]{1,30}\))?(?::| [–—]) [^<>.;:]{0,50}$")
_LABEL: Final = re.compile(r"^[\s•*_-]*[A-Z][^.;:]{0,60}:[*_\s]*$")


Found = tuple[EntityRef, float] | None


def subjects_of(annotated: Annotated, place: Place, rule: FigureRule) -> list[tuple[EntityRef, float]]:
    """Whose number it is and how sure that is, from 0 to 1; several where each has it, none if unclear."""
    group = group_of(annotated, place, rule)
    if group is not None:
        if not group:
            place.let_go(annotated, rule, Reason.UNCLEAR_GROUP)
        return [(ref, 0.95) for ref in group]
    found = _beside(annotated, place, rule)
    if found is not None:
        return [found]
    if _UNKNOWN.search(place.left) or has_unknown_owner(
        annotated, place.quantity.number_start, place.quantity.end
    ):
        place.let_go(annotated, rule, Reason.UNKNOWN_OWNER)
        return []
    one = _only(annotated, place, rule)
    if one is None:
        place.let_go(annotated, rule, Reason.NO_SUBJECT)
    return [] if one is None else [one]


def _only(annotated: Annotated, place: Place, rule: FigureRule) -> Found:
    for way in _WAYS:
        found = way(annotated, place, rule)
        if found is not None:
            return found
    return None


def _beside(annotated: Annotated, place: Place, rule: FigureRule) -> Found:
    """`X's $5 valuation`, `downloads of X`, `X raised`, `gave X`, `into X`."""
    del annotated
    listed = place.slot(beside_head(place) or _KEY.match(place.left), rule)
    if listed is not None:
        return listed, 0.98
    fed = place.slot(_FED.search(place.left), rule)
    if fed is not None:
        return fed, 1.0
    possessor = None if rule.metric is Metric.FUNDING_RAISED else _POSSESSOR.search(place.left)
    if possessor is not None and (ref := place.slot(possessor, rule)) is not None:
        return ref, 1.0
    beside = _ATTACHED_MONEY if rule.money else _ATTACHED
    attached = place.slot(beside.match(place.right), rule) if rule.attached else None
    attached = attached or place.slot(_USED.match(place.right) or _SERVING.search(place.left), rule)
    if rule.metric is Metric.HEADCOUNT:
        attached = attached or place.slot(_CALLED.match(place.right), rule)
    given = rule.metric in {Metric.FUNDING_RAISED, Metric.VALUATION}
    receiver = None
    if given:
        words = _INTO.match(place.right) or _VALUED.match(place.right) or _GIVEN.search(place.left)
        receiver = place.slot(words, rule)
    if receiver is not None and _EXCHANGE.search(receiver.name):
        receiver = None
    doer = None if _is_gift(place, rule) else place.slot(_BESIDE.search(place.left), rule)
    ref = attached or receiver or doer
    return None if ref is None else (ref, 1.0)


def _parsed(annotated: Annotated, place: Place, rule: FigureRule) -> Found:
    """The subject of the verb, or the possessor of the noun, that the number belongs to."""
    mention, _ = owner(annotated, place.quantity.number_start, place.quantity.end)
    if mention is None or mention.type not in rule.subjects or _is_gift(place, rule):
        return None
    if rule.metric is Metric.VALUATION and mention in _bystanders(annotated, place, rule):
        return None
    return mention.ref, 0.98


def _labelled(annotated: Annotated, place: Place, rule: FigureRule) -> Found:
    """A line such as `Members on X: 5 million` is about what the text is about."""
    at_start = place.sentence.starts[place.index] == len(place.left)
    if not at_start or _LABEL.match(place.left) is None:
        return None
    about = focus(annotated, place.quantity.start, _types(rule), [m.ref for m in place.before(rule)])
    return None if about is None else (about, 0.95)


def _in_sentence(annotated: Annotated, place: Place, rule: FigureRule) -> Found:
    """The nearest before the number where the parse has found no subject, else the only one."""
    if _is_gift(place, rule):
        return None
    _, parsed = owner(annotated, place.quantity.number_start, place.quantity.end)
    others = _bystanders(annotated, place, rule)
    before = [m for m in place.before(rule) if m not in others]
    after = [
        m
        for m in place.after(rule)
        if not (is_source(annotated.text, m) or _is_make(annotated, m, rule) or _is_giver(place, m, rule))
    ]
    if before and not parsed:
        return _nearest(annotated, before), 0.94
    if not before and not parsed and len({m.ref for m in after}) == 1:
        return after[0].ref, 0.85
    only = {m.ref for m in before}
    return (next(iter(only)), 0.9) if len(only) == 1 else None


def _topical(annotated: Annotated, place: Place, rule: FigureRule) -> Found:
    """What the sentences before speak of; a number that opens its sentence is too often somebody else's."""
    unsaid = rule.metric is Metric.TRAINING_COMPUTE and _TRAINING.search(place.left) is None
    if unsaid or not place.left.strip(" -*•"):
        return None
    others = place.before(rule) if _is_gift(place, rule) else _bystanders(annotated, place, rule)
    about = focus(annotated, place.quantity.start, _types(rule), [m.ref for m in others])
    return None if about is None else (about, 0.85)


_WAYS: Final[Sequence[Callable[[Annotated, Place, FigureRule], Found]]] = (
    _parsed,
    _labelled,
    _in_sentence,
    _topical,
)


def _describes(annotated: Annotated, mention: EntityMention) -> bool:
    """Whether the name stands before a common noun (`a team of Acme researchers`)."""
    root = annotated.tokens(mention.start, mention.end).root
    return root.dep_ in {"compound", "nmod"} and root.head.pos_ in {"NOUN", "PROPN"}


def _is_make(annotated: Annotated, mention: EntityMention, rule: FigureRule) -> bool:
    """Whether the firm only says whose make the things counted are (`3,000 Acme chips`)."""
    return rule.metric is Metric.ACCELERATORS and _describes(annotated, mention)


def _bystanders(annotated: Annotated, place: Place, rule: FigureRule) -> list[EntityMention]:
    """Those before the number from whom the money came, or whom the words only compare."""
    if rule.metric not in {Metric.FUNDING_RAISED, Metric.VALUATION}:
        return []
    sentence = place.sentence
    starts = {id(filler): start for filler, start in zip(sentence.fillers, sentence.starts, strict=True)}
    return [
        m
        for m in place.before(rule)
        if _describes(annotated, m)
        or _GIVER.search(sentence.text[: starts[id(m)]])
        or _LEADS.match(sentence.text, starts[id(m)] + len(f"<C{sentence.fillers.index(m)}>"))
    ]


def _is_giver(place: Place, mention: EntityMention, rule: FigureRule) -> bool:
    """Whether the words say before the name that the money is from there (`a $5 round from X`)."""
    if rule.metric not in {Metric.FUNDING_RAISED, Metric.VALUATION}:
        return False
    sentence = place.sentence
    return _GIVER.search(sentence.text[: sentence.starts[sentence.fillers.index(mention)]]) is not None


def _is_gift(place: Place, rule: FigureRule) -> bool:
    """Whether those who stand before the number have given the money, not raised it."""
    return rule.metric is Metric.FUNDING_RAISED and _LED.search(place.left) is not None


def _types(rule: FigureRule) -> list[EntityType]:
    """Money is a firm's unless the sentence itself says it of a product."""
    return (
        [EntityType.COMPANY] if rule.money and EntityType.COMPANY in rule.subjects else sorted(rule.subjects)
    )


def _nearest(annotated: Annotated, before: Sequence[EntityMention]) -> EntityRef:
    """The last subject or possessor before the number, else the last mention before it."""
    for mention in reversed(before):
        span = annotated.tokens(mention.start, mention.end)
        if len(span) and span.root.dep_ in {"nsubj", "nsubjpass", "poss"}:
            return mention.ref
    return before[-1].ref
