"""What is kept between requests is bounded."""

from hypothesis import given
from hypothesis import strategies as st

from schema.execution.lru import Lru
from schema.execution.plans import Plans
from schema.execution.prepared import LONGEST, Texts
from tests.schema.conftest import CURSORS, SCHEMA, TODAY

TEXT = "query($n: Int) { figures(first: $n) { nodes { id } } }"


@given(st.integers(1, 5), st.lists(st.integers(0, 8), max_size=40))
def test_what_was_asked_for_last_is_held_and_no_more_than_that(size: int, keys: list[int]):
    lru = Lru[int, int](size)
    newest: list[int] = []
    for key in keys:
        assert (lru.get(key) is not None) is (key in newest)
        lru.put(key, key)
        newest = [key, *(one for one in newest if one != key)][:size]
    assert len(lru) == len(newest)


def test_a_text_is_prepared_once():
    texts = Texts(SCHEMA._schema)
    assert texts.prepare(TEXT, None, {}) is texts.prepare(TEXT, None, {"n": 3}) is not None


def test_a_long_text_is_answered_and_not_kept():
    texts, plans = Texts(SCHEMA._schema), Plans()
    long = TEXT + " " * LONGEST
    prepared = texts.prepare(long, None, {})
    assert prepared is not None
    assert prepared is not texts.prepare(long, None, {})
    roots = plans.of(prepared, {"n": 1}, CURSORS, TODAY)
    assert roots is not plans.of(prepared, {"n": 1}, CURSORS, TODAY)


def test_a_text_that_is_too_large_with_some_values_is_answered_with_others():
    texts = Texts(SCHEMA._schema)
    nested = "nodes { disagrees { disagrees { id } } }"
    text = f"query($n: Int) {{ figures(first: $n) {{ {nested} }} }}"
    assert texts.prepare(text, None, {"n": 100}) is None
    kept = texts.prepare(text, None, {"n": 1})
    assert kept is not None
    assert (kept.cost({"n": 100}), kept.cost({"n": 1}) is None) == (None, False)
