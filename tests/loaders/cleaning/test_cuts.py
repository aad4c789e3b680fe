"""Every line that cleaning leaves out is named with its reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.documents import RawDocument
from loaders.cleaning import Cleaned, clean, clean_with_cuts
from loaders.cleaning.cuts import Why
from tests.loaders.cleaning.pages import FIRST, SECOND, page


def read(text: str, media_type: str = "text/plain") -> Cleaned:
    return clean_with_cuts(RawDocument("page", text.encode(), media_type))


def reasons(text: str, media_type: str = "text/plain") -> dict[str, Why]:
    return {cut.line: cut.why for cut in read(text, media_type).cuts}


@pytest.mark.parametrize(
    ("place", "line", "why"),
    [
        ("head", "Home   News   Markets   Sign in", Why.NAVIGATION),
        ("head", "Alpha | Beta | Gamma", Why.LABELS),
        ("head", "By Jane Roe", Why.BYLINE),
        ("head", "March 4, 2025", Why.DATELINE),
        ("head", "5 min read", Why.READING_TIME),
        ("between", "ADVERTISEMENT", Why.BUTTON),
        ("between", "Read more: The day that a rival lost $589 billion", Why.TEASER),
        ("between", "Sign up for the weekly briefing", Why.PLEA),
        ("between", "4 hours ago", Why.AGE),
        ("between", "Jean Martin at a fairPaul Roe—Agency/Getty Images", Why.CREDIT),
        ("between", "Register now", Why.CALL),
        ("tail", "© 2025 The Daily. All rights reserved.", Why.RIGHTS),
        ("tail", "Globex falls", Why.STUB),
    ],
)
def test_a_line_that_goes_is_told_with_its_reason(place: str, line: str, why: Why) -> None:
    assert reasons(page(**{place: line})) == {line: why}


def test_a_box_of_links_goes_with_its_heading() -> None:
    box = "Most read\n1. Globex gets $460 million\n2. Power cut leaves homes dark"
    assert set(reasons(page(between=box)).values()) == {Why.BOX}


def test_a_page_of_nothing_but_labels_is_told_as_such() -> None:
    assert set(reasons("Alpha\nBeta\nGamma").values()) == {Why.ONLY_MENUS}


def test_a_list_of_links_above_a_markdown_text_is_a_menu() -> None:
    links = "- [Install](install.md)\n- [Use](use.md)\n- [Help](help.md)"
    assert set(reasons(f"{links}\n\n{FIRST}\n", "text/markdown").values()) == {Why.LINKS}


def test_what_stands_outside_the_main_text_of_an_html_page_is_told() -> None:
    html = (
        "<!doctype html><html><head><title>A</title><script>var x</script></head><body>"
        f"<article><h1>Quillon raises money</h1><p>{FIRST}</p><p>{SECOND}</p></article>"
        "<aside><p>Globex is worth more</p></aside></body></html>"
    )
    assert reasons(html, "text/html") == {"Globex is worth more": Why.OUTSIDE}


LINES = st.sampled_from(
    (
        *("", FIRST, SECOND, "Most read", "1. Globex gets $460 million", "By Jane Roe", "March 4, 2025"),
        *("ADVERTISEMENT", "Home | News | Log in", "A heading of some words", "| a | b |", "4 hours ago"),
        *("Globex", "Photo by Paul Roe", "Register now", "• Home", "• Opinion", "• News"),
    )
)
PAGES = st.lists(LINES, max_size=14).filter(any)


@given(PAGES)
def test_no_line_is_lost_without_a_reason(lines: list[str]) -> None:
    cleaned = read("\n".join(lines))
    left = [line for line in cleaned.document.text.split("\n") if line.strip()]
    cut = [cut.line for cut in cleaned.cuts]
    assert sorted([*left, *cut]) == sorted(line for line in lines if line)


@given(PAGES, st.sampled_from(("text/plain", "text/markdown", "text/html")))
def test_a_document_is_the_same_whether_or_not_its_cuts_are_asked_for(
    lines: list[str], media_type: str
) -> None:
    raw = RawDocument("page", "\n".join(lines).encode(), media_type)
    assert clean_with_cuts(raw).document == clean(raw)
