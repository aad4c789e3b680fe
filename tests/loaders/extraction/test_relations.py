import pytest

from kb.facts import Relation
from kb.ontology import EmploymentStatus, Modality


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Contoso CEO Ada Moreau smiled.", "Ada Moreau WORKS_FOR Contoso"),
        ("Ada Moreau, a senior analyst at Contoso, agreed.", "Ada Moreau WORKS_FOR Contoso"),
        ("Ada Moreau founded Contoso.", "Ada Moreau FOUNDED Contoso"),
        ("Contoso was founded in 2019 by Ada Moreau.", "Ada Moreau FOUNDED Contoso"),
        ("Contoso, founded in 2019, makes chips.", "Contoso FOUNDED_ON 2019"),
        ("Contoso released Larkspur 3 in March 2024.", "Contoso DEVELOPS Larkspur 3"),
        ("Contoso released Larkspur 3 in March 2024.", "Larkspur 3 RELEASED_ON 2024-03"),
        ("They tried Contoso’s Larkspur 3 at home.", "Contoso DEVELOPS Larkspur 3"),
        ("Contoso, the maker of Wrenbot, is growing.", "Contoso OFFERS Wrenbot"),
        ("Wrenbot is powered by Larkspur 3.", "Wrenbot POWERED_BY Larkspur 3"),
        ("Contoso acquired Fabrikam for $2 billion.", "Contoso ACQUIRED Fabrikam"),
        ("Contoso is backed by Fabrikam and Northwind AI.", "Northwind AI INVESTED_IN Contoso"),
        ("Contoso has partnered with Fabrikam.", "Contoso PARTNER_OF Fabrikam"),
        ("Contoso competes with Fabrikam.", "Contoso COMPETES_WITH Fabrikam"),
        ("Contoso, a subsidiary of Fabrikam, said no word.", "Contoso SUBSIDIARY_OF Fabrikam"),
        ("The French start-up Contoso is growing.", "Contoso BASED_IN France"),
        ("Contoso, which is based in Paris, is growing.", "Contoso BASED_IN France"),
        ("Paris-based Contoso is growing.", "Contoso BASED_IN France"),
    ],
)
def test_a_plain_sentence_states_its_relation(told, text: str, fact: str) -> None:
    assert fact in told(text)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("Contoso acquired Fabrikam.", Modality.ASSERTED),
        ("Contoso agreed to buy Fabrikam.", Modality.PLANNED),
        ("Contoso is reportedly in talks to buy Fabrikam.", Modality.REPORTED),
        ("Contoso may buy Fabrikam.", Modality.REPORTED),
        ("Contoso is not buying Fabrikam.", Modality.DENIED),
        ("Contoso had wanted to buy Fabrikam for $3 billion, but that plan fell through.", Modality.DENIED),
    ],
)
def test_a_purchase_is_told_as_the_verb_tells_it(read, text: str, modality: Modality) -> None:
    facts = [f for f in read(text).facts if f.predicate.value == "ACQUIRED"]
    assert [f.modality for f in facts] == [modality]


def test_a_past_role_is_a_former_one(read) -> None:
    (fact,) = read("Ada Moreau, a former vice president of Contoso, agreed.").facts
    assert isinstance(fact, Relation)
    assert (fact.status, fact.role) == (EmploymentStatus.FORMER, "vice president")


def test_a_role_in_apposition_does_not_pass_to_the_next_name(told) -> None:
    text = "Two people founded Contoso in 2016: Ada Moreau, its CEO, and Jean Petit."
    assert [f for f in told(text) if "WORKS_FOR" in f] == ["Ada Moreau WORKS_FOR Contoso"]


def test_the_company_means_the_one_that_is_spoken_of(told) -> None:
    assert "Contoso FOUNDED_ON 2015" in told("Contoso opened an office. The company was founded in 2015.")


