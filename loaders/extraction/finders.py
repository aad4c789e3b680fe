"""The finders that the default extractor runs, in order."""

from kb.registry import Registry
from loaders.extraction.annotations import FactFinder


def finders(registry: Registry) -> tuple[FactFinder, ...]:
    """All finders, made once."""
    del registry
    return ()
