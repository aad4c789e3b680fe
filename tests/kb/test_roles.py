"""Many wordings of one office have one code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.roles import role_code, whole_code

FOLDED = [
    ("CEO", "CEO"),
    ("C.E.O.", "CEO"),
    ("chief executive", "CEO"),
    ("Chief Executive Officer", "CEO"),
    ("co-founder and CEO", "CEO"),
    ("co-CEO", "CEO"),
    ("chief technology officer", "CTO"),
    ("chief people officer", "CHIEF_OFFICER"),
    ("chief scientist", "CHIEF_SCIENTIST"),
    ("vice president of AI", "VP"),
    ("SVP", "VP"),
    ("president", "PRESIDENT"),
    ("chairwoman", "CHAIR"),
    ("board member", "BOARD_MEMBER"),
    ("managing partner", "PARTNER"),
    ("head of policy", "HEAD"),
    ("senior analyst", "ANALYST"),
    ("research scientist", "RESEARCHER"),
    ("cofounder", "FOUNDER"),
]


@pytest.mark.parametrize(("title", "code"), FOLDED)
def test_a_title_folds_to_its_office(title: str, code: str):
    assert role_code(title) == code


@pytest.mark.parametrize("title", ["", "poet", "ceoship", "headline writer", "chairlift operator"])
def test_a_title_without_a_known_office_has_no_code(title: str):
    assert role_code(title) is None


@given(st.sampled_from([title for title, _ in FOLDED]))
def test_case_makes_no_difference(title: str):
    assert role_code(title.upper()) == role_code(title.lower())


@given(st.text())
def test_any_title_is_read_without_an_error(title: str):
    code = role_code(title)
    assert code is None or code.isupper()


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("vice president", "VP"),
        ("Chief Executive", "CEO"),
        ("vice president of research", None),
        ("chief revenue officer", None),
        ("CEO and co-founder", None),
        ("plumber", None),
    ],
)
def test_a_code_that_says_all_of_a_title_stands_for_it(title: str, code: str | None):
    assert whole_code(title) == code
