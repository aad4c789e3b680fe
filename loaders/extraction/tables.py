"""Facts from tables: models down the side with a column per attribute, or models across the top.

The row that holds the words is the evidence.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from kb.facts import EntityRef, Fact
from kb.ontology import EntityType
from loaders.extraction.annotations import Annotated, MentionKind
from loaders.extraction.attributes import facts_of
from loaders.extraction.labels import Attribute, Label, currency_in, read_label
from loaders.extraction.statements import Statement, best_mention, named
from loaders.extraction.table_layout import Cell, Row, Table, find_tables
from loaders.extraction.trace import Reason, What

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
_RESULTS: Final = re.compile(
    r"\b(?:benchmarks?|evaluations?|results?|scores?|performance|leaderboard)\b", re.I
)
_SCORE: Final = re.compile(r"[~≈]?\d{1,2}(?:\.\d{1,3})?\s?%?|100(?:\.0+)?\s?%?|[-–—]|n/?a", re.I)
_SETTING: Final = re.compile(
    r"|#?\s?shots?|.{0,12}-shots?|metrics?|settings?|languages?|split|version|rank|#|date|categor(?:y|ies)|type|notes?"
    r"|links?|downloads?|sources?|comments?",
    re.I,
)
_PRICED: Final = frozenset((Attribute.PRICE_INPUT, Attribute.PRICE_OUTPUT, Attribute.PRICES))
_MODEL_LABELS: Final = frozenset(
    (Attribute.PARAMETERS, Attribute.ACTIVE_PARAMETERS, Attribute.CONTEXT_WINDOW, Attribute.TRAINING_TOKENS)
)
_SPECIFICATIONS: Final = _MODEL_LABELS | {Attribute.RELEASED_ON, Attribute.RELEASED_UNDER}
_MODEL_LIKE: Final = re.compile(r"(?=.*[A-Za-z]{3})(?=.*[\d-])[A-Z].{2,40}")
_CURRENCY: Final = re.compile(r"[$€£¥]|\b(?:USD|EUR|GBP|CNY|RMB|dollars?|euros?)\b", re.I)
_PER: Final = re.compile(r"(?:/|\bper) ?(?:1[ ,]?)?(?:k\b|000\b|thousand|m\b|million)(?: tokens?)?", re.I)
_ASIDE: Final = re.compile(r"\s?\([^()]*\)")
_SIDE: Final = 3
"""Columns among which the labels of a table's rows stand."""

_CONFIDENCE: Final = 0.9
_NOTHING: Final = Label(Attribute.BENCHMARK)
_SECTION: Final = 1500


class TableFinder:
    """Reads every table whose header it understands; others yield nothing."""

    def find(self, annotated: Annotated) -> Iterator[Fact]:
        """The facts of all tables."""
        for table in map(_with_one_header, find_tables(annotated.text)):
            side, across = _models_across(annotated, table)
            if across:
                yield from _transposed(annotated, table, side, across)
            else:
                yield from _upright(annotated, table)


def _with_one_header(table: Table) -> Table:
    """The table with a header of two lines as one: `Price` over `Input` and `Output` is `Input Price`."""
    top, below = table.header.cells, table.rows[0].cells
    words = [cell.text for cell in below]
    is_header = (
        len(table.rows) > 1
        and len(top) == len(below) > 2
        and any(not cell.text for cell in top[1:])
        and not below[0].text
        and any(words)
        and not any(re.search(r"\d\s?%|[$€£¥]|^[~≈]?\d", one) for one in words)
        and any(read_label(one) for one in words)
    )
    if not is_header:
        return table
    group = ""
    cells: list[Cell] = []
    for one, two in zip(top, below, strict=True):
        group = one.text or group
        cells.append(replace(one, text=" ".join(f"{two.text} {group if two.text else one.text}".split())))
    return Table(replace(table.header, cells=tuple(cells)), table.rows[1:])


