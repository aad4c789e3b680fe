"""What records of a whole export hold: the fields that readers of the graph rely on, with their types."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Final, NotRequired

from pydantic import AfterValidator, ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from kb.ontology import Kind, Modality, kind_of

_STRICT: Final = ConfigDict(strict=True, extra="allow")


def _one_of(known: Collection[str]) -> AfterValidator:
    def check(told: str) -> str:
        if told not in known:
            raise ValueError(f"there is no '{told[:40]}'")
        return told

    return AfterValidator(check)


Predicate = Annotated[str, _one_of(kind_of)]
KindName = Annotated[str, _one_of({one.value for one in Kind})]
ModalityName = Annotated[str, _one_of({one.value for one in Modality})]


@with_config(_STRICT)
class _Link(TypedDict):
    extractor: str
    properties: dict[str, Any]


@with_config(_STRICT)
class _Evidence(TypedDict):
    document: str
    start: int
    end: int
    text: str


@with_config(_STRICT)
class _Claim(TypedDict):
    id: str
    kind: KindName
    predicate: Predicate
    slot: str
    claim_id: str
    subject_key: str
    modality: ModalityName
    confidence: float
    extractor: str
    recorded_at: str
    retracted_at: NotRequired[str | None]
    retracted_why: NotRequired[str | None]
    gaps: NotRequired[list[str]]
    as_of: NotRequired[str]
    as_of_first: NotRequired[str]
    as_of_last: NotRequired[str]
    valid_from: NotRequired[str]
    valid_to: NotRequired[str]
    value: NotRequired[float]
    low: NotRequired[float]
    high: NotRequired[float]
    amount: NotRequired[float]
    unit: NotRequired[str]
    amount_unit: NotRequired[str]
    comparator: NotRequired[str]
    role: NotRequired[str]
    speaker: NotRequired[str]
    offered_by: NotRequired[str]
    object_key: NotRequired[str]
    date: NotRequired[str]


@with_config(_STRICT)
class _Statement(TypedDict):
    properties: _Claim
    ends: dict[str, str]
    evidence: _Evidence
    found_by: list[_Link]


@with_config(_STRICT)
class _Paper(TypedDict):
    id: str
    source_key: str
    text: str
    media_type: str
    raw_hash: str
    cleaner: str
    recorded_at: str
    places: NotRequired[list[str]]
    authors: NotRequired[list[str]]
    title: NotRequired[str]
    publisher: NotRequired[str]
    published: NotRequired[str]
    published_last: NotRequired[str]
    retrieved: NotRequired[str]
    url: NotRequired[str]
    licence: NotRequired[str]
    origin: NotRequired[str]
    signature: NotRequired[str]
    withdrawn_at: NotRequired[str]
    superseded_at: NotRequired[str]
    superseded_by: NotRequired[str]


@with_config(_STRICT)
class _Document(TypedDict):
    properties: _Paper
    read_by: list[_Link]
    loaded_in: NotRequired[list[str]]


@with_config(_STRICT)
class _Thing(TypedDict):
    type: str
    name: str
    aliases: list[str]
    provisional: bool
    level: NotRequired[str | None]
    qid: NotRequired[str | None]


@with_config(_STRICT)
class _Entity(TypedDict):
    properties: _Thing


@with_config(_STRICT)
class _Name(TypedDict):
    entities: list[str]


@with_config(_STRICT)
class _Opinion(TypedDict):
    verdict: str
    by: str
    at: str


def _pair(told: list[str]) -> list[str]:
    if len(told) != len({*told}) or len(told) != 2:
        raise ValueError("two entities are judged")
    return told


@with_config(_STRICT)
class _Judgement(TypedDict):
    properties: _Opinion
    pair: Annotated[list[str], AfterValidator(_pair)]


_FORMS: Final[Mapping[str, TypeAdapter[Any]]] = {
    "statement": TypeAdapter(_Statement),
    "document": TypeAdapter(_Document),
    "entity": TypeAdapter(_Entity),
    "name": TypeAdapter(_Name),
    "judgement": TypeAdapter(_Judgement),
}


def objection(record: str, row: Mapping[str, Any]) -> str | None:
    """Why a row is no record of its kind, as a sentence; none where it is one."""
    form = _FORMS.get(record)
    if form is None:
        return None
    try:
        form.validate_python(row)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_input=False)
        place = ".".join(str(step) for step in first["loc"])
        return f"{place}: {first['msg']}."
    told: Mapping[str, Any] = row.get("properties", {})
    if told.get("id", row["key"]) != row["key"]:
        return "its key is not its id."
    return None
