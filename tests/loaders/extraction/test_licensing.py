"""Which model is released under which licence."""

import pytest

from kb.ontology import Modality
from loaders.extraction.licensing import LicenceFinder
from tests.loaders.extraction.reading import found, told


@pytest.mark.parametrize(
    "text",
    [
        "DBRX is released under the Apache 2.0 license.",
        "Databricks has released DBRX under Apache 2.0.",
        "DBRX, which was published in March, is available under the permissive Apache 2.0 license.",
        "The weights of DBRX are distributed with the Apache 2.0 license.",
        "DBRX is Apache 2.0-licensed.",
        "DBRX uses the Apache 2.0 license.",
        "All DBRX models are licensed under [Apache 2.0](https://a.example).",
        "DBRX (27 March 2024) is a 132B-total mixture of experts under Apache 2.0, with a 32K context.",
        "DBRX (27 March 2024) comes in two sizes, each with a chat variant, all Apache 2.0.",
        "The use of DBRX is subject to the Apache 2.0 license.",
        "The Apache 2.0 license governs DBRX.",
        "Databricks put DBRX on a server, Apache 2.0.",
        "DBRX moved to Apache 2.0.",
        "The license for DBRX is Apache 2.0.",
        "Databricks open-sourced DBRX under an Apache 2.0 license on Monday.",
    ],
)
def test_a_model_is_released_under_a_licence(text: str) -> None:
    assert told(LicenceFinder(), text) == {("DBRX", "RELEASED_UNDER", "Apache-2.0")}


def test_several_models_share_a_licence() -> None:
    assert told(LicenceFinder(), "DBRX and Gemma 2 are both released under the MIT license.") == {
        ("DBRX", "RELEASED_UNDER", "MIT"),
        ("Gemma 2", "RELEASED_UNDER", "MIT"),
    }


def test_weights_without_a_name_belong_to_the_model_of_the_sentence_before() -> None:
    text = "Databricks has published DBRX. The weights come under the MIT license."
    assert told(LicenceFinder(), text) == {("DBRX", "RELEASED_UNDER", "MIT")}


def test_weights_that_a_firm_releases_are_those_of_the_model_before() -> None:
    text = "Databricks has published DBRX. It released both the base and instruct weights under Apache 2.0."
    assert told(LicenceFinder(), text) == {("DBRX", "RELEASED_UNDER", "Apache-2.0")}


@pytest.mark.parametrize(
    "text",
    [
        "The code for DBRX is licensed under the MIT license.",
        "Delta weights over the original DBRX model are released under the MIT license.",
        "The MIT license is short.",
        "DBRX was trained at MIT.",
    ],
)
def test_what_is_no_release_of_the_model_tells_nothing(text: str) -> None:
    assert told(LicenceFinder(), text) == set()


def test_a_release_to_come_is_planned() -> None:
    [fact] = found(LicenceFinder(), "Databricks plans to release DBRX under the MIT license next year.")
    assert fact.modality is Modality.PLANNED
