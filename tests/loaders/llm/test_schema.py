"""The schema of an answer says what the ontology allows, in the form that strict servers take."""

from collections.abc import Iterator
from typing import Any

from kb.ontology import DateEvent, Metric, RelationType, TermType
from loaders.llm.answers import Told
from loaders.llm.prompt import instructions
from loaders.llm.schema import answer_schema

PREDICATES = {*RelationType, *Metric, *DateEvent, *TermType}
VARIANTS: list[dict[str, Any]] = answer_schema()["properties"]["facts"]["items"]["anyOf"]


def nodes(node: object) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
        for inner in node.values():
            yield from nodes(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from nodes(inner)


def test_every_predicate_has_one_variant_and_stands_in_the_instructions():
    listed = [name for variant in VARIANTS for name in variant["properties"]["predicate"]["enum"]]
    assert sorted(listed) == sorted(PREDICATES)
    assert [name for name in PREDICATES if name not in instructions()] == []


def test_every_object_requires_all_its_keys_and_allows_no_other():
    objects = [node for node in nodes(answer_schema()) if node.get("type") == "object"]
    loose = [o for o in objects if o["required"] != list(o["properties"]) or o["additionalProperties"]]
    assert loose == []


def test_every_reference_leads_somewhere():
    schema = answer_schema()
    named = {node["$ref"].removeprefix("#/$defs/") for node in nodes(schema) if "$ref" in node}
    assert named == set(schema["$defs"])


def test_variants_are_told_apart_by_their_first_key():
    assert {next(iter(variant["properties"])) for variant in VARIANTS} == {"predicate"}


def test_what_the_schema_lets_a_model_say_is_read():
    said = {name for variant in VARIANTS for name in variant["properties"]}
    assert said == set(Told.model_fields)