def _upright(annotated: Annotated, table: Table) -> Iterator[Fact]:
    labels = _labels(annotated, table)
    if not labels:
        place = table.header.start, table.header.end
        annotated.trace.dropped(What.CELL, Reason.NO_LABELS, place)
        return
    column, kind = _name_column(annotated, table, labels)
    if column is None and labels.get(0, _NOTHING).attribute is Attribute.PARAMETERS:
        del labels[0]  # the rows are sizes, not sizes of one model
    labels = {i: label for i, label in labels.items() if i != column}
    whole = _heading_model(annotated, table) if column is None else None
    last: EntityRef | None = None
    for row in table.rows:
        named_here = whole if column is None else _subject(annotated, row, column, kind)
        last = named_here or (last if _is_blank(row, column) else None)
        subject = _sized(annotated, row, labels, last)
        if subject is not None:
            yield from _row_facts(annotated, row, {i: (subject, label) for i, label in labels.items()})
        else:
            annotated.trace.dropped(What.CELL, Reason.NO_ROW_SUBJECT, (row.start, row.end))


def _is_blank(row: Row, column: int | None) -> bool:
    """Whether the name stands in the row above, in a cell that reaches down to this one."""
    return column is not None and column < len(row.cells) and not row.cells[column].text


def _labels(annotated: Annotated, table: Table) -> dict[int, Label]:
    """What the columns are about, in the currency and for the number of tokens that the caption tells."""
    caption = _above(annotated, table)
    known = [read_label(cell.text) for cell in table.header.cells]
    scored = _RESULTS.search(caption) or any(one and one.attribute is Attribute.BENCHMARK for one in known)
    labels: dict[int, Label] = {}
    for i, cell in enumerate(table.header.cells):
        cells = [row.cells[i].text for row in table.rows if i < len(row.cells) and row.cells[i].text]
        label = read_label(cell.text)
        if label is None and 2 <= len(cell.text) <= 40 and i > 0 and scored:
            scores = [words for words in cells if _SCORE.fullmatch(words)]
            if not _SETTING.fullmatch(cell.text) and scores and 2 * len(scores) >= len(cells):
                label = Label(Attribute.BENCHMARK, words=cell.text)
        if label is not None and label.attribute in _PRICED:
            if not any(_CURRENCY.search(words) for words in (*cells, cell.text, caption)):
                continue  # `input` alone is more often a kind of data than a price
            label = _captioned(label, caption)
        if label is not None:
            labels[i] = label
    return labels


def _captioned(label: Label, caption: str) -> Label:
    per = _PER.search(caption)
    currency = label.currency or currency_in(caption)
    words = label.words if per is None or _PER.search(label.words) else f"{label.words} {per[0]}"
    return replace(label, words=words, currency=currency)


def _sized(
    annotated: Annotated, row: Row, labels: dict[int, Label], subject: EntityRef | None
) -> EntityRef | None:
    """`Acme | 70B` is Acme 70B, where the text speaks of one."""
    if subject is None or subject.type is not EntityType.MODEL:
        return subject
    for i, label in labels.items():
        if label.attribute is Attribute.PARAMETERS and i < len(row.cells):
            known = annotated.model_called(f"{subject.name}{row.cells[i].text}")
            if known is not None:
                return known
    return subject


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
    if (
        table.header.cells
        and not table.header.cells[0].text
        and _MODEL_LABELS & {label.attribute for label in labels.values()}
    ):
        alike = sum(1 for cell in firsts if not cell.text or _MODEL_LIKE.fullmatch(cell.text))
        if firsts and alike >= 0.7 * len(firsts):
            return 0, EntityType.MODEL
    if table.header.cells and _FIRMS.fullmatch(table.header.cells[0].text):
        return 0, EntityType.COMPANY
    for kind in _ROW_HEADS:
        named_so = sum(1 for cell in firsts if best_mention(annotated, cell.start, cell.end, kind))
        if 0 not in labels and firsts and named_so >= 0.5 * len(firsts):
            return 0, kind
    return None, EntityType.MODEL


def _subject(annotated: Annotated, row: Row, column: int, kind: EntityType) -> EntityRef | None:
    if column >= len(row.cells) or not row.cells[column].text:
        return None
    return _named_in(annotated, row.cells[column], kind)


