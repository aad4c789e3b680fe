"""A model's name without what a route, a version's date or a number format adds to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.registry_refresh.naming import clean_name, model_key, spelling, without_mode, word_key


@pytest.mark.parametrize(
    ("model_id", "bare"),
    [
        ("acme/vega-8b:free", "vega-8b"),
        ("us.acme.vega-3-5-pro-20240620-v1:0", "vega-3.5-pro"),
        ("Acme/Vega3-235B-A22B-Instruct-2507-FP8", "vega3-235b-a22b"),
        ("vega-2.5-flash-preview-05-20", "vega-2.5-flash"),
        ("vega-r-08-2024", "vega-r"),
        ("vega-large-latest", "vega-large"),
        ("hf:acme/vega-7b-it-gguf", "vega-7b"),
        ("vega-1-128k", "vega-1"),
        ("vega-v3p1-8b", "vega-v3.1-8b"),
        ("vega-image-4.0-generate-001", "vega-image-4.0"),
    ],
)
def test_routes_dates_formats_and_tuning_are_put_aside(model_id: str, bare: str):
    assert spelling(model_id).bare == bare


@pytest.mark.parametrize("model_id", ["vega-8b", "vega-2.5-pro", "vega-mini-2", "vega-8x7b"])
def test_a_plain_name_stays_as_it_is(model_id: str):
    assert spelling(model_id).forms == (model_id,)


def test_the_author_is_the_part_before_the_name():
    assert spelling("router/acme/vega-8b").author == "acme"


def test_a_name_alone_has_no_author():
    assert spelling("vega-2.5-pro").author is None


@pytest.mark.parametrize(("model_id", "dated"), [("vega-2411", True), ("vega-8b-instruct", False)])
def test_a_row_of_one_version_is_known_by_its_date(model_id: str, dated: bool):
    assert spelling(model_id).dated is dated


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vega 3.5 Pro", "vega-3-5-pro"),
        ("Vega-4.0", "vega 4"),
        ("Vega R+", "vega-r-plus"),
        ("VEGA.2", "vega-2"),
        ("Vega_2 Small", "vega-2-small"),
    ],
)
def test_spellings_of_one_model_share_a_key(one: str, other: str):
    assert model_key(one) == model_key(other)


@pytest.mark.parametrize(("one", "other"), [("vega-3-8b", "vega-3.8b"), ("vega-2", "vega-2.1")])
def test_different_models_have_different_keys(one: str, other: str):
    assert model_key(one) != model_key(other)


def test_the_order_of_words_makes_no_other_model():
    assert word_key("Vega Pro 3.5") == word_key("vega-3-5-pro")


@given(st.lists(st.sampled_from(["vega", "pro", "mini", "8b", "3.5", "a22b"]), min_size=1, max_size=5))
def test_blanks_and_hyphens_and_capitals_do_not_change_a_key(words: list[str]):
    assert model_key("-".join(words)) == model_key(" ".join(words).upper())


@given(st.text(max_size=60))
def test_any_text_has_forms_and_a_clean_name(text: str):
    assert spelling(text).forms[0] is not None
    assert clean_name(clean_name(text)) is not None


@pytest.mark.parametrize(("form", "plain"), [("vega-3-thinking", "vega-3"), ("vega-3", "vega-3")])
def test_the_mode_of_a_route_is_put_aside(form: str, plain: str):
    assert without_mode(form) == plain


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Acme: Vega 8B (free)", "Vega 8B"),
        ("Vega Opus 4.5 (latest)", "Vega Opus 4.5"),
        ("Vega 8B Instruct 2024-05-13", "Vega 8B"),
    ],
)
def test_a_display_name_loses_maker_brackets_and_dates(name: str, clean: str):
    assert clean_name(name) == clean
