"""The sentence that some words stand in."""

import re
from typing import Final

_END: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bvs)"  # an initial or a title ends no sentence
    r"[.!?…][\"'”’)\]]*(?=\s+[^\sa-z])|\n+"
)


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence, or sentences, of the text that hold `text[start:end]`, without outer blanks."""
    first = 0
    for found in _END.finditer(text):
        if found.end() <= start:
            first = found.end()
        elif found.end() >= end:
            return text[first : found.end()].strip()
    return text[first:].strip()