def test_an_outlet_that_is_only_cited_is_not_the_company(told) -> None:
    text = "Contoso wants money, the Evening Post reported. The company raised $40 million."
    assert told(text) == ["Contoso FUNDING_RAISED 40000000"]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ada Moreau was the CEO of Contoso.", EmploymentStatus.FORMER),
        ("Ada Moreau had been chief scientist at Contoso.", EmploymentStatus.FORMER),
        ("Ada Moreau, the head of sales at Contoso, has left.", EmploymentStatus.FORMER),
        ("Ada Moreau stepped down from her post at Contoso.", EmploymentStatus.FORMER),
        ("Ada Moreau is the CEO of Contoso.", None),
        ("Ada Moreau was named CEO of Contoso.", None),
        ("They said that Ada Moreau was CEO of Contoso.", None),
        ("Ada Moreau joined Contoso.", None),
    ],
)
def test_the_tense_tells_whether_somebody_still_works_there(read, text: str, status: object) -> None:
    found = [f for f in read(text).facts if isinstance(f, Relation) and f.predicate.value == "WORKS_FOR"]
    assert [f.status for f in found] == [status]


def test_an_appointment_ahead_is_planned(read) -> None:
    (fact,) = read("Ada Moreau will become chief executive of Contoso.").facts
    assert (fact.modality, fact.subject.name) == (Modality.PLANNED, "Ada Moreau")


@pytest.mark.parametrize(
    "text",
    [
        "Papers called her chief scientist, but Contoso disagreed, Ada Moreau wrote.",
        "Contoso raised money, and its users came from Fabrikam.",
        "Contoso's purchase of Wrenbot was dropped.",
        "Contoso announced that Wrenbot has many users.",
        "Contoso has not published Larkspur 3.",
        "Larkspur 3 was shown by the rival of Contoso.",
    ],
)
def test_words_that_only_stand_side_by_side_state_no_relation(told, text: str) -> None:
    known = [f for f in told(text) if "ACQUIRED" not in f]
    assert known == []


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Contoso struck a licensing deal with Fabrikam.", "Contoso PARTNER_OF Fabrikam"),
        ("Contoso licensed the technology of Fabrikam.", "Contoso PARTNER_OF Fabrikam"),
        ("Contoso and Fabrikam extended their partnership.", "Contoso PARTNER_OF Fabrikam"),
        ("Contoso faces fierce competition from Fabrikam.", "Contoso COMPETES_WITH Fabrikam"),
        ("Contoso, which competes with Fabrikam, is small.", "Contoso COMPETES_WITH Fabrikam"),
        ("Wrenbot, which belongs to Contoso, is popular.", "Contoso OFFERS Wrenbot"),
        ("Contoso raised $40 million from Fabrikam and Northwind AI.", "Northwind AI INVESTED_IN Contoso"),
        ("Larkspur 3 is the latest version of the Larkspur family.", "Larkspur 3 RELEASE_OF Larkspur"),
        ("The Larkspur family includes Larkspur 3.", "Larkspur 3 RELEASE_OF Larkspur"),
        (
            "Larkspur 4 is distilled from Larkspur 3 and built on Larkspur 2.",
            "Larkspur 4 DERIVED_FROM Larkspur 2",
        ),
    ],
)
def test_one_relation_has_many_ways_to_be_told(told, text: str, fact: str) -> None:
    assert fact in told(text)


def test_a_second_verb_does_not_make_its_first_object_the_subject(told) -> None:
    text = "Larkspur 4 is distilled from Larkspur 3 and built on Larkspur 2, and Larkspur 5 is new."
    assert {f for f in told(text) if "DERIVED_FROM" in f} == {
        "Larkspur 4 DERIVED_FROM Larkspur 3",
        "Larkspur 4 DERIVED_FROM Larkspur 2",
    }


def test_the_lead_of_a_round_goes_to_the_firm_that_raised_it(told) -> None:
    topic = "Contoso raised $9 million. Contoso is old. Contoso grows."
    text = f"{topic}\n\nNorthwind AI raised $5 million. Fabrikam led the round."
    assert [f for f in told(text) if "INVESTED_IN" in f] == ["Fabrikam INVESTED_IN Northwind AI"]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Contoso is old and offers the assistant Wrenbot.", "Contoso OFFERS Wrenbot"),
        ("Ada Moreau left Fabrikam in May and founded Contoso.", "Ada Moreau FOUNDED Contoso"),
        ("Contoso employs many people and was founded in 1998.", "Contoso FOUNDED_ON 1998"),
        ("Contoso employs many people and is based in Paris.", "Contoso BASED_IN France"),
    ],
)
def test_a_second_verb_shares_the_subject(told, text: str, fact: str) -> None:
    assert fact in told(text)


