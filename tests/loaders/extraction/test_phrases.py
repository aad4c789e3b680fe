"""All phrases are found in one pass where a search for each of them would find it."""

import re

from hypothesis import given
from hypothesis import strategies as st

from loaders.extraction.phrases import places

_WORDS = ("Acme", "Acme Labs", "Foo-2", "V4", "Labs", "A", "Ünal", "Foo", "x")
_BETWEEN = (" ", "-", ". ", "", "\n", "’s ", "_")

texts = st.lists(st.sampled_from(_WORDS + _BETWEEN), max_size=14).map("".join)


@given(texts, st.sets(st.sampled_from(_WORDS)))
def test_places_are_those_of_a_search_for_each_phrase(text: str, phrases: set[str]) -> None:
    one_by_one = [
        (phrase, found.start())
        for phrase in sorted(phrases)
        for found in re.finditer(rf"(?<![\w-]){re.escape(phrase)}(?![\w-])", text)
    ]
    assert list(places(text, phrases)) == one_by_one
