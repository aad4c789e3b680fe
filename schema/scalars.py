"""Scalars of our own."""

from typing import Final, cast

import strawberry

from kb.errors import ContractError
from kb.partial_date import PartialDate


def _parse(value: object) -> PartialDate:
    if not isinstance(value, str):
        raise ContractError("A date is written as text: 2015, 2025-04 or 2025-04-01.")
    return PartialDate.parse(value)


PARTIAL_DATE: Final = strawberry.scalar(
    name="PartialDate",
    description="A date that keeps its precision: `2015`, `2025-04` or `2025-04-01`.",
    serialize=str,
    parse_value=_parse,
)

SCALARS: Final = cast("dict[object, object]", {PartialDate: PARTIAL_DATE})
"""What the schema's configuration takes."""
