"""Why the extraction did what it did: its parts tell as they work, and one who asks listens.

Who makes a fact tells the rule and the words that it hangs on (`made`); who lets go of a candidate tells
the reason (`dropped`). Nothing that a part does depends on whether anybody listens: `NO_TRACE`, which
documents are read with, forgets all of it.
"""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from kb.facts import Fact

F = TypeVar("F", bound=Fact)


class What(StrEnum):
    """What a candidate is."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    ANAPHOR = "anaphor"
    RELATION = "relation"
    CELL = "cell"
    CLAUSE = "clause"
    FACT = "fact"


class Reason(StrEnum):
    """Why a candidate became nothing; the value says it to people, the name is the code for scripts."""

    NO_RULE = "no rule's words stand beside it"
    COUNTS_TIME = "it counts time"
    JOBS_CUT = "the sentence tells of jobs that go, not of how many people work there"
    CONDITION = "it is a condition that anybody may meet, not somebody's figure"
    SUPPOSITION = "it is supposed, not told"
    SEVERAL_NAMELESS = "it is the figure of several whom the words do not name"
    SOMEBODY = "it is the figure of somebody whom the words do not name"
    UNKNOWN_USER = "those who use it use something that is not known here"
    PART = "it is the figure of a part: a division, a product line, a region"
    OTHER_TOKENS = "the tokens are supposed, or those of a data set that no model is said to be trained on"
    OTHER_CONTEXT = "the words around it do not speak of what it would be a figure of, or of something else"
    RANGE_OF_SIZES = "it spans the sizes of several models"
    TOGETHER = "it is the figure of several together"
    PART_OF_NOTHING = "it is a part of a number that is not known"
    UNCLEAR_GROUP = "several are meant, and which ones is unclear"
    UNKNOWN_OWNER = "it belongs to a name that is not known here"
    NO_SUBJECT = "it is unclear whose it is"
    NO_EVENT = "no rule makes it the date of an event"
    NEWS_OF_IT = "what is announced by a pronoun may be news of something older"
    UNFIT_TYPE = "the words beside it name something of another type"
    NO_END = "one of the two that it would join is not named, or it is unclear who that is"
    NO_ENDS = "neither of the two that it would join is named"
    UNFIT_ENDS = "those that it would join are of types that it cannot join, or the same"
    SOMEBODY_ELSES = "the words say it of somebody else"
    POSSESSION = "it is said of something that the other owns"
    RIVAL = "the name only tells what is rivalled (`a Foo competitor`)"
    DENIED = "it is denied, which says nothing of who made it"
    EACH_ITS_OWN = "they are deals of each with others, not with one another"
    POST = "the word names somebody's post"
    BEYOND_SENTENCE = "its two ends stand in different sentences"
    NO_PLACE = "no country or city of that name is known"
    NOT_THE_MODEL = "it is said of code or data, not of the model"
    SOURCE_MODEL = "it is said of the model that the other was made from"
    NOT_ABOUT_LICENCE = "the sentence does not speak of a licence or a model"
    PERMITS = "the words allow it as well"
    MERE_COUNT = "it does not say what happens beyond the number"
    NO_LABELS = "no label of the table is understood"
    NO_ROW_SUBJECT = "the row does not tell whose it is"
    UNREAD = "the words do not read as their label asks"
    PROSE = "a sentence follows the label"
    LONGER_NAME = "the word is part of a longer name"
    SURNAME = "a person of the text has the name"
    PERSON_NOT_IN_FULL = "the person is nowhere named in full"
    COMMON_WORD = "the name is a common word too, and nothing marks it as a name here"
    UNTYPED = "no registry holds the name, and no words beside it tell what it is"
    NOBODY_BEFORE = "nobody that it could mean is named"
    UNCLEAR_WHO = "it is unclear whom of several it means"
    DOUBLE = "another finding says the same"
    RIVAL_READING = "the line under its own label is read as another's"
    NOT_QUOTED = "its words do not stand in the text"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a fact came from: the component, its rule, and how sure that rule is of itself.

    `at` is where the words stand that the fact hangs on, such as its number, where it hangs on a part of
    its evidence.
    """

    component: str
    rule: str
    prior: float
    at: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that could have become something, and why they did not.

    `says` is the predicate that it would have had, where that is clear. `fact` is the fact that was
    made and gave way to `instead`.
    """

    what: What
    start: int
    end: int
    reason: Reason
    component: str
    rule: str = ""
    says: str = ""
    fact: Fact | None = None
    instead: Fact | None = None


class Trace:
    """Somebody whom the parts of the extraction tell what they do; this one forgets it."""

    def enter(self, component: str) -> None:
        """All that is told from now on comes from this component."""

    def made(self, fact: F, rule: str = "", at: tuple[int, int] | None = None) -> F:
        """The fact, which this rule made; `at` are the words of its evidence that it hangs on.

        The pipeline tells of every fact again, which counts where its finder named no rule.
        """
        del rule, at
        return fact

    def dropped(
        self, what: What, reason: Reason, place: tuple[int, int], *, rule: str = "", says: str = ""
    ) -> None:
        """The words at this place became nothing, for this reason."""

    def gave_way(self, fact: Fact, reason: Reason, to: Fact | None = None) -> None:
        """The fact that was made is left out, for another one or for its own fault."""


NO_TRACE: Final = Trace()


class Recording(Trace):
    """Remembers what it is told. Facts are known by being the very same object: two rules make equal ones."""

    def __init__(self) -> None:
        """Begin with nothing told."""
        self._component = ""
        self._made: Final[dict[int, tuple[Fact, Origin]]] = {}  # the fact too, so that its id stays its own
        self._doubles: Final[defaultdict[int, list[Origin]]] = defaultdict(list)
        self.used: Final[list[tuple[int, int]]] = []
        self.candidates: Final[list[Candidate]] = []

    def enter(self, component: str) -> None:
        """All that is told from now on comes from this component."""
        self._component = component

    def made(self, fact: F, rule: str = "", at: tuple[int, int] | None = None) -> F:
        """The fact, which this rule made; `at` are the words of its evidence that it hangs on."""
        self._made.setdefault(id(fact), (fact, Origin(self._component, rule, fact.confidence, at)))
        if at is not None:
            self.used.append(at)
        return fact

    def dropped(
        self, what: What, reason: Reason, place: tuple[int, int], *, rule: str = "", says: str = ""
    ) -> None:
        """The words at this place became nothing, for this reason."""
        self.candidates.append(Candidate(what, *place, reason, self._component, rule, says))

    def gave_way(self, fact: Fact, reason: Reason, to: Fact | None = None) -> None:
        """The fact that was made is left out, for another one or for its own fault."""
        origin = self.origin(fact)
        if reason is Reason.DOUBLE and to is not None:
            self._doubles[id(to)].append(origin)
            return
        place = fact.evidence.start, fact.evidence.end
        self.candidates.append(
            Candidate(
                What.FACT, *place, reason, origin.component, origin.rule, fact.predicate.value, fact, to
            )
        )

    def origin(self, fact: Fact) -> Origin:
        """Who made the fact."""
        return self._made[id(fact)][1]

    def doubles(self, fact: Fact) -> tuple[Origin, ...]:
        """Who else made the same fact of the same words."""
        return tuple(self._doubles[id(fact)])
