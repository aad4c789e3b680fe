"""Scalars of our own."""

from collections.abc import Mapping
from typing import Final

import strawberry
from strawberry.types.scalar import ScalarDefinition

from kb.errors import ContractError
from kb.partial_date import PartialDate


def _parse(value: object) -> PartialDate:
    if not isinstance(value, str):
        raise ContractError("A date is written as text: 2015, 2025-04 or 2025-04-01.")
    return PartialDate.parse(value)


SCALARS: Final[Mapping[object, ScalarDefinition]] = {
    PartialDate: strawberry.scalar(
        name="PartialDate",
        description="A date that keeps its precision: `2015`, `2025-04` or `2025-04-01`.",
        serialize=str,
        parse_value=_parse,
    )
}
"""What the schema's configuration takes."""
