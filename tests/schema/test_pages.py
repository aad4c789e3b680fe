"""Keyset paging: pages joined are the whole list, in every order, and a cursor is good for its list alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schema.cursors import CursorError, Cursors
from tests.schema.conftest import Ask

PAGE = """query($order: [FactOrdering!], $first: Int, $after: String, $last: Int, $before: String) {
  figures(pick: ALL, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    edges { cursor node { id } } nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } total { value exact } } }"""

ORDERS: list[Any] = [
    None,
    *(
        [{"by": by, "descending": d}]
        for by in ("AS_OF", "VALUE", "CONFIDENCE", "SUBJECT")
        for d in (True, False)
    ),
    [{"by": "RECORDED_AT", "descending": False}],
    [{"by": "CONFIDENCE", "descending": True}, {"by": "SUBJECT", "descending": False}, {"by": "VALUE"}],
]


def page(ask: Ask, **variables: object) -> Any:
    found = ask(PAGE, **variables)
    assert found.errors == []
    return found.data["figures"]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_joined_are_the_whole_list(ask: Ask, order: Any, size: int):
    whole = [n["id"] for n in page(ask, order=order, first=100)["nodes"]]
    assert len(whole) == len(set(whole)) == 9
    joined: list[str] = []
    after, more = None, True
    while more:
        part = page(ask, order=order, first=size, after=after)
        joined += [n["id"] for n in part["nodes"]]
        assert part["total"] == {"value": 9, "exact": True}
        assert part["pageInfo"]["hasPreviousPage"] is (after is not None)
        assert part["pageInfo"]["endCursor"] == part["edges"][-1]["cursor"]
        after, more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]
    assert joined == whole


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_pages_joined_backward_are_the_whole_list(ask: Ask, order: Any, size: int):
    whole = [n["id"] for n in page(ask, order=order, first=100)["nodes"]]
    joined: list[str] = []
    before, more = None, True
    while more:
        part = page(ask, order=order, last=size, before=before)
        joined = [n["id"] for n in part["nodes"]] + joined
        assert part["pageInfo"]["hasNextPage"] is (before is not None)
        assert part["pageInfo"]["startCursor"] == part["edges"][0]["cursor"]
        before, more = part["pageInfo"]["startCursor"], part["pageInfo"]["hasPreviousPage"]
    assert joined == whole


@pytest.mark.parametrize("first", [1, 2, 100])
def test_a_page_lies_between_two_cursors(ask: Ask, first: int):
    edges = page(ask, first=100)["edges"]
    part = page(ask, first=first, after=edges[1]["cursor"], before=edges[5]["cursor"])
    assert [n["id"] for n in part["nodes"]] == [edge["node"]["id"] for edge in edges[2:5]][:first]
    assert part["pageInfo"]["hasNextPage"] is True


def test_the_total_is_not_counted_unless_it_is_asked_for(ask: Ask):
    assert "COUNT" not in ask("{ figures { nodes { id } } }").queries[0]


def test_the_rows_are_not_read_when_only_the_total_is_asked_for(ask: Ask):
    found = ask("{ figures(pick: ALL) { total { value } } }")
    assert found.data == {"figures": {"total": {"value": 9}}}
    assert "COLLECT" not in found.queries[0]


REFUSED = [
    "`after` or `before` is no cursor of this list: take it from a page with the same filters and order."
]


@pytest.mark.parametrize("after", ["", "x", "AAAA", "é", "-1", "9" * 3000, "bm90IGEgY3Vyc29y"])
def test_a_made_up_cursor_is_refused(ask: Ask, after: str):
    assert ask(PAGE, first=1, after=after).errors == REFUSED
    assert ask(PAGE, last=1, before=after).errors == REFUSED


def test_a_cursor_of_another_order_or_filter_is_refused(ask: Ask):
    after = page(ask, first=1)["pageInfo"]["endCursor"]
    assert ask(PAGE, first=1, after=after, order=[{"by": "VALUE"}]).errors == REFUSED
    assert ask('{ figures(first: 1, pick: CURRENT, after: "%s") { nodes { id } } }' % after).errors == REFUSED  # noqa: UP031  # braces


KEYS = st.lists(st.text(max_size=20) | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False), max_size=4)


@given(KEYS, st.text(max_size=30))
def test_a_cursor_gives_back_its_keys(keys: list[Any], of_list: str):
    cursors = Cursors(b"secret")
    assert cursors.read(cursors.write(tuple(keys), of_list), of_list, len(keys)) == tuple(keys)


@given(KEYS, st.data())
def test_a_changed_cursor_is_refused(keys: list[Any], data: st.DataObject):
    cursors = Cursors(b"secret")
    cursor = cursors.write(tuple(keys), "list")
    place = data.draw(st.integers(0, len(cursor) - 2))  # the last letter holds padding bits
    letter = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda c: c != cursor[place]))
    with pytest.raises(CursorError):
        cursors.read(cursor[:place] + letter + cursor[place + 1 :], "list", len(keys))
