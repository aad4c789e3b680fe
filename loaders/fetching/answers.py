"""The last answers of URLs on disk: by which validators each is told, and which version of a document it was.

The version is what makes a validator safe. It is asked with only where the graph holds that very version; a
graph that was restored, or that holds what was withdrawn, corrected or read elsewhere, holds another one or
none, and has the document fetched whole.
"""

from pathlib import Path
from typing import Any, Final, cast

from kb.documents import sha256
from loaders.fetching.validators import Validators
from loaders.kept import Kept


class Answers:
    """A folder of answers by the place of their document."""

    def __init__(self, folder: Path) -> None:
        """Use this folder; it is made at the first answer."""
        self._kept: Final = Kept(folder, "answer")

    def validators(self, place: str, version: str) -> Validators | None:
        """What tells whether there is still this version at the place; None where that is not known."""
        answer = self._kept.get(sha256(place.encode()))
        if not isinstance(answer, dict):
            return None
        told = cast("dict[str, Any]", answer)
        if (told.get("place"), told.get("version")) != (place, version):
            return None
        try:
            return Validators(told["url"], told["etag"], told["last_modified"])
        except (KeyError, TypeError, ValueError):
            return None

    def note(self, place: str, version: str, validators: Validators | None) -> None:
        """Keep that an answer with these validators has nothing new for a graph that holds this version."""
        if validators is not None:
            answer = {
                "place": place,
                "version": version,
                "url": validators.url,
                "etag": validators.etag,
                "last_modified": validators.last_modified,
            }
            self._kept.put(sha256(place.encode()), answer)
