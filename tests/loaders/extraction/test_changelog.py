"""Dated lists of news."""

from loaders.extraction.changelog import ChangelogFinder
from tests.loaders.extraction.reading import told


def test_an_entry_came_out_on_the_date_above_it() -> None:
    text = "2024-03-05\n\n- Released Larkspur-7B\n- We released Larkspur-70B\n"
    assert told(ChangelogFinder(), text) == {
        ("Larkspur-7B", "RELEASED_ON", "2024-03-05"),
        ("Larkspur-70B", "RELEASED_ON", "2024-03-05"),
    }


def test_the_nearest_date_above_counts() -> None:
    text = "May 2, 2024\n\n- Released Larkspur-7B\n\nApril 1, 2024\n\n- Released Larkspur-3B\n"
    assert ("Larkspur-3B", "RELEASED_ON", "2024-04-01") in told(ChangelogFinder(), text)


def test_a_paragraph_ends_the_list() -> None:
    text = "May 2, 2024\n\nSome words about the project.\n\n- Released Larkspur-7B\n"
    assert told(ChangelogFinder(), text) == set()


def test_what_is_published_about_a_model_is_no_release() -> None:
    assert told(ChangelogFinder(), "May 2, 2024\n\n- Published a paper on Larkspur-7B\n") == set()
