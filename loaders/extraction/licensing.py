"""Which model is released under which licence, as sentences tell it."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import EntityType, Modality, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.focus import focus
from loaders.extraction.slots import Slotted, all_slotted, pattern
from loaders.extraction.trace import Reason, What

_NOUN: Final = (
    r"(?:(?:language |foundation |delta |model )?(?:weights|checkpoints?|models?|versions?|variants?|family"
    r"|series|releases?|parameters))"
)
_BE: Final = r"(?:(?:is|are|was|were|has been|have been|will be|being) )?"
_WAY: Final = r"(?:[\w-]+,? ){0,6}"
_VERB: Final = (
    r"(?:(?:re-?)?(?:released|licen[cs]ed)|available|offered|distributed|published|open-?sourced|shipped"
    r"|issued"
    r"|provided|shared|comes?|came|falls?|ships?|launched|opened)"
)
_ADJECTIVE: Final = (
    r"(?:more|fully|very|permissive|open-source|open|liberal|standard|custom|non-commercial|free|own|creative"
    r"|commons|licen[cs]e|commercially)"
)
_UNDER: Final = (
    rf"(?:under|with|using|on|via)(?: the terms of)?(?: (?:the|an?|its|their|our|a new|what it calls))?"
    rf"(?: {_ADJECTIVE},?){{0,4}} ?[\[(\"'“]{{0,3}}"
)
_OF: Final = rf"\W{{0,3}}(?:'s)?(?: (?:[\w.-]+ ){{0,4}}{_NOUN})?(?: \([^()]{{1,60}}\))?"
_SOURCES: Final = {
    rf"{{a:Ms}}{_OF},? (?:(?:which|that) )?{_BE}{_WAY}{_VERB} {_WAY}{_UNDER}{{b:Ls}}": 0.93,
    rf"{_VERB} (?:[\w-]+ ){{0,4}}{{a:Ms}}{_OF},? {_WAY}{_UNDER}{{b:Ls}}": 0.92,
    rf"{{a:Ms}}{_OF} \(?{_UNDER}{{b:Ls}}": 0.85,
    r"{a:M}(?:'s)? (?:is |are )?\(?(?P<b><L\d+>)(?:[- ]licen[cs]ed)?[),.]": 0.8,
    r"(?P<b><L\d+>)(?:[- ]licen[cs]ed)? (?:model |language model |family )?{a:M}": 0.85,
    rf"{{a:Ms}}{_OF},? (?:is|are|was|were) (?:an? )?(?:(?!<M\d+>)[^.;:]){{1,90}}? {_UNDER}{{b:Ls}}": 0.85,
    rf"{{a:Ms}}{_OF}(?:(?!<M\d+>)[^.;:]){{0,200}}?, (?:all|both|each|also)(?: of them| are| is)?(?: {_VERB})?"
    rf"(?: {_UNDER}| ){{b:Ls}}": 0.82,
    rf"{{a:Ms}}{_OF},? {_BE}(?:[a-z]+ ){{0,2}}(?:adheres? to|compl(?:y|ies) with|subject to|governed by"
    r"|bound by|covered by|follows?|uses?) (?:the )?(?:terms of )?(?:the )?{b:L}": 0.85,
    r"{a:M}(?:'s)? licen[cs]e(?:,| is| was)? (?:the |an? )?{b:L}": 0.9,
    r"{a:M}(?:'s)? (?:uses|has|carries|adopts|bears|moved to|switched to|adopted) (?:the |an? )?{b:L}": 0.85,
    r"{a:M}(?:'s)? (?:has|have|had|carries|comes with|gets?|got) [^.;]{0,60}?licen[cs]e[^.;]{0,40}?, "
    r"(?:now |called )?(?:the )?{b:L}": 0.83,
    rf"{{a:Ms}}{_OF},? (?!(?:and|or|but|than|like|unlike)\b)"
    rf"(?:(?!<[ML]\d+>|\bcode\b|\bdata\b)[^.;:]){{1,60}}? "
    rf"(?:under|subject to|governed by|covered by|on the terms of|on) (?:(?:the|an?|its|<C\d+>'s) )*"
    rf"(?:{_ADJECTIVE},? ){{0,3}}{{b:L}}": 0.82,
    rf"(?:put|posted|uploaded|published|released|opened|dropped|shipped|shared)(?: [^.;<>]{{0,30}}?)? "
    rf"{{a:Ms}}{_OF}(?:(?!<M\d+>)[^.;:]){{0,50}}?, {{b:L}}(?=[,.;)]|$)": 0.82,
    r"{b:L}(?: licen[cs]e)? (?:governs|covers|applies to|goes for|holds for|is the licen[cs]e (?:of|for)"
    r"|was chosen for) (?:the )?{a:Ms}": 0.86,
    r"(?:went for|opted for|goes for|opts for|chose|picked|settled on|selected) (?:the )?{b:L} [^.;]{0,60}?"
    r"(?:for|gave away|released|published|opened) {a:Ms}": 0.82,
    r"(?:terms|licen[cs]e|conditions) (?:for|of|on|behind) {a:Ms}(?:'s weights)?(?:,|:| is| are"
    r"| was)* (?:the |an? )?"
    r"(?:usual )?{b:L}": 0.86,
    r"(?:weights|architecture|checkpoints|parameters) of {a:Ms}(?::| are| is| come| comes"
    r"| carry)+ (?:the |an? )?"
    r"{b:L}": 0.85,
    r"{a:M} (?:line|family|series|models|weights)(?:,| is| are| carries| carry)+ (?:all )?{b:L}": 0.84,
    r"{a:Ms} (?:went|moved|switched|changed|passed)(?: over)? (?:to|from [^.;]{2,25} to) (?:the "
    r"|an? )?{b:L}": 0.85,
    r"{a:M}[^<>。]{0,15}{b:L} ?(?:许可|許可|授權|授权|协议|協議)": 0.85,
}
_BARE_SOURCES: Final = {
    rf"(?<!\w)(?:(?:the|its|all|base|these|our) )*{_NOUN} {_BE}{_WAY}{_VERB} {_WAY}{_UNDER}{{b:L}}": 0.85,
    rf"{_VERB} (?:both )?(?:the |its |all |these )?(?:[\w-]+ ){{0,5}}{_NOUN} {_UNDER}{{b:L}}": 0.85,
    r"^(?:(?:the weights|everything|it)\b[^<>.;:]{0,15}? )(?:is|are|was|were|comes?"
    r"|carry|carries|falls?) (?:[a-z]+ ){0,2}(?:under )?(?:the |an? )?{b:L}": 0.8,
    r"\buse (?:of (?:the|its) (?:model|weights) )?is (?:governed by|subject to) (?:the )?{b:L}": 0.82,
    r"{b:L} (?:[\w-]+ ){0,3}(?:access to|use of) (?:the )?(?:[\w-]+ ){0,2}(?:weights|models?)": 0.85,
}
_RULES: Final = tuple((pattern(f"(?i:{source})"), confidence) for source, confidence in _SOURCES.items())
_BARE: Final = tuple((pattern(f"(?i:{source})"), confidence) for source, confidence in _BARE_SOURCES.items())
_CODE: Final = re.compile(r"\b(?:code|software|data ?sets?|data|repository|scripts?|documentation)\b", re.I)
_CODE_OF: Final = re.compile(rf"{_CODE.pattern}(?: (?:for|of|behind|to run|with))?(?: the)? $", re.I)
_WEIGHTS: Final = re.compile(r"<M\d+>|\b(?:models?|weights|checkpoints?)\b", re.I)
_SOURCE: Final = re.compile(
    r"\b(?:over|based on|built on|derived from|distilled from|from|than|unlike|tun\w+ (?:of|on)|version of)"
    r" (?:(?:the|an?|original|base) )*$",
    re.I,
)
"""Words before a model that another one was made from; the other's licence is told."""

