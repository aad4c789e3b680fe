"""Arguments that would cost the database its stack, or that are no text: refused before it is asked."""

from typing import Any

import pytest

from tests.schema.conftest import Ask

NESTED = "query($w: EntityFilter) { entities(where: $w) { nodes { id } } }"


def nested(levels: int) -> dict[str, Any]:
    filter_: dict[str, Any] = {"name": {"eq": "Acme"}}
    for _ in range(levels):
        filter_ = {"not": filter_}
    return filter_


def test_filters_within_filters_are_answered_to_a_depth(ask: Ask):
    assert ask(NESTED, w=nested(7)).errors == []


@pytest.mark.parametrize("levels", [8, 60, 95])
def test_filters_that_stand_too_deep_are_refused_without_a_query(ask: Ask, levels: int):
    found = ask(NESTED, w=nested(levels))
    assert len(found.errors) == 1
    assert found.queries == []


@pytest.mark.parametrize("argument", ["id", "name", "qid"])
def test_half_a_character_is_refused_without_a_query(ask: Ask, argument: str):
    kind = "ID" if argument == "id" else "String"
    found = ask(f"query($s: {kind}) {{ entity({argument}: $s) {{ id }} }}", s="\ud800")
    assert found.errors == ["An argument holds half of a character (a lone surrogate): send whole text."]
    assert found.queries == []
