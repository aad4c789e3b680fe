"""The schema's own form: its file, its enums, its descriptions."""

from enum import StrEnum
from pathlib import Path

import pytest
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLObjectType, get_introspection_query

from schema.__main__ import main
from schema.enums import ONTOLOGY_ENUMS
from schema.sdl import Drift, drift
from tests.schema.conftest import SCHEMA, Ask

ENTITIES = ("Company", "Country", "Entity", "Licence", "Model", "Person", "Product")
SDL = Path(__file__).parents[2] / "schema" / "schema.graphql"
TYPES = {name: kind for name, kind in SCHEMA._schema.type_map.items() if not name.startswith("__")}


def test_the_schemas_file_is_what_the_code_says():
    assert drift(SDL.read_text(encoding="utf-8"), SCHEMA) == Drift(differs=False, breaking=())


def test_what_clients_would_lose_is_a_breaking_change_and_what_they_gain_is_none():
    text = SCHEMA.as_str()
    assert drift(text.replace("  qid: String\n", "  qid: String\n  gone: Int\n"), SCHEMA).breaking == tuple(
        f"Field {kind}.gone was removed." for kind in ENTITIES
    )
    fewer = drift(text.replace('  """Its id in Wikidata."""\n  qid: String\n', ""), SCHEMA)
    assert (fewer.differs, fewer.breaking) == (True, ())


def test_a_file_with_another_schema_fails_the_check_and_is_kept_from_a_breaking_write(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "schema.graphql"
    file.write_text(SCHEMA.as_str().replace("  qid: String\n", "  qid: String\n  gone: Int\n"))
    before = file.read_text()
    assert main(["--check", str(file)]) == 1
    assert main(["--write", str(file)]) == 1
    assert "Field Company.gone was removed." in capsys.readouterr().err
    assert file.read_text() == before
    assert main(["--write", str(file), "--breaking"]) == 0
    assert main(["--check", str(file)]) == 0


@pytest.mark.parametrize("enum", ONTOLOGY_ENUMS, ids=lambda enum: enum.__name__)
def test_an_enum_has_the_ontologys_members(enum: type[StrEnum]):
    kind = TYPES[enum.__name__]
    assert isinstance(kind, GraphQLEnumType)
    assert list(kind.values) == [member.name for member in enum]


def test_everything_is_described():
    bare = [name for name, kind in TYPES.items() if not kind.description]
    for kind in TYPES.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInputObjectType):
            bare += [f"{kind.name}.{n}" for n, f in kind.fields.items() if not f.description]
        if isinstance(kind, GraphQLObjectType):
            bare += [
                f"{kind.name}.{n}({a})"
                for n, f in kind.fields.items()
                for a, argument in f.args.items()
                if not argument.description
            ]
    assert bare == []


def test_there_are_at_most_150_types():
    assert len(TYPES) <= 150


def test_graphiqls_introspection_passes_the_limits(ask: Ask):
    found = ask(get_introspection_query(input_value_deprecation=True, directive_is_repeatable=True))
    assert (found.errors, found.queries) == ([], [])
