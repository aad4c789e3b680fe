"""An explanation as records for JSON lines: the contract's records, each with its reasons beside it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kb.contract import document_record, entity_record, fact_record
from loaders.cleaning.cuts import Cut
from loaders.extraction.annotations import EntityMention
from loaders.extraction.explanation import Explanation
from loaders.extraction.trace import Candidate, Origin

Json = Mapping[str, Any]


def records(explanation: Explanation, cuts: Iterable[Cut]) -> Iterator[Json]:
    """The document, its entities, its facts, the candidates that became nothing, and the lines left out."""
    text = explanation.document.text
    yield document_record(explanation.document)
    mentions: dict[object, list[EntityMention]] = {}
    for mention in explanation.mentions:
        mentions.setdefault(mention.ref, []).append(mention)
    for entity in explanation.extraction.entities:
        yield {
            **entity_record(entity),
            "mentions": [_mention(text, mention) for mention in mentions.get(entity.ref, ())],
        }
    for finding in explanation.findings:
        yield {
            **fact_record(finding.fact),
            **_origin(finding.origin),
            "also": [_origin(origin) for origin in finding.also],
        }
    for candidate in explanation.candidates:
        yield _candidate(text, candidate)
    for cut in cuts:
        yield {"kind": "left_out", "text": cut.line, "code": cut.why.name, "reason": cut.why.value}


def _mention(text: str, mention: EntityMention) -> Json:
    return {
        "start": mention.start,
        "end": mention.end,
        "text": text[mention.start : mention.end],
        "as": mention.kind.value,
    }


def _origin(origin: Origin) -> Json:
    return {"component": origin.component, "rule": origin.rule or None, "rule_confidence": origin.prior}


def _candidate(text: str, candidate: Candidate) -> Json:
    return {
        "kind": "dropped",
        "what": candidate.what.value,
        "start": candidate.start,
        "end": candidate.end,
        "text": text[candidate.start : candidate.end],
        "predicate": candidate.says or None,
        "code": candidate.reason.name,
        "reason": candidate.reason.value,
        "component": candidate.component,
        "rule": candidate.rule or None,
        "fact": None if candidate.fact is None else fact_record(candidate.fact),
        "instead": None if candidate.instead is None else fact_record(candidate.instead),
    }
