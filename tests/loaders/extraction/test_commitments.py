from loaders.extraction.commitments import CommitmentFinder
from tests.loaders.extraction.reading import told

_FINDER = CommitmentFinder()


def test_a_customer_named_later_is_the_one_who_pays() -> None:
    text = (
        "All of that $2 billion comes from one customer. It was new. It is OpenAI, and nobody else is named."
    )
    assert told(_FINDER, text) == {("OpenAI", "SPENDING", 2_000_000_000, "USD")}


def test_who_signs_a_contract_spends_what_it_is_worth() -> None:
    text = "OpenAI has signed a contract worth $12 billion with CoreWeave."
    assert told(_FINDER, text) == {("OpenAI", "SPENDING", 12_000_000_000, "USD")}


def test_a_customer_who_is_never_named_spends_nothing() -> None:
    assert told(_FINDER, "All of that $2 billion comes from one customer. Nobody knows who.") == set()
