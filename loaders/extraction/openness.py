"""How open a model is, as sentences call it: open source, open weights, closed."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Term
from kb.ontology import Access, EntityType, Modality, TermType
from loaders.extraction.annotations import EXTRACTOR, Annotated, Span
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.focus import focus
from loaders.extraction.slots import pattern, slotted
from loaders.extraction.trace import Reason, What

_HOWS: Final = {
    Access.OPEN_SOURCE: r"(?:(?:fully|truly|completely|permissively) )?open[- ]?sourced?",
    Access.OPEN_WEIGHTS: (
        r"(?:(?:(?:fully|truly|completely) )?open(?:[- ]weights?|[- ]access|[- ]model)?"
        r"|openly (?:available|released|accessible|licen[cs]ed))"
    ),
    Access.CLOSED: r"(?:(?:fully|completely) )?(?:closed(?:[- ](?:source|model|weights?))?|proprietary)",
}
_WORDS: Final = (
    r"(?:(?!(?:than|like|unlike|of|to|with|from|for|as|by|on|in|at|against) )(?:(?:<Z\d+>-)?[\w-]+"
    r"|\([A-Z]\w+\)),? ){0,5}"
)
_IS: Final = r"(?:is|are|was|were|remains?|became|becomes)"
_FILL: Final = r"(?:(?:now|also|still|both|an?|the|another|one of the|efficiently|[a-z]+ly) )*"
_KIND: Final = (
    r"(?:models?|LLMs?|families|family|groups?|series|systems?|releases?|alternatives?|rivals?|checkpoints?"
    r"|AI|neural networks?)"
)
_GROUP: Final = r"(?:family|generation|series|line|line-?up|set|suite|collection|group|range)"
_LEAD: Final = r"(?:(?:[—–] )?(?:called|named|dubbed|such as|like|including)|,)"
_KEEP: Final = r"(?:keeps?|kept|keeping|leaves?|left)"
_THE: Final = r"(?:(?:<[CDM]\d+>'s|its|the|an?|their|another) )?"
_SHAPES: Final = (
    (rf"{{a:M}} \({_THE}{_WORDS}HOW {_WORDS}{_KIND}?[^()]{{0,30}}\)", 0.92),
    (
        rf"{{a:Ms}}(?: (?:[\w-]+ )?models?)? {_IS} {_FILL}{_WORDS}HOW(?: {_WORDS}{_KIND}|[.,;)]| under\b|$)",
        0.88,
    ),
    (rf"{{a:Ms}}(?: (?:[\w-]+ )?models?)? {_IS} {_FILL}(?:[a-z]+ (?:and|but) )?{_FILL}HOW(?:[.,;)]|$)", 0.86),
    (rf"{{a:M}}(?:,| —| –) {_THE}{_WORDS}HOW {_WORDS}{_KIND}", 0.9),
    (rf"HOW (?:[\w-]+ ){{0,3}}{_KIND},? ?(?:{_LEAD} )?(?:(?:the|its|<C\d+>'s) )?{{a:Ms}}", 0.88),
    (rf"{{a:M}}: {_FILL}HOW(?:[.,;)]|$)", 0.84),
    (rf"{{a:Ms}}, {_THE}{_WORDS}{_GROUP} of {_WORDS}HOW {_WORDS}{_KIND}", 0.86),
    (r"HOW {a:Ms}", 0.85),
    (rf"{{a:Ms}},? (?:which|that) {_IS} {_FILL}{_WORDS}HOW", 0.88),
    (rf"{{a:Ms}}, {_IS} {_FILL}HOW(?: {_WORDS}{_KIND}|[.,;)]|$)", 0.86),
    (rf"{_KEEP} {_THE}{_WORDS}{{a:Ms}}(?: models?)? {_FILL}HOW", 0.88),
    (
        rf"{{a:Ms}}(?: (?:[\w-]+ )?models?)? {_IS} {_THE}{_WORDS}{_GROUP} of {_WORDS}HOW {_WORDS}{_KIND}",
        0.85,
    ),
    (r"{a:M}(?:'s)?(?: models?)? (?:(?:has|have|had|comes? with) )?HOW weights", 0.85),
    (rf"{{a:M}}'s weights {_IS} {_FILL}HOW", 0.86),
    (rf"{_KEEP} {{a:M}}'s weights {_FILL}HOW", 0.86),
    (rf"{{a:M}} (?:[\w-]+ ){{0,6}}(?:among|of) (?:the )?HOW {_KIND}", 0.8),
)
_RULES: Final = tuple(
    (pattern("(?i:" + shape.replace("HOW", rf"(?<![\w-]){how}(?![\w-])") + ")"), access, confidence)
    for access, how in _HOWS.items()
    for shape, confidence in _SHAPES
)
_OPENED: Final = pattern(
    r"(?i)\bopen-?sourc(?:ed|ing|es) (?:(?:<C\d+>'s|its|the|an?) )?(?:(?!<)[\w-]+ ){0,3}\(?{a:Ms}"
    r"(?! (?:\w+ )?code)"
)
_OPENED_FOR: Final = pattern(
    r"(?i)\bopen-?sourced (?:the |our |its |all )?[^<>.;]{3,150}? (?:for|of) (?:both |all )?{a:Ms}"
)
_PUBLISHED: Final = pattern(
    r"(?i)\b(?:publish(?:ed|es)?|released?|opened|opens|posted|shared|made available|gave away)"
    r" (?:the |its |all )?(?:model |improved |full )?weights (?:of|for) (?:<C\d+>'s |the |its )?{a:Ms}"
    r"|{a2:M}'s weights (?:can|may) be (?:freely )?downloaded"
    r"|weights (?:of|for) {a3:Ms} (?:can|may) be (?:freely )?downloaded"
)
_TOLD_BY_VERB: Final = (
    (_OPENED, Access.OPEN_SOURCE, 0.85),
    (_OPENED_FOR, Access.OPEN_SOURCE, 0.8),
    (_PUBLISHED, Access.OPEN_WEIGHTS, 0.8),
)
_OF_TOPIC: Final = re.compile(
    r"^(?:an? |the )?(?:[\w-]+ ){0,4}(?:models?|LLM|family) with (?:its )?open weights\b", re.I
)
_STATES: Final = re.compile(rf"\b(?:{_IS}|open-?sourc(?:ed|ing|es)|weights (?:of|for))\b", re.I)
_BY_FOCUS: Final = 0.8


def openness(annotated: Annotated, sentence: Span) -> Iterator[Term]:
    """How open the sentence calls the models that it names, each told once."""
    words = annotated.text[sentence.start : sentence.end]
    if not re.search(r"open|closed|proprietary|weights", words, re.I):
        return
    slots = slotted(annotated, sentence)
    told: set[EntityRef] = set()
    for rule, access, confidence in (*_RULES, *_TOLD_BY_VERB):
        for found in rule.finditer(slots.text):
            for mention in slots.mentions(" ".join(words for words in found.groups() if words)):
                if mention.type is EntityType.MODEL and mention.ref not in told:
                    told.add(mention.ref)
                    place = slots.original(found.start(), found.end())
                    term = _term(annotated, mention.ref, access, place, confidence)
                    yield annotated.trace.made(term, f"words for {access}")
    if not told and (found := _OF_TOPIC.search(words)):
        about = focus(annotated, sentence.start, (EntityType.MODEL,))
        place = sentence.start + found.start(), sentence.start + found.end()
        if about is None:
            annotated.trace.dropped(What.CLAUSE, Reason.NO_SUBJECT, place, says=TermType.OPENNESS)
        else:
            term = _term(annotated, about, Access.OPEN_WEIGHTS, place, _BY_FOCUS)
            yield annotated.trace.made(term, "words for open weights of what the text is about")


def _term(
    annotated: Annotated, model: EntityRef, access: Access, place: tuple[int, int], confidence: float
) -> Term:
    told = modality(annotated, *place)
    if told is Modality.PLANNED and not _STATES.search(annotated.text[slice(*place)]):
        told = Modality.ASSERTED  # `plans to release its open model X`: the release is planned, X is open
    return Term(
        subject=model,
        predicate=TermType.OPENNESS,
        access=access,
        modality=told,
        speaker=speaker(annotated, *place) if told is not Modality.ASSERTED else None,
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=confidence,
    )
