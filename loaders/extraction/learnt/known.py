"""What the rules have found in a document, and what they leave open."""

from collections.abc import Iterable
from typing import Final

from kb.facts import DateFact, EntityRef, Fact, Relation
from kb.ontology import DateEvent, RelationType
from kb.partial_date import PartialDate

_SINGLE: Final = frozenset((DateEvent.FOUNDED_ON, DateEvent.RELEASED_ON, RelationType.RELEASED_UNDER))
"""What a document tells of one subject once: where a rule has found it, the classifier looks for no other."""


class Known:
    """The relations and dates of one document, by their ends."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        """Begin with these facts."""
        self._connected: Final[set[frozenset[EntityRef]]] = set()
        self._days: Final[set[tuple[DateEvent, str]]] = set()
        self._told: Final[set[tuple[RelationType | DateEvent, EntityRef]]] = set()
        self._receivers: Final[set[EntityRef]] = set()
        self._starts: Final[set[tuple[EntityRef, str]]] = set()
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        """Remember a fact; figures and terms connect nothing."""
        if isinstance(fact, Relation):
            self._connected.add(frozenset((fact.subject, fact.object)))
            self._told.add((fact.predicate, fact.subject))
            if fact.valid_from is not None:
                self._starts.update((end, str(fact.valid_from)) for end in (fact.subject, fact.object))
            if fact.predicate is RelationType.INVESTED_IN:
                self._receivers.add(fact.object)
        elif isinstance(fact, DateFact):
            self._days.add((fact.predicate, str(fact.date)))
            self._told.add((fact.predicate, fact.subject))

    def leaves_open(
        self, predicate: RelationType | DateEvent, subject: EntityRef, target: EntityRef | PartialDate
    ) -> bool:
        """Whether nothing known connects the two, tells it of the subject already, or speaks against it.

        Who takes money in a document is no investor there, and who invests takes none. The day on which
        somebody joins a firm is not the day on which it began.
        """
        if predicate in _SINGLE and (predicate, subject) in self._told:
            return False
        if isinstance(target, PartialDate):
            if predicate is DateEvent.FOUNDED_ON and (subject, str(target)) in self._starts:
                return False
            return not (isinstance(predicate, DateEvent) and (predicate, str(target)) in self._days)
        if frozenset((subject, target)) in self._connected:
            return False
        invests = predicate is RelationType.INVESTED_IN
        return not (invests and (subject in self._receivers or (predicate, target) in self._told))
