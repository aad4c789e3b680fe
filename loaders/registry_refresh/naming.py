"""Names of models without what only a route, a version's date or a number format adds to them."""

import re
from dataclasses import dataclass
from typing import Final

_NOT_ALNUM: Final = re.compile(r"[^a-z0-9.\u0080-\uffff]+")
_TOKEN: Final = re.compile(r"\d+(?:\.\d+)*[a-z]?(?![a-z])|\d+(?:\.\d+)*|[^\W\d_]+")
_REGION: Final = re.compile(r"^(?:us|eu|apac|global|jp|au|us-gov|hf)[.:]")
_ROUTE: Final = re.compile(
    r"[:@].*$|-v\d+:\d+.*$|(?<=[a-z\d])[-_.]"
    r"(?:free|maas|tee|fast-tee|fp\d{1,2}(?:-dynamic)?|nvfp4|mxfp4|bf16|int[48]|[48]bit|q\d(?:_[\w]+)?|w\d+a\d+"
    r"|\d{1,4}k(?:-context)?|awq|gguf|gptq|mlx|hf|cheaper|original|default|unified|tput|lora|turbo-free|fast-free|fast-apply)$"
)
_EFFORT: Final = re.compile(r"-(?:high|low|medium|xhigh|minimal|max-effort|none)$")
_TUNED: Final = re.compile(r"[-_ ](?:instruct|it|chat|base|pt|generate)(?=-|$)|(?<=\db)-(?:turbo|lite)$")
_DATE: Final = re.compile(
    r"[-@](?:20\d\d-?[01]\d-?[0-3]\d|[01]\d-20\d\d|20\d\d-[01]\d|[01]\d-[0-3]\d"
    r"|[01]\d[0-3]\d|2[2-7](?:0[1-9]|1[0-2])|2[2-7](?:0[1-9]|1[0-2])[0-3]\d)(?=-|$)"
)
_LATEST: Final = re.compile(r"-(?:latest|exp|experimental)$")
_PREVIEW: Final = re.compile(r"-(?:preview|beta)(?=-|$)")
_MODE: Final = re.compile(r"[-:](?:non-thinking|thinking|non-reasoning|reasoning|nothinking|think)$")
_POINT: Final = re.compile(r"(?<=\d)p(?=\d)|(?<=\d)_(?=\d)")
_LONE_POINT: Final = re.compile(r"(?<!\d)\.|\.(?!\d)")
_REVISION: Final = re.compile(r"-00\d$|(?<=[a-z])-v1$|-paddle$|-fp8-fast$")
_SPLIT_VERSION: Final = re.compile(r"(?<![\d.])(\d{1,2})-(\d{1,2})(?![\d.]|[a-z])")
_ZERO: Final = re.compile(r"(?<=\d)\.0(?![\d.])")
_BRACKETS: Final = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_MAKER: Final = re.compile(r"^[\w .&-]{2,30}: ")
_TAIL: Final = re.compile(
    r"[ -]+(?:instruct|it|chat|latest|preview|beta|exp|free|fp8|v\d+:\d+"
    r"|20\d{2}-\d{2}-\d{2}|20\d{6}|2[2-7][01]\d|[01]\d-20\d\d)$",
    re.IGNORECASE,
)
_ORDER: Final = (
    _ROUTE,
    _ROUTE,
    _EFFORT,
    _LATEST,
    _PREVIEW,
    _REVISION,
    _TUNED,
    _ROUTE,
    _DATE,
    _TUNED,
    _ROUTE,
    _LATEST,
    _REVISION,
)
"""Dates go late: a record may be kept for one version (`DeepSeek-V3-0324`)."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """A row's id taken apart: who the id says made it, and the forms of the name, from full to bare.

    `dated` tells that the bare form lost a date, so that the row speaks of one version only.
    """

    author: str | None
    forms: tuple[str, ...]
    dated: bool

    @property
    def bare(self) -> str:
        """The shortest form: no date, no route, no number format, no tuning."""
        return self.forms[-1]


def spelling(model_id: str) -> Spelling:
    """Take an id such as `us.anthropic.claude-3-5-sonnet-20240620-v1:0` or `qwen/qwen3-8b:free` apart."""
    parts = _REGION.sub("", model_id.strip().casefold()).removeprefix("hf:").split("/")
    author = parts[-2].lstrip("~@") if len(parts) > 1 else None
    base = parts[-1]
    if author is None and "." in base and base.partition(".")[0].isalpha():
        author, _, base = base.partition(".")
    forms = [base]
    dated = False
    for pattern in _ORDER:
        shorter = pattern.sub("", forms[-1])
        if shorter and shorter != forms[-1]:
            dated = dated or pattern in {_DATE, _LATEST}
            forms.append(shorter)
    return Spelling(author, tuple(_dotted(form) for form in forms), dated)


def without_mode(form: str) -> str:
    """The form without the mode that a route switches on; the same form when it names none."""
    return _MODE.sub("", form)


def model_key(name: str) -> str:
    """What two spellings of one model share: `Claude 3.5 Sonnet` and `claude-3-5-sonnet` have one key."""
    plain = _dotted(name.casefold().replace(" ", "-").replace("+", "-plus"))
    return _LONE_POINT.sub("", _NOT_ALNUM.sub("", _ZERO.sub("", plain)))


def word_key(name: str) -> tuple[str, ...]:
    """The words and numbers of a name in any order: `Claude Sonnet 3.5` and `Claude 3.5 Sonnet`."""
    plain = _ZERO.sub("", _dotted(name.casefold().replace(" ", "-").replace("+", "-plus")))
    return tuple(sorted(_TOKEN.findall(plain)))


def _dotted(name: str) -> str:
    return _SPLIT_VERSION.sub(r"\1.\2", _POINT.sub(".", name).replace("_", "-"))


def clean_name(name: str) -> str:
    """A row's display name without maker, brackets, dates and tuning: `Qwen: Qwen3 8B (free)` is Qwen3 8B."""
    plain = _BRACKETS.sub("", _MAKER.sub("", name)).replace(" - ", " ").replace("_", "-")
    text = " ".join(plain.split())
    shorter = _TAIL.sub("", text)
    while shorter not in {text, ""}:
        text, shorter = shorter, _TAIL.sub("", shorter)
    return text
