"""What a graph should hold after loads, corrections and judgements, counted from plain sets.

Nothing in here is asked of a graph, and nothing is kept that could be counted: who is one with whom is found
anew from the judgements each time, and which facts stand from the documents.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from kb.documents import Document, Standing
from kb.facts import Extraction
from kb.judgements import Opinion, Verdict
from kb.statement_ids import SEPARATOR, statement_id
from tests import facts as make
from tests.merging import Told, boss, rivals, worth

IDS = {
    "Acme": "company/acme",
    "Beta": "company/beta",
    "Mid": "company/mid",
    "Middle": "company/mid",
    "Zeta": "company/zeta",
    "Ann Lee": "person/ann-lee",
    "Anna Lee": "person/anna-lee",
}
"""Names as documents write them: the registry knows Mid, Middle as another name of it, and Zeta later on."""

RIVALRY = "COMPETES_WITH"
_WORDS = 300


class Claim(NamedTuple):
    """What a sentence says, with names as written; a valuation is in billions, and maybe somebody's."""

    predicate: str
    subject: str
    object: str | None = None
    value: int | None = None
    year: str | None = None
    speaker: str | None = None

    @property
    def told(self) -> Told:
        """The sentence."""
        if self.value is not None and self.year is not None:
            return worth(self.subject, self.value, self.year, self.speaker)
        other = self.object or ""
        return rivals(self.subject, other) if self.predicate == RIVALRY else boss(self.subject, other)

    @property
    def said(self) -> "Claim":
        """The same whoever says it, and whichever of two rivals is named first."""
        alone = self._replace(speaker=None)
        if self.predicate != RIVALRY or self.object is None:
            return alone
        one, other = sorted((self.subject, self.object))
        return alone._replace(subject=one, object=other)

    @property
    def names(self) -> set[str]:
        """All names that the sentence has."""
        return {name for name in (self.subject, self.object, self.speaker) if name is not None}


@dataclass(frozen=True, slots=True)
class Version:
    """A source's text at one time; where it is `wired`, it is much like other texts that are."""

    claims: frozenset[Claim]
    wired: bool = False

    def paper(self, key: str) -> tuple[Document, Extraction]:
        """The document of that source, with its facts."""
        told = sorted((claim.told for claim in self.claims), key=lambda one: one.text)
        filler = "wire" if self.wired else "".join(c for c in key if c.isalnum())
        words = (f"{filler}{number}" for number in range(_WORDS))
        source = make.document(" ".join((*(one.text for one in told), *words)), key)
        placed = replace(source, place=key)
        return placed, make.extraction(placed, *(one.fact(placed, one.text) for one in told))

    def name_of(self, claim: Claim, key: str) -> str:
        """The id by which a person names the fact."""
        source, _ = self.paper(key)
        return statement_id(claim.told.fact(source, claim.told.text))


class Seen(NamedTuple):
    """A fact that stands, as an export shows it."""

    source: str
    words: str
    predicate: str
    subject: str
    object: str | None
    value: int | None
    speaker: str | None

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> "Seen":
        """The fact of an export's line."""
        ends = {end: line[end]["id"] for end in ("subject", "object", "speaker") if end in line}
        return cls(
            line["source"]["source"],
            line["evidence"]["text"],
            line["predicate"],
            ends["subject"],
            ends.get("object"),
            line.get("value"),
            ends.get("speaker"),
        )


