"""The file that `--meta` names: what is known of a document from outside, as JSON."""

import json
from pathlib import Path
from typing import Any, Final, cast

from kb.documents import Metadata
from kb.errors import ContractError, UsageError
from kb.partial_date import PartialDate

_TEXTS: Final = ("title", "publisher", "url", "licence", "license")
_DATES: Final = ("published", "retrieved")


def read_metadata(path: Path) -> Metadata:
    """The title, publisher, published, retrieved, url, licence and authors that the file holds.

    Any may be missing or null; `authors` is a list of names or one name. Other keys are left alone.

    Raises:
        UsageError: when the file cannot be read, is no JSON object, or a field has another shape.
    """
    try:
        known: object = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path}: the metadata file cannot be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: the metadata file is no valid JSON ({error}).") from error
    if not isinstance(known, dict):
        raise UsageError(f'{path}: metadata is a JSON object such as {{"title": "…"}}.')
    return _metadata(cast("dict[str, Any]", known), path)


def _metadata(known: dict[str, Any], path: Path) -> Metadata:
    texts = {key: _text(known.get(key), key, path) for key in _TEXTS}
    dates = {key: _date(known.get(key), key, path) for key in _DATES}
    return Metadata(
        title=texts["title"],
        publisher=texts["publisher"],
        authors=_authors(known.get("authors"), path),
        published=dates["published"],
        url=texts["url"],
        retrieved=dates["retrieved"],
        licence=texts["licence"] or texts["license"],
    )


def _text(value: object, key: str, path: Path) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UsageError(f"{path}: '{key}' is a text, not {json.dumps(value)[:60]}.")
    return value.strip() or None


def _date(value: object, key: str, path: Path) -> PartialDate | None:
    text = _text(value, key, path)
    if text is None:
        return None
    try:
        return PartialDate.parse(text)
    except ContractError as error:
        raise UsageError(f"{path}: '{key}' is wrong: {error}") from error


def _authors(value: object, path: Path) -> tuple[str, ...]:
    names = cast("list[object]", value) if isinstance(value, list) else [value]
    texts = (_text(name, "authors", path) for name in names)
    return tuple(text for text in texts if text is not None)
