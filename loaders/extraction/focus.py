"""Of which entity a sentence speaks when it does not say so itself."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind, Span

_LOOK_BACK: Final = 3
_LEAST: Final = 3
_OPENING: Final = 400
_LONGEST: Final = 20_000
"""So far back a paragraph is looked at."""


_REPORTS: Final = re.compile(r"\s(?:had\s|has\s)?(?:report(?:s|ed)|puts|wrote|writes)\b")
_ACCORDING: Final = re.compile(r"(?:according to|told|tells|reports?|quoted by|interview with) (?:the )?$")


_BESIDE: Final = re.compile(
    r"(?:(?:,| and| or|, and) [A-Z][\w.&]*(?: [A-Z][\w.&]*){0,3}){0,4} (?:is|are|was|were|remains?|became)"
    r"(?: also| still| now| both)?(?: among| one of)?(?: an?| the| another| its| their| other)?"
    r"(?: [a-z-]+){0,3}?"
    r" (?:clients?|customers?|shareholders?|investors?|backers?|owners?|rivals?|competitors?|partners?"
    r"|suppliers?|users|subscribers|organi[sz]ations)\b"
)


def is_beside(text: str, mention: EntityMention) -> bool:
    """Whether the entity only comes in as somebody's client or backer: `X and Y are shareholders, too`."""
    return mention.type is EntityType.COMPANY and _BESIDE.match(text, mention.end) is not None


def is_source(text: str, mention: EntityMention) -> bool:
    """Whether the text only cites the entity: `according to X`, `X reported`."""
    before = text[max(0, mention.start - 20) : mention.start]
    return _REPORTS.match(text, mention.end) is not None or _ACCORDING.search(before) is not None


def topic(mentions: Iterable[EntityMention], types: Sequence[EntityType]) -> EntityRef | None:
    """The entity of these types that a text is about.

    It is the one named most, where a mention at the beginning weighs double.
    """
    counts: Counter[EntityRef] = Counter()
    for mention in mentions:
        if mention.type in types and mention.kind is MentionKind.NAME:
            counts[mention.ref] += 2 if mention.start < _OPENING else 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0].name))
    if not ranked or ranked[0][1] < _LEAST:
        return None
    second = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] > 1.2 * second else None


def topic_of(annotated: Annotated, types: Sequence[EntityType]) -> EntityRef | None:
    """The entity of these types that the document is about, counted once per document."""
    key = tuple(types)
    if key not in annotated.topics:
        annotated.topics[key] = topic(annotated.mentions, types)
    return annotated.topics[key]


def focus_company(annotated: Annotated, position: int, but_not: Sequence[EntityRef] = ()) -> EntityRef | None:
    """The company that the words at the position are about, or None where that is unclear."""
    return focus(annotated, position, (EntityType.COMPANY,), but_not)


def focus(
    annotated: Annotated, position: int, types: Sequence[EntityType], but_not: Sequence[EntityRef] = ()
) -> EntityRef | None:
    """The text's topic where the last sentences speak of it, else the only entity that they speak of."""
    own = annotated.sections.lead(position, types)
    main = own or annotated.sections.heading(position, types) or topic_of(annotated, types)
    main = None if main in but_not else main
    sentence = annotated.sentence_at(position)
    for steps in range(_LOOK_BACK):
        found = annotated.mentions_in(sentence.start, sentence.end, *types)
        passing = (is_source(annotated.text, m) or is_beside(annotated.text, m) for m in found)
        refs = {m.ref for m, passes in zip(found, passing, strict=True) if not passes} - set(but_not)
        if main in refs:
            return main
        if refs:
            alone = (
                len(refs) == 1 and main is None and (steps == 0 or _has_subject(annotated, sentence, refs))
            )
            if alone:
                return next(iter(refs))
            return (
                main
                if not _has_subject(annotated, sentence, refs)
                else _in_paragraph(annotated, main, position)
            )
        before = annotated.sentence_before(sentence)
        if before is None or (own is not None and annotated.sections.lead(before.start, types) != own):
            break
        sentence = before
    return main


def _in_paragraph(annotated: Annotated, main: EntityRef | None, position: int) -> EntityRef | None:
    """The topic, where the paragraph at the position speaks of it up to there."""
    least = max(position - _LONGEST, 0)
    begin = max(annotated.text.rfind("\n\n", least, position) + 1, least)
    spoken_of = main is not None and any(
        m.ref == main for m in annotated.mentions_in(begin, position, main.type)
    )
    return main if spoken_of else None


def _has_subject(annotated: Annotated, sentence: Span, refs: set[EntityRef]) -> bool:
    """Whether one of the entities is the subject of the sentence."""
    return any(
        m.ref in refs and annotated.tokens(m.start, m.end).root.dep_ in {"nsubj", "nsubjpass"}
        for m in annotated.mentions_in(sentence.start, sentence.end)
    )
