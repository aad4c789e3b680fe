"""The rules that a graph keeps: conditions in Cypher on one node, and what to do where they are broken.

All rules of a scope are asked in one pass over its nodes. An error breaks the contract; a warning is a value
that is rarely as it should be, for a person to look at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from kb.currencies import currencies
from kb.documents import GONE
from kb.graph.fact_counts import NUMBER
from kb.graph.version_queries import STANDS
from kb.graph.write_queries import CODES
from kb.ontology import (
    CURRENCY,
    DATES,
    METRICS,
    RELATIONS,
    TERM_SUBJECTS,
    TERMS,
    EntityType,
    Modality,
    RelationType,
    kind_of,
)
from kb.quality.findings import Severity
from kb.statement_ids import SEPARATOR

_RELOAD: Final = "Load the document again, or report a fault of the program."
_FAULT: Final = "Report a fault of the program."
_EDGES: Final = "Run `kb rebuild-edges`."
_READ: Final = "Read the words: where they say something else, hide the fact with `kb reject ID --why …`."
_ALIAS: Final = "See which alias joins the two names in seeds/registry."
_VERSION: Final = "Use the version of the program that wrote it."
_MENDED: Final = (
    "Correct the document's date (`kb load --meta`), or hide the fact with `kb reject ID --why …`."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that holds of the nodes that break the rule."""

    name: str
    broken: LiteralString
    advice: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Scope:
    """Nodes that are looked at once for all of their rules, and how an example of them is told."""

    match: LiteralString
    key: LiteralString
    tell: LiteralString
    rules: tuple[Rule, ...]


def _warning(name: str, broken: LiteralString, advice: str) -> Rule:
    return Rule(name, broken, advice, Severity.WARNING)


def _lacks(node: LiteralString, fields: tuple[LiteralString, ...]) -> LiteralString:
    return " OR ".join(f"{node}.{field} IS NULL" for field in fields)


DEMANDED: Final[tuple[LiteralString, ...]] = (
    *("claim_id", "kind", "predicate", "slot", "subject_key"),
    *("modality", "confidence", "extractor", "recorded_at"),
)
DEMANDED_BY_LABEL: Final[Mapping[LiteralString, tuple[LiteralString, ...]]] = {
    "Relation": ("object_key",),
    "Figure": ("unit", "comparator"),
    "DateFact": ("date", "date_first", "date_last"),
}
DEMANDED_OF_TERMS: Final[tuple[LiteralString, ...]] = ("value", "unit", "comparator", "access")
"""Of those terms that have the field."""
DEMANDED_OF_DOCUMENTS: Final[tuple[LiteralString, ...]] = (
    *("source_key", "text", "text_hash", "raw_hash"),
    *("cleaner", "media_type", "recorded_at"),
)

_LACKING_BY_KIND: Final[tuple[LiteralString, ...]] = (
    *(f"s:{label} AND ({_lacks('s', fields)})" for label, fields in DEMANDED_BY_LABEL.items()),
    *(f"s.predicate IN $terms_with.{field} AND s.{field} IS NULL" for field in DEMANDED_OF_TERMS),
    "s:Figure AND s.value IS NULL AND (s.low IS NULL OR s.high IS NULL)",
    "s.predicate = 'BENCHMARK_SCORE' AND s.benchmark IS NULL",
)

_STANDS_ASSERTED: Final = "s.retracted_at IS NULL AND s.modality = 'ASSERTED'"
_RELATIONS: Final = "|".join(r.value for r in RelationType)
_SAID: Final = "coalesce(s.date_first, s.as_of_first)"

