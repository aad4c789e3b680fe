"""Paragraphs that were broken into lines of one width, joined again."""

from itertools import pairwise

from loaders.cleaning.chrome import BULLET, COLUMNS

_NARROWEST = 50
_WIDEST = 120


def unwrapped(lines: list[str]) -> list[str]:
    """The lines with each hard-wrapped paragraph as one.

    A block is wrapped when at every break the next word would not have fitted the block's width.
    """
    result: list[str] = []
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
            continue
        result.extend([" ".join(part.strip() for part in block)] if _is_wrapped(block) else block)
        block = []
        result.append(line)
    return result[:-1]


def _is_wrapped(block: list[str]) -> bool:
    if len(block) < 3 or any(BULLET.match(line) or COLUMNS.search(line.strip()) for line in block):
        return False
    width = max(len(line) for line in block)
    if not _NARROWEST <= width <= _WIDEST:
        return False
    return all(len(line) + 1 + len(after.split(maxsplit=1)[0]) > width for line, after in pairwise(block))
