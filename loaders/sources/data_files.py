"""JSON and YAML: which of the known data sets a file holds is told by its content."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from loaders.refusals import Code, ReadError
from loaders.sources.found import LARGEST, Form, Found, Given, Glance
from loaders.sources.json_lines import read_array

if TYPE_CHECKING:
    import yaml

Known = tuple[Callable[[object], bool], Callable[[Any, Given], Iterator[Found]]]
"""What recognises the value of a file, and what reads it."""

_NAMES: Final = "models.dev, litellm, genai-prices, SPDX, Ecosystem Graphs"


def _read_json(given: Given) -> Iterator[Found]:
    try:
        value: Any = json.loads(_content(given).decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise ReadError(Code.DAMAGED, f"It is no valid JSON ({error}).") from error
    yield from _read(value, given)


def _read_yaml(given: Given) -> Iterator[Found]:
    import yaml  # noqa: PLC0415 - needed for this form alone

    try:
        value: Any = yaml.load(_content(given), Loader=_loader())  # noqa: S506 - it is a safe one
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        told = " ".join(str(error).split())[:160]
        raise ReadError(Code.DAMAGED, f"It is no valid YAML ({told}).") from error
    yield from _read(value, given)


@cache
def _loader() -> "type[yaml.CSafeLoader]":
    """A safe loader to which a date is the text that stands there: one that is none is its record's fault."""
    import yaml  # noqa: PLC0415 - needed for this form alone

    resolvers = {
        first: [(tag, form) for tag, form in known if not tag.endswith(":timestamp")]
        for first, known in yaml.CSafeLoader.yaml_implicit_resolvers.items()
    }
    return type("PlainLoader", (yaml.CSafeLoader,), {"yaml_implicit_resolvers": resolvers})


def _content(given: Given) -> bytes:
    with given.path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ReadError(Code.TOO_LARGE, f"The file has more than {LARGEST // 2**20} MB.")
    return data


def _known() -> tuple[Known, ...]:
    from loaders.sources import ecosystem, prices, spdx  # noqa: PLC0415 - needed for these forms alone

    return (
        (prices.is_models_dev, prices.models_dev),
        (prices.is_litellm, prices.litellm),
        (prices.is_genai_prices, prices.genai_prices),
        (spdx.is_licence, spdx.licence),
        (spdx.is_list, spdx.licences),
        (ecosystem.is_ecosystem, ecosystem.assets),
    )


def _read(value: Any, given: Given) -> Iterator[Found]:  # noqa: ANN401 - what a file holds
    for recognises, read in _known():
        if recognises(value):
            yield from read(value, given)
            return
    if isinstance(value, list) and value:
        yield from read_array(given, value)
        return
    raise ReadError(
        Code.UNKNOWN_FORM, f"It holds none of the data that are known: {_NAMES}, or a list of records."
    )


def _is_json(glance: Glance) -> bool:
    return glance.suffix == ".json"


def _is_yaml(glance: Glance) -> bool:
    return glance.suffix in {".yaml", ".yml"}


JSON: Final = Form("JSON", _is_json, _read_json)
YAML: Final = Form("YAML", _is_yaml, _read_yaml)
