"""Sources: what documents and facts are loaded from, each recognised by what it is.

A source is a file, a folder or a URL. A file is a document, or of a form that holds many records; each form
is a module with a `Form`, and `forms.py` lists them.
"""

from loaders.sources.discovery import Options, discover
from loaders.sources.found import LARGEST, Found, Problem, Skipped, Stated

__all__ = ["LARGEST", "Found", "Options", "Problem", "Skipped", "Stated", "discover"]
