"""The default extractor: spaCy, the registry and rules; offline, without a language model."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import tee
from typing import Final

from spacy.tokens import Doc

from kb.documents import Document
from kb.facts import EntityRecord, EntityRef, Extraction, Fact, Mention, Relation
from kb.ontology import EntityType, ModelLevel
from kb.registry import Registry
from loaders.extraction.annotations import EXTRACTOR, Annotated, EntityMention, FactFinder, MentionKind
from loaders.extraction.calibration import Calibration, load_calibration
from loaders.extraction.coreference import resolve
from loaders.extraction.explanation import Explanation, explanation
from loaders.extraction.finders import finders
from loaders.extraction.gazetteer import Gazetteer
from loaders.extraction.groups import find_groups
from loaders.extraction.language import SpacyModel, parse, require
from loaders.extraction.learnt.classifier import RelationClassifier, load_classifier
from loaders.extraction.learnt.finder import LearntFinder
from loaders.extraction.mentions import find_mentions
from loaders.extraction.sections import Sections
from loaders.extraction.selection import distinct
from loaders.extraction.trace import NO_TRACE, Reason, Recording, Trace

LONGEST: Final = 1_000_000
"""So many code points of a document are read, those of a thick book: about two minutes of work."""


def extractor_name(model: SpacyModel) -> str:
    """Name and version of the extractor over this model, such as `spacy-rules/1`."""
    name, _, version = EXTRACTOR.partition("/")
    return EXTRACTOR if model is SpacyModel.SMALL else f"{name}-{model}/{version}"


class SpacyExtractor:
    """Facts by rules over spaCy's parse and the registry's names.

    The same documents give the same extractions, whatever the batch and the order.
    """

    def __init__(
        self,
        registry: Registry,
        calibration: Calibration | None = None,
        classifier: RelationClassifier | None = None,
        model: SpacyModel = SpacyModel.SMALL,
    ) -> None:
        """Index the registry; the spaCy model is loaded at the first document.

        `calibration` turns the rules' confidence into that of the facts, `classifier` finds relations that
        no rule tells of; None means those that come with this package.

        Raises:
            SetupError: when the model is not installed.
        """
        require(model)
        self._model: Final = model
        self._calibration: Final = load_calibration() if calibration is None else calibration
        self._gazetteer: Final = Gazetteer(registry)
        self._levels: Final = {e.id: e.level for e in registry.of_type(EntityType.MODEL) if e.level}
        self._finders: Final[Sequence[FactFinder]] = finders(registry)
        self._learnt: Final = LearntFinder(self._gazetteer.makers, classifier or load_classifier())

    @property
    def name(self) -> str:
        """Name and version, which every fact carries."""
        return extractor_name(self._model)

    def extract(self, documents: Iterable[Document]) -> Iterator[Extraction]:
        """One extraction per document, in their order."""
        for annotated in self.annotate(documents):
            yield self._extraction(annotated, self._chosen(annotated))

    def explain(self, document: Document) -> Explanation:
        """The document's extraction, with where each fact came from and what became none, and why."""
        trace = Recording()
        annotated = next(self.annotate([document], trace))
        chosen = self._chosen(annotated)
        return explanation(annotated, self._extraction(annotated, chosen), chosen.facts, trace)

    def annotate(self, documents: Iterable[Document], trace: Trace = NO_TRACE) -> Iterator[Annotated]:
        """The documents with sentences, mentions and quantities, before facts are looked for.

        `trace` is told of the names and pronouns that are left out, and of what the finders do.
        """
        texts, sources = tee(documents)
        parsed = parse((_readable(document.text) for document in texts), self._model)
        for document, doc in zip(sources, parsed, strict=True):
            yield self._annotated(document, doc, trace)

    def _annotated(self, document: Document, doc: Doc, trace: Trace) -> Annotated:
        trace.enter("mentions")
        names = find_mentions(doc, self._gazetteer, trace)
        sections = Sections(doc.text, names)
        trace.enter("coreference")
        mentions = [*names, *resolve(doc, names, sections, self._gazetteer, trace)]
        groups = list(find_groups(doc, sorted(mentions, key=lambda m: m.start)))
        return Annotated(document, doc, mentions, sections, groups, trace=trace)

    def _chosen(self, annotated: Annotated) -> "_Chosen":
        found = list(self._found(annotated))
        annotated.trace.enter("learnt")
        found += list(self._learnt.find(annotated, found))
        valid = [fact for fact in found if _is_quoted(annotated, fact)]
        return _Chosen(distinct(valid, annotated.trace), dropped=len(found) - len(valid))

    def _found(self, annotated: Annotated) -> Iterator[Fact]:
        for finder in self._finders:
            annotated.trace.enter(type(finder).__module__.rpartition(".")[2])
            for fact in finder.find(annotated):
                yield annotated.trace.made(fact)

    def _extraction(self, annotated: Annotated, chosen: "_Chosen") -> Extraction:
        facts = [
            replace(fact, confidence=self._calibration(fact.confidence), extractor=self.name)
            for fact in chosen.facts
        ]
        return Extraction(
            document=annotated.document.id,
            extractor=self.name,
            entities=tuple(self._entities(annotated, facts)),
            facts=tuple(facts),
            dropped=chosen.dropped,
            unread=len(annotated.document.text) - len(annotated.text),
        )

    def _entities(self, annotated: Annotated, facts: Sequence[Fact]) -> Iterator[EntityRecord]:
        """What the text names; countries only where a fact speaks of them."""
        places: defaultdict[EntityRef, list[EntityMention]] = defaultdict(list)
        for mention in annotated.mentions:
            places[mention.ref].append(mention)
        in_facts = {ref for fact in facts for ref in _ends(fact)}
        for ref in in_facts:
            places.setdefault(ref, [])
        for ref in sorted(places, key=lambda r: (r.type, r.name, r.id or "")):
            if ref.type is EntityType.COUNTRY and ref not in in_facts:
                continue
            mentions = sorted(places[ref], key=lambda m: m.start)
            forms = {annotated.text[m.start : m.end] for m in mentions if m.kind is MentionKind.NAME}
            yield EntityRecord(
                ref,
                aliases=tuple(sorted(forms - {ref.name})),
                mentions=tuple(Mention(m.start, m.end) for m in mentions),
                level=self._level(ref, mentions),
            )

    def _level(self, ref: EntityRef, mentions: Sequence[EntityMention]) -> ModelLevel | None:
        if ref.type is not EntityType.MODEL:
            return None
        known = self._levels.get(ref.id or "")
        return known or next((m.level for m in mentions if m.level), ModelLevel.RELEASE)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The facts of a document with the confidence of their rules, and how many were not quoted."""

    facts: Sequence[Fact]
    dropped: int


def _readable(text: str) -> str:
    """The text up to the last end of a line that is still read; in one line, of a sentence or word."""
    if len(text) <= LONGEST:
        return text
    ends = (text.rfind(sign, LONGEST // 2, LONGEST) + len(sign) for sign in ("\n", ". ", "。", " "))
    return text[: next((end for end in ends if end > LONGEST // 2), LONGEST)]


def _is_quoted(annotated: Annotated, fact: Fact) -> bool:
    words = fact.evidence
    if annotated.text[words.start : words.end] == words.text:
        return True
    annotated.trace.gave_way(fact, Reason.NOT_QUOTED)
    return False


def _ends(fact: Fact) -> tuple[EntityRef, ...]:
    return (fact.subject, fact.object) if isinstance(fact, Relation) else (fact.subject,)
