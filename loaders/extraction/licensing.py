"""Which model is released under which licence, as sentences tell it."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import EntityType, Modality, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention
from loaders.extraction.circumstances import modality, speaker
from loaders.extraction.focus import focus
from loaders.extraction.slots import Slotted, all_slotted, pattern

_NOUN: Final = (
    r"(?:weights|checkpoints?|models?|versions?|variants?|family|series|code|release|parameters"
    r"|series of language models|language models|foundation models|delta weights)"
)
_OF: Final = rf"(?:'s)?(?: (?:[\w.-]+ ){{0,4}}{_NOUN})?\W{{0,3}}(?: \([^()]{{1,60}}\))?"
_VERB: Final = (
    r"(?:released|re-released|relicensed|licen[cs]ed|available|offered|distributed|published"
    r"|open-?sourced|shipped"
    r"|issued|provided|made available|put out|shared|comes?|came|falls?|ships?|launched|opened)"
)
_WAY: Final = r"(?:[\w-]+,? ){0,6}"
_UNDER: Final = r"(?:under|with|using|on|via)(?: the terms of)?(?: (?:the|an?|its|their|our|a new|what it calls))?(?: (?:more )?(?:fully |very )?(?:permissive|open-source|open|liberal|standard|custom|non-commercial|free|own|commercially permissive|non-commercial creative commons|creative commons)(?: licen[cs]e)?,?){0,3} ?[\[(\"'“]{0,3}"
_RULES: Final = tuple(
    (pattern(source), confidence)
    for source, confidence in (
        (
            rf"{{a:Ms}}{_OF}(?:,? (?:which|that))?(?: (?:is|are|was|were|has been|have been|will be"
            rf"|being))?,? {_WAY}{_VERB} {_WAY}{_UNDER}{{b:Ls}}",
            0.93,
        ),
        (rf"{_VERB} (?:[\w-]+ ){{0,4}}{{a:Ms}}{_OF},? {_WAY}{_UNDER}{{b:Ls}}", 0.92),
        (rf"{{a:Ms}}{_OF} (?:\(|under ){_UNDER}{{b:Ls}}", 0.85),
        (r"{a:M}(?:'s)? (?:\({b:L}\)|is {c:L}[- ]licen[cs]ed)", 0.85),
        (r"{b:L}(?:[- ]licen[cs]ed)? (?:model |language model |family ){a:M}", 0.85),
        (r"{b:L}-licen[cs]ed {a:M}", 0.9),
        (r"{a:M}(?:'s)? licen[cs]e(?:,| is| was)? (?:the |an? )?{b:L}", 0.9),
        (
            r"{a:M}(?:'s)? (?:uses|has|carries|adopts|bears|moved to|switched to|adopted) (?:the |an?"
            r" )?{b:L}",
            0.85,
        ),
        (r"{a:M}[^<>]{0,20}以? ?{b:L} ?(?:许可|許可|授權|授权|协议|協議)", 0.85),
        (r"{a:M}[^<>。]{0,15}{b:L} ?(?:许可|許可|授權|授权|协议|協議)", 0.85),
    )
)
_BARE: Final = tuple(
    (pattern(source), confidence)
    for source, confidence in (
        (
            rf"(?:^|[.;:,] |\W)(?:(?:the|its|their|all(?: the| of the)?|base|these|both|our) )?(?:[\w-]+"
            rf" ){{0,3}}{_NOUN}(?: (?:is|are|was|were|has been|have been|will be))?,? {_WAY}{_VERB}"
            rf" {_WAY}{_UNDER}{{b:L}}",
            0.85,
        ),
        (
            r"{b:L}(?: licen[cs]e)? (?:[\w-]+ ){0,3}(?:access to|use of) (?:the )?(?:[\w-]+"
            r" ){0,2}(?:weights|models?)",
            0.85,
        ),
    )
)
_CODE: Final = re.compile(
    r"\b(?:code|software|dataset|data|repository|scripts?|documentation)\b[^.]{0,60}$", re.I
)
_WEIGHTS: Final = re.compile(r"\b(?:models?|weights|checkpoints?)\b", re.I)
_BY_FOCUS: Final = 0.9


class LicenceFinder:
    """Reads `X is released under L`, `the L-licensed X`, `weights under L` and their like."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The releases under licences that the sentences state."""
        for sentence in all_slotted(annotated):
            if "<L" not in sentence.text or sentence.text.startswith("|"):
                continue
            found = list(_by_name(annotated, sentence))
            yield from found or _by_focus(annotated, sentence)


def _by_name(annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
    for rule, confidence in _RULES:
        for found in rule.finditer(sentence.text):
            groups = found.groupdict()
            models = sentence.mentions(groups["a"])
            licences = sentence.mentions(groups.get("b") or groups.get("c"))
            if _is_code(sentence.text[: found.end()]):
                continue
            start, end = sentence.original(found.start(), found.end())
            for model in models:
                for licence in licences:
                    yield _fact(annotated, model.ref, licence, start, end, confidence)


def _by_focus(annotated: Annotated, sentence: Slotted) -> Iterator[Fact]:
    """`The weights come under L`: of the model that the words before are about."""
    for rule, confidence in _BARE:
        for found in rule.finditer(sentence.text):
            if _is_code(sentence.text[: found.end()]):
                continue
            start, end = sentence.original(found.start(), found.end())
            subject = focus(annotated, start, (EntityType.MODEL,))
            licences = sentence.mentions(found["b"])
            if subject is not None and licences:
                yield _fact(annotated, subject, licences[0], start, end, confidence * _BY_FOCUS)
                return


def _is_code(before: str) -> bool:
    """Whether it is code or data that is licensed, not the model."""
    clause = before[-160:]
    return _CODE.search(clause) is not None and _WEIGHTS.search(clause) is None


def _fact(
    annotated: Annotated, model: EntityRef, licence: EntityMention, start: int, end: int, confidence: float
) -> Fact:
    told = modality(annotated, start, end)
    return Relation(
        subject=model,
        predicate=RelationType.RELEASED_UNDER,
        object=licence.ref,
        modality=told,
        speaker=speaker(annotated, start, end) if told is not Modality.ASSERTED else None,
        evidence=annotated.evidence(start, end),
        extractor=EXTRACTOR,
        confidence=round(confidence, 3),
    )
