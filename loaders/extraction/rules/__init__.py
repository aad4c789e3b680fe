"""The rules as data: one TOML file a topic, with macros that its patterns share."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final, cast

from loaders.extraction.roles import FOUNDER, ROLE

_MACRO: Final = re.compile(r"%([A-Z]+)%")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a file: its keys, with the macros of its patterns written out.

    `where` is the file and the line that it begins at, such as `deals.toml:15`.
    """

    keys: Mapping[str, Any]
    where: str

    def text(self, key: str) -> str:
        """The value of a key that must be there."""
        return cast("str", self.keys[key])

    def text_or_none(self, key: str) -> str | None:
        """The value of a key that may be missing."""
        return cast("str | None", self.keys.get(key))

    def flag(self, key: str) -> bool:
        """Whether the key is there and true."""
        return bool(self.keys.get(key))

    @property
    def confidence(self) -> float:
        """The prior share of right findings."""
        return float(self.keys["confidence"])


def load_rules(topic: str, **macros: str) -> Iterator[Rule]:
    """The rules of `TOPIC.toml` in their order; `macros` come beside those of the file.

    Raises:
        KeyError: for a macro that nobody defines, which is a mistake in the file.
    """
    text = files(__name__).joinpath(f"{topic}.toml").read_text(encoding="utf-8")
    content = tomllib.loads(text)
    known = {"ROLE": f"(?P<role>{ROLE})", "FOUNDER": FOUNDER} | macros | content["macros"]
    lines = [number for number, line in enumerate(text.split("\n"), start=1) if line.startswith("[[")]
    for rule, line in zip(content.get("rule") or content["frame"], lines, strict=True):
        yield Rule({key: _written_out(value, known) for key, value in rule.items()}, f"{topic}.toml:{line}")


def _written_out(value: Any, macros: Mapping[str, str]) -> Any:  # noqa: ANN401 - a TOML value of any type
    if not isinstance(value, str):
        return value
    while (written := _MACRO.sub(lambda found: macros[found[1]], value)) != value:
        value = written
    return value