def first_of_each(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    """Of the facts about one thing the newest, and of equally new ones that with the smallest id."""
    about: dict[Any, list[tuple[int, str]]] = defaultdict(list)
    for line in lines:
        fact = Seen.of(line)
        about[fact.predicate, fact.subject, fact.object].append((-int(line.get("as_of", 0)), line["id"]))
    return {min(some)[1] for some in about.values()}


@dataclass
class Ledger:
    """What was done and not undone."""

    registry: set[str] = field(default_factory=set[str])
    versions: dict[str, Version] = field(default_factory=dict[str, Version])
    past: dict[str, list[Version]] = field(default_factory=dict[str, list[Version]])
    withdrawn: set[str] = field(default_factory=set[str])
    gone: set[str] = field(default_factory=set[str])
    rejected: dict[tuple[Claim, str], str] = field(default_factory=dict[tuple[Claim, str], str])
    judged: dict[str, Opinion] = field(default_factory=dict[str, Opinion])

    @property
    def standing(self) -> list[str]:
        """The sources whose document stands."""
        return sorted(self.versions.keys() - self.withdrawn - self.gone)

    @property
    def facts(self) -> list[tuple[str, Claim]]:
        """The facts that stand, with their sources."""
        return [
            (key, claim)
            for key in self.standing
            for claim in sorted(self.versions[key].claims, key=repr)
            if (claim.said, key) not in self.rejected
        ]

    def tells_of(self, key: str, version: Version) -> Standing | None:
        """What is known of a document that was found, if it needs no reading."""
        if key in self.withdrawn:
            return Standing.WITHDRAWN
        return Standing.READ if key in self.standing and self.versions[key] == version else None

    def keep(self, key: str, version: Version) -> None:
        """A version was loaded."""
        self.versions[key] = version
        self.past.setdefault(key, []).append(version)
        self.gone.discard(key)

    @property
    def names(self) -> set[str]:
        """The names that any document ever had, and those of the registry."""
        told = {name for some in self.past.values() for one in some for c in one.claims for name in c.names}
        return told | {name for name, id_ in IDS.items() if id_ in self.registry}

    @property
    def entities(self) -> list[str]:
        """The ids of all that were ever named."""
        return sorted({IDS[name] for name in self.names})

    def cluster(self, entity: str, opinions: Iterable[Opinion] | None = None) -> set[str]:
        """All that are one with the entity, by whatever chain."""
        said = self.judged.values() if opinions is None else opinions
        pairs = [{*one.pair} for one in said if one.verdict is Verdict.SAME]
        found = {entity}
        while more := [pair for pair in pairs if pair & found and not pair <= found]:
            found |= set[str]().union(*more)
        return found

    def stands_for(self, entity: str) -> str:
        """Who stands for the entity: of its cluster the first of the registry, else the first."""
        cluster = self.cluster(entity)
        return min(cluster & self.registry or cluster)

    @property
    def leads(self) -> set[tuple[str, str]]:
        """Names by the key under which they are looked for, with the entity that each leads to."""
        kinds = {name: IDS[name].partition("/")[0].capitalize() for name in self.names}
        return {
            (f"{kind}{SEPARATOR}{name.lower()}", self.stands_for(IDS[name])) for name, kind in kinds.items()
        }

    @property
    def redirects(self) -> dict[str, str]:
        """Where the ids lead that stand for nobody."""
        return {id_: stands for id_ in self.entities if (stands := self.stands_for(id_)) != id_}

    def refuses(self, opinion: Opinion) -> bool:
        """Whether the opinion contradicts what was judged, or what the entities are.

        One that stands is none too many, also where the two that it is unsure of were found to be one since.
        """
        if self.repeats(opinion):
            return False
        if opinion.verdict is not Verdict.SAME or opinion.one == opinion.other:
            return opinion.other in self.cluster(opinion.one)
        joined = self.cluster(opinion.one, [*self.judged.values(), opinion])
        apart = (one.pair for one in self.judged.values() if one.verdict is Verdict.DIFFERENT)
        types = {id_.partition("/")[0] for id_ in opinion.pair}
        return len(types) > 1 or any({*pair} <= joined for pair in apart)

    def repeats(self, opinion: Opinion) -> bool:
        """Whether the same was judged of the same two."""
        said = {(one.pair, one.verdict) for one in self.judged.values()}
        return (opinion.pair, opinion.verdict) in said

    def elsewhere(self, claim: Claim, key: str) -> int:
        """How many standing facts of other sources claim the same."""
        return sum(1 for source, other in self.facts if source != key and other.said == claim.said)

    @property
    def copies(self) -> set[frozenset[str]]:
        """The sources that stand, put together where their texts are copies of one another."""
        wired = frozenset(key for key in self.standing if self.versions[key].wired)
        alone = {frozenset((key,)) for key in self.standing if key not in wired}
        return alone | ({wired} if wired else set())

    def documents(self, claim: Claim) -> int:
        """How many documents state the claim, copies counted once."""
        sources = {source for source, other in self.facts if other.said == claim.said}
        return sum(1 for together in self.copies if together & sources)

    def _seen(self, key: str, claim: Claim) -> Seen:
        def end(name: str | None) -> str | None:
            return None if name is None else self.stands_for(IDS[name])

        subject, target = self.stands_for(IDS[claim.subject]), end(claim.object)
        if claim.predicate == RIVALRY and target is not None:
            subject, target = sorted((subject, target))
        value = None if claim.value is None else claim.value * 10**9
        return Seen(key, claim.told.text, claim.predicate, subject, target, value, end(claim.speaker))

    @property
    def seen(self) -> list[Seen]:
        """The facts that an export shows."""
        return sorted((self._seen(*fact) for fact in self.facts), key=repr)

    @property
    def edges(self) -> Counter[tuple[str, str, str | None]]:
        """The plain edges, with how many statements make each; figures hang on their subject."""
        return Counter(
            (fact.predicate if fact.object else "HAS_FIGURE", fact.subject, fact.object)
            for fact in self.seen
            if fact.subject != fact.object
        )

    def figures_of(self, entity: str) -> Sequence[tuple[int, str, int]]:
        """The valuations of an entity by whichever of its ids: value, year and number of documents."""
        stands = self.stands_for(entity)
        return sorted(
            ((claim.value or 0) * 10**9, claim.year or "", self.documents(claim))
            for _, claim in self.facts
            if claim.value is not None and self.stands_for(IDS[claim.subject]) == stands
        )
