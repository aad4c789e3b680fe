"""Markdown: front matter, headings, tables."""

from kb.documents import Document
from kb.partial_date import PartialDate
from tests.loaders.cleaning.pages import cleaned

FRONT = """---
title: What the licence says
publisher: The Daily
authors: [Ann Poe, Bob Lee]
published: 2025-04-01
url: https://daily.example/licence?utm_source=feed
retrieved: 2025-05
---

# A heading

The model is free for most, the paper says.
"""


def markdown(text: str) -> Document:
    return cleaned(text, "text/markdown")


def test_front_matter_becomes_metadata_and_leaves_the_text() -> None:
    document = markdown(FRONT)
    assert document.text == "# A heading\n\nThe model is free for most, the paper says."
    assert document.metadata.title == "What the licence says"
    assert document.metadata.authors == ("Ann Poe", "Bob Lee")
    assert document.metadata.published == PartialDate(2025, 4, 1)
    assert document.metadata.retrieved == PartialDate(2025, 5)
    assert document.source_key == "https://daily.example/licence"


def test_the_front_matter_of_a_model_card_stays_in_the_text() -> None:
    card = "---\nlicense: apache-2.0\nbase_model: globex/quill-7b\n---\n# Quill 7B Chat\n\nA chat model."
    document = markdown(card)
    assert document.text == card
    assert document.metadata.title == "Quill 7B Chat"


def test_a_rule_at_the_beginning_is_no_front_matter() -> None:
    assert markdown("---\njust words\n---\nmore").text == "---\njust words\n---\nmore"


def test_tables_headings_and_links_stay() -> None:
    text = "## Models\n\n| Model | Licence |\n|---|---|\n| [Quill](https://q.example) | MIT |"
    assert markdown(text).text == text


def test_comments_pictures_and_tags_go() -> None:
    text = '<p align="center">\n  <img src="a.png" />\n</p>\n\n<!-- hidden\nwords -->'
    text += "\n[![Badge](b.svg)](c)\n\nSeen."
    assert markdown(text).text == "Seen."


def test_code_stays_as_it_is() -> None:
    text = "Before.\n\n```html\n<p>kept</p>\n```"
    assert markdown(text).text == text


def test_the_title_is_the_first_heading_outside_code() -> None:
    assert markdown("```sh\n# a comment\n```\n").metadata.title is None
    assert markdown("## [Quill](x) models\n\ntext").metadata.title == "Quill models"


def test_deeply_nested_front_matter_is_left_as_text() -> None:
    assert markdown("---\n" + "[" * 15_000 + "\n---\nwords").text.endswith("words")
