"""Numbers of several entities at once: `both models have`, `X and Y each passed`."""

import re
from collections.abc import Sequence
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType, Metric
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind
from loaders.extraction.figure_places import Place
from loaders.extraction.figure_rules import FigureRule
from loaders.extraction.pairings import paired
from loaders.extraction.quantities import Quantity

_C, _M, _D = EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT
_MOST: Final = 8
_NOUNS: Final = {
    **dict.fromkeys(("model", "models", "versions", "variants", "sizes", "releases"), _M),
    **dict.fromkeys(("company", "companies", "firms", "firm", "labs", "start-ups", "startups"), _C),
    **dict.fromkeys(("app", "apps", "assistants", "products", "chatbots", "services", "tools"), _D),
}
_OPENING: Final = r"(?:^|[.;:,] (?:and |but |while )?|\b(?:that|and|while|but) )"
_COUNTED: Final = re.compile(
    rf"{_OPENING}(?:(?P<both>both)|(?:all|the) <Z(?P<number>\d+)>"
    rf"|(?P<each>each|all|these|those|the))(?: of (?:them|these|those|the))?(?: [a-z-]+)?? ?"
    rf"(?P<noun>{'|'.join(_NOUNS)})?,? (?:(?:now|each|also|already|then|reportedly) )*"
    r"(?:has|have|had|are|were|cost|costs|offers?|support|come|comes|reach\w*|passed|raised)\b[^<>.;]*$",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(
    r"(?P<list>(?:<[CMD]\d+>, )*<[CMD]\d+>,? and (?:the |its )?<[CMD]\d+>) (?P<verb>[a-z][^<>.;]*)$"
)
_EACH: Final = re.compile(r"\b(?:each|both|all|apiece)\b")
_PLURAL: Final = re.compile(
    r"^(?:(?:now|also|already|then|reportedly|together|to) )*(?:have|are|were|had|will|would|cost|share"
    r"|offer|raised)\b"
)
_HALF_KNOWN: Final = re.compile(
    r"(?:^|[ ,])[A-Z][\w.&-]*,? and <[CMD]\d+> (?:(?:now|also|already|together) )*(?:have|are"
    r"|were)\b(?! each)[^<>.;]*$"
)
_NUMBER_EACH: Final = re.compile(r"^[^<>.;]{0,40}\b(?:each|apiece)\b")
_SLOT: Final = re.compile(r"<[CMD](\d+)>")
_OF_EACH: Final = frozenset((Metric.CONTEXT_WINDOW, Metric.PRICE_INPUT, Metric.PRICE_OUTPUT))
"""What several share is said of each of them; counts and sums are not."""


def group_of(annotated: Annotated, place: Place, rule: FigureRule) -> list[EntityRef] | None:
    """The entities that share the number; empty where unclear, None where it is told of one alone."""
    one = paired(place.sentence, place.index)
    if one is not None:
        return [one.ref] if one.type in rule.subjects else []
    listed = _LISTED.search(place.left)
    if listed is not None:
        return _listed(place, rule, listed)
    if _HALF_KNOWN.search(place.left) and not _NUMBER_EACH.match(place.right):
        return []
    counted = _COUNTED.search(place.left)
    if counted is None or (counted["each"] and counted["noun"] is None):
        return None
    if counted["each"]:
        return None if counted["noun"] in {"model", "company", "firm", "app"} else []
    number = 2 if counted["both"] else _count(place, int(counted["number"]))
    return [] if number is None else _before(annotated, place, _type(rule, counted["noun"]), number)


def _count(place: Place, index: int) -> int | None:
    filler = place.sentence.fillers[index]
    value = filler.value if isinstance(filler, Quantity) else None
    return value if isinstance(value, int) and 1 < value <= _MOST else None


def _listed(place: Place, rule: FigureRule, listed: re.Match[str]) -> list[EntityRef] | None:
    refs = [
        filler.ref
        for found in _SLOT.finditer(listed["list"])
        if isinstance(filler := place.sentence.fillers[int(found[1])], EntityMention)
    ]
    if not all(ref.type in rule.subjects for ref in refs):
        return None
    if _EACH.search(listed["verb"]) or rule.metric in _OF_EACH or _NUMBER_EACH.match(place.right):
        return refs
    return [] if _PLURAL.match(listed["verb"]) else None


def _type(rule: FigureRule, noun: str | None) -> EntityType | None:
    if noun is not None:
        return _NOUNS[noun.lower()]
    return next(iter(rule.subjects)) if len(rule.subjects) == 1 else None


def _before(annotated: Annotated, place: Place, kind: EntityType | None, number: int) -> list[EntityRef]:
    """Exactly so many of the kind that the sentences right before name, in the text's order."""
    found: dict[EntityRef, None] = {}
    sentence = annotated.sentence_before(place.sentence.sentence)
    for _ in range(number + 1):
        if sentence is None or kind is None:
            return []
        for ref in reversed(_named(annotated.mentions_in(sentence.start, sentence.end, kind))):
            found.setdefault(ref)
        if len(found) >= number:
            return list(reversed(found)) if len(found) == number else []
        sentence = annotated.sentence_before(sentence)
    return []


def _named(mentions: Sequence[EntityMention]) -> list[EntityRef]:
    return [m.ref for m in mentions if m.kind is MentionKind.NAME]