def _named_in(annotated: Annotated, cell: Cell, kind: EntityType) -> EntityRef | None:
    bare = _ASIDE.sub("", cell.text).strip()
    if kind is EntityType.MODEL and bare and best_mention(annotated, cell.start, cell.end, kind) is not None:
        cell = replace(cell, text=bare)
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


def _label_column(annotated: Annotated, table: Table) -> int | None:
    """The column that holds benchmarks or attributes: by its header, else where most cells are labels."""
    for i, cell in enumerate(table.header.cells[:_SIDE]):
        if _BENCHMARKS.fullmatch(_ASIDE.sub("", cell.text)):
            return i
    for i in range(min(_SIDE, len(table.header.cells))):
        cells = [row.cells[i].text for row in table.rows if i < len(row.cells)]
        if cells and sum(1 for words in cells if read_label(words)) >= 0.5 * len(cells):
            return i
    about_scores = not table.header.cells[0].text and _is_evaluation(annotated, table)
    return 0 if about_scores and sum(1 for row in table.rows if _has_scores(row)) >= 2 else None


def _has_scores(row: Row) -> bool:
    return sum(1 for cell in row.cells[1:] if _SCORE.fullmatch(cell.text)) >= max(1, len(row.cells) // 2)


def _is_evaluation(annotated: Annotated, table: Table) -> bool:
    """Whether the heading or the line above the table speaks of results."""
    return _RESULTS.search(_above(annotated, table)) is not None


def _above(annotated: Annotated, table: Table) -> str:
    """The last heading above the table and the line right above it."""
    before = annotated.text[max(0, table.header.start - _SECTION) : table.header.start]
    lines = [line for line in before.split("\n") if line.strip()]
    headings = [line for line in lines if line.startswith("#")]
    return " ".join([*headings[-1:], *(line[:200] for line in lines[-1:])])


def _models_across(annotated: Annotated, table: Table) -> tuple[int, dict[int, EntityRef]]:
    """The column of labels and the models that head other columns; no models where it is no such table."""
    header = table.header.cells
    side = _label_column(annotated, table) if len(header) >= 2 else None
    if side is None:
        return 0, {}
    labels = [read_label(row.cells[side].text) for row in table.rows if side < len(row.cells)]
    specified = sum(1 for label in labels if label and label.attribute in _SPECIFICATIONS) >= 2
    models: dict[int, EntityRef] = {}
    for i, cell in enumerate(header[side + 1 :], start=side + 1):
        known = best_mention(annotated, cell.start, cell.end, EntityType.MODEL) is not None
        plausible = specified and side == 0 and _MODEL_LIKE.fullmatch(cell.text) is not None
        if (known or plausible) and not read_label(cell.text):
            ref = _named_in(annotated, cell, EntityType.MODEL)
            if ref is not None:
                models[i] = ref
    rest = sum(1 for cell in header[side + 1 :] if not _SETTING.fullmatch(cell.text))
    return side, models if len(models) >= 0.5 * rest else {}


def _transposed(
    annotated: Annotated, table: Table, side: int, models: dict[int, EntityRef]
) -> Iterator[Fact]:
    head = _ASIDE.sub("", table.header.cells[side].text)
    benchmarks = _BENCHMARKS.fullmatch(head) is not None or (not head and _is_evaluation(annotated, table))
    for row in table.rows:
        if side >= len(row.cells):
            continue
        words = row.cells[side].text
        label = read_label(words)
        if label is None and benchmarks and 2 <= len(words) <= 60:
            label = Label(Attribute.BENCHMARK, words=words)
        if label is not None:
            yield from _row_facts(annotated, row, {i: (ref, label) for i, ref in models.items()})


def _row_facts(annotated: Annotated, row: Row, said: Mapping[int, tuple[EntityRef, Label]]) -> Iterator[Fact]:
    """What the cells of the row say, by column: of whom, and under which label."""
    evidence = annotated.evidence(row.start, row.end)
    for i, (subject, label) in said.items():
        if i < len(row.cells) and row.cells[i].text:
            cell = row.cells[i]
            yield from facts_of(
                annotated, Statement(subject, label, cell.start, cell.end, cell.text, evidence, _CONFIDENCE)
            )
