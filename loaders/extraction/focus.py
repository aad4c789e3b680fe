"""Of which entity a sentence speaks when it does not say so itself."""

from collections import Counter
from collections.abc import Sequence

from kb.facts import EntityRef
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated

_LOOK_BACK = 2
_LEAST = 2


def focus_company(annotated: Annotated, position: int, but_not: Sequence[EntityRef] = ()) -> EntityRef | None:
    """The company that the words at the position are about, or None where that is unclear."""
    return focus(annotated, position, (EntityType.COMPANY,), but_not)


def focus(
    annotated: Annotated, position: int, types: Sequence[EntityType], but_not: Sequence[EntityRef] = ()
) -> EntityRef | None:
    """The only entity of these types in the sentence or just before it, else the document's main one."""
    sentence = annotated.sentence_at(position)
    steps = 0
    while steps <= _LOOK_BACK:
        refs = {
            m.ref for m in annotated.mentions_in(sentence.start, sentence.end, *types) if m.ref not in but_not
        }
        if len(refs) == 1:
            return next(iter(refs))
        before = annotated.sentence_before(sentence)
        if refs or before is None:
            break
        sentence = before
        steps += 1
    return main_entity(annotated, types, but_not)


def main_entity(
    annotated: Annotated, types: Sequence[EntityType], but_not: Sequence[EntityRef] = ()
) -> EntityRef | None:
    """The entity of these types that the document names most, when by half more than the next."""
    counts = Counter(m.ref for m in annotated.mentions if m.type in types and m.ref not in but_not)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0].name))
    if not ranked or ranked[0][1] < _LEAST:
        return None
    second = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] >= 1.5 * second else None
