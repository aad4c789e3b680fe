"""The entities that the facts speak of, with the places where the document names them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kb.facts import EntityRecord, EntityRef, Fact, Figure, Mention, Relation
from kb.ontology import EntityType, ModelLevel
from loaders.llm.naming import Linker
from loaders.llm.places import places_of


def entities(text: str, facts: Iterable[Fact], linker: Linker) -> Iterator[EntityRecord]:
    """A record for each entity of the facts, by type and name."""
    refs = sorted({ref for fact in facts for ref in _of(fact)}, key=lambda r: (r.type, r.name, r.id or ""))
    owners: defaultdict[str, list[EntityRef]] = defaultdict(list)
    for ref in refs:
        for form in {ref.name, *linker.forms(ref.type, ref.name)}:
            owners[form].append(ref)
    for surname, people in _surnames(refs).items():
        if len(people) == 1 and surname not in owners:
            owners[surname] = people
    places: defaultdict[EntityRef, list[Mention]] = defaultdict(list)
    forms: defaultdict[EntityRef, set[str]] = defaultdict(set)
    for start, end in places_of(text, owners):
        form = " ".join(text[start:end].split())
        for ref in owners.get(form, ()):
            places[ref].append(Mention(start, end))
            forms[ref].add(form)
    for ref in refs:
        aliases = tuple(sorted(forms[ref] - {ref.name}))
        yield EntityRecord(ref, aliases, tuple(places[ref]), _level(ref, linker))


def _surnames(refs: Iterable[EntityRef]) -> dict[str, list[EntityRef]]:
    found: defaultdict[str, list[EntityRef]] = defaultdict(list)
    for ref in refs:
        if ref.type is EntityType.PERSON and len(ref.name.split()) > 1:
            found[ref.name.split()[-1]].append(ref)
    return found


def _of(fact: Fact) -> Iterator[EntityRef]:
    yield fact.subject
    if isinstance(fact, Relation):
        yield fact.object
    if isinstance(fact, Figure) and fact.offered_by is not None:
        yield fact.offered_by


def _level(ref: EntityRef, linker: Linker) -> ModelLevel | None:
    if ref.type is not EntityType.MODEL:
        return None
    entry = linker.entry(ref.type, ref.name)
    return (entry.level if entry else None) or ModelLevel.RELEASE
