"""Extraction: facts with their evidence from the text of documents, by spaCy, the registry and rules."""

import sys
from types import ModuleType


def _import_spacy() -> None:
    """Import spaCy without its command line, which it imports for `spacy.info`: a third of a second."""
    if "spacy" in sys.modules:
        return
    names = ("spacy.cli", "spacy.cli.info")
    for name in names:
        sys.modules[name] = ModuleType(name)
    sys.modules["spacy.cli.info"].__dict__["info"] = None
    try:
        import spacy  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport]  # only now without the other
    finally:
        for name in names:
            del sys.modules[name]


_import_spacy()
