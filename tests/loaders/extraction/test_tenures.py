"""As what, and since when, somebody is at a firm, by the words around the verb of beginning."""

import pytest


@pytest.fixture(scope="module")
def posts(read):
    def tell(text: str) -> list[tuple[str, str, str | None, str | None]]:
        told = [fact for fact in read(text).facts if fact.predicate.value == "WORKS_FOR"]
        return [
            (fact.subject.name, fact.object.name, fact.role, fact.valid_from and str(fact.valid_from))
            for fact in told
        ]

    return tell


@pytest.mark.parametrize(
    ("text", "role", "since"),
    [
        ("Ada Moreau joined Contoso as CEO.", "CEO", None),
        ("Ada Moreau joined Contoso as chief executive in May 2024.", "chief executive", "2024-05"),
        ("Ada Moreau joined Contoso in March 2023 as head of sales.", "head of sales", "2023-03"),
        ("Ada Moreau joined Contoso on 3 May 2024.", None, "2024-05-03"),
        ("In May 2024, Ada Moreau joined Contoso as its new CFO.", "CFO", "2024-05"),
        ("Ada Moreau in May 2024 joined Contoso as CFO.", "CFO", "2024-05"),
        ("Ada Moreau will join Contoso as CFO in June 2026.", "CFO", "2026-06"),
        ("Ada Moreau joined Contoso last month as a research scientist.", "research scientist", "2025-03"),
        ("Ada Moreau joined Contoso, a small start-up, as CTO in 2024.", "CTO", "2024"),
        ("Contoso hired Ada Moreau as its chief executive in May 2024.", "chief executive", "2024-05"),
        ("Contoso appointed Ada Moreau CEO in May 2024.", "CEO", "2024-05"),
        ("Ada Moreau was hired by Contoso as VP of Engineering in 2022.", "VP of Engineering", "2022"),
        ("Ada Moreau became CEO of Contoso in May 2024.", "CEO", "2024-05"),
        ("Ada Moreau, CEO of Contoso since 2021, agreed.", "CEO", "2021"),
    ],
)
def test_a_beginning_is_told_with_its_title_and_day(posts, text: str, role: str | None, since: str | None):
    assert posts(text) == [("Ada Moreau", "Contoso", role, since)]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ada Moreau has worked at Contoso since 2019.", None),
        ("Ada Moreau has led Contoso since March 2021.", None),
        ("Ada Moreau worked at Contoso from 2018 to 2021.", "FORMER"),
        ("Ada Moreau left Contoso since the new owners came.", "FORMER"),
    ],
)
def test_what_goes_on_since_a_day_is_not_past(read, text: str, status: str | None):
    told = [fact.status for fact in read(text).facts if fact.predicate.value == "WORKS_FOR"]
    assert [one and one.value for one in told] == [status]


def test_where_somebody_comes_from_stands_between(posts) -> None:
    assert posts("Ada Moreau joined Contoso from Fabrikam in 2024 as a research scientist.") == [
        ("Ada Moreau", "Fabrikam", None, None),
        ("Ada Moreau", "Contoso", "research scientist", "2024"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ada Moreau has not joined Contoso as CFO in 2024.",
        "Ada Moreau left Contoso in June 2024.",
        "Ada Moreau joined Contoso as sales grew in the north.",
    ],
)
def test_what_is_denied_past_or_no_title_tells_no_beginning(posts, text: str) -> None:
    assert posts(text) == [("Ada Moreau", "Contoso", None, None)]


def test_a_title_before_a_name_is_that_persons(posts) -> None:
    told = posts("Ada Moreau joined Contoso as CEO Sam Wickers left.")
    assert ("Ada Moreau", "Contoso", None, None) in told


def test_titles_of_several_people_are_left_to_none_of_them(posts) -> None:
    assert posts("Ada Moreau and Sam Wickers joined Contoso as CEO and CFO in 2024.") == [
        ("Ada Moreau", "Contoso", None, "2024"),
        ("Sam Wickers", "Contoso", None, "2024"),
    ]


def test_a_title_at_another_firm_is_none_at_this_one(posts) -> None:
    assert ("Ada Moreau", "Contoso", None, None) in posts("Ada Moreau joined Contoso as head of Fabrikam.")


def test_the_evidence_holds_title_and_day(read) -> None:
    (fact,) = read("In May 2024, Ada Moreau joined Contoso as CFO, people say.").facts
    assert fact.evidence.text == "May 2024, Ada Moreau joined Contoso as CFO"
