"""Names of files, which are bytes: those that are no UTF-8 reach Python as text that cannot be encoded."""

import os
from pathlib import Path


def told(name: Path | str) -> str:
    r"""The name with each byte that is no text escaped, as in `caf\xe9.txt`."""
    return os.fsencode(name).decode("utf-8", errors="backslashreplace")
