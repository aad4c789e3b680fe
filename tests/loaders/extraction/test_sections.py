from loaders.extraction.figures import FigureFinder
from loaders.extraction.model_card import CardFinder
from loaders.extraction.relations import RelationFinder
from tests.loaders.extraction.reading import annotated, found, registry, told


def test_an_item_is_about_the_firm_that_opens_it() -> None:
    text = (
        "OpenAI is busy. OpenAI hires. OpenAI grows.\n\n"
        "- Cohere — raised $500 million. The company employs 400 people.\n"
        "- Anthropic — hires. The company employs 1,000 people.\n"
    )
    assert {fact[0] for fact in told(FigureFinder(), text) if fact[1] == "HEADCOUNT"} == {
        "Cohere",
        "Anthropic",
    }


def test_lines_below_a_heading_are_about_its_firm() -> None:
    text = (
        "# Two labs\n\n## Cohere\n\n- Competitors: OpenAI, Anthropic\n- Headquarters: Toronto\n\n"
        "## Mistral AI\n\n- Investors: Lightspeed Venture Partners, Nimbus Vale\n"
    )
    assert told(CardFinder(), text) == {
        ("Cohere", "COMPETES_WITH", "OpenAI"),
        ("Cohere", "COMPETES_WITH", "Anthropic"),
        ("Cohere", "BASED_IN", "CA"),
        ("Lightspeed Venture Partners", "INVESTED_IN", "Mistral AI"),
        ("Nimbus Vale", "INVESTED_IN", "Mistral AI"),
    }


def test_the_pair_are_the_two_people_named_before() -> None:
    text = "Ada Palmer and Ben Carter met at school. The pair founded Cohere in 2019."
    groups = annotated(text).groups
    assert [[m.ref.name for m in group.members] for group in groups] == [["Ada Palmer", "Ben Carter"]]


def test_three_people_are_no_pair() -> None:
    text = "Ada Palmer, Ben Carter and Carl Meyer met at school. The pair founded Cohere in 2019."
    assert annotated(text).groups == ()


def test_the_firm_of_a_city_is_none_that_is_known_to_be_elsewhere() -> None:
    text = "Mistral AI has bought chips from Nvidia. The Paris firm employs 300 people."
    assert told(FigureFinder(), text) == {("Mistral AI", "HEADCOUNT", 300, "person")}


def test_we_who_write_about_a_model_are_its_maker() -> None:
    text = (
        "# DeepSeek-V2\n\nDeepSeek-V2 is on Hugging Face.\n\n## News\n\nWe introduce DeepSeek-V2, our"
        " model.\n"
    )
    facts = found(RelationFinder(registry()), text)
    assert {(f.subject.name, f.predicate.value) for f in facts} == {("DeepSeek", "DEVELOPS")}
