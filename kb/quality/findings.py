"""What a check finds: how often, how bad, where, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EXAMPLES: Final = 5
"""How many places a finding names; its count tells of all."""


class Severity(StrEnum):
    """An error refuses the graph; a warning may be as it should, and refuses it under `--strict` alone."""

    ERROR = "ERROR"
    WARNING = "WARNING"


@dataclass(frozen=True, slots=True)
class Example:
    """One place to look at: a node's id, what it is about, the document and the words that say so."""

    id: str
    name: str | None = None
    document: str | None = None
    words: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a rule is broken, with examples and what to do about it; a count of 0 means that it holds.

    `told` says more where the rule's name does not, such as the two numbers that differ. `before` is the
    count in the report that this one is compared with.
    """

    check: str
    count: int
    advice: str = ""
    examples: tuple[Example, ...] = ()
    severity: Severity = Severity.ERROR
    told: str | None = None
    before: int | None = None

    @property
    def grown(self) -> bool:
        """Whether it is found more often than before, or was not looked for before."""
        return self.count > (self.before or 0)
