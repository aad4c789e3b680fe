"""Writing additions into the registry's files: only the lines that change, in the order of ids."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

from kb.contract import dumps
from kb.errors import InputError
from loaders.registry_refresh.proposal import Addition

MODELS: Final = "models.jsonl"
SOURCES: Final = "sources-models.jsonl"
_CLAIM_ORDER: Final = (
    "DEVELOPS RELEASE_OF DERIVED_FROM RELEASED_ON RELEASED_UNDER OPENNESS PARAMETERS CONTEXT_WINDOW".split()
)

Json = dict[str, Any]


def changed_lines(text: str, additions: Iterable[Addition]) -> str:
    """The file's text with the additions in it; every other line stays as it is, byte for byte."""
    lines = {_id(line): line for line in text.splitlines() if line.strip()}
    for addition in additions:
        if addition.new:
            lines[addition.id] = dumps(addition.record)
        else:
            lines[addition.id] = dumps(
                _with_claims(json.loads(lines[addition.id]), addition.record["claims"])
            )
    return "".join(lines[key] + "\n" for key in sorted(lines))


def with_source(text: str, source: Json) -> str:
    """The file's text with the source at its place."""
    lines = {_id(line): line for line in text.splitlines() if line.strip()}
    lines.setdefault(source["id"], dumps(source))
    return "".join(lines[key] + "\n" for key in sorted(lines))


def write_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Put each text in place whole, so that an interrupted run leaves the old file.

    Raises:
        InputError: when a file cannot be written.
    """
    for name, text in texts.items():
        part = folder / f"{name}.part"
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(folder / name)
        except OSError as error:
            raise InputError(f"{folder / name} cannot be written: {error.strerror}.") from error
        finally:
            part.unlink(missing_ok=True)


def _id(line: str) -> str:
    return str(cast("Json", json.loads(line))["id"])


def _with_claims(record: Json, fresh: Sequence[Json]) -> Json:
    """The record with the claims, each after those of its own predicate and the ones before it in order."""
    claims: list[Json] = list(record.get("claims", ()))
    for claim in fresh:
        place = _rank(claim)
        after = [index for index, held in enumerate(claims) if _rank(held) <= place]
        claims.insert(after[-1] + 1 if after else 0, claim)
    return {key: value for key, value in record.items() if key != "claims"} | {"claims": claims}


def _rank(claim: Json) -> int:
    predicate = claim["predicate"]
    return _CLAIM_ORDER.index(predicate) if predicate in _CLAIM_ORDER else len(_CLAIM_ORDER)
