"""Entities, their neighbours and relations over GraphQL."""

from tests.schema.conftest import Ask


def test_an_entity_is_found_by_a_name_with_another_case_and_legal_form(ask: Ask):
    found = ask('{ entity(name: "ORBIT, Inc.") { __typename id name } }')
    assert found.data["entity"] == {"__typename": "Company", "id": "company/orbit", "name": "Orbit"}


def test_an_unknown_entity_is_nothing_and_no_error(ask: Ask):
    found = ask('{ entity(id: "company/nobody") { id } }')
    assert (found.data, found.errors) == ({"entity": None}, [])


def test_entity_wants_one_way_to_look_it_up(ask: Ask):
    assert ask('{ entity(id: "x", name: "y") { id } }').errors == ["`entity` takes one of id, name and qid."]


def test_node_finds_entities_facts_and_documents_by_their_ids(ask: Ask):
    source = ask("{ documents(first: 1) { nodes { id } } figures(first: 1) { nodes { id } } }").data
    ids = [
        "company/orbit",
        source["documents"]["nodes"][0]["id"],
        source["figures"]["nodes"][0]["id"],
        "no such thing",
    ]
    kinds = [ask("query($id: ID!) { node(id: $id) { __typename id } }", id=i).data["node"] for i in ids]
    assert [kind and kind["__typename"] for kind in kinds] == ["Company", "Document", "Figure", None]


def test_people_are_listed_with_every_role_they_hold(ask: Ask):
    found = ask(
        """{ relations(type: WORKS_FOR, orderBy: {by: SUBJECT, descending: false}) {
             nodes { subject { name } object { name } role roleCode status evidence { text } } } }"""
    )
    told = [(n["subject"]["name"], n["role"], n["status"]) for n in found.data["relations"]["nodes"]]
    assert sorted(told, key=str) == [
        ("Ann Lee", "CEO", "CURRENT"),
        ("Ann Lee", "president", "CURRENT"),
        ("Bob Ray", "CTO", "FORMER"),
    ]
    assert len(found.queries) == 1


def test_relations_are_filtered_by_role_and_by_both_ends(ask: Ask):
    found = ask(
        """{ relations(where: {roleCode: "CEO"}, subject: {type: PERSON}, object: {name: {eq: "orbit"}}) {
             nodes { subject { name } } total { value } } }"""
    )
    assert found.data["relations"] == {"nodes": [{"subject": {"name": "Ann Lee"}}], "total": {"value": 1}}


def test_a_model_tells_its_developers_licences_and_openness(ask: Ask):
    found = ask(
        """{ entities(where: {type: MODEL}) { nodes { name ... on Model {
             developer { name } licences { nodes { name } } terms { term access } } } } }"""
    )
    assert found.data["entities"]["nodes"] == [
        {
            "name": "Lama",
            "developer": {"name": "Meadow"},
            "licences": {"nodes": [{"name": "Lama Licence"}]},
            "terms": [{"term": "OPENNESS", "access": "OPEN_WEIGHTS"}],
        },
        {
            "name": "Orbit-1",
            "developer": {"name": "Orbit"},
            "licences": {"nodes": []},
            "terms": [{"term": "OPENNESS", "access": "OPEN_SOURCE"}],
        },
    ]


def test_neighbours_of_another_time_come_from_what_was_known_then(ask: Ask):
    query = """query($known: DateTime) { entity(name: "Lama") { ... on Model {
               developers(at: {known: $known}) { nodes { name } }
               developer(at: {known: $known}) { name } } } }"""
    then, later = (ask(query, known=f"{year}-01-01T00:00:00Z").data["entity"] for year in (2020, 2999))
    assert then == {"developers": {"nodes": []}, "developer": None}
    assert later == {"developers": {"nodes": [{"name": "Meadow"}]}, "developer": {"name": "Meadow"}}


def test_one_field_name_means_on_each_type_what_the_type_says(ask: Ask):
    found = ask(
        """{ entities(where: {name: {in: ["Orbit", "Lama Licence"]}}) {
             nodes { name ... on Company { models { nodes { name } } }
                                ... on Licence { models { nodes { name } } } } } }"""
    )
    assert {
        n["name"]: [m["name"] for m in n["models"]["nodes"]] for n in found.data["entities"]["nodes"]
    } == {
        "Orbit": ["Orbit-1"],
        "Lama Licence": ["Lama"],
    }


def test_entities_are_filtered_by_their_facts_and_their_neighbours(ask: Ask):
    query = "query($where: EntityFilter) { entities(where: $where) { nodes { name } } }"
    rich = {"has": {"metric": "VALUATION", "value": {"gte": 1e11}}}
    developer = {"related": {"type": "DEVELOPS", "direction": "OUT", "entity": {"name": {"contains": "lam"}}}}
    assert [n["name"] for n in ask(query, where=rich).data["entities"]["nodes"]] == ["Orbit"]
    assert [n["name"] for n in ask(query, where=developer).data["entities"]["nodes"]] == ["Meadow"]
    either = {
        "and": [{"type": "COMPANY"}, {"or": [rich, developer]}, {"not": {"name": {"startsWith": "orb"}}}]
    }
    assert [n["name"] for n in ask(query, where=either).data["entities"]["nodes"]] == ["Meadow"]


def test_the_documents_of_an_entity_are_listed_newest_first(ask: Ask):
    found = ask('{ entity(name: "Orbit") { documents { nodes { title publisher } total { value } } } }')
    assert found.data["entity"]["documents"] == {
        "nodes": [
            {"title": "other.txt", "publisher": "Another"},
            {"title": "News", "publisher": "The Paper"},
        ],
        "total": {"value": 2},
    }
