"""The ways of saying a relation, from `rules/relations.toml`, compiled."""

import re
from dataclasses import dataclass
from typing import Final

from kb.ontology import Derivation, RelationType
from loaders.extraction.rules import Rule, load_rules
from loaders.extraction.slots import pattern

_NAMED: Final = re.compile(r"\(\?P<[ab]><\[([A-Z]+)\]")


@dataclass(frozen=True, slots=True)
class RelationRule:
    """One way of saying a relation; `confidence` is the prior share of right findings.

    `verbal` rules hang on a verb that may be negated, planned or reported; the others state a relation
    in passing (`the firm's founder`), which no verb around them touches. `needs` are the letters of the
    slots without which the pattern cannot match.
    """

    predicate: RelationType
    pattern: re.Pattern[str]
    confidence: float
    verbal: bool
    how: Derivation | None
    lead: bool
    needs: frozenset[str]


def _compiled(rule: Rule) -> RelationRule:
    how = rule.text_or_none("how")
    compiled = pattern(rule.text("pattern"))
    return RelationRule(
        RelationType(rule.text("says")),
        compiled,
        rule.confidence,
        verbal=not rule.flag("in_passing"),
        how=Derivation(how) if how else None,
        lead=rule.flag("lead"),
        needs=frozenset(letters for letters in _NAMED.findall(compiled.pattern) if len(letters) == 1),
    )


RELATION_RULES: Final = tuple(_compiled(rule) for rule in load_rules("relations"))
