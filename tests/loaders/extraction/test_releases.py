from loaders.extraction.releases import ReleaseFinder
from tests.loaders.extraction.reading import told

_FINDER = ReleaseFinder()


def test_the_sizes_of_a_list_are_the_familys() -> None:
    assert told(_FINDER, "Meta released Llama 3 in two sizes: 8B and 70B.") == {
        ("Llama 3", "PARAMETERS", 8_000_000_000, "parameter"),
        ("Llama 3", "PARAMETERS", 70_000_000_000, "parameter"),
    }


def test_a_size_is_that_of_the_release_which_the_text_names_by_it() -> None:
    text = "Llama 3 70B is the larger one. Llama 3 comes as 8B and 70B models."
    assert ("Llama 3 70B", "PARAMETERS", 70_000_000_000, "parameter") in told(_FINDER, text)


def test_active_parameters_follow_the_sizes_in_step() -> None:
    text = "Llama 3 has sparse 1B and 3B MoE models, with 400M and 800M activated parameters respectively."
    assert told(_FINDER, text) == {
        ("Llama 3", "PARAMETERS", 1_000_000_000, "parameter"),
        ("Llama 3", "PARAMETERS", 3_000_000_000, "parameter"),
        ("Llama 3", "PARAMETERS", 400_000_000, "parameter", "active"),
        ("Llama 3", "PARAMETERS", 800_000_000, "parameter", "active"),
    }


def test_numbers_of_people_are_no_sizes() -> None:
    assert told(_FINDER, "Llama 3 models reached 8 million and 70 million users.") == set()


def test_both_variants_are_releases_of_the_model_spoken_of() -> None:
    text = "DBRX is out. Databricks has uploaded both the Base and Instruct model variants."
    assert told(_FINDER, text) == {
        ("DBRX Base", "RELEASE_OF", "DBRX"),
        ("DBRX Instruct", "RELEASE_OF", "DBRX"),
    }
