"""Which company's models a row of a package may be: the reviewed table `makers.yaml` of the registry."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kb.errors import InputError

FILE: Final = "makers.yaml"


class _Maker(BaseModel):
    model_config = ConfigDict(extra="forbid")
    authors: list[str] = Field(default_factory=list)
    providers: list[str] = Field(default_factory=list)
    families: dict[str, list[str]]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    catalogues: list[str]
    passed_over: list[str]
    undated: list[str]
    doubted: list[str]
    makers: dict[str, _Maker]


@dataclass(frozen=True, slots=True)
class Maker:
    """A company, the beginnings of its models' names by family, and its own names as ids write them."""

    company: str
    families: Mapping[str, tuple[str, ...]]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Makers:
    """The table: by the author part of an id, and by provider that lists its own models.

    `catalogues` are providers that list others' models with care, best first. `passed_over` are words of
    ids, or whole ids, that name a route, a bundle or a hobby variant and no release. `undated` are providers
    whose dates say when they began to list a model; `doubted` are rows whose date or context is plainly
    not the model's own.
    """

    by_author: Mapping[str, Maker]
    by_provider: Mapping[str, Maker]
    catalogues: tuple[str, ...]
    passed_over: frozenset[str]
    undated: frozenset[str]
    doubted: frozenset[str]


def read_makers(folder: Path) -> Makers:
    """Read the table that stands beside the registry's records.

    Raises:
        InputError: when it is missing or not of the known shape.
    """
    file = folder / FILE
    try:
        table = _File.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise InputError(f"{file} is no table of makers: {first}.") from error
    by_author: dict[str, Maker] = {}
    by_provider: dict[str, Maker] = {}
    for company, row in table.makers.items():
        own = company.partition("/")[2]
        names = tuple(dict.fromkeys([*row.authors, own, own.partition("-")[0]]))
        maker = Maker(company, {family: tuple(stems) for family, stems in row.families.items()}, names)
        by_author.update(dict.fromkeys(row.authors, maker))
        by_provider.update(dict.fromkeys(row.providers, maker))
    return Makers(
        by_author=by_author,
        by_provider=by_provider,
        catalogues=tuple(table.catalogues),
        passed_over=frozenset(table.passed_over),
        undated=frozenset(table.undated),
        doubted=frozenset(table.doubted),
    )
