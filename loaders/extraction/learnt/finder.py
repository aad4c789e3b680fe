"""Facts that the classifier believes and no rule has found."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from kb.facts import DateFact, EntityRef, Fact, Relation
from kb.ontology import RELATIONS, DateEvent, EmploymentStatus, RelationType
from kb.registry import Registry
from loaders.extraction.annotations import EXTRACTOR, Annotated, Span
from loaders.extraction.circumstances import modality
from loaders.extraction.gazetteer import makers
from loaders.extraction.learnt.classifier import RelationClassifier, Scored
from loaders.extraction.pairs.words import Words
from loaders.extraction.roles import ROLE

_BELIEF: Final = 0.75
"""What a probability is worth beside the confidence of the rules, before calibration."""
_ROLE: Final = re.compile(rf"(?<![\w-]){ROLE}(?![\w-])")
_FORMER: Final = re.compile(r"\b(?:former(?:ly)?|ex-|once|previously|until|used to|left|worked|had been)\b")
_AROUND: Final = 60
_RULE: Final = "weights.tsv"


class LearntFinder:
    """Reads the sentences once more, for relations and dates between ends that the rules left unconnected."""

    def __init__(self, registry: Registry, classifier: RelationClassifier) -> None:
        """Remember whose models the registry says they are."""
        self._makers: Final = makers(registry)
        self._classifier: Final = classifier

    def find(self, annotated: Annotated, known: Iterable[Fact]) -> Iterator[Fact]:
        """The believed relations and dates, without those between ends that a known fact connects."""
        connected = {ends for fact in known if (ends := _connected(fact)) is not None}
        words = Words.of(annotated.doc)
        for sentence in annotated.sentences():
            scored = self._classifier.scored(annotated, words, sentence)
            for one in sorted(scored, key=lambda s: (-s.probability, s.predicate, *_order(s))):
                ends = _ends(one)
                if ends in connected or not self._is_plausible(one):
                    continue
                connected.add(ends)
                fact = _fact(annotated, sentence, one)
                if fact is not None:
                    yield annotated.trace.made(fact, _RULE)

    def _is_plausible(self, scored: Scored) -> bool:
        """Whether no other firm than this is known to have made the model."""
        subject, target = scored.subject.ref, scored.object.ref
        if scored.predicate is not RelationType.DEVELOPS or subject is None or target is None:
            return True
        maker = self._makers.get(target.id or "")
        return maker is None or maker.id == subject.id or target.name.startswith(subject.name)


def _order(scored: Scored) -> tuple[int, int]:
    return scored.subject.place.start, scored.object.place.start


def _connected(fact: Fact) -> object:
    """What a fact connects: two entities, or an event with its day."""
    if isinstance(fact, Relation):
        return frozenset((fact.subject, fact.object))
    return (fact.predicate, str(fact.date)) if isinstance(fact, DateFact) else None


def _ends(scored: Scored) -> object:
    if scored.object.date is not None:
        return scored.predicate, str(scored.object.date.date)
    return frozenset((scored.subject.ref, scored.object.ref))


def _fact(annotated: Annotated, sentence: Span, scored: Scored) -> Fact | None:
    start, end = _place(sentence, scored)
    subject, target = scored.subject.ref, scored.object.ref
    if subject is None:
        return None
    common = {
        "subject": subject,
        "modality": modality(annotated, start, end),
        "evidence": annotated.evidence(start, end),
        "extractor": EXTRACTOR,
        "confidence": round(_BELIEF * scored.probability, 3),
    }
    if isinstance(scored.predicate, DateEvent):
        date = scored.object.date
        return None if date is None else DateFact(predicate=scored.predicate, date=date.date, **common)
    if target is None or not _is_allowed(scored.predicate, subject, target):
        return None
    works = scored.predicate is RelationType.WORKS_FOR
    around = annotated.text[max(sentence.start, start - _AROUND) : min(sentence.end, end + _AROUND)]
    role = _ROLE.search(around) if works else None
    former = EmploymentStatus.FORMER if works and _FORMER.search(around) else None
    return Relation(
        predicate=scored.predicate, object=target, role=role[0] if role else None, status=former, **common
    )


def _place(sentence: Span, scored: Scored) -> tuple[int, int]:
    """From the first to the last end; the whole sentence where it leaves one unnamed."""
    ends: Sequence[Span] = (scored.subject.place, scored.object.place)
    if not (scored.subject.is_named and scored.object.is_named):
        return sentence.start, sentence.end
    return min(e.start for e in ends), max(e.end for e in ends)


def _is_allowed(predicate: RelationType, subject: EntityRef, target: EntityRef) -> bool:
    spec = RELATIONS[predicate]
    alike = not spec.symmetric or subject.type == target.type
    return alike and subject.name != target.name
