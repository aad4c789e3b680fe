"""Facts from tables: models down the side with a column per attribute, or models across the top.

The row that holds the words is the evidence.
"""

import re
from collections.abc import Iterator
from typing import Final

from kb.facts import EntityRef, Fact
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, MentionKind
from loaders.extraction.attributes import Statement, best_mention, facts_of, named
from loaders.extraction.gazetteer import squash
from loaders.extraction.labels import Attribute, Label, read_label
from loaders.extraction.table_layout import Cell, Row, Table, find_tables

_NAMES: Final = re.compile(
    r"(?:(?:language|base|foundation|ai) )?(?:models?|llms?)(?: names?| family| id| variant)?"
    r"|names?|checkpoints?"
    r"|systems?|variants?|模型(?:名称|名稱)?",
    re.I,
)
_FIRMS: Final = re.compile(
    r"(?:AI )?(?:compan(?:y|ies)|start-?ups?|firms?|labs?|providers?|vendors?|organi[sz]ations?|developers?"
    r"|makers?|players?|unicorns?)(?: names?)?",
    re.I,
)
_PRODUCTS: Final = re.compile(
    r"(?:AI )?(?:products?|apps?|assistants?|chatbots?|services?|tools?|platforms?)(?: names?)?", re.I
)
_ROW_HEADS: Final = (EntityType.MODEL, EntityType.COMPANY, EntityType.PRODUCT)
_BENCHMARKS: Final = re.compile(
    r"benchmarks?(?: \(?metric\)?)?|tasks?|data ?sets?|tests?|evals?|evaluations?|metrics?"
    r"|categor(?:y|ies)",
    re.I,
)
_CONFIDENCE: Final = 0.9
_NOTHING: Final = Label(Attribute.BENCHMARK)
_SECTION: Final = 1500


class TableFinder:
    """Reads every table whose header it understands; others yield nothing."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The facts of all tables."""
        for table in find_tables(annotated.text):
            across = _models_across(annotated, table)
            if across:
                yield from _transposed(annotated, table, across)
            else:
                yield from _upright(annotated, table)


def _upright(annotated: Annotated, table: Table) -> Iterator[Fact]:
    labels = {i: label for i, cell in enumerate(table.header.cells) if (label := read_label(cell.text))}
    if not labels:
        return
    prices = {Attribute.PRICE_INPUT, Attribute.PRICE_OUTPUT} & {label.attribute for label in labels.values()}
    if len(prices) == 1:  # `input` alone is more often a kind of data than a price
        labels = {i: label for i, label in labels.items() if label.attribute not in prices}
    column, kind = _name_column(annotated, table, labels)
    if column is None and labels.get(0, _NOTHING).attribute is Attribute.PARAMETERS:
        del labels[0]  # the rows are sizes, not sizes of one model
    labels = {i: label for i, label in labels.items() if i != column}
    for row in table.rows:
        subject = _subject(annotated, table, row, column, kind)
        subject = _sized(annotated, row, labels, subject)
        if subject is not None:
            yield from _row_facts(annotated, row, subject, labels)


def _sized(
    annotated: Annotated, row: Row, labels: dict[int, Label], subject: EntityRef | None
) -> EntityRef | None:
    """`Acme | 70B` is Acme 70B, where the text speaks of one."""
    if subject is None or subject.type is not EntityType.MODEL:
        return subject
    for i, label in labels.items():
        if label.attribute is Attribute.PARAMETERS and i < len(row.cells):
            wanted = squash(f"{subject.name}{row.cells[i].text}")
            for mention in annotated.mentions:
                if mention.type is EntityType.MODEL and squash(mention.ref.name) == wanted:
                    return mention.ref
    return subject


def _row_facts(
    annotated: Annotated, row: Row, subject: EntityRef, labels: dict[int, Label]
) -> Iterator[Fact]:
    evidence = annotated.evidence(row.start, row.end)
    for i, label in labels.items():
        if i < len(row.cells) and row.cells[i].text:
            cell = row.cells[i]
            said = Statement(subject, label, cell.start, cell.end, cell.text, evidence, _CONFIDENCE)
            yield from facts_of(annotated, said)


