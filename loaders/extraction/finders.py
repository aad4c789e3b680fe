"""The finders that the default extractor runs, in order."""

from kb.registry import Registry
from loaders.extraction.annotations import FactFinder
from loaders.extraction.changelog import ChangelogFinder
from loaders.extraction.commitments import CommitmentFinder
from loaders.extraction.date_facts import DateFinder
from loaders.extraction.figures import FigureFinder
from loaders.extraction.frames import FrameFinder
from loaders.extraction.licensing import LicenceFinder
from loaders.extraction.model_card import CardFinder
from loaders.extraction.pairings import PairingFinder
from loaders.extraction.places import PlaceFinder
from loaders.extraction.relations import RelationFinder
from loaders.extraction.releases import ReleaseFinder
from loaders.extraction.shares import ShareFinder
from loaders.extraction.tables import TableFinder
from loaders.extraction.terms import TermFinder


def finders(registry: Registry) -> tuple[FactFinder, ...]:
    """All finders, made once."""
    return (
        RelationFinder(registry),
        FrameFinder(),
        FigureFinder(),
        ReleaseFinder(),
        ShareFinder(),
        CommitmentFinder(),
        PairingFinder(),
        PlaceFinder(registry),
        DateFinder(),
        ChangelogFinder(),
        TableFinder(),
        CardFinder(),
        LicenceFinder(),
        TermFinder(),
    )
