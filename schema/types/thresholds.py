"""Licence thresholds: who exceeds them, and why this is said."""

from typing import Annotated

import strawberry

from kb.partial_date import PartialDate
from kb.thresholds import Verdict
from schema.planned import plain, planned
from schema.types.entities import Company, Entity, Model
from schema.types.facts import Figure, LicenceTerm


@strawberry.type(
    description="The verdict at the release of the licence's own version, at which the clause counts."
)
class ReleaseCheck:
    """A verdict at release."""

    model: Annotated["Model", strawberry.lazy("schema.types.entities")] = planned(
        "The first model that was released under the licence."
    )
    released: PartialDate = plain("When it was released.")
    verdict: Verdict = plain("What the users counted then say.")
    reason: str = plain("Why, in one sentence.")
    ratio: float | None = plain("The figure over the threshold.")
    users: Figure | None = planned("The figure that decides, or that comes nearest.")


@strawberry.type(description="One service held against one licence's user threshold.")
class ThresholdCheck:
    """A verdict."""

    licence: Entity = planned("The licence, or the model of which the term is told.")
    term: LicenceTerm = planned("The threshold, with its evidence.")
    service: Entity = planned("The product or company whose users are counted; never the sum of several.")
    company: Company | None = planned("Who offers the product, or the company itself.")
    licensor: bool = plain("Whether the company is the one whose licence it is, so that it binds others.")
    verdict: Verdict = plain("EXCEEDS, WITHIN, or UNDECIDED where the figures leave it open.")
    reason: str = plain("Why, in one sentence.")
    ratio: float | None = plain("The figure over the threshold; of a range its lower end.")
    users: Figure | None = planned("The figure that decides, or that comes nearest, with its evidence.")
    at_release: ReleaseCheck | None = planned(
        "The verdict at the release of the licence's version, where its date is known."
    )
