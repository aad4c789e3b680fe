"""Tables in text: Markdown tables, and columns set apart by blanks; each cell with its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_DELIMITER: Final = re.compile(r"\s*+\|?\s*+:?-{2,}+:?\s*+(?:\|\s*+:?-{2,}+:?\s*+)*+\|?\s*+")
_GAP: Final = re.compile(r"[ \u00a0]{2,}|\t+")
_LINK: Final = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,1000}\)")
_NOISE: Final = re.compile(r"<!--.{0,200}?-->|<[^<>\n]{1,200}>|\[\d{1,3}\]|[*`†‡§¹²³⁴⁵⁶⁷⁸⁹⁰]|\\(?=[|_*])")
_LONGEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's place without the blanks around it, and its words without links and emphasis."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table."""

    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A header and at least one row."""

    header: Row
    rows: tuple[Row, ...]


def plain(words: str) -> str:
    """The words of a cell without link targets, emphasis, comments and footnote marks."""
    return " ".join(_NOISE.sub(" ", _LINK.sub(r"\1", words)).split())


def lines_of(text: str) -> list[tuple[int, str]]:
    """The lines with the offsets at which they begin."""
    result: list[tuple[int, str]] = []
    position = 0
    for line in text.split("\n"):
        result.append((position, line))
        position += len(line) + 1
    return result


def find_tables(text: str) -> Iterator[Table]:
    """The tables of the text in order."""
    lines = lines_of(text)
    i = 0
    while i + 1 < len(lines):
        if "|" in lines[i][1] and _DELIMITER.fullmatch(lines[i + 1][1][:_LONGEST]) and "|" in lines[i + 1][1]:
            end = i + 2
            while end < len(lines) and _is_barred(lines[end][1]):
                end += 1
            if end > i + 2:
                yield Table(_barred(*lines[i]), tuple(_barred(*line) for line in lines[i + 2 : end]))
            i = end
            continue
        width = len(gapped(*lines[i]).cells)
        end = _same_width(lines, i, width)
        if width >= 3 and end > i + 1:
            yield Table(gapped(*lines[i]), tuple(gapped(*line) for line in lines[i + 1 : end]))
            i = end
        else:
            i += 1


def gapped(start: int, line: str) -> Row:
    """A line whose cells are set apart by two blanks or more."""
    if not line.strip() or len(line) > _LONGEST or "|" in line:
        return Row(start, start + len(line), ())
    cells: list[Cell] = []
    begin = len(line) - len(line.lstrip())
    for gap in [*_GAP.finditer(line.rstrip(), begin), None]:
        end = len(line.rstrip()) if gap is None else gap.start()
        cells.append(_cell(start, line, begin, end))
        begin = end if gap is None else gap.end()
    return Row(start, start + len(line), tuple(cells))


def _same_width(lines: Sequence[tuple[int, str]], i: int, width: int) -> int:
    if width < 3:
        return i
    end = i + 1
    while end < len(lines) and len(gapped(*lines[end]).cells) == width:
        end += 1
    return end


def _is_barred(line: str) -> bool:
    return "|" in line and len(line) <= _LONGEST


def _barred(start: int, line: str) -> Row:
    bars = [found.start() for found in re.finditer(r"(?<!\\)\|", line)]
    edges = [-1, *bars, len(line)]
    spans = [(one + 1, two) for one, two in pairwise(edges)]
    if line.lstrip().startswith("|"):
        spans = spans[1:]
    if line.rstrip().endswith("|"):
        spans = spans[:-1]
    return Row(start, start + len(line), tuple(_cell(start, line, one, two) for one, two in spans))


def _cell(start: int, line: str, begin: int, end: int) -> Cell:
    words = line[begin:end]
    begin += len(words) - len(words.lstrip())
    words = words.strip()
    return Cell(start + begin, start + begin + len(words), plain(words))
