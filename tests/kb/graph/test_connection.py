"""Whoever cannot reach the database is told in one sentence what to check."""

from dataclasses import replace

import pytest

from kb.embedded import Address
from kb.errors import DatabaseError
from kb.graph.connection import Graph, open_driver, reach
from kb.settings import Settings


def refusal(address: Address) -> str:
    with pytest.raises(DatabaseError) as refused, open_driver(address):
        pass
    return str(refused.value)


def test_a_driver_that_is_given_has_reached_the_server(neo4j: Address):
    with open_driver(neo4j) as driver:
        assert driver.execute_query("RETURN 1 AS one", database_=neo4j.database).records[0]["one"] == 1


def test_a_wrong_password_is_told_with_the_variables_to_check(neo4j: Address):
    told = refusal(replace(neo4j, password="not this one"))
    assert told == (
        f"Neo4j at {neo4j.uri} refused user '{neo4j.user}': check KB_NEO4J_USER and KB_NEO4J_PASSWORD."
    )


@pytest.mark.parametrize("uri", ["bolt://127.0.0.1:1", "bolt://host.invalid:7687"])
def test_a_server_that_is_not_there_is_told_with_its_address(uri: str):
    told = refusal(Address(uri, "neo4j", "x"))
    assert told == f"Neo4j at {uri} does not answer: start it, or check KB_NEO4J_URI."


@pytest.mark.parametrize("uri", ["http://localhost:7474", "localhost", "", "neo4j://host:port"])
def test_what_is_no_address_is_told_with_an_example(uri: str):
    assert "neo4j://host:7687" in refusal(Address(uri, "neo4j", "x"))


def test_a_query_that_the_server_refuses_is_told_in_its_words(graph: Graph):
    with (
        pytest.raises(DatabaseError, match=r"^Neo4j refused: Invalid input 'RETRN'"),
        open_driver(graph.address) as d,
    ):
        d.execute_query("RETRN 1", database_=graph.database)


def test_a_fault_of_the_program_is_not_taken_for_a_wrong_address(neo4j: Address):
    with pytest.raises(ValueError, match="a fault"), open_driver(neo4j):
        raise ValueError("a fault")


def test_a_password_is_not_shown_with_its_address(neo4j: Address):
    assert neo4j.password not in repr(neo4j)


def test_the_database_that_the_settings_name_is_taken_as_it_is():
    settings = Settings(neo4j_uri="bolt://db:7687", neo4j_user="ann", neo4j_database="ai")
    with reach(settings) as address:
        assert (address.uri, address.user, address.database) == ("bolt://db:7687", "ann", "ai")
