"""First names of people, and what they tell of the sex; `python -m bench.first_names` writes the list."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

_FILE: Final = "first_names.tsv"
_PRONOUNS: Final = {"he": "m", "his": "m", "him": "m", "she": "f", "her": "f"}


@cache
def first_names() -> Mapping[str, str]:
    """`m` or `f` for each first name that is borne by one sex almost alone, `-` for the others."""
    lines = files(__package__ or "").joinpath(_FILE).read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


def contradicts(pronoun: str, person: str) -> bool:
    """Whether the first name says that the pronoun (`he`, `her`) means somebody else."""
    sex = first_names().get(person.partition(" ")[0], "-")
    return sex != "-" and _PRONOUNS.get(pronoun, sex) != sex
