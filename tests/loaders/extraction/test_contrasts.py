"""Names that a sentence sets against those of which it tells something."""

import pytest

_FIRMS = "Contoso, Fabrikam and Northwind AI are firms. "


@pytest.fixture(scope="module")
def links(read):
    def tell(text: str) -> set[tuple[str, str, str]]:
        return {
            (fact.subject.name, fact.object.name, fact.modality.value)
            for fact in read(_FIRMS + text).facts
            if hasattr(fact, "object")
        }

    return tell


@pytest.mark.parametrize(
    "text",
    [
        "Fabrikam invested in Contoso, not in Northwind AI.",
        "Fabrikam invested $20 million in Contoso, not in Northwind AI.",
        "Fabrikam invested in Contoso and not in Northwind AI.",
        "Fabrikam partnered with Contoso, not with Northwind AI.",
        "Fabrikam competes with Contoso but not with Northwind AI.",
    ],
)
def test_what_stands_behind_not_is_not_asserted(links, text: str) -> None:
    told = links(text)
    assert ("Fabrikam", "Contoso", "ASSERTED") in told
    assert "ASSERTED" not in [how for _, target, how in told if target == "Northwind AI"]


def test_with_a_preposition_of_its_own_it_is_denied(links) -> None:
    assert ("Fabrikam", "Northwind AI", "DENIED") in links(
        "Fabrikam invested $20 million in Contoso, not in Northwind AI."
    )


def test_a_list_behind_not_is_denied_to_its_end(links) -> None:
    assert links("Fabrikam invested in Contoso, not in Northwind AI or Quillwright AI.") >= {
        ("Fabrikam", "Contoso", "ASSERTED"),
        ("Fabrikam", "Northwind AI", "DENIED"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Contoso, and not Fabrikam, acquired Northwind AI.",
        "Contoso and not Fabrikam acquired Northwind AI.",
        "Not Fabrikam but Contoso acquired Northwind AI.",
    ],
)
def test_a_subject_behind_not_takes_no_denial_to_the_other(links, text: str) -> None:
    assert links(text) == {
        ("Contoso", "Northwind AI", "ASSERTED"),
        ("Fabrikam", "Northwind AI", "DENIED"),
    }


def test_not_only_denies_nothing(links) -> None:
    told = links("Fabrikam invested not only in Contoso but also in Northwind AI.")
    assert ("Fabrikam", "Contoso", "ASSERTED") in told
    assert "DENIED" not in {how for _, _, how in told}


def test_a_denied_verb_still_denies(links) -> None:
    assert links("Fabrikam did not invest in Contoso.") == {("Fabrikam", "Contoso", "DENIED")}
