"""Parts told one after the other share the verb before them, and how it is meant."""

from collections.abc import Callable

import pytest

from kb.facts import Extraction, Relation
from kb.ontology import Modality

READ = Callable[..., Extraction]


def investments(read: READ, text: str) -> dict[tuple[str, object], Modality]:
    facts = [fact for fact in read(f"Fabrikam raised money. {text}").facts if isinstance(fact, Relation)]
    return {(fact.subject.name, fact.amount and fact.amount.value): fact.modality for fact in facts}


@pytest.mark.parametrize(
    ("verb", "modality"),
    [
        ("plan to invest", Modality.PLANNED),
        ("announced in the evening that they will invest", Modality.PLANNED),
        ("have reportedly invested", Modality.REPORTED),
        ("have invested", Modality.ASSERTED),
    ],
)
@pytest.mark.parametrize("joint", [", ", ": "])
def test_each_part_is_told_as_the_whole(read: READ, verb: str, modality: Modality, joint: str) -> None:
    text = (
        f"Contoso and Northwind {verb} up to $9 billion over some years in the company{joint}"
        "$4 billion from Contoso and $5 billion from Northwind."
    )
    told = investments(read, text)
    parts = [told["Contoso", 4 * 10**9], told["Northwind", 5 * 10**9]]
    assert parts == [modality, modality]


def test_a_part_with_a_verb_of_its_own_is_told_by_that(read: READ) -> None:
    text = (
        "Contoso plans to invest $4 billion in Fabrikam, and Northwind has invested $5 billion in Fabrikam."
    )
    told = investments(read, text)
    assert (told["Contoso", 4 * 10**9], told["Northwind", 5 * 10**9]) == (
        Modality.PLANNED,
        Modality.ASSERTED,
    )
