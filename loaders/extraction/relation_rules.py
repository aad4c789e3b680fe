"""The ways of saying a relation, from `rules/people.toml`, `models.toml` and `deals.toml`, compiled.

Groups of a pattern: `a` the subjects, `b` the objects, `role`, `q` the amount, `share`; `link` the words
between a person and the role, whose tense tells whether the role is past or planned, `former` marks a past
role, `void` a reading to drop, `bid` what is only begun (an offer that is no purchase yet). A rule without
the group `a` or `b` takes for it what the text speaks of at that place. `%NAME%` is a macro of the file;
%ROLE% and %FOUNDER% are titles.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Final

from kb.ontology import Derivation, RelationType
from loaders.extraction.lazy_pattern import Choice, LazyPattern
from loaders.extraction.rules import Rule, load_rules
from loaders.extraction.slots import pattern

RIVALRY: Final = re.compile(
    r"[\s-](?:[a-z]+ )?(?:competitors?|rivals?|alternatives?|clones?|challengers?|killers?|equivalents?|"
    r"counterparts?|like|style|lookalikes?|copycats?)\b"
)
"""What follows the name of a product that somebody else's is measured by: `its Foo competitor`."""
_NAMED: Final = re.compile(r"\{[ab]:([A-Z])[sS]?\}")


@dataclass(frozen=True, slots=True)
class RelationRule:
    """One way of saying a relation; `confidence` is the prior share of right findings.

    `verbal` rules hang on a verb that may be negated, planned or reported; the others state a relation
    in passing (`the firm's founder`), which no verb around them touches. `needs` are the letters of the
    slots without which the pattern cannot match. `near` must, and `not_near` must not, stand somewhere in the
    sentence: `the money came from X` speaks of an investor, `the users came from X` does not.
    `sole` rules leave an end to the text around them only where one entity alone stands there.
    """

    predicate: RelationType
    pattern: LazyPattern
    confidence: float
    verbal: bool
    how: Derivation | None
    lead: bool
    needs: frozenset[str]
    near: LazyPattern | None = None
    not_near: LazyPattern | None = None
    sole: bool = False
    where: str = ""

    def fits(self, sentence: str, letters: Set[str]) -> bool:
        """Whether a sentence with slots of these letters can say it so."""
        if not self.needs <= letters or (self.near is not None and not self.near.search(sentence)):
            return False
        return self.not_near is None or not self.not_near.search(sentence)


def _compiled(rule: Rule) -> RelationRule:
    how = rule.text_or_none("how")
    source = rule.text("pattern")
    return RelationRule(
        RelationType(rule.text("says")),
        pattern(source),
        rule.confidence,
        verbal=not rule.flag("in_passing"),
        how=Derivation(how) if how else None,
        lead=rule.flag("lead"),
        needs=frozenset(_NAMED.findall(source)),
        near=_words(rule, "near"),
        not_near=_words(rule, "not_near"),
        sole=rule.flag("sole"),
        where=rule.where,
    )


def _words(rule: Rule, key: str) -> LazyPattern | None:
    source = rule.text_or_none(key)
    return LazyPattern(source, str) if source else None


RELATION_RULES: Final = Choice(
    (rule.pattern, rule)
    for rule in (_compiled(one) for topic in ("people", "models", "deals") for one in load_rules(topic))
)
