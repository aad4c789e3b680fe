"""Facts and entities as flat tables: their columns, and the pages that they are read in.

A table is read by its ids in order, one query a page, so that any number of rows takes the memory of one
page, and what is written meanwhile moves nothing. Filters and the rule of what is shown are the planner's.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, cast

from kb.protocols import GraphReader
from schema.cursors import Cursors
from schema.planner.blocks import entity_type
from schema.planner.compiled import Pattern
from schema.planner.facts import listed_conditions
from schema.planner.filters import entity_conditions, figure_conditions, relation_conditions
from schema.planner.query import Query

PAGE: Final = 1000
"""Rows of one page."""

Value = str | int | float | bool | list[str] | None
Values = Sequence[Value]
Arguments = Mapping[str, Any]


class Kind(StrEnum):
    """What the cells of a column hold, when they hold something."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    TRUTH = "true or false"
    TEXTS = "list of texts"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, which stays as it is, what it holds, and where that is read."""

    name: str
    expression: str
    kind: Kind = Kind.TEXT
    read: Callable[[Any], Value] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one sort; `root` is the field of the schema whose arguments choose them."""

    root: str
    variable: str
    columns: tuple[Column, ...]
    pattern: Callable[[Query, Arguments], Pattern]
    ends: str = ""

    @property
    def names(self) -> list[str]:
        """The names of the columns, in order."""
        return [column.name for column in self.columns]


def _end(prefix: str, variable: str, *, typed: bool = False) -> tuple[Column, ...]:
    """The columns of an entity that a fact leads to."""
    columns = (Column(f"{prefix}_id", f"{variable}.id"), Column(prefix, f"{variable}.name"))
    kind = Column(
        f"{prefix}_type", f"CASE WHEN {variable} IS NOT NULL THEN labels({variable}) END", read=entity_type
    )
    return (*columns, kind) if typed else columns


def _own(names: str, kind: Kind = Kind.TEXT) -> tuple[Column, ...]:
    """Columns named as the properties of the statement that they hold."""
    return tuple(Column(name, f"f.{name}", kind) for name in names.split())


_SAID: Final = (
    *_own("as_of as_of_first valid_from valid_to modality"),
    Column("speaker_id", "p.id"),
    Column("speaker", "coalesce(p.name, f.speaker)"),
    *_own("confidence", Kind.NUMBER),
    *_own("extractor"),
    Column("recorded_at", "toString(f.recorded_at)"),
    Column("document_id", "d.id"),
    Column("document_title", "coalesce(d.title, d.source_key)"),
    Column("document_url", "d.url"),
    Column("document_publisher", "d.publisher"),
    Column("document_published", "d.published"),
    Column("words", "v.text"),
    Column("words_start", "v.start", Kind.WHOLE),
    Column("words_end", "v.`end`", Kind.WHOLE),
)
"""Who says a fact, how surely, and in which words of which document."""

_FIGURE: Final = (
    *_own("id claim_id"),
    *_end("subject", "a", typed=True),
    Column("metric", "f.predicate"),
    *_own("value low high", Kind.NUMBER),
    *_own("unit comparator period basis scope"),
    *_own("active", Kind.TRUTH),
    *_own("benchmark"),
    *_end("offered_by", "o"),
    *_SAID,
)
_RELATION: Final = (
    *_own("id claim_id"),
    Column("type", "f.predicate"),
    *_end("subject", "a", typed=True),
    *_end("object", "b", typed=True),
    *_own("role role_code status how"),
    *_own("amount", Kind.NUMBER),
    *_own("amount_unit amount_comparator"),
    *_own("lead", Kind.TRUTH),
    *_own("share", Kind.NUMBER),
    *_own("city"),
    *_SAID,
)
_ENTITY: Final = (
    Column("id", "n.id"),
    Column("type", "labels(n)", read=entity_type),
    Column("name", "n.name"),
    Column("aliases", "coalesce(n.aliases, [])", Kind.TEXTS),
    Column("qid", "n.qid"),
    Column("level", "n.level"),
    Column("provisional", "coalesce(n.provisional, false)", Kind.TRUTH),
    Column(
        "facts", "COUNT { (n)<-[:SUBJECT|OBJECT]-(x:Statement) WHERE x.retracted_at IS NULL }", Kind.WHOLE
    ),
)

