"""Words under a label, and the relations that they state: a profile's founders, investors, rivals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kb.errors import ContractError
from kb.facts import EntityRef, Evidence, Fact, Relation
from kb.ontology import Derivation, EntityType, RelationType
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, MentionKind
from loaders.extraction.geography import city_country, state_country
from loaders.extraction.labels import Attribute, Label
from loaders.extraction.roles import ROLE

_C, _M, _D, _P = EntityType.COMPANY, EntityType.MODEL, EntityType.PRODUCT, EntityType.PERSON
RELATED: Final = {
    Attribute.FOUNDERS: (RelationType.FOUNDED, (_P,), True),
    Attribute.OFFICER: (RelationType.WORKS_FOR, (_P,), True),
    Attribute.INVESTORS: (RelationType.INVESTED_IN, (_C, _P), True),
    Attribute.COMPETITORS: (RelationType.COMPETES_WITH, (_C,), False),
    Attribute.PARTNERS: (RelationType.PARTNER_OF, (_C,), False),
    Attribute.PARENT: (RelationType.SUBSIDIARY_OF, (_C,), False),
    Attribute.SUBSIDIARIES: (RelationType.SUBSIDIARY_OF, (_C,), True),
    Attribute.PRODUCTS: (RelationType.OFFERS, (_D,), False),
    Attribute.MODELS: (RelationType.DEVELOPS, (_M,), False),
}
"""The relation under each label, the types of what is listed, and whether the listed are its subjects."""

_NEW: Final = frozenset((Attribute.INVESTORS, Attribute.COMPETITORS, Attribute.PARTNERS, Attribute.PARENT))
"""Lists under these labels hold names of firms, known or not."""

_ITEM: Final = re.compile(
    r"(?:and |& )?(?:the )?([A-Z0-9][\w.&'’-]*(?: (?:of |& |and )?[A-Z][\w.&'’-]*){0,3})(?: \([^()]*\))?"
)
_POST: Final = re.compile(rf" \(({ROLE})\)")
_SEPARATOR: Final = re.compile(r"[,;/] ?|,? and |(?<=\)) ")


@dataclass(frozen=True, slots=True)
class Statement:
    """Words under a label: whose they are, where they stand, and the evidence that shows both."""

    subject: EntityRef
    label: Label
    start: int
    end: int
    text: str
    evidence: Evidence
    confidence: float


def best_mention(annotated: Annotated, start: int, end: int, kind: EntityType) -> EntityMention | None:
    """The longest mention of the type in the stretch."""
    found = annotated.mentions_in(start, end, kind)
    return max(found, key=lambda m: m.end - m.start, default=None)


def named(annotated: Annotated, start: int, end: int, kind: EntityType, words: str) -> EntityRef:
    """The entity that these words are the name of: the mention that fills them, else the words themselves."""
    mention = best_mention(annotated, start, end, kind)
    if mention is not None and mention.end - mention.start >= 0.85 * len(words):
        return mention.ref
    return EntityRef(kind, words)


def related(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    """The relations of a firm to those whom the words under its label list."""
    predicate, types, inverse = RELATED[said.label.attribute]
    if said.subject.type is not EntityType.COMPANY:
        return
    role = said.label.words if predicate is RelationType.WORKS_FOR else None
    if said.label.attribute is Attribute.FOUNDERS:
        yield from _posts(annotated, said)
    for ref in _listed(annotated, said, types):
        ends = (ref, said.subject) if inverse else (said.subject, ref)
        if ends[0].name != ends[1].name:
            yield relation(said, predicate, *ends, role=role)


def _posts(annotated: Annotated, said: Statement) -> Iterator[Fact | None]:
    """The posts that a list of people tells in brackets: `Jo Doe (CEO)`."""
    for mention in annotated.mentions_in(said.start, said.end, EntityType.PERSON):
        post = _POST.match(annotated.text, mention.end, said.end)
        if post is not None:
            yield relation(said, RelationType.WORKS_FOR, mention.ref, said.subject, role=post[1])


def _listed(annotated: Annotated, said: Statement, types: tuple[EntityType, ...]) -> Iterator[EntityRef]:
    mentions = [m for m in annotated.mentions_in(said.start, said.end, *types) if m.kind is MentionKind.NAME]
    yield from dict.fromkeys(m.ref for m in mentions)
    if said.label.attribute not in _NEW:
        return
    position = said.start
    for part in _SEPARATOR.split(said.text):
        begin = annotated.text.find(part, position, said.end)
        item = _ITEM.fullmatch(part.strip())
        if begin >= 0:
            position = begin + len(part)
        if item is not None and begin >= 0 and not annotated.mentions_in(begin, begin + len(part)):
            yield EntityRef(EntityType.COMPANY, item[1])


def seat_in(annotated: Annotated, start: int, words: str, end: int) -> EntityRef | None:
    """The country that the words name, or that of the city or state with which they begin."""
    for mention in annotated.mentions_in(start, end, EntityType.COUNTRY)[:1]:
        return mention.ref
    parts = [part.strip() for part in re.split(r"[,(]", words)]
    code = next((c for part in parts if (c := state_country(part))), None) or city_country(parts[0])
    return None if code is None else EntityRef(EntityType.COUNTRY, code, f"country/{code.lower()}")


def relation(
    said: Statement,
    predicate: RelationType,
    subject: EntityRef,
    to: EntityRef,
    *,
    how: Derivation | None = None,
    role: str | None = None,
) -> Fact | None:
    """The relation that the words under the label state; None where the contract does not allow it."""
    try:
        return Relation(
            subject=subject,
            predicate=predicate,
            object=to,
            how=how,
            role=role,
            evidence=said.evidence,
            extractor=EXTRACTOR,
            confidence=said.confidence,
        )
    except ContractError:  # a model that names itself as its base, a label that fits another type
        return None
