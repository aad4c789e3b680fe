"""What the pages in docs/ point to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_and_folder_that_a_page_names_is_there(page: Path):
    named = re.findall(
        r"`((?:kb|loaders|schema|app|seeds|bench|docs|tests)/[\w./-]*)`", page.read_text("utf-8")
    )
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_page_that_a_page_links_to_is_there(page: Path):
    linked = re.findall(r"\]\(([\w./-]+)\)", page.read_text("utf-8"))
    assert [target for target in linked if not (page.parent / target).exists()] == []
