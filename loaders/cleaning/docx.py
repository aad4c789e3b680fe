"""DOCX: paragraphs, headings and tables in their order, by python-docx."""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final

import docx
import lxml.etree
from docx.document import Document as Docx
from docx.opc.exceptions import OpcError
from docx.table import Table
from docx.text.paragraph import Paragraph

from kb.documents import Metadata
from loaders.cleaning.archives import opened
from loaders.refusals import Code, ReadError

_HEADING: Final = re.compile(r"heading (\d)", re.I)
_DAMAGED: Final = (OpcError, lxml.etree.LxmlError, LookupError, ValueError, AttributeError, TypeError)
"""What python-docx raises for files that break the format."""


def docx_text(data: bytes) -> tuple[str, Metadata]:
    """The text with headings and tables as in Markdown, and what the file tells of itself.

    Raises:
        ReadError: when it is damaged, locked, or unpacks to more than a document has.
    """
    with opened(data, "DOCX"):  # what python-docx raises of the archive itself is told there
        try:
            document = docx.Document(BytesIO(data))
            text = "\n\n".join(_blocks(document))
            return text, _metadata(document)
        except _DAMAGED as error:
            told = " ".join(str(error).split())[:120] or type(error).__name__
            raise ReadError(Code.DAMAGED, f"The DOCX cannot be read ({told}).") from error


def _blocks(document: Docx) -> Iterator[str]:
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            if block.text.strip():
                yield _paragraph(block)
        else:
            yield _table(block)


def _paragraph(block: Paragraph) -> str:
    style = block.style.name if block.style is not None else None
    text = block.text.strip()
    if style == "Title":
        return f"# {text}"
    heading = _HEADING.fullmatch(style or "")
    if heading is not None:
        return f"{'#' * int(heading[1])} {text}"
    return f"- {text}" if style is not None and style.startswith("List") else text


def _table(table: Table) -> str:
    rows = [[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if len(lines) > 1:
        lines.insert(1, f"|{' --- |' * len(rows[0])}")
    return "\n".join(lines)


def _metadata(document: Docx) -> Metadata:
    """Title and authors; its dates are left out, since they tell when the file was made."""
    found = document.core_properties
    titled = (
        p.text.strip() for p in document.paragraphs[:5] if p.style is not None and p.style.name == "Title"
    )
    title = found.title.strip() or next(titled, "")
    names = (name.strip() for name in found.author.split(";"))
    return Metadata(title=title or None, authors=tuple(n for n in names if n and n != "python-docx"))
