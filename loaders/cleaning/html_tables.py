"""HTML tables within Markdown, written as Markdown tables."""

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import lxml.html

_TABLE: Final = re.compile(r"<table\b[^<>]{0,500}>.{1,100000}?</table\s*>", re.I | re.S)
_MOST: Final = 2_000
"""Tables in one text, and cells that one cell may span."""

_MOST_PLACES: Final = 20_000
"""Cells of one table, empty ones counted: no table as long as is looked for has more of its own."""


def with_plain_tables(text: str) -> str:
    """The text with each HTML table as rows between bars; what is no well-formed table stays as it is.

    A cell that spans several rows or columns stands in the first of them, and the others are empty.
    """
    if "<table" not in text.casefold() or text.casefold().count("<table") > _MOST:
        return text
    return _TABLE.sub(lambda found: _rewritten(found[0]), text)


def _rewritten(html: str) -> str:
    import lxml.etree  # noqa: PLC0415 - few Markdown files hold HTML
    import lxml.html  # noqa: PLC0415

    try:
        table = lxml.html.fragment_fromstring(html)
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return html
    rows = _rows(table)
    width = max((len(row) for row in rows), default=0)
    if width < 2 or len(rows) < 2 or width * len(rows) > _MOST_PLACES:
        return html
    lines = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n\n" + "\n".join([lines[0], "|" + "---|" * width, *lines[1:]]) + "\n\n"


def _rows(table: "lxml.html.HtmlElement") -> list[list[str]]:
    """The rows of the table; none of one whose spans make it far larger than what was written."""
    rows: list[list[str]] = []
    places = 0
    below: dict[int, int] = {}
    for line in table.iter("tr"):
        row: list[str] = []
        for cell in line.iter("td", "th"):
            _fill(row, below)
            width = _span(cell, "colspan")
            for column in range(len(row), len(row) + width):
                below[column] = _span(cell, "rowspan") - 1
            row += [_words(cell), *[""] * (width - 1)]
        _fill(row, below)
        places += len(row)
        if places > _MOST_PLACES:
            return []
        if any(row):
            rows.append(row)
    return rows


def _fill(row: list[str], below: dict[int, int]) -> None:
    """Leave the places empty that cells of the rows above reach down to."""
    while below.get(len(row), 0) > 0:
        below[len(row)] -= 1
        row.append("")


def _span(cell: "lxml.html.HtmlElement", name: str) -> int:
    value = cell.get(name) or "1"
    return max(1, min(int(value), _MOST // 20)) if value.isdecimal() and len(value) < 5 else 1


def _words(cell: "lxml.html.HtmlElement") -> str:
    for gap in cell.iter("br", "p", "div", "li"):
        gap.tail = " " + (gap.tail or "")
    return " ".join(str(cell.text_content()).split()).replace("|", r"\|")
