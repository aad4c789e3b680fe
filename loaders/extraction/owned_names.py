"""Products and models whose names begin with their firm's."""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact, Relation
from kb.ontology import EntityType, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, MentionKind

_NAMED_AFTER: Final = {
    EntityType.PRODUCT: RelationType.OFFERS,
    EntityType.MODEL: RelationType.DEVELOPS,
}
_NAME_PARTS: Final = re.compile(r"[^\s-]+")
BY_NAME: Final = 0.75
"""How sure it is that a thing is the firm's that its name begins with."""


def by_name(annotated: Annotated) -> Iterator[Fact]:
    """`Acme Writer` is Acme's, and `Acme 2` its model, where the text speaks of Acme, too."""
    named = [m for m in annotated.mentions if m.type is EntityType.COMPANY and m.kind is MentionKind.NAME]
    firms = {form: m.ref for m in named for form in (m.ref.name, annotated.text[m.start : m.end])}
    seen: set[EntityRef] = set()
    for mention in annotated.mentions:
        if mention.type not in _NAMED_AFTER or mention.ref in seen or mention.kind is not MentionKind.NAME:
            continue
        words = _NAME_PARTS.findall(annotated.text[mention.start : mention.end])
        owner = next((firms[o] for n in (3, 2, 1) if (o := " ".join(words[:n])) in firms and words[n:]), None)
        if owner is not None and not words[-1][0].islower():
            seen.add(mention.ref)
            offers = Relation(
                subject=owner,
                predicate=_NAMED_AFTER[mention.type],
                object=mention.ref,
                evidence=annotated.evidence(mention.start, mention.end),
                extractor=EXTRACTOR,
                confidence=BY_NAME,
            )
            yield annotated.trace.made(offers, "a product's name that begins with its firm's")
