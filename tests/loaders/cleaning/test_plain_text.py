"""Text copied from a page: the article stays, the page around it goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from kb.partial_date import PartialDate
from loaders.cleaning import LONGEST_TITLE
from tests.loaders.cleaning.pages import FIRST, SECOND, cleaned, page

TITLE = "Quillon raises money for its models"
ARTICLE = f"{TITLE}\n\n{FIRST}\n\n{SECOND}"


def test_what_is_too_long_for_a_title_is_cut():
    title = cleaned("word" * 1000).metadata.title
    assert (len(title or ""), (title or "")[-1]) == (LONGEST_TITLE, "…")


@pytest.mark.parametrize(
    "menu",
    [
        "Home   News   Markets   Sign in",
        "• Home\n• News\n• Fortune Index 500\n• Opinion",
        "Home | Banking | Energy | Real estate",
        "Technology › Start-ups › Europe",
        "Skip to content",
        "ADVERTISEMENT",
        "Newsletter   Market notes   Log in",
        "Technology",
        "首頁 | 文章分類 | 關於 | 訂閱",
    ],
)
def test_a_menu_above_the_article_goes(menu: str) -> None:
    assert cleaned(page(head=menu)).text == ARTICLE


@pytest.mark.parametrize(
    "line",
    [
        "Read more: The day that a rival lost $589 billion",
        "RELATED: Globex merges with Initech at $113 billion",
        "See also: How to choose a graphics card",
        "Recommended Video",
        "Story continues below",
        "Sponsored: 40% off your first year of storage",
        "Sign up for the weekly briefing",
        "Most read\n1. Globex gets $460 million for its platform\n2. Power cut leaves homes dark",
        "À lire aussi : Globex lève 200 millions",
        "延伸閱讀:Globex 用了 5,000 張 H100 訓練",
        "Jean Martin at a fairPaul Roe—Agency/Getty Images",
        "Image: a globe made of circuit lines",
        "4 hours ago",
        "Share\nTweet\nPrint",
        "Enjoying this? Subscribe and get the Friday digest in your inbox",
        "Globex Summit returns to Lyon on Dec. 8 to convene the people who matter. Register here.",
    ],
)
def test_a_box_between_paragraphs_goes(line: str) -> None:
    assert cleaned(page(between=line)).text == ARTICLE


@pytest.mark.parametrize(
    "footer",
    [
        "Latest in Tech\n\nTech\nGlobex to offer shares at a $800 billion valuation\nBy Bob Lee\n1 day ago",
        "Most Popular\n\nplaceholder alt text\nEconomy\nGlobex chief says plants take three years\n1 day ago",
        "Rankings\n• 100 Best Companies\n• Global 500\n• See All Rankings",
        "© 2025 Daily Media Limited. All Rights Reserved. Use of this site is subject to our Terms.",
        f"About the Author\nAnn Poe\n\nAnn Poe is a reporter at the Daily. {SECOND}",
        "This is not investment advice. The author holds shares in Globex",
        "Log in to reply   ·   Permalink   ·   Report",
        "Filed under: start-ups, models",
    ],
)
def test_what_follows_the_article_goes(footer: str) -> None:
    assert cleaned(page(tail=footer)).text == ARTICLE


@pytest.mark.parametrize(
    "part",
    [
        "- More than 180 million developers have an account\n- Revenue: $37 million a year",
        "What it does",
        "Pricing",
        "Valuation: $20 billion (September 2025)\nPeople employed: 250",
        "Model        Input    Output\nQuill 1      $1       $2\nQuill 2      $3       $4",
        "| Model | Input |\n|---|---|\n| Quill 1 | $1 |",
        "Photo: Jeanne Morel, chief executive of Quillon Labs, on a stage",
        "“We build small models,” she said.",
        "The market leader, by contrast, has",
    ],
)
def test_what_the_article_says_between_paragraphs_stays(part: str) -> None:
    assert cleaned(page(between=part)).text == f"{TITLE}\n\n{FIRST}\n\n{part}\n\n{SECOND}"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("April 1, 2025, 3:54 PM ET", "2025-04-01"),
        ("10 February 2026", "2026-02-10"),
        ("Published Fri, Oct 11 2024", "2024-10-11"),
        (" date 2018-04-10   A- A+   Print   Mail", "2018-04-10"),
        ("2023 年 12 月 12 日 · 留言 (3)", "2023-12-12"),
        ("Updated: Jun 7, 2026 · 5 min read", "2026-06-07"),
        ("Tuesday, 17 February 2026", "2026-02-17"),
    ],
)
def test_a_dateline_becomes_the_published_date(line: str, day: str) -> None:
    document = cleaned(page(head=line))
    assert (document.metadata.published, document.text) == (PartialDate.parse(day), ARTICLE)


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("By Ann Poe", ("Ann Poe",)),
        ("By Ann Poe, Bob Lee and Carla van der Berg", ("Ann Poe", "Bob Lee", "Carla van der Berg")),
        ("Ann Poe\nBy\nAnn Poe\nAnn Poe\nAI Reporter\nDown Arrow Button Icon", ("Ann Poe",)),
        ("By our technology desk", ()),
    ],
)
def test_a_byline_becomes_the_authors(byline: str, authors: tuple[str, ...]) -> None:
    document = cleaned(page(head=byline))
    assert (document.metadata.authors, document.text) == (authors, ARTICLE)


def test_the_title_is_found_under_menus_and_sections() -> None:
    assert cleaned(page(head="Home   News   Sign in\n\nTechAI\n")).metadata.title == TITLE


def test_a_menu_of_one_word_a_line_does_not_hide_the_title() -> None:
    head = "The Daily\nLatest\nStart-ups\nVenture\nNewsletters\n\nAI\n"
    below = "Ann Poe\n7:15 AM PST · March 3, 2025\n\nImage Credits: Quillon"
    text = f"{head}\n{TITLE}\n{below}\n\n{FIRST}\n\n{SECOND}"
    document = cleaned(text)
    assert document.text == ARTICLE
    assert (document.metadata.title, document.metadata.authors) == (TITLE, ("Ann Poe",))


def test_an_offer_with_its_button_goes() -> None:
    offer = (
        "Daily event\nJoin 10k leaders for growth and connections at our summit\nLyon | May 5-6\nREGISTER NOW"
    )
    assert cleaned(page(between=offer)).text == ARTICLE


def test_an_encyclopedia_s_page_keeps_its_box_and_loses_its_references() -> None:
    text = (
        "Main menu\nSearch\nLog in\n\nQuill\nArticle\nTalk\nFrom Wikipedia, the free encyclopedia\n"
        f"Developer\tQuillon Labs\nLicense\tMIT\n\n{FIRST}[1][2]\n\nContents\n1\tHistory\n2\tSee also\n\n"
        f"History[edit]\n{SECOND}\n\nSee also[edit]\nList of models\n\nReferences[edit]\n"
        '^ "Globex raises $40 billion". The Daily. 2025-01-01.\n^ Poe, Ann (2024). "Initech". The Planet.\n'
        "This page was last edited on 3 March 2025, at 10:00 (UTC).\nDisclaimers"
    )
    box = "Developer\tQuillon Labs\nLicense\tMIT"
    assert cleaned(text).text == f"Quill\n{box}\n\n{FIRST}[1][2]\n\nHistory\n{SECOND}"


def test_a_licence_keeps_its_lists_and_its_notice_of_rights() -> None:
    text = (
        "Copyright (c) 2024 Quillon Labs. All rights reserved.\n\nQuillon Model License\n\n"
        "1. Grant. Licensor hereby grants you a licence to use the model under this License.\n"
        "2. Terms\n- Share\n- Read more: the manual\n\n"
        'The model comes "as is", without warranty of any kind; without limitation, nobody is liable for it.'
    )
    document = cleaned(text)
    assert (document.text, document.metadata.title) == (text, "Quillon Model License")


def test_a_paragraph_broken_at_one_width_is_one_line() -> None:
    wrapped = (
        "Quillon Labs said on Tuesday that it had raised 20 million euros for\n"
        "its models, and that the round had been led by two funds that know\n"
        "the field well. It expects to hire fifty people, most of them in the\n"
        "research group."
    )
    assert cleaned(wrapped).text == wrapped.replace("\n", " ")


def test_a_page_of_nothing_but_links_gives_no_text() -> None:
    links = (
        "Home   News   Sign in\n\nLatest news\nGlobex raises $40 billion\nInitech buys Hooli\n\n© 2025 Daily"
    )
    assert cleaned(links).text == ""


def test_what_is_known_from_outside_comes_first() -> None:
    document = cleaned(
        page(head="By Ann Poe\nApril 1, 2025"), title="Another title", url="HTTPS://Daily.example/a#b"
    )
    assert document.metadata.title == "Another title"
    assert document.metadata.authors == ("Ann Poe",)
    assert document.source_key == "https://daily.example/a"


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                FIRST,
                SECOND,
                "",
                "Home   News   Sign in",
                "Most popular",
                "By Ann Poe",
                "April 1, 2025",
                "- item one",
                "Read more: that",
                "4 hours ago",
                "What it does",
                "a   b   c",
                "x   1   2",
                "| a | b |",
                "Share",
            ]
        ),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=60),
    ),
    max_size=25,
).map("\n".join)


@given(LINES.filter(lambda text: text.strip() != ""))
def test_cleaning_a_cleaned_text_changes_nothing(text: str) -> None:
    try:
        once = cleaned(text).text
    except InputError:  # a text of nothing but control characters is refused
        return
    if once:
        assert cleaned(once).text == once


def test_a_full_sentence_among_the_cards_of_a_box_is_no_article():
    told = "Acme raised $40 million in a round that Globex led, the company said."
    head = f"Acme raises money\n\nMarch 3, 2025\n\n{told}\n\n"
    box = (
        "Latest in Tech\n\nBig Tech\nHooli rocked by departures\nBy Ann LeeMarch 2, 2025\n20 hours ago\n"
        "Initech chief Bo Ray said that Elbonia is better equipped to build data centres than others.\n"
        "AITech\nInitech chief says plants take three years\nBy Bob LeeMarch 2, 2025\n23 hours ago\n"
    )
    assert "Initech" not in cleaned(head + box).text
