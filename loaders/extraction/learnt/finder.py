"""Facts that the classifier believes and no rule has found."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from kb.facts import DateFact, EntityRef, Fact, Relation
from kb.ontology import EmploymentStatus, Modality, RelationType
from kb.registry import RegistryEntry
from loaders.extraction.annotations import EXTRACTOR, Annotated, Span
from loaders.extraction.circumstances import modality
from loaders.extraction.contrasts import is_set_apart
from loaders.extraction.learnt.classifier import RelationClassifier, Scored
from loaders.extraction.learnt.known import Known
from loaders.extraction.pairs.words import Words
from loaders.extraction.relations import is_allowed
from loaders.extraction.roles import ROLE

_BELIEF: Final = 0.65
"""What a probability is worth as confidence: of what is believed in texts not trained on, half is right."""
_ROLE: Final = re.compile(rf"(?<![\w-]){ROLE}(?![\w-])")
_FORMER: Final = re.compile(r"\b(?:former(?:ly)?|ex-|once|previously|until|used to|left|worked|had been)\b")
_AROUND: Final = 60
_RULE: Final = "weights.tsv"


class LearntFinder:
    """Reads the sentences once more, for relations and dates between ends that the rules left unconnected."""

    def __init__(self, makers: Mapping[str, RegistryEntry], classifier: RelationClassifier) -> None:
        """Remember whose models they are, by the models' ids."""
        self._makers: Final = makers
        self._classifier: Final = classifier

    def find(self, annotated: Annotated, known: Iterable[Fact]) -> Iterator[Fact]:
        """The believed relations and dates of which the known facts leave room."""
        told = Known(known)
        words = Words.of(annotated.doc)
        for sentence in annotated.sentences():
            scored = self._classifier.scored(annotated, words, sentence)
            for one in sorted(scored, key=lambda s: (-s.probability, s.predicate, *_order(s))):
                if _is_open(told, one) and self._is_plausible(one):
                    fact = _fact(annotated, sentence, one)
                    if fact is not None:
                        told.add(fact)
                        yield annotated.trace.made(fact, _RULE)

    def _is_plausible(self, scored: Scored) -> bool:
        """Whether nobody else is known to have made the model."""
        subject, target = scored.subject.ref, scored.object.ref
        if scored.predicate is not RelationType.DEVELOPS or subject is None or target is None:
            return True
        maker = self._makers.get(target.id or "")
        return maker is None or maker.id == subject.id or target.name.startswith(subject.name)


def _order(scored: Scored) -> tuple[int, int]:
    return scored.subject.place.start, scored.object.place.start


def _is_open(known: Known, scored: Scored) -> bool:
    date = scored.object.date
    target = date.date if date is not None else scored.object.ref
    subject = scored.subject.ref
    return subject is not None and target is not None and known.leaves_open(scored.predicate, subject, target)


def _fact(annotated: Annotated, sentence: Span, scored: Scored) -> Fact | None:
    place = _place(sentence, scored)
    subject, target, date = scored.subject.ref, scored.object.ref, scored.object.date
    if subject is None:
        return None
    if isinstance(scored.predicate, RelationType):
        allowed = target is not None and is_allowed(scored.predicate, subject, target)
        return _relation(annotated, place, scored, subject, target) if allowed and target else None
    return (
        None
        if date is None
        else DateFact(
            subject=subject,
            predicate=scored.predicate,
            date=date.date,
            modality=modality(annotated, *place),
            evidence=annotated.evidence(*place),
            extractor=EXTRACTOR,
            confidence=_confidence(scored),
        )
    )


def _relation(
    annotated: Annotated, place: tuple[int, int], scored: Scored, subject: EntityRef, target: EntityRef
) -> Relation:
    predicate = RelationType(scored.predicate)
    works = predicate is RelationType.WORKS_FOR
    sentence = annotated.sentence_at(place[0])
    around = annotated.text[max(sentence.start, place[0] - _AROUND) : min(sentence.end, place[1] + _AROUND)]
    role = _ROLE.search(around) if works else None
    return Relation(
        subject=subject,
        predicate=predicate,
        object=target,
        role=role[0] if role else None,
        status=EmploymentStatus.FORMER if works and _FORMER.search(around) else None,
        modality=_told(annotated, place, scored),
        evidence=annotated.evidence(*place),
        extractor=EXTRACTOR,
        confidence=_confidence(scored),
    )


def _told(annotated: Annotated, place: tuple[int, int], scored: Scored) -> Modality:
    named = (end.place.start for end in (scored.subject, scored.object) if end.is_named)
    ends = (annotated.mention_at(start) for start in named)
    if any(mention is not None and is_set_apart(annotated, mention) for mention in ends):
        return Modality.DENIED
    return modality(annotated, *place)


def _confidence(scored: Scored) -> float:
    return round(_BELIEF * scored.probability, 3)


def _place(sentence: Span, scored: Scored) -> tuple[int, int]:
    """From the first to the last end; the whole sentence where it leaves one unnamed."""
    ends: Sequence[Span] = (scored.subject.place, scored.object.place)
    if not (scored.subject.is_named and scored.object.is_named):
        return sentence.start, sentence.end
    return min(e.start for e in ends), max(e.end for e in ends)
