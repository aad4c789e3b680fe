"""A number in its sentence, and the entities around it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from kb.facts import EntityRef
from loaders.extraction.annotations import Annotated, EntityMention
from loaders.extraction.figure_rules import FigureRule
from loaders.extraction.quantities import Quantity
from loaders.extraction.slots import Slotted
from loaders.extraction.trace import Reason, What

_HEARSAY: Final = re.compile(
    r"\b(?:reportedly|allegedly|apparently|supposedly|purportedly),? ", re.IGNORECASE
)
_SAID_TO: Final = re.compile(
    r" (?:is|are|was|were) (?:now |also |widely )?(?:said|reported|rumou?red|believed|thought|understood) to "
    r"(?P<verb>have|be) ",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A quantity in its sentence, with the slotted words before and after it.

    `told` are the words before it without those that only say that it is hearsay.
    """

    sentence: Slotted
    index: int
    quantity: Quantity
    left: str
    right: str
    told: str

    def before(self, rule: FigureRule) -> list[EntityMention]:
        """The possible subjects ahead of the number."""
        return _fitting(self.sentence.fillers[: self.index], rule)

    def after(self, rule: FigureRule) -> list[EntityMention]:
        """The possible subjects behind the number."""
        return _fitting(self.sentence.fillers[self.index + 1 :], rule)

    def let_go(self, annotated: Annotated, rule: FigureRule, reason: Reason) -> None:
        """Tell why the number becomes no figure, though the rule's words stand beside it."""
        at = self.quantity.start, self.quantity.end
        annotated.trace.dropped(What.NUMBER, reason, at, rule=rule.where, says=rule.metric)

    def slot(self, found: re.Match[str] | None, rule: FigureRule) -> EntityRef | None:
        """The entity whose slot's number a pattern has matched, where it can be the subject."""
        filler = self.sentence.fillers[int(found[1])] if found else None
        return filler.ref if isinstance(filler, EntityMention) and filler.type in rule.subjects else None


def without_hearsay(words: str) -> str:
    """The words with `is`, `has reached` for `is reportedly`, `is said to have reached`."""
    return _HEARSAY.sub("", _SAID_TO.sub(_plain, words))


def _plain(found: re.Match[str]) -> str:
    return " has " if found["verb"] == "have" else " is "


def _fitting(fillers: Sequence[object], rule: FigureRule) -> list[EntityMention]:
    return [f for f in fillers if isinstance(f, EntityMention) and f.type in rule.subjects]
