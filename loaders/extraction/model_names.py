"""Names of models by their form: a family's name with version, size and variant, or a name with a size."""

import re
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
_FREE: Final = re.compile(
    r"""(?<![\w/.-])(?:
        [A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*-\d+(?:\.\d+)?[BM](?:-[A-Za-z0-9.]+)*(?![\w-])
      | GPT-[A-Za-z0-9]+(?:\.\d+)?(?:-[a-z0-9]+)*(?![\w-])
    )""",
    re.VERBOSE,
)


def name_end(text: str, end: int) -> int:
    """Where a model's name ends that begins with a family's name ending at `end`."""
    tail = _TAIL.match(text, end)
    return end if tail is None else tail.end()


def free_names(text: str) -> list[tuple[int, int]]:
    """Names that are a model's by their form alone: `Newname-7B`, `GPT-Something`."""
    return [(found.start(), found.end()) for found in _FREE.finditer(text)]
