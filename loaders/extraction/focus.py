"""Of which entity a sentence speaks when it does not say so itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, EntityMention, MentionKind

_LOOK_BACK: Final = 3
_LEAST: Final = 3
_OPENING: Final = 400


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


def focus_company(annotated: Annotated, position: int, but_not: Sequence[EntityRef] = ()) -> EntityRef | None:
    """The company that the words at the position are about, or None where that is unclear."""
    return focus(annotated, position, (EntityType.COMPANY,), but_not)


def focus(
    annotated: Annotated, position: int, types: Sequence[EntityType], but_not: Sequence[EntityRef] = ()
) -> EntityRef | None:
    """The text's topic where the last sentences speak of it, else the only entity that they speak of."""
    main = topic(annotated.mentions, types)
    main = None if main in but_not else main
    sentence = annotated.sentence_at(position)
    for _ in range(_LOOK_BACK):
        refs = {m.ref for m in annotated.mentions_in(sentence.start, sentence.end, *types)} - set(but_not)
        if main in refs:
            return main
        if refs:
            return next(iter(refs)) if len(refs) == 1 and main is None else main
        before = annotated.sentence_before(sentence)
        if before is None:
            break
        sentence = before
    return main
