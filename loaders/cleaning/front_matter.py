"""YAML front matter at the head of a Markdown file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from kb.documents import Metadata
from loaders.cleaning.dates import partial_date

_BLOCK: Final = re.compile(r"\A---[ \t]*\n(.{1,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_CARD: Final = frozenset(
    "license license_name license_link base_model base_model_relation library_name pipeline_tag model-index "
    "model_name datasets metrics language inference widget thumbnail".split()
)
"""Keys that only a model card has; what such a front matter says is part of what the card states."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The keys of the block, where its lines end, and whether they belong to the document's words."""

    keys: Mapping[str, Any]
    end: int

    @property
    def is_model_card(self) -> bool:
        """Whether the keys are those of a model's page, not of an article."""
        return not _CARD.isdisjoint(self.keys)

    @property
    def _tells_of_itself(self) -> bool:
        """Whether a `license` is the text's, for want of keys that only a model has."""
        return self.keys.keys().isdisjoint(_CARD - {"license"})

    def metadata(self) -> Metadata:
        """What the keys tell about the document; keys that are missing or of another shape tell nothing."""
        title = None if self.is_model_card else self._text("title")
        published = self.keys.get("published") or self.keys.get("date")
        retrieved = self.keys.get("retrieved") or self.keys.get("accessed")
        return Metadata(
            title=title,
            publisher=self._text("publisher") or self._text("sitename"),
            authors=self._names("authors") or self._names("author"),
            published=None if published is None else partial_date(published),
            url=self._text("url") or self._text("canonical_url"),
            retrieved=None if retrieved is None else partial_date(retrieved),
            licence=self._text("licence") or (self._text("license") if self._tells_of_itself else None),
        )

    def _text(self, key: str) -> str | None:
        value = self.keys.get(key)
        return value.strip() or None if isinstance(value, str) else None

    def _names(self, key: str) -> tuple[str, ...]:
        value = self.keys.get(key)
        names = value if isinstance(value, list) else [value]
        return tuple(name.strip() for name in names if isinstance(name, str) and name.strip())


def front_matter(text: str) -> FrontMatter | None:
    """The front matter of the text, or None where it begins with none that YAML can read."""
    found = _BLOCK.match(text)
    if found is None:
        return None
    import yaml  # noqa: PLC0415 - most documents begin with no front matter
    from frontmatter.default_handlers import YAMLHandler  # noqa: PLC0415

    try:
        # The loader in C is quicker, and deep nesting ends the process in it.
        keys: object = YAMLHandler().load(found[1], Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(keys, dict) or not keys:
        return None
    return FrontMatter(cast("dict[str, Any]", keys), found.end())
