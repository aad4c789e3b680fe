"""Markdown: front matter, headings, tables."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
    assert markdown("---\njust words.\n---\nmore").text == "---\njust words.\n---\nmore"


def test_tables_and_headings_stay_and_links_keep_their_words() -> None:
    text = "## Models\n\n| Model | Licence |\n|---|---|\n| [Quill](https://q.example) | MIT |"
    assert markdown(text).text == text.replace("[Quill](https://q.example)", "Quill")


def test_emphasis_and_code_marks_go_and_their_words_stay() -> None:
    text = "**Acme** released `quill-7b`, a *small* model of _Acme's_ __own__ ***make***."
    assert markdown(text).text == "Acme released quill-7b, a small model of Acme's own make."


def test_stars_and_underscores_that_mark_nothing_stay() -> None:
    text = "2 * 3 * 4 and snake_case_name and a*b*c\n\n* an item\n* another"
    assert markdown(text).text == text


def test_code_blocks_keep_their_marks() -> None:
    text = "```\n**kwargs and `x`\n```"
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
    assert markdown("---\n" + "[" * 15_000 + "\n---\nwords.").text.endswith("words.")


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ('[Quill](https://en.example/Quill_(model) "Quill") is free', "Quill is free"),
        ("**[Globex](https://g.example)** and [its *model*](x)", "Globex and its model"),
        ("Globex[1][2] says so", "Globex[1][2] says so"),
        ("costs \\$5 and \\~3 %", "costs $5 and ~3 %"),
        ("Poe &amp; Sons", "Poe & Sons"),
        ("| **a** | *b | c* |", "| a | *b | c* |"),
        ("7B<br>13B", "7B 13B"),
    ],
)
def test_marks_within_a_line_go(marked: str, plain: str) -> None:
    assert markdown(marked).text == plain


def test_a_reference_link_keeps_its_words_and_loses_its_target() -> None:
    text = "[Quill][q] and [Globex][] are here, [this][not] is not.\n\n[q]: https://q.example\n[globex]: https://g.example"
    assert markdown(text).text == "Quill and Globex are here, [this][not] is not."


def test_a_table_of_contents_goes() -> None:
    text = "# Quill\n\n* [What is Globex?](#what)\n* [Use](#use)\n\n## Use\n\nWords."
    assert markdown(text).text == "# Quill\n\n## Use\n\nWords."


def test_a_menu_goes_and_a_list_of_links_within_the_text_stays() -> None:
    menu = "- [Home](/)\n- [Globex](/g)\n- [News](/n)"
    words = "Globex has published a new model that reads longer texts than the last one did, it says."
    body = f"{words}\n\n- [Quill-7B](/7)\n- [Quill-70B](/70)\n- [Quill-400B](/400)\n\n{words}"
    assert markdown(f"{menu}\n\n{body}\n\n{menu}").text == re.sub(r"\[(.*?)\]\(.*?\)", r"\1", body)


def test_an_html_table_becomes_a_markdown_table() -> None:
    text = (
        "Before.\n<table>\n<tr><td></td><th>Params</th>\n<th>Context</th></tr>\n"
        "<tr><td rowspan=2><b>Quill</b></td><td>8B<br>dense</td><td>8k</td></tr>\n"
        "<tr><td>70B</td><td>8k</td></tr></table>"
    )
    rows = ["|  | Params | Context |", "|---|---|---|", "| Quill | 8B dense | 8k |", "|  | 70B | 8k |"]
    assert markdown(text).text == "Before.\n\n" + "\n".join(rows)


@given(st.text(alphabet="ab *_`[]()!\\<>&;~|#-\n1.", max_size=120))
def test_any_marks_are_read_and_their_letters_stay_in_order(text: str) -> None:
    letters = iter(text)
    assert all(
        letter in letters for letter in re.findall("[ab]", markdown(f"x\n{text}").text.replace("&", ""))
    )


@pytest.mark.parametrize(
    "piece", ["[", "![", "**", "_", "`", "[a](", "<table>", "<!--", "[a][", "\\*", "&amp;"]
)
def test_hostile_marks_are_read_in_bounded_time(piece: str) -> None:
    begin = time.process_time()
    markdown(piece * 50_000)
    assert time.process_time() - begin < 10


def test_a_table_whose_spans_would_blow_it_up_gives_only_its_words() -> None:
    page = "<table>" + '<tr><td rowspan="99" colspan="99">Acme</td><td>7B</td></tr>\n' * 1000 + "</table>"
    assert len(markdown(f"Some words.\n\n{page}").text) < len(page)


def test_a_page_of_labels_gives_no_text() -> None:
    assert markdown("* Globex\n* Products\n* Quill models\n* Pricing\n* All news").text == ""
