"""The seed documents: each says who said so, where and when, in words of our own."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import frontmatter
import pytest

from kb.partial_date import PartialDate

FOLDER = Path(__file__).resolve().parents[2] / "seeds" / "documents"
PATHS = sorted(FOLDER.glob("*.md"))
RETRIEVED = date(2026, 11, 22)
FEWEST_WORDS = 80
MOST_WORDS = 420


@dataclass(frozen=True, slots=True)
class Seed:
    """One document, split into its front matter and its body."""

    name: str
    front: dict[str, Any]
    body: str


def read(path: Path) -> Seed:
    """Parse a file as the loader does."""
    post = frontmatter.loads(path.read_text(encoding="utf-8"))
    return Seed(path.stem, dict(post.metadata), post.content.strip())


SEEDS = [read(path) for path in PATHS]
each_document = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)


def dates_of(seed: Seed) -> list[PartialDate]:
    """Every date of the front matter, read as the loader reads it."""
    stated = [seed.front["published"], *(source.get("published") for source in sources_of(seed))]
    return [PartialDate.parse(str(value)) for value in stated if value is not None]


def sources_of(seed: Seed) -> list[dict[str, Any]]:
    """The list of sources, empty when the document draws on one alone."""
    return cast(list[dict[str, Any]], seed.front.get("sources", []))


def urls_of(seed: Seed) -> list[str]:
    """The address of the main source and those of all others."""
    return [seed.front["url"], *(source["url"] for source in sources_of(seed))]


def test_there_are_at_least_twelve_documents() -> None:
    assert len(SEEDS) >= 12


@each_document
def test_the_file_name_is_kebab_case_and_ends_with_a_date(seed: Seed) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-\d{4}-\d{2}(-\d{2})?", seed.name)


@each_document
@pytest.mark.parametrize("field", ["title", "publisher", "url"])
def test_the_front_matter_names_the_source(seed: Seed, field: str) -> None:
    assert isinstance(seed.front[field], str)
    assert seed.front[field].strip()


@each_document
def test_authors_are_a_list_of_names(seed: Seed) -> None:
    assert all(isinstance(author, str) and author for author in cast(list[Any], seed.front["authors"]))


@each_document
def test_every_address_is_a_web_address(seed: Seed) -> None:
    assert all(re.fullmatch(r"https?://[^\s/]+\.[^\s/]+\S*", url) for url in urls_of(seed))


@each_document
def test_every_further_source_has_a_title_and_a_publisher(seed: Seed) -> None:
    assert all(source["title"] and source["publisher"] for source in sources_of(seed))


@each_document
def test_what_was_read_in_place_of_the_original_is_said_in_words(seed: Seed) -> None:
    assert len(seed.front.get("read_through", "a copy in some repository").split()) >= 3


@each_document
def test_the_main_source_is_the_first_of_several(seed: Seed) -> None:
    assert not sources_of(seed) or seed.front["url"] == sources_of(seed)[0]["url"]


@each_document
def test_no_source_is_dated_after_it_was_retrieved(seed: Seed) -> None:
    assert all(day.first <= RETRIEVED for day in dates_of(seed))


@each_document
def test_the_day_of_retrieval_is_stated(seed: Seed) -> None:
    assert seed.front["retrieved"] == RETRIEVED


@each_document
def test_the_body_is_long_enough_to_tell_something_and_short_enough_to_read(seed: Seed) -> None:
    assert FEWEST_WORDS <= len(seed.body.split()) <= MOST_WORDS


@each_document
def test_the_body_has_several_paragraphs_of_plain_prose(seed: Seed) -> None:
    paragraphs = seed.body.split("\n\n")
    assert len(paragraphs) >= 3
    assert not any(paragraph.startswith(("#", "-", "*", "|", ">", "<")) for paragraph in paragraphs)


@each_document
def test_the_text_has_no_control_characters_and_is_in_normal_form(seed: Seed) -> None:
    odd = {char for char in seed.body if unicodedata.category(char)[0] == "C" and char != "\n"}
    assert not odd
    assert unicodedata.is_normalized("NFC", seed.body)


def test_no_two_documents_share_the_address_that_identifies_them() -> None:
    urls = [seed.front["url"] for seed in SEEDS]
    assert len(urls) == len(set(urls))
