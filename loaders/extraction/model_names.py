"""Names of models by their form: a family's name with version, size and variant, or a name with a size."""

import re
from collections.abc import Container, Iterable
from typing import Final

_VARIANTS: Final = (
    "Pro|Flash|Ultra|Mini|Nano|Micro|Turbo|Instruct|Chat|Base|Large|Medium|Small|Tiny|Lite|Plus|Max|Preview"
    "|Vision|Coder|Code|Math|Titan|Alpha|Beta|Tuned|Scout|Maverick|Behemoth|Haiku|Sonnet|Opus|Reasoner|Thinking"
    "|Deep Think|Flash-Lite|Omni|Audio|Embed|Guard|Distill|XL|XXL|Next|Air|Realtime|Codex|Light"
)
_MAGNITUDE: Final = (
    r"(?!\s*(?:million|billion|trillion|percent|per cent|%|million\b|times|years|months|users))"
)
_PART: Final = rf"""
    (?:
        [ -]?[vV]?\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[a-z]?(?![\w%]|[.,]\d){_MAGNITUDE}  # 3.5, v0.2, 4o
      | [ -]\d+(?:\.\d+)?[BMKT](?!\w)                                              # size: 70B
      | [ -](?:\d+x\d+(?:\.\d+)?B|[AEa]\d+(?:\.\d+)?[BMbm])(?!\w)                   # experts: 8x7B, A3B
      | [ -](?:{_VARIANTS})(?!\w)
      | -[A-Z0-9][A-Za-z0-9]*(?:\.\d+)?(?!\w)                                      # any part after a hyphen
      | -(?:v\d+(?:\.\d+)?|instruct|chat|base|preview|turbo|mini|nano|large|small|medium|tiny|it|hf)(?!\w)
    )
"""
_TAIL: Final = re.compile(rf"{_PART}{{1,6}}", re.VERBOSE)
_WORD: Final = re.compile(r"[ -]([A-Z][a-z]+)(?!\w)")
_AFTER_VERSION: Final = re.compile(r"\d ([A-Z][a-z]{2,})(?!\w)")
_FREE: Final = re.compile(
    r"""(?<![\w/.-])(?:
        [A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*-\d+(?:\.\d+)?[BM](?:-[A-Za-z0-9]+(?:\.[A-Za-z0-9]+)*)*(?![\w-])
      | GPT-[A-Za-z0-9]+(?:\.\d+)?(?:-[a-z0-9]+)*(?![\w-])
    )""",
    re.VERBOSE,
)


def name_end(text: str, end: int, variants: Container[str] = ()) -> int:
    """Where a model's name ends that begins with a family's name ending at `end`.

    `variants` are words that name a variant after a version, beside those that many families share.
    """
    tail = _TAIL.match(text, end)
    if tail is None:
        return end
    word = _WORD.match(text, tail.end())
    if word is None or word[1] not in variants or not tail[0][-1].isdigit():
        return tail.end()
    return name_end(text, word.end(), variants)


def variants_in(names: Iterable[str]) -> frozenset[str]:
    """The words that stand after a version in these names: `Acme-3 Dawn` has the variant Dawn."""
    return frozenset(found[1] for name in names for found in _AFTER_VERSION.finditer(name))


def free_names(text: str, variants: Container[str] = ()) -> list[tuple[int, int]]:
    """Names that are a model's by their form alone: `Newname-7B`, `GPT-Something`, `GPT-9 Dawn`."""
    names: list[tuple[int, int]] = []
    for found in _FREE.finditer(text):
        word = _WORD.match(text, found.end())
        follows = word is not None and word[1] in variants and found[0][-1].isdigit()
        names.append((found.start(), word.end() if word is not None and follows else found.end()))
    return names
