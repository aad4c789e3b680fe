"""Documents and evidence."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from kb.errors import UsageError
from schema.enums import DocumentOrder
from schema.planner.blocks import DOCUMENT, block, same
from schema.planner.compiled import ChildReader, Compiler, Part, Pattern, RowPart, row, rows_list
from schema.planner.connections import Listing, connection, indexed_by_text, orders_of, text_key
from schema.planner.indexed import Branch
from schema.planner.query import Query
from schema.planner.selection import Field, Selection
from schema.rows import Row
from schema.sentences import sentence_around

MAX_LENGTH: Final = 20_000
WINDOW: Final = 600
"""How far around the words a sentence is looked for."""
_SORTED_BY: Final = {DocumentOrder.PUBLISHED: "published_last", DocumentOrder.TITLE: "title"}
_NEWEST: Final[Sequence[Mapping[str, Any]]] = [{"by": DocumentOrder.PUBLISHED, "descending": True}]

_EVIDENCE: Final = block(
    [
        ("start", "@.start", same),
        ("end", "@.`end`", same),
        ("text", "@.text", same),
    ],
    lambda _values: "Evidence",
)


def document_row(query: Query, variable: str, selection: Selection) -> RowPart:
    """The row of a document."""
    return row(query, variable, DOCUMENT, {"Document.text": _text}, selection)


def _text(query: Query, variable: str, field: Field) -> Part:
    start, length = field.arguments["start"], field.arguments["length"]
    if start < 0 or not 0 <= length <= MAX_LENGTH:
        raise UsageError(f"`start` is 0 or more, and `length` a number from 0 to {MAX_LENGTH}.")
    expression = f"substring({variable}.text, {query.parameter(start)}, {query.parameter(length)})"
    return Part(expression, lambda value, _parent: value)


def evidence_list(query: Query, fact: str, selection: Selection) -> Part:
    """The places that carry a fact."""
    edge, document = query.name("v"), query.name("d")
    compilers: Mapping[str, Compiler] = {
        "Evidence.document": _document_of(document),
        "Evidence.sentence": _window(document, _read_sentence),
        "Evidence.verified": _window(document, _read_verified),
    }
    element = row(query, edge, _EVIDENCE, compilers, selection)
    pattern = Pattern(edge, f"({fact})-[{edge}:EVIDENCED_BY]->({document}:Document)")
    newest = f"{document}.published_last DESC, {document}.id, {edge}.start"
    return rows_list(pattern, newest, element, carried=f", {document}")


def _document_of(document: str) -> Compiler:
    def compile_document(query: Query, _edge: str, field: Field) -> Part:
        part = document_row(query, document, field.selection)
        return Part(part.expression, lambda value, _parent: part.read(value))

    return compile_document


def _window(document: str, read: ChildReader) -> Compiler:
    """The text around the words, and the offset where it begins."""

    def compile_window(_query: Query, edge: str, _field: Field) -> Part:
        begin = f"CASE WHEN {edge}.start > {WINDOW} THEN {edge}.start - {WINDOW} ELSE 0 END"
        size = f"{edge}.`end` - {edge}.start + {2 * WINDOW}"
        return Part(f"[{begin}, substring({document}.text, {begin}, {size})]", read)

    return compile_window


def _places(value: object, parent: Row) -> tuple[str, int, int]:
    begin, text = cast("tuple[int, str]", value)
    start, end = cast("int", parent.scalar("start")), cast("int", parent.scalar("end"))
    return text, start - begin, end - begin


def _read_sentence(value: object, parent: Row) -> str:
    return sentence_around(*_places(value, parent))


def _read_verified(value: object, parent: Row) -> bool:
    text, start, end = _places(value, parent)
    return text[start:end] == parent.scalar("text")


def document_connection(query: Query, field: Field, pattern: Pattern, *, of_all: bool = False) -> Part:
    """A page of documents: of those of something, or of all that there are, which an index has by date."""
    variable = pattern.variable
    orders = orders_of(field.arguments) or _NEWEST
    keys = [(f"{variable}.{_SORTED_BY[order['by']]}", bool(order["descending"])) for order in orders]
    by_date = len(orders) == 1 and orders[0]["by"] is DocumentOrder.PUBLISHED
    listing = Listing(
        pattern=pattern,
        order=tuple(text_key(key, descending=descending) for key, descending in keys),
        node=lambda selection: document_row(query, variable, selection),
        indexed=indexed_by_text(Branch(pattern, keys[0][0], tied=True), pattern, descending=keys[0][1])
        if of_all and by_date
        else None,
        of_all=of_all,
    )
    return connection(query, field, listing)
