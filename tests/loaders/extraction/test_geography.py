"""A city's country is the same whether its name is looked up alone or in the index of all."""

import random

import pytest

from loaders.extraction import geography
from loaders.extraction.geography import city_country, state_country


def some_names() -> list[str]:
    """Names that cities have, and some that none has."""
    cities = geography._all()
    names = sorted({name for city in cities for name in (city["name"], *city["alternatenames"])} - {""})
    return [*random.Random(1).sample(names, 100), "O'Fallon", "Zürich", "Москва", 'No "Such" City', "Bra}ce"]


def test_a_name_means_the_same_alone_and_in_the_index() -> None:
    for name in some_names():
        alone = geography._by_name(geography._named(name)).get(name)
        assert alone == geography._beginning(name[:1]).get(name), name


@pytest.mark.parametrize(
    ("name", "country"), [("Paris", "FR"), ("Cambridge", "GB"), ("Nowhere Here", None), ("", None)]
)
def test_the_largest_city_that_is_called_so_tells_the_country(name: str, country: str | None) -> None:
    assert city_country(name) == country


def test_a_state_of_the_usa_is_known_by_its_name_and_two_by_a_short_form() -> None:
    assert [state_country(name) for name in ("Ohio", "Calif.", "Bavaria", None)] == ["US", "US", None, None]
