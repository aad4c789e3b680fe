"""What the steps of a history can be about: made up, or chosen from what there is at the moment."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Protocol, cast

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from kb.judgements import Verdict
from kb.ontology import Metric, RelationType
from tests.expected import IDS, Claim, Ledger, Version

FILE = "list.jsonl"
RECORDS = (f"{FILE}#1", f"{FILE}#2", f"{FILE}#3")
KEYS = ("a.txt", "b.txt", "c.txt", "d.txt", *RECORDS)

companies = st.sampled_from(sorted(name for name, id_ in IDS.items() if id_.startswith("company/")))
people = st.sampled_from(("Ann Lee", "Anna Lee"))
two = st.lists(companies, min_size=2, max_size=2, unique_by=IDS.__getitem__)


def _worth(who: str, value: int, year: str, speaker: str | None) -> Claim:
    return Claim(Metric.VALUATION.value, who, None, value, year, speaker)


def _leads(who: str, where: str) -> Claim:
    return Claim(RelationType.WORKS_FOR.value, who, where)


claims = st.one_of(
    st.builds(_worth, companies, st.integers(1, 2), st.sampled_from(("2024", "2025")), st.none() | companies),
    two.map(lambda pair: Claim(RelationType.COMPETES_WITH.value, pair[0], pair[1])),
    st.builds(_leads, people, companies),
)
versions = st.builds(Version, st.frozensets(claims, min_size=1, max_size=4), st.booleans())
verdicts = st.sampled_from((Verdict.SAME, Verdict.SAME, Verdict.SAME, Verdict.DIFFERENT, Verdict.UNSURE))

TAKEN: Counter[str] = Counter()
"""How often each kind of step was taken, over all histories."""
KINDS: set[str] = set()
"""All kinds of steps."""

Choices = Callable[[Ledger], Sequence[Any]]


class History(Protocol):
    """What takes the steps: its ledger, whether it looked at this state, and whether this state was right."""

    ledger: Ledger
    looked: bool
    held: bool


def step(
    choices: Choices, *, looks: bool = False, **drawn: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Any]:
    """A step that is taken where there is something to choose from, and counted.

    Of steps that only look there is one at most between two that change something.
    """

    def of(take: Callable[..., None]) -> Any:
        @wraps(take)
        def counted(history: History, **what: Any) -> None:
            TAKEN[take.__name__] += 1
            history.looked, history.held = looks, False
            take(history, **what)

        def may_be_taken(history: History) -> bool:
            return not (looks and history.looked) and len(choices(history.ledger)) > 0

        KINDS.add(take.__name__)
        return precondition(may_be_taken)(cast("Any", rule)(**drawn)(counted))

    return of


def one_of(choices: Choices) -> st.SearchStrategy[Any]:
    """One of them, as they are when the step is taken."""
    return st.runner().flatmap(lambda life: st.sampled_from(choices(life.ledger)))


def some_of(choices: Choices, most: int) -> st.SearchStrategy[set[Any]]:
    """At least one of them."""
    return st.runner().flatmap(
        lambda life: st.sets(st.sampled_from(choices(life.ledger)), min_size=1, max_size=most)
    )


def always(_ledger: Ledger) -> Sequence[str]:
    """Something, whatever there is."""
    return KEYS


def absent(ledger: Ledger) -> Sequence[str]:
    """Sources that were never loaded."""
    return sorted(set(KEYS) - ledger.versions.keys())


def complete(ledger: Ledger) -> Sequence[str]:
    """All sources, once each of them was loaded: what takes long is worth it where there is much to lose."""
    return () if absent(ledger) else KEYS


def standing(ledger: Ledger) -> Sequence[str]:
    """Sources whose document stands."""
    return ledger.standing


def records(ledger: Ledger) -> Sequence[str]:
    """Records of the complete file that stand."""
    return [key for key in ledger.standing if key in RECORDS]


def withdrawn(ledger: Ledger) -> Sequence[str]:
    """Sources that were withdrawn."""
    return sorted(ledger.withdrawn)


def loaded(ledger: Ledger) -> Sequence[str]:
    """Sources whose document stands, and those that their file has no more."""
    return sorted(ledger.versions.keys() - ledger.withdrawn)


def past(ledger: Ledger) -> Sequence[tuple[str, Version]]:
    """All that such sources ever said."""
    return [(key, version) for key in loaded(ledger) for version in ledger.past[key]]


def stated(ledger: Ledger) -> Sequence[tuple[str, Claim]]:
    """Facts that stand, with their sources."""
    return ledger.facts


def rejected(ledger: Ledger) -> Sequence[tuple[Claim, str]]:
    """What was rejected of which source."""
    return sorted(ledger.rejected, key=repr)


def judged(ledger: Ledger) -> Sequence[str]:
    """Judgements that stand."""
    return list(ledger.judged)


def known(ledger: Ledger) -> Sequence[str]:
    """The ids of all entities that were ever named, merged or not."""
    return ledger.entities