_OF_STATEMENTS: Final = (
    Rule("statement without exactly one subject", "COUNT { (s)-[:SUBJECT]->(:Entity) } <> 1", _RELOAD),
    Rule(
        "relation without exactly one object",
        "s:Relation AND COUNT { (s)-[:OBJECT]->(:Entity) } <> 1",
        _RELOAD,
    ),
    Rule("statement without evidence", "NOT EXISTS { (s)-[:EVIDENCED_BY]->(:Document) }", _RELOAD),
    Rule("statement that no extractor found", "NOT EXISTS { (s)-[:FOUND_BY]->(:Extractor) }", _RELOAD),
    Rule(
        "price whose provider is no entity",
        "s.offered_by IS NOT NULL AND NOT EXISTS { (s)-[:OFFERED_BY]->(:Entity) }",
        _RELOAD,
    ),
    Rule(
        "statement with a predicate or modality that the ontology lacks",
        "NOT coalesce(s.predicate, '') IN $predicates OR NOT coalesce(s.modality, '') IN $modalities",
        _VERSION,
    ),
    Rule(
        "statement without a field that the contract demands",
        " OR ".join((_lacks("s", DEMANDED), *_LACKING_BY_KIND)),
        _RELOAD,
    ),
    Rule(
        "statement about a type of entity that its predicate does not allow",
        """EXISTS {
             (s)-[:SUBJECT]->(e:Entity) WHERE none(l IN $subjects[s.predicate] WHERE l IN labels(e)) }
           OR EXISTS {
             (s)-[:OBJECT]->(e:Entity) WHERE none(l IN $objects[s.predicate] WHERE l IN labels(e)) }""",
        _ALIAS,
    ),
    Rule(
        "number in a unit that its predicate does not have",
        """s.unit IS NOT NULL AND NOT s.unit IN $units[s.predicate]
           AND NOT ($currency IN $units[s.predicate] AND s.unit IN $currencies)""",
        _RELOAD,
    ),
    Rule(
        "range that ends before it begins, or confidence that is none",
        "s.low > s.high OR NOT 0 <= s.confidence <= 1",
        _RELOAD,
    ),
    Rule(
        "relation of an entity with itself",
        """s:Relation AND EXISTS {
             MATCH (e:Entity)<-[a:SUBJECT]-(s)-[b:OBJECT]->(e)
             WHERE coalesce(a.of, e.id) = coalesce(b.of, e.id) }""",
        _ALIAS,
    ),
    Rule(
        "statement that stands although its document does not",
        f"s.retracted_at IS NULL AND EXISTS {{ (s)-[:EVIDENCED_BY]->(d:Document) WHERE NOT ({STANDS}) }}",
        _FAULT,
    ),
    Rule(
        "retracted statement without a reason",
        "s.retracted_at IS NOT NULL AND s.retracted_why IS NULL",
        _FAULT,
    ),
    Rule(
        "asserted figure, date or term without its edge",
        f"""{_STANDS_ASSERTED} AND s.kind <> 'relation'
            AND NOT EXISTS {{ (:Entity)-[:HAS_FIGURE|HAS_DATE|HAS_TERM]->(s) }}""",
        _EDGES,
    ),
    Rule(
        "asserted relation without its edge",
        f"""{_STANDS_ASSERTED} AND s.kind = 'relation' AND EXISTS {{
              MATCH (a:Entity)<-[:SUBJECT]-(s)-[:OBJECT]->(b:Entity)
              WHERE a <> b
                AND NOT EXISTS {{ MATCH (a)-[e:{_RELATIONS}]->(b) WHERE type(e) = s.predicate }} }}""",
        _EDGES,
    ),
    Rule(
        "edge to a figure, date or term that is not asserted of the entity",
        f"""EXISTS {{ MATCH (e:Entity)-[:HAS_FIGURE|HAS_DATE|HAS_TERM]->(s)
              WHERE NOT ({_STANDS_ASSERTED}) OR NOT EXISTS {{ (s)-[:SUBJECT]->(e) }} }}""",
        _EDGES,
    ),
    Rule(
        "statement counted although it is retracted, or not although it stands",
        "(s.retracted_at IS NULL) = (s.uncounted IS NOT NULL)",
        _EDGES,
    ),
    _warning(
        "asserted of a day after its document was published",
        f"""{_STANDS_ASSERTED} AND EXISTS {{
              (s)-[:EVIDENCED_BY]->(d:Document) WHERE {_SAID} > d.published_last }}""",
        _MENDED,
    ),
    _warning("asserted of a day still to come", f"{_STANDS_ASSERTED} AND {_SAID} > $today", _MENDED),
    _warning(
        "valid until a day before it began",
        """s.retracted_at IS NULL AND s.valid_from > s.valid_to
           AND NOT s.valid_from STARTS WITH s.valid_to""",
        _READ,
    ),
    _warning(
        "share beyond 100 %, or below none",
        """s.retracted_at IS NULL AND (s.unit = '%' AND NOT 0 <= coalesce(s.value, s.low, 0) <= 100
           OR NOT 0 <= s.share <= 100)""",
        _READ,
    ),
    _warning(
        "negative number of what cannot be negative",
        """s.retracted_at IS NULL AND coalesce(s.value, s.low) < 0
           AND NOT s.predicate IN ['PROFIT', 'BENCHMARK_SCORE'] AND NOT coalesce(s.unit, '') = '%'""",
        _READ,
    ),
)

_TELL_STATEMENT: Final = """
RETURN s.id AS id, s.predicate AS predicate, coalesce(s.value, s.low, s.date) AS value, s.unit AS unit,
       s.as_of AS as_of, s.subject_key AS subject_key,
       head(COLLECT { MATCH (s)-[:SUBJECT]->(e) RETURN e.name ORDER BY e.id LIMIT 1 }) AS subject,
       head(COLLECT { MATCH (s)-[:OBJECT]->(e) RETURN e.name ORDER BY e.id LIMIT 1 }) AS object,
       head(COLLECT { MATCH (s)-[v:EVIDENCED_BY]->() RETURN v.text LIMIT 1 }) AS words,
       head(COLLECT { MATCH (s)-[:EVIDENCED_BY]->(d) RETURN coalesce(d.url, d.source_key, d.id) LIMIT 1 })
         AS document
"""

