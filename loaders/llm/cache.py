"""Answers on disk, by the digest of what was asked: the same question is paid for once.

An entry is written beside its place and moved there in one step. One that cannot be read, or whose digest
does not fit its content, counts as absent and is written again. An answer that cannot be kept is still an
answer: it is used, and the log tells once that the next run will have to ask again.
"""

import json
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from pydantic_core import from_json

from kb.documents import sha256

_PREFIX: Final = "sha256:"

log = logging.getLogger(__name__)


class AnswerCache:
    """A folder of answers, readable by its owner alone: they quote the documents."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; it is made at the first answer."""
        self._folder: Final = folder
        self._told = False

    def get(self, key: str) -> list[object] | None:
        """The facts that were answered to the question of this digest, or nothing."""
        try:
            entry: object = from_json(self._place(key).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(entry, dict):
            return None
        record = cast("dict[str, object]", entry)
        facts = record.get("facts")
        if not isinstance(facts, list) or record.get("digest") != _digest(cast("list[object]", facts)):
            return None
        return cast("list[object]", facts)

    def put(self, key: str, facts: Sequence[object]) -> None:
        """Keep the answer, where the folder can be written to."""
        content = json.dumps({"digest": _digest(facts), "facts": facts}, ensure_ascii=True)
        try:
            _write(self._place(key), content)
        except OSError as error:
            if not self._told:
                self._told = True
                log.warning("answers cannot be kept folder=%s reason=%s", self._folder, error.strerror)

    def _place(self, key: str) -> Path:
        name = key.removeprefix(_PREFIX)
        return self._folder / name[:2] / f"{name}.json"


def _write(place: Path, content: str) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, beside = tempfile.mkstemp(dir=place.parent, suffix=".part")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(content)
        Path(beside).replace(place)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _digest(content: object) -> str:
    return sha256(json.dumps(content, ensure_ascii=True, sort_keys=True).encode())
