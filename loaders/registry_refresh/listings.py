"""What a package of model data lists: one record a row, and one flaw for each row that cannot be read."""

from dataclasses import dataclass
from enum import StrEnum


class FlawCode(StrEnum):
    """Why a row of a package was left out."""

    NOT_A_RECORD = "not-a-record"
    BAD_NAME = "bad-name"
    BAD_DATE = "bad-date"
    BAD_NUMBER = "bad-number"
    BAD_FIELD = "bad-field"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A row that was left out: its place in the package, and what is wrong with it."""

    code: FlawCode
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One model as one provider lists it; `context` and `max_input` are tokens, `released` a partial date.

    `path` is where the row stands in the package: it becomes the locator of the claims read from it.
    `doubted` tells that a person found the row's date or context to be not the model's own.
    """

    provider: str
    provider_name: str
    id: str
    path: str
    name: str | None = None
    family: str | None = None
    released: str | None = None
    open_weights: bool | None = None
    context: int | None = None
    max_input: int | None = None
    doubted: bool = False
