"""GraphQL answers as rows for tables."""

from app.flatten import sections


def flat(data: dict[str, object]) -> dict[str, list[dict[str, object]]]:
    return {part.title: list(part.rows) for part in sections(data)}


def test_a_connection_is_a_table_named_after_its_field():
    data = {"figures": {"nodes": [{"value": 1}, {"value": 2}]}}
    assert flat(data) == {"figures": [{"value": 1}, {"value": 2}]}


def test_each_outermost_list_is_a_table_of_its_own():
    data = {"entity": {"name": "Acme", "now": {"nodes": [{"v": 1}]}, "past": {"edges": [{"node": {"v": 2}}]}}}
    assert flat(data) == {
        "": [{"entity.name": "Acme"}],
        "entity.now": [{"v": 1}],
        "entity.past": [{"v": 2}],
    }


def test_the_items_of_a_nested_list_stand_under_each_other():
    data = {"models": [{"name": "A", "licences": {"nodes": [{"name": "MIT"}, {"name": "Apache-2.0"}]}}]}
    assert flat(data) == {"models": [{"name": "A", "licences.name": "MIT\nApache-2.0"}]}


def test_a_list_of_plain_values_is_one_cell():
    assert flat({"items": [{"aliases": ["a", "b"]}]}) == {"items": [{"aliases": "a, b"}]}


def test_an_answer_without_lists_is_one_row():
    assert flat({"entity": {"id": "company/acme", "name": "Acme"}}) == {
        "": [{"entity.id": "company/acme", "entity.name": "Acme"}]
    }


def test_an_entity_that_is_not_there_is_no_row():
    assert flat({"entity": None}) == {}
