"""Judgements: whether two entities are one, as people or the resolver said, and what follows from it.

SAME is transitive: who is judged the same, by whatever chain, is one cluster, which one entity stands for.
DIFFERENT keeps two entities apart, whoever else is judged the same as either of them; UNSURE only says that
somebody has looked. Nothing follows from a judgement that is undone.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from kb.errors import UsageError


class Verdict(StrEnum):
    """What is said about two entities."""

    SAME = "SAME"
    DIFFERENT = "DIFFERENT"
    UNSURE = "UNSURE"


class JudgementError(UsageError):
    """A judgement that contradicts what was judged before."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A verdict on two entities before it is recorded: by whom, and why."""

    one: str
    other: str
    verdict: Verdict
    by: str
    why: str | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """The two ids, the smaller first."""
        return (self.one, self.other) if self.one <= self.other else (self.other, self.one)


@dataclass(frozen=True, slots=True)
class Judgement:
    """An opinion as recorded; it stands until it is undone."""

    id: str
    opinion: Opinion
    at: datetime
    undone_at: datetime | None = None
    undone_by: str | None = None

    @property
    def stands(self) -> bool:
        """Whether it has not been undone."""
        return self.undone_at is None


@dataclass(frozen=True, slots=True)
class Member:
    """What decides for whom an entity stands: its id, and whether no registry entry is behind it."""

    id: str
    provisional: bool


def canonical(members: Iterable[Member]) -> str:
    """The id that stands for a cluster: of the registry's entities the smallest, else of the provisional."""
    return min(members, key=lambda member: (member.provisional, member.id)).id


class Judgements:
    """The judgements that stand, and what they say together."""

    def __init__(self, judgements: Iterable[Judgement]) -> None:
        """Take those that stand."""
        self._same: dict[str, dict[str, Judgement]] = defaultdict(dict)
        self._different: list[Judgement] = []
        self._by_pair: dict[tuple[tuple[str, str], Verdict], Judgement] = {}
        for judgement in judgements:
            self.add(judgement)

    def add(self, judgement: Judgement) -> None:
        """Take one more, if it stands."""
        if not judgement.stands:
            return
        one, other = judgement.opinion.pair
        self._by_pair.setdefault(((one, other), judgement.opinion.verdict), judgement)
        match judgement.opinion.verdict:
            case Verdict.SAME:
                self._same[one].setdefault(other, judgement)
                self._same[other].setdefault(one, judgement)
            case Verdict.DIFFERENT:
                self._different.append(judgement)
            case Verdict.UNSURE:
                pass

    def standing(self, opinion: Opinion) -> Judgement | None:
        """The judgement that says the same of the same two entities."""
        return self._by_pair.get((opinion.pair, opinion.verdict))

    def set_aside(self, one: str, other: str) -> bool:
        """Whether the two were looked at and not found to be one."""
        pair = (one, other) if one <= other else (other, one)
        return any((pair, verdict) in self._by_pair for verdict in (Verdict.DIFFERENT, Verdict.UNSURE))

    def cluster(self, entity: str) -> frozenset[str]:
        """All that are one with the entity, itself included."""
        return frozenset(self._reached(entity))

    def apart(self, one: str, other: str) -> Judgement | None:
        """The judgement that keeps the two apart, by themselves or through others of their clusters."""
        ours, theirs = self.cluster(one), self.cluster(other)
        return next(
            (
                judgement
                for judgement in self._different
                for a, b in (judgement.opinion.pair, judgement.opinion.pair[::-1])
                if a in ours and b in theirs
            ),
            None,
        )

    def chain(self, one: str, other: str) -> Sequence[Judgement] | None:
        """A shortest chain of SAME that makes the two one; none where they are not."""
        steps = self._reached(one)
        if other not in steps:
            return None
        chain: list[Judgement] = []
        while other != one:
            before, judgement = _step(steps, other)
            chain.append(judgement)
            other = before
        return chain[::-1]

    def refuse(self, opinion: Opinion) -> None:
        """Raise where the opinion cannot stand beside the others.

        Raises:
            JudgementError: naming the judgements that it contradicts.
        """
        one, other = opinion.one, opinion.other
        if one == other:
            raise UsageError(f"{one} was given twice: name two entities.")
        if opinion.verdict is Verdict.SAME:
            apart = self.apart(one, other)
            if apart is not None:
                raise JudgementError(self._contradiction(one, other, apart))
            return
        chain = self.chain(one, other)
        if chain is not None:
            raise JudgementError(
                f"{one} and {other} are one entity, because {_told(chain)}: undo one of these first."
            )

    def _contradiction(self, one: str, other: str, apart: Judgement) -> str:
        a, b = apart.opinion.pair
        if a not in self.cluster(one):
            a, b = b, a
        chain = [*(self.chain(one, a) or ()), *(self.chain(b, other) or ())]
        because = f" (and {_told(chain)})" if chain else ""
        return (
            f"{one} and {other} cannot be one entity: {_words(apart)}{because}. Undo one of these first, or "
            "leave the two apart."
        )

    def _reached(self, start: str) -> Mapping[str, tuple[str, Judgement] | None]:
        """Each member of the cluster with the step that leads to it."""
        reached: dict[str, tuple[str, Judgement] | None] = {start: None}
        queue = deque((start,))
        while queue:
            here = queue.popleft()
            for there, judgement in sorted(self._same.get(here, {}).items()):
                if there not in reached:
                    reached[there] = (here, judgement)
                    queue.append(there)
        return reached


_SIGNS: Final = {Verdict.SAME: "=", Verdict.DIFFERENT: "≠", Verdict.UNSURE: "?"}


def _step(steps: Mapping[str, tuple[str, Judgement] | None], entity: str) -> tuple[str, Judgement]:
    step = steps[entity]
    if step is None:
        raise AssertionError("unreachable: the walk back ends at the start")
    return step


def _words(judgement: Judgement) -> str:
    said = judgement.opinion
    return f"{said.one} {_SIGNS[said.verdict]} {said.other} (judgement {judgement.id}, by {said.by})"


def _told(chain: Sequence[Judgement]) -> str:
    return ", ".join(_words(judgement) for judgement in chain)