def _name_column(
    annotated: Annotated, table: Table, labels: dict[int, Label]
) -> tuple[int | None, EntityType]:
    """The column that names what the rows are about, and what that is.

    By its header; else the first column where most cells name entities of one type.
    """
    for pattern, kind in ((_NAMES, EntityType.MODEL), (_PRODUCTS, EntityType.PRODUCT)):
        for i, cell in enumerate(table.header.cells):
            if pattern.fullmatch(cell.text) and i not in labels:
                return i, kind
    firsts = [row.cells[0] for row in table.rows if row.cells]
    if table.header.cells and _FIRMS.fullmatch(table.header.cells[0].text):
        return 0, EntityType.COMPANY
    for kind in _ROW_HEADS:
        named_so = sum(1 for cell in firsts if best_mention(annotated, cell.start, cell.end, kind))
        if 0 not in labels and firsts and named_so >= 0.5 * len(firsts):
            return 0, kind
    return None, EntityType.MODEL


def _subject(
    annotated: Annotated, table: Table, row: Row, column: int | None, kind: EntityType
) -> EntityRef | None:
    if column is None:
        return _heading_model(annotated, table)
    if column >= len(row.cells) or not row.cells[column].text:
        return None
    return _named_in(annotated, row.cells[column], kind)


def _named_in(annotated: Annotated, cell: Cell, kind: EntityType) -> EntityRef | None:
    if len(cell.text) > 60 or len(cell.text.split()) > 7 or not re.search(r"[^\W\d]", cell.text):
        return None
    if kind is not EntityType.MODEL and re.match(r"(?:total|others?|average|sum|all)\b", cell.text, re.I):
        return None
    return named(annotated, cell.start, cell.end, kind, cell.text)


def _heading_model(annotated: Annotated, table: Table) -> EntityRef | None:
    """For a table without a column of names: a model that heads a column, else the section's model."""
    for cell in table.header.cells:
        if (mention := best_mention(annotated, cell.start, cell.end, EntityType.MODEL)) is not None:
            return mention.ref
    if len(table.rows) > 1:
        return None
    return section_model(annotated, table.header.start)


def section_model(annotated: Annotated, position: int) -> EntityRef | None:
    """The model that the Markdown heading above the position names, where it stands near enough."""
    above = annotated.text[max(0, position - _SECTION) : position]
    offset = position - len(above)
    for found in reversed(list(re.finditer(r"^#{1,6} .{1,200}$", above, re.M))):
        mentions = annotated.mentions_in(offset + found.start(), offset + found.end(), EntityType.MODEL)
        if names := [m for m in mentions if m.kind is MentionKind.NAME]:
            return names[0].ref
    return None


def _models_across(annotated: Annotated, table: Table) -> dict[int, EntityRef]:
    """The models that head the columns, where the first column holds benchmarks or attributes."""
    header = table.header.cells
    if len(header) < 2:
        return {}
    first_labels = [read_label(row.cells[0].text) for row in table.rows if row.cells]
    understood = sum(1 for label in first_labels if label) >= max(1, 0.5 * len(first_labels))
    if not (_BENCHMARKS.fullmatch(header[0].text) or understood):
        return {}
    models: dict[int, EntityRef] = {}
    for i, cell in enumerate(header[1:], start=1):
        if best_mention(annotated, cell.start, cell.end, EntityType.MODEL) and not read_label(cell.text):
            ref = _named_in(annotated, cell, EntityType.MODEL)
            if ref is not None:
                models[i] = ref
    return models if len(models) >= 0.5 * (len(header) - 1) else {}


def _transposed(annotated: Annotated, table: Table, models: dict[int, EntityRef]) -> Iterator[Fact]:
    benchmarks = _BENCHMARKS.fullmatch(table.header.cells[0].text) is not None
    for row in table.rows:
        if not row.cells:
            continue
        words = row.cells[0].text
        label = read_label(words)
        if label is None and benchmarks and 2 <= len(words) <= 60:
            label = Label(Attribute.BENCHMARK, words=words)
        if label is not None:
            yield from _cells(annotated, row, models, label)


def _cells(annotated: Annotated, row: Row, models: dict[int, EntityRef], label: Label) -> Iterator[Fact]:
    evidence = annotated.evidence(row.start, row.end)
    for i, subject in models.items():
        if i < len(row.cells) and row.cells[i].text:
            cell = row.cells[i]
            said = Statement(subject, label, cell.start, cell.end, cell.text, evidence, _CONFIDENCE)
            yield from facts_of(annotated, said)