_BY_FOCUS: Final = 0.9


class LicenceFinder:
    """Reads `X is released under L`, `the L-licensed X`, `the weights come under L` and their like."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The releases under licences that the sentences state."""
        for sentence in all_slotted(annotated):
            if "<L" not in sentence.text or sentence.text.startswith("|"):
                continue
            found = list(_by_name(annotated, sentence))
            if found or "<M" in sentence.text:
                yield from found
            else:
                yield from _by_focus(annotated, sentence)


def _by_name(annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
    for number, (rule, confidence) in enumerate(_RULES, start=1):
        where = f"sentence that names both, {number}"
        for found in rule.finditer(sentence.text):
            place = sentence.original(found.start(), found.end())
            if _is_code(found[0]) or _CODE_OF.search(sentence.text, 0, found.start()):
                _let_go(annotated, where, place, Reason.NOT_THE_MODEL)
                continue
            for model in sentence.mentions(found["a"]):
                if _SOURCE.search(annotated.text, max(0, model.start - 30), model.start):
                    _let_go(annotated, where, place, Reason.SOURCE_MODEL)
                    continue
                for licence in sentence.mentions(found["b"]):
                    fact = _fact(annotated, model.ref, licence.ref, place, confidence)
                    yield annotated.trace.made(fact, where)


def _by_focus(annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
    """`The weights come under L`: of the model that the words before are about."""
    for number, (rule, confidence) in enumerate(_BARE, start=1):
        where = f"sentence that names the licence, {number}"
        for found in rule.finditer(sentence.text):
            place = sentence.original(found.start(), found.end())
            subject = _before(annotated, place[0])
            licences = sentence.mentions(found["b"])
            if subject is not None and licences and not _is_code(found[0]):
                fact = _fact(annotated, subject, licences[0].ref, place, confidence * _BY_FOCUS)
                yield annotated.trace.made(fact, where)
                return
            reason = Reason.NO_SUBJECT if subject is None else Reason.NOT_THE_MODEL
            _let_go(annotated, where, place, reason)


def _let_go(annotated: Annotated, rule: str, place: tuple[int, int], reason: Reason) -> None:
    annotated.trace.dropped(What.RELATION, reason, place, rule=rule, says=RelationType.RELEASED_UNDER)


def _before(annotated: Annotated, position: int) -> EntityRef | None:
    """The only model of the sentence before, else the one that the text is about there."""
    before = annotated.sentence_before(annotated.sentence_at(position))
    if before is not None:
        models = {m.ref for m in annotated.mentions_in(before.start, before.end, EntityType.MODEL)}
        if len(models) == 1:
            return models.pop()
    return focus(annotated, position, (EntityType.MODEL,))


def _is_code(words: str) -> bool:
    """Whether it is code or data that is licensed, not the model: what stands last before `under`."""
    before = re.split(r"\b(?:under|with|using|via)\b", words)[0]
    code = [found.start() for found in _CODE.finditer(before)]
    model = [found.start() for found in _WEIGHTS.finditer(before)]
    return bool(code) and (not model or code[-1] > model[-1])


def _fact(
    annotated: Annotated, model: EntityRef, licence: EntityRef, place: tuple[int, int], confidence: float
) -> Fact:
    told = modality(annotated, *place)
    return Relation(
        subject=model,
        predicate=RelationType.RELEASED_UNDER,
        object=licence,
        modality=told,
        speaker=speaker(annotated, *place) if told is not Modality.ASSERTED else None,
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=round(confidence, 3),
    )