STATEMENTS: Final = Scope("MATCH (s:Statement)", "s.id", _TELL_STATEMENT, _OF_STATEMENTS)

DOCUMENTS: Final = Scope(
    "MATCH (d:Document)",
    "d.id",
    "RETURN d.id AS id, d.title AS title, coalesce(d.url, d.source_key) AS document",
    (
        Rule(
            "document that no extractor has read to its end",
            "NOT EXISTS { (d)-[:READ_BY]->(:Extractor) }",
            _RELOAD,
        ),
        Rule(
            "document without a field that the contract demands",
            _lacks("d", DEMANDED_OF_DOCUMENTS),
            _RELOAD,
        ),
        Rule("document without its source", "NOT EXISTS { (d)-[:VERSION_OF]->(:Source) }", _RELOAD),
        Rule("document that no load brought", "NOT EXISTS { (d)-[:LOADED_IN]->(:Ingest) }", _RELOAD),
        Rule(
            "document whose next version is not there",
            f"d.superseded_by <> '{GONE}' AND NOT EXISTS {{ (:Document {{id: d.superseded_by}}) }}",
            "Load the source again, or take the backup of a graph that had it.",
        ),
        _warning(
            "document of a day still to come",
            "d.published_last > $today AND NOT $today STARTS WITH d.published",
            "Correct its date: load it with `--meta`.",
        ),
    ),
)

ENTITIES: Final = Scope(
    "MATCH (e:Entity)",
    "e.id",
    "RETURN e.id AS id, e.name AS title",
    (
        Rule("entity without exactly one type", "size([l IN labels(e) WHERE l IN $types]) <> 1", _RELOAD),
        Rule("entity without a name", "e.name IS NULL OR trim(e.name) = ''", _RELOAD),
        Rule(
            "company whose countries are not those of its edges",
            f"coalesce(e.countries, []) <> {CODES}",
            _EDGES,
        ),
        Rule(
            "entity whose number of facts is not that of its statements",
            f"coalesce(e.facts, -1) <> {NUMBER}",
            _EDGES,
        ),
    ),
)

MERGED: Final = Scope(
    "MATCH (m:MergedEntity)",
    "m.id",
    "RETURN m.id AS id, m.name AS title",
    (
        Rule(
            "merged entity that does not lead to exactly one",
            "COUNT { (m)-[:MERGED_INTO]->(:Entity) } <> 1",
            _FAULT,
        ),
        Rule(
            "merged entity without a judgement",
            "NOT EXISTS { (m)<-[:ABOUT]-(j:Judgement {verdict: 'SAME'}) WHERE j.undone_at IS NULL }",
            _FAULT,
        ),
    ),
)

ALIASES: Final = Scope(
    "MATCH (n:Alias)",
    "n.key",
    "RETURN n.key AS id",
    (Rule("name that names nobody", "NOT EXISTS { (n)-[:NAMES]->(:Entity) }", _RELOAD),),
)

JUDGEMENTS: Final = Scope(
    "MATCH (j:Judgement)",
    "j.id",
    "RETURN j.id AS id, j.why AS title",
    (
        Rule(
            "judgement that is not about two entities",
            "COUNT { (j)-[:ABOUT]->() } <> 2",
            "Judge again (`kb judge`), after `kb undo` of this one.",
        ),
    ),
)

EDGES: Final = Scope(
    f"MATCH (a:Entity)-[r:{_RELATIONS}]->(b:Entity)",
    "r.id",
    "RETURN r.id AS id, a.name + ' ' + type(r) + ' ' + b.name AS title",
    (
        Rule(
            "edge that no statement asserts",
            f"""NOT EXISTS {{
                  MATCH (s:Statement {{slot: a.id + $separator + type(r) + $separator + b.id}})
                  WHERE {_STANDS_ASSERTED} }}""",
            _EDGES,
        ),
    ),
)

SCOPES: Final = (STATEMENTS, DOCUMENTS, ENTITIES, MERGED, ALIASES, JUDGEMENTS, EDGES)


def parameters(today: str) -> dict[str, Any]:
    """What the conditions ask with: the ontology as maps by predicate, and the day as a date's text."""
    specs = {**RELATIONS, **METRICS, **DATES}
    return {
        "today": today,
        "separator": SEPARATOR,
        "currency": CURRENCY,
        "currencies": sorted(currencies()),
        "types": [t.value for t in EntityType],
        "predicates": list(kind_of),
        "modalities": [m.value for m in Modality],
        "terms_with": {
            field: [term.value for term, spec in TERMS.items() if field in spec.fields]
            for field in DEMANDED_OF_TERMS
        },
        "subjects": {p.value: sorted(spec.subjects) for p, spec in specs.items()}
        | {p.value: sorted(TERM_SUBJECTS) for p in TERMS},
        "objects": {p.value: sorted(spec.objects) for p, spec in RELATIONS.items()},
        "units": {p.value: sorted(spec.units) for p, spec in {**METRICS, **TERMS}.items()},
    }
