"""Which column of a table means what: the file that `--map` names, or what the columns' own names say."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kb.errors import UsageError

TEXTS: Final = {"text": "text/plain", "markdown": "text/markdown", "html": "text/html"}
"""Fields that hold a document's text, by the media type that it is read as."""

ABOUT: Final = frozenset({"id", "title", "url", "publisher", "authors", "published"})
"""Fields that tell of the document."""

DOCUMENT: Final = ABOUT | frozenset(TEXTS) | {"licence"}
"""Fields of a document; a `licence` beside a fact would be taken for that of what the fact is about."""
_STATED: Final = (
    "subject subject_type predicate object object_type value low high unit comparator period basis scope "
    "active benchmark offered_by date role status how share lead city access consequence as_of valid_from "
    "valid_to modality"
).split()
"""Fields of a fact, in the order in which a row is told."""

FACT: Final = ABOUT | frozenset(_STATED)


class Mapping(BaseModel):
    """Columns by the field that they hold; `=USD` in a column's stead is the same value for all rows.

    `documents` makes a document of each row, `facts` a fact; one of the two is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    documents: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fields_are_known(self) -> Self:
        for given, known in ((self.documents, DOCUMENT), (self.facts, FACT)):
            unknown = sorted(set(given) - known)
            if unknown:
                raise ValueError(f"there is no field {unknown[0]}; known are {', '.join(sorted(known))}")
        if bool(self.documents) == bool(self.facts):
            raise ValueError("it maps columns either to documents or to facts")
        if self.documents and not set(self.documents) & set(TEXTS):
            raise ValueError("documents need a column with their text, markdown or html")
        missing = [
            name for name in ("subject", "subject_type", "predicate") if self.facts and name not in self.facts
        ]
        if missing:
            raise ValueError(
                f"facts need {' and '.join(missing)}, as a column or as a constant such as =Company"
            )
        return self

    def columns(self) -> frozenset[str]:
        """The columns that it reads."""
        return frozenset(c for c in (*self.documents.values(), *self.facts.values()) if not c.startswith("="))


def read_mapping(path: Path) -> Mapping:
    """The mapping in a YAML or JSON file.

    Raises:
        UsageError: when the file cannot be read or maps nothing that can be loaded.
    """
    import yaml  # noqa: PLC0415 - needed where a mapping is given alone

    try:
        told: Any = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: the mapping cannot be read ({error.strerror or error}).") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{path}: the mapping is no valid YAML or JSON ({_first_line(error)}).") from error
    try:
        return Mapping.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"{path}: the mapping is wrong{f' at {where}' if where else ''}: {first['msg']}."
        ) from error


def by_names(columns: Iterable[str]) -> Mapping | None:
    """The mapping of columns that are called as the fields are; None where they are called otherwise."""
    names = frozenset(columns)
    if {"subject", "subject_type", "predicate"} <= names:
        known = (*_STATED, *sorted(ABOUT))
        return Mapping(facts={name: name for name in known if name in names})
    if names & set(TEXTS):
        return Mapping(documents={name: name for name in sorted(names & DOCUMENT)})
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