_EVIDENCE: Final = (
    "MATCH (f)-[:SUBJECT]->(a:Entity) MATCH (f)-[v:EVIDENCED_BY]->(d:Document) "
    "OPTIONAL MATCH (f)-[:ATTRIBUTED_TO]->(p:Entity) "
)


def _figures(query: Query, arguments: Arguments) -> Pattern:
    match, conditions = _ends(query, arguments, "Figure", {"subject": "SUBJECT"})
    conditions += figure_conditions(query, "f", arguments.get("where"))
    shown = listed_conditions(query, "f", arguments, relation=False)
    return Pattern("f", match, (*shown, *conditions))


def _relations(query: Query, arguments: Arguments) -> Pattern:
    match, conditions = _ends(query, arguments, "Relation", {"subject": "SUBJECT", "object": "OBJECT"})
    if arguments.get("type") is not None:
        conditions.append(f"f.predicate IN {query.parameter([kind.value for kind in arguments['type']])}")
    conditions += relation_conditions(query, "f", arguments.get("where"))
    shown = listed_conditions(query, "f", arguments, relation=True)
    return Pattern("f", match, (*shown, *conditions))


def _ends(query: Query, arguments: Arguments, label: str, edges: Mapping[str, str]) -> tuple[str, list[str]]:
    match, conditions = f"(f:Statement:{label})", list[str]()
    for argument, edge in edges.items():
        if arguments.get(argument) is not None:
            end = query.name("e")
            match += f", (f)-[:{edge}]->({end}:Entity)"
            conditions += entity_conditions(query, end, arguments[argument])
    return match, conditions


def _entities(query: Query, arguments: Arguments) -> Pattern:
    return Pattern("n", "(n:Entity)", tuple(entity_conditions(query, "n", arguments.get("where"))))


TABLES: Final[Mapping[str, Table]] = {
    "figures": Table(
        "figures", "f", _FIGURE, _figures, f"{_EVIDENCE}OPTIONAL MATCH (f)-[:OFFERED_BY]->(o:Entity) "
    ),
    "relations": Table(
        "relations", "f", _RELATION, _relations, f"{_EVIDENCE}MATCH (f)-[:OBJECT]->(b:Entity) "
    ),
    "entities": Table("entities", "n", _ENTITY, _entities),
}


@dataclass(frozen=True, slots=True)
class Pages:
    """The rows of a table that the arguments choose, by id."""

    table: Table
    text: str
    parameters: Mapping[str, object]
    after: str
    size: int

    async def read(self, reader: GraphReader) -> AsyncIterator[list[Values]]:
        """One page after the other; the next is asked for when it is wanted.

        Raises:
            UsageError: when a page takes the database too long.
        """
        last = ""
        while True:
            records = await reader.fetch(self.text, {**self.parameters, self.after: last})
            if records:
                yield [self._row(cast("Sequence[Any]", record["row"])) for record in records]
            if len(records) < self.size:
                return
            last = cast("str", records[-1]["id"])

    def _row(self, values: Sequence[Any]) -> Values:
        columns = zip(self.table.columns, values, strict=True)
        return [v if c.read is None or v is None else c.read(v) for c, v in columns]


def pages(table: Table, arguments: Arguments, today: date, size: int = PAGE) -> Pages:
    """Plan the pages of a table; `arguments` are those of the schema's field, coerced.

    Raises:
        UsageError: when the arguments ask for what cannot be given.
    """
    query = Query(Cursors(), today).begin(arguments.get("at"))
    pattern = table.pattern(query, arguments)
    after, limit = query.parameter(""), query.parameter(size)
    chosen = pattern.where(f"{table.variable}.id > {after}")
    row = ", ".join(column.expression for column in table.columns)
    v = table.variable
    text = (
        f"{query.opening}{chosen.text} WITH {v} ORDER BY {v}.id LIMIT {limit} {table.ends}"
        f"RETURN {v}.id AS id, [{row}] AS row ORDER BY id"
    )
    return Pages(table, text, query.parameters, after.removeprefix("$"), size)
