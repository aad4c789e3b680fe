"""The sentence that some words stand in."""

import re
from typing import Final

_END: Final = re.compile(
    r"(?<!\b[A-Z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bvs)"  # an initial or a title ends no sentence
    r"[.!?…][\"'”’)\]]*(?=\s+[^\sa-z])|\n+"
)


LONGEST: Final = 600
"""What runs on for longer is no sentence but a table's row or a record."""


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence, or sentences, of the text that hold `text[start:end]`, without outer blanks.

    The words alone where nothing like a sentence holds them.
    """
    first, last = 0, len(text)
    for found in _END.finditer(text):
        if found.end() <= start:
            first = found.end()
        elif found.end() >= end:
            last = found.end()
            break
    sentence = text[first:last].strip()
    return sentence if len(sentence) <= max(LONGEST, end - start) else text[start:end].strip()
