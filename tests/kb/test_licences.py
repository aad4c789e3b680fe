"""A licence is recognised for certain or kept as its words, and only free ones let a text be handed on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.licences import licence_id, may_be_handed_on


@pytest.mark.parametrize(
    ("told", "licence"),
    [
        ("CC-BY-4.0", "CC-BY-4.0"),
        ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
        ("CC BY-SA 4.0 International", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/licenses/by-nc/4.0/", "CC-BY-NC-4.0"),
        ("//creativecommons.org/licenses/by/3.0/us/", "//creativecommons.org/licenses/by/3.0/us/"),
        ("http://creativecommons.org/licenses/by/3.0/us/", "CC-BY-3.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/deed.de", "CC0-1.0"),
        ("https://spdx.org/licenses/MIT.html", "MIT"),
        ("https://opensource.org/license/mit/", "MIT"),
        ("mit", "MIT"),
        ("All rights reserved", "All rights reserved"),
        ("not under CC BY 4.0", "not under CC BY 4.0"),
    ],
)
def test_a_licence_is_told_by_its_id_its_page_or_its_name(told: str, licence: str):
    assert licence_id(told) == licence


PAGES = st.builds(
    "{}{}{}".format,
    st.sampled_from(("https://spdx.org/licenses/", "https://creativecommons.org/licenses/", "cc ", "")),
    st.from_regex(r"(cc-)?(by|sampling|zero|mit)(-nc|-sa)?[-/ ][1-4]\.[05]", fullmatch=True),
    st.sampled_from(("", "/", ".html", " International")),
)


@given(PAGES | st.text(max_size=40))
def test_what_is_recognised_is_recognised_again(told: str):
    found = licence_id(told)
    assert licence_id(found) == found


@pytest.mark.parametrize(
    "licence", ["CC0-1.0", "CC-BY-4.0", "CC-BY-SA-3.0", "MIT", "Apache-2.0", "OGL-UK-3.0"]
)
def test_texts_under_free_licences_may_be_handed_on(licence: str):
    assert may_be_handed_on(licence)


@pytest.mark.parametrize(
    "licence", [None, "", "CC-BY-NC-4.0", "CC-BY-ND-4.0", "CC-BY-NC-SA-4.0", "other", "All rights reserved"]
)
def test_others_may_not(licence: str | None):
    assert not may_be_handed_on(licence)
