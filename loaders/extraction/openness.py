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
_FILL: Final = r"(?:(?:now|made|being|also|still|both|an?|the|another|one of the|efficiently|[a-z]+ly) )*"
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
    (rf"{{a:Ms}}(?: models?)? (?:will|would|is to|are to) (?:be(?:come)?|go) {_FILL}HOW", 0.84),
    (
        r"{a:Ms},? (?:[a-z]+ ){0,3}(?:released|published|launched|shipped|available|offered) as HOW",
        0.85,
    ),
    (r"(?:mak(?:es|ing)|made|declared) {a:Ms} (?:fully )?HOW(?:[.,;)]|$)", 0.84),
    (r"HOW (?:release|version|edition) of {a:Ms}", 0.85),
)
_RULES: Final = tuple(
    (pattern("(?i:" + shape.replace("HOW", rf"(?<![\w-]){how}(?![\w-])") + ")"), access, confidence)
    for access, how in _HOWS.items()
    for shape, confidence in _SHAPES
)
_OPENED: Final = pattern(
    r"(?i)\bopen-?sourc(?:ed|ing|es) (?:(?:of|<C\d+>'s|its|the|an?) ){0,2}(?:(?!<)[\w-]+ ){0,3}\(?{a:Ms}"
    r"(?! (?:\w+ )?code|\.\d)"
)
_OPENED_FOR: Final = pattern(
    r"(?i)\bopen-?sourced (?:the |our |its |all )?[^<>.;]{3,150}? (?:for|of) (?:both |all )?{a:Ms}"
)
_PUBLISHED: Final = pattern(
    r"(?i)\b(?:publish(?:ed|es)?|released?|opened|opens|posted|shared|made available|gave away)"
    r" (?:the |its |all )?(?:model |improved |full )?weights (?:of|for) (?:<C\d+>'s |the |its )?{a:Ms}"
    r"|{a2:M}'s weights (?:can|may) be (?:freely )?downloaded"
    r"|weights (?:of|for) {a3:Ms} (?:can|may) be (?:freely )?downloaded"
    r"|{a4:Ms}(?:'s)?(?: (?:weights|parameters|checkpoints))? (?:(?:can|may) be (?:freely )?"
    r"(?:had|downloaded|taken home)\b|(?:is|are) (?:free to download|freely downloadable|downloadable)\b)"
    r"|{a5:Ms},? whose weights (?:(?:is|are|were|can be|may be|have been) )(?:[a-z]+ ){0,3}?(?:public"
    r"|for the taking"
    r"|open|downloaded|available|free|published|released|online)\b"
    r"|(?:weights|checkpoints|parameters) of {a6:Ms} (?:are|were|have been) (?:[a-z]+ )?(?:on <C|public"
    r"|available|online"
    r"|free|open|published|released)"
    r"|{a7:Ms}'s (?:weights|parameters|checkpoints) (?:are|were|have been) (?:[a-z]+ )?(?:on <C|public"
    r"|available|online"
    r"|free|offered|published|released)"
    r"|\b(?:puts?|putting) (?:the |its )?weights (?:of|for) {a8:Ms} (?:on|online|up)\b"
    r"|\blets? (?:[a-z]+ ){1,4}download {a9:Ms}"
)
_ALL_OPEN: Final = pattern(
    r"(?i)\b(?:code|training data|data)[^.;<>]{0,50} (?:of|for|behind) {a:Ms} (?:are|is|were) (?:all )?"
    r"(?:public|open|published|available|online)\b"
)
_WITHHELD: Final = pattern(
    r"(?i){a:Ms}(?: (?:is|are|was|were|remains?|stays?|can|could|may))* (?:only )?(?:be )?(?:available"
    r"|accessible|offered"
    r"|sold|reached|used|accessed|had|usable) (?:only |solely |exclusively )(?:through|via|over|by"
    r"|as) (?:an?|its|the"
    r"|<C\d+>'s) (?:[a-z]+ )?(?:API|interface|cloud|service)"
    r"|{a2:Ms}(?: (?:is|are|was|were|remains?|stays?|can|could|may))* (?:only )?(?:be )?(?:available"
    r"|accessible|offered"
    r"|sold|reached|used|accessed|had|usable) (?:through|via|over) (?:an?|its|the"
    r"|<C\d+>'s) (?:[a-z]+ )?(?:API|interface)"
    r" (?:only|alone)\b"
    r"|{a3:Ms} (?:is|are|was|remains?) API-only"
    r"|(?:weights|parameters) of {a4:Ms} (?:are|remain|stay|were|have been) (?:kept )?(?:secret|private"
    r"|closed|locked"
    r"|under wraps|not (?:public|available|released|published))"
    r"|{a5:Ms}[^.;<>]{0,60}[;,] (?:<C\d+>|the company) keeps the weights (?:to|private|secret|under)"
)
_TOLD_BY_VERB: Final = (
    (_OPENED, Access.OPEN_SOURCE, 0.85),
    (_OPENED_FOR, Access.OPEN_SOURCE, 0.8),
    (_PUBLISHED, Access.OPEN_WEIGHTS, 0.8),
    (_ALL_OPEN, Access.OPEN_SOURCE, 0.8),
    (_WITHHELD, Access.CLOSED, 0.82),
)
_OF_TOPIC: Final = re.compile(
    r"^(?:an? |the )?(?:[\w-]+ ){0,4}(?:models?|LLM|family) with (?:its )?open weights\b", re.I
)
_STATES: Final = re.compile(rf"\b(?:{_IS}|open-?sourc(?:ed|ing|es)|weights (?:of|for))\b", re.I)
_BY_FOCUS: Final = 0.8


def openness(annotated: Annotated, sentence: Span) -> Iterator[Term]:
    """How open the sentence calls the models that it names, each told once."""
    words = annotated.text[sentence.start : sentence.end]
    if not re.search(r"open|closed|proprietary|weights|download|\bAPI\b|interface|public", words, re.I):
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
