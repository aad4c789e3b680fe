"""HTML pages: main text, tables, metadata."""

import time

import pytest

from kb.partial_date import PartialDate
from tests.loaders.cleaning.pages import FIRST, SECOND, cleaned

PAGE = f"""<html lang="en"><head><title>Quillon raises money | The Daily</title>
<meta property="og:site_name" content="The Daily"><meta property="og:title" content="Quillon raises money">
<meta name="author" content="Ann Poe"><link rel="canonical" href="https://daily.example/q?utm_source=x">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Quillon raises money", "datePublished": "2025-03-04",
"author": {{"@type": "Person", "name": "Ann Poe"}}}}
</script></head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/b">Business</a></li></ul></nav>
<article><h1>Quillon raises money</h1><p>By Ann Poe</p><p>{FIRST}</p><h2>The models</h2>
<table><tr><th>Model</th><th>Parameters</th></tr><tr><td>Quill 1</td><td>7B</td></tr></table>
<p><b>Hiring.</b> {SECOND}</p></article>
<aside><h3>Most popular</h3><ul><li><a href="/x">Globex is worth $800 billion</a></li></ul></aside>
<footer>© 2025 The Daily. <a href="/p">Privacy</a></footer></body></html>"""


def test_the_article_stays_with_its_headings_and_tables() -> None:
    text = cleaned(PAGE, "text/html").text
    assert FIRST in text
    assert f"Hiring. {SECOND}" in text
    assert "## The models\n\n| Model | Parameters |\n|---|---|\n| Quill 1 | 7B |" in text


@pytest.mark.parametrize("chrome", ["Home", "Most popular", "Globex", "Privacy", "©", "By Ann Poe"])
def test_the_page_around_the_article_goes(chrome: str) -> None:
    assert chrome not in cleaned(PAGE, "text/html").text


def test_a_page_tells_its_title_author_date_site_and_address() -> None:
    document = cleaned(PAGE, "text/html")
    assert document.metadata.title == "Quillon raises money"
    assert document.metadata.authors == ("Ann Poe",)
    assert document.metadata.published == PartialDate(2025, 3, 4)
    assert document.metadata.publisher == "The Daily"
    assert document.source_key == document.metadata.url == "https://daily.example/q"


def test_an_index_of_links_gives_no_text() -> None:
    links = "".join(f"<li><a href=/{n}>Globex raises ${n} billion</a></li>" for n in range(20))
    assert cleaned(f"<html><body><h2>Latest</h2><ul>{links}</ul></body></html>", "text/html").text == ""


@pytest.mark.parametrize(
    "piece", ["<p>", "<!--", "<div><a href=x>y</a>", "<table><tr><td>", "<li>word</li>", "<![CDATA["]
)
def test_a_hostile_page_is_read_in_bounded_time(piece: str) -> None:
    begin = time.process_time()
    cleaned("<html><body>" + piece * 200_000, "text/html")
    assert time.process_time() - begin < 30


@pytest.mark.parametrize("depth", [100, 300, 5_000, 100_000])
def test_a_page_keeps_its_text_however_deep_it_nests(depth: int) -> None:
    page = "<html><head><title>Quillon</title></head><body>" + "<div>" * depth
    text = cleaned(
        f"{page}<p>{FIRST}</p><script>if (a<b) x('<p>no</p>')</script><p>{SECOND}</p>", "text/html"
    ).text
    assert text.split() == f"{FIRST} {SECOND}".split()


def test_a_page_of_menus_in_lists_gives_no_text() -> None:
    names = [
        "Home",
        "Globex raises $40 billion",
        "Quillon unveils a model",
        "Pricing",
        "All news",
        "Contact us",
    ]
    links = "".join(f"<li><a href='/{name}'>{name}</a></li>" for name in names)
    assert cleaned(f"<html><body><div><ul>{links}</ul></div></body></html>", "text/html").text == ""


def test_a_run_of_links_within_an_article_goes() -> None:
    links = "".join(f"<li><a href='/{n}'>Globex is worth ${n} billion</a></li>" for n in range(3, 7))
    page = f"<html><body><article><p>{FIRST}</p><ul>{links}</ul><p>{SECOND}</p></article></body></html>"
    assert "Globex is worth" not in cleaned(page, "text/html").text


@pytest.mark.parametrize("blank", ["\u202f", "&nbsp;", "&#8239;", "&thinsp;"])
def test_digits_set_apart_by_blanks_are_one_number(blank: str) -> None:
    page = (
        f"<html><body><article><p>{FIRST} It paid 40{blank}000{blank}000 euros.</p></article></body></html>"
    )
    assert "It paid 40000000 euros." in cleaned(page, "text/html").text
