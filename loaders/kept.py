"""Entries on disk by the digest of what they are about, so that another run need not ask again.

An entry is written beside its place and moved there in one step. One that cannot be read, or whose digest
does not fit its content, counts as absent and is written again. What cannot be kept is used all the same, and
the log tells once that the next run will have to ask again.
"""

import json
import logging
import os
import tempfile
from pathlib import Path
from typing import Final, cast

from pydantic_core import from_json

from kb.documents import sha256

_PREFIX: Final = "sha256:"

log = logging.getLogger(__name__)


class Kept:
    """A folder of entries, readable by its owner alone: they tell what was read."""

    def __init__(self, folder: Path, what: str) -> None:
        """Use this folder, which is made at the first entry; `what` names its entries in file and log."""
        self._folder: Final = folder
        self._what: Final = what
        self._told = False

    def get(self, digest: str) -> object | None:
        """What was put under this digest, or nothing."""
        try:
            entry: object = from_json(self._place(digest).read_bytes())
        except (OSError, ValueError):
            return None
        if not isinstance(entry, dict):
            return None
        record = cast("dict[str, object]", entry)
        content = record.get(self._what)
        return content if record.get("digest") == _digest(content) else None

    def put(self, digest: str, content: object) -> None:
        """Keep this, where the folder can be written to."""
        entry = json.dumps({"digest": _digest(content), self._what: content}, ensure_ascii=True)
        try:
            _write(self._place(digest), entry)
        except OSError as error:
            if not self._told:
                self._told = True
                log.warning("%s cannot be kept folder=%s reason=%s", self._what, self._folder, error.strerror)

    def _place(self, digest: str) -> Path:
        name = digest.removeprefix(_PREFIX)
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