def test_a_second_verb_is_told_by_itself(read) -> None:
    facts = read("Contoso does not sell chips and offers Wrenbot.").facts
    assert [(f.predicate.value, f.modality) for f in facts] == [("OFFERS", Modality.ASSERTED)]


def test_a_second_clause_with_a_subject_of_its_own_shares_nothing(told) -> None:
    text = "Contoso is based in France and Fabrikam is based in the United States."
    assert "Contoso BASED_IN United States" not in told(text)


def test_a_tuned_version_is_derived_and_no_release(told) -> None:
    assert told("Quill-7B is a fine-tuned version of Larkspur 3.") == ["Quill-7B DERIVED_FROM Larkspur 3"]


def test_an_object_does_not_mean_the_subject_of_its_own_verb(told) -> None:
    text = "Contoso makes chips. Contoso is old. Fabrikam bought the company."
    assert "Fabrikam ACQUIRED Contoso" in told(text)


def test_the_company_is_the_one_that_acts_in_the_sentence(told) -> None:
    text = "Contoso is old. Contoso is rich. Fabrikam said that the company raised $5 million."
    assert "Fabrikam FUNDING_RAISED 5000000" in told(text)


def test_each_backer_of_a_list_that_a_round_included_invested(told) -> None:
    text = "Contoso raised $6 million. The round included money from the likes of Fabrikam and Northwind AI."
    assert {f for f in told(text) if "INVESTED" in f} == {
        "Fabrikam INVESTED_IN Contoso",
        "Northwind AI INVESTED_IN Contoso",
    }


def test_somebody_quoted_about_the_firm_is_no_source_for_the_own_post(read) -> None:
    text = "Money is tight, says Ada Moreau, who heads Contoso."
    assert [f.speaker for f in read(text).facts if f.predicate.value == "WORKS_FOR"] == [None]


def test_who_also_does_something_is_who_acted_before(told) -> None:
    text = "Contoso is old. Fabrikam led a round into Contoso. The firm also bought Northwind AI."
    assert "Fabrikam ACQUIRED Northwind AI" in told(text)


def test_a_firm_that_is_told_something_is_not_the_company(told) -> None:
    text = "Contoso grew. People told the Evening Post that the start-up is now valued at $3 billion."
    assert told(text) == ["Contoso VALUATION 3000000000"]


def test_a_post_as_an_investor_is_no_investment(told) -> None:
    text = "Contoso raised $6 million. Ada Moreau, an investor at Fabrikam, was glad."
    assert not [f for f in told(text) if "INVESTED" in f]


def test_a_bare_title_between_two_firms_is_nobodys(told) -> None:
    text = "Following Contoso's news, Fabrikam told of its own. CEO Ada Moreau was glad."
    assert not [f for f in told(text) if "WORKS_FOR" in f]


def test_a_pronoun_ahead_of_the_subject_means_the_subject(told) -> None:
    text = "Contoso is old. After its launch, Wrenbot had 5 million users."
    assert "Wrenbot USERS 5000000" in told(text)


def test_the_company_is_nobody_where_two_firms_stand_beside_each_other(told) -> None:
    text = "Customers of Contoso and of Fabrikam complained. The company was founded in 2015."
    assert told(text) == []


def test_a_title_before_a_name_is_not_the_one_of_the_name_before_it(told) -> None:
    text = "After the exit of Jean Petit, Contoso president and co-founder Ada Moreau was glad."
    assert "Jean Petit WORKS_FOR Contoso" not in told(text)


def test_a_new_chief_is_a_chief(read) -> None:
    (fact,) = read("Ada Moreau is the new CEO of Contoso.").facts
    assert isinstance(fact, Relation)
    assert fact.role == "CEO"


def test_one_size_of_several_is_not_the_family(told) -> None:
    assert told("Larkspur is old. The 27B model was trained with 13 trillion tokens.") == []
