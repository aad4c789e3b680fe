"""Answers on disk, by the digest of what was asked: the same question is paid for once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

from loaders.kept import Kept


class AnswerCache:
    """A folder of answers."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; it is made at the first answer."""
        self._kept: Final = Kept(folder, "facts")

    def get(self, key: str) -> list[object] | None:
        """The facts that were answered to the question of this digest, or nothing."""
        facts = self._kept.get(key)
        return cast("list[object]", facts) if isinstance(facts, list) else None

    def put(self, key: str, facts: Sequence[object]) -> None:
        """Keep the answer, where the folder can be written to."""
        self._kept.put(key, list(facts))
