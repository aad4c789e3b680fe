"""spaCy is imported without its command line, and that can be imported later all the same."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import loaders.extraction, sys; print('spacy.cli' in sys.modules)", "False"),
        ("import loaders.extraction; from spacy.cli import download; print(download.__name__)", "download"),
        ("import spacy, loaders.extraction; print(spacy.info.__name__)", "info"),
    ],
)
def test_the_command_line_comes_when_it_is_asked_for(code: str, told: str) -> None:
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == told
