"""Reading answers: the completion around the model's words, and the facts in these words.

A server may answer anything. What is read here are records of ours; everything else is an `LlmError`, or,
within a list of facts, a fact that is left out and counted.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Final, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, ValidationError
from pydantic_core import from_json

from kb.ontology import (
    Access,
    Basis,
    Comparator,
    Consequence,
    Derivation,
    EmploymentStatus,
    EntityType,
    Modality,
    Period,
    Scope,
)
from loaders.llm.errors import Code, LlmError

_FENCED: Final = re.compile(r"```[\w-]*[ \t]*\n(.*?)\n?```", re.DOTALL)
_THOUGHT: Final = "</think>"
_EVENTS: Final = (b"data:", b"event:", b"id:", b":")
_DONE: Final = b"[DONE]"


def _unquoted(given: object) -> object:
    """A number that comes as a string; whether it is right is for the document to say."""
    return from_json(given.replace(",", "")) if isinstance(given, str) else given


def _joined(given: object) -> object:
    """Content that comes in parts: those that are text, without the model's thoughts."""
    if not isinstance(given, list):
        return given
    parts = [
        cast("dict[str, object]", part) for part in cast("list[object]", given) if isinstance(part, dict)
    ]
    return "".join(str(part.get("text", "")) for part in parts if part.get("type") == "text")


_Finite = StrictInt | Annotated[float, Field(strict=True, allow_inf_nan=False)]
_Number = Annotated[_Finite | None, BeforeValidator(_unquoted)]


class _Lenient(BaseModel):
    """Fields that are not known are passed over: servers add their own."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(_Lenient):
    """An end of a fact as the model names it."""

    type: EntityType
    name: str


class Measure(_Lenient):
    """A number or a range as the model reads it."""

    value: _Number = None
    low: _Number = None
    high: _Number = None
    unit: str
    comparator: Comparator | None = None


class Circumstances(_Lenient):
    """How the document tells the fact, as the model reads it."""

    modality: Modality | None = None
    speaker: str | None = None
    as_of: str | None = None


class Told(_Lenient):
    """A fact as the model tells it: claims to be checked against the document, none of them believed yet."""

    predicate: str
    quote: str
    subject: Named
    object: Named | None = None
    measure: Measure | None = None
    date: str | None = None
    told: Circumstances | None = None
    role: str | None = None
    status: EmploymentStatus | None = None
    how: Derivation | None = None
    amount: Measure | None = None
    lead: bool | None = None
    share: _Number = None
    city: str | None = None
    period: Period | None = None
    basis: Basis | None = None
    scope: Scope | None = None
    active: bool | None = None
    benchmark: str | None = None
    offered_by: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    consequence: Consequence | None = None
    access: Access | None = None


class _Message(_Lenient):
    content: Annotated[str | None, BeforeValidator(_joined)] = None
    refusal: str | None = None


class _Choice(_Lenient):
    message: _Message
    finish_reason: str | None = None


class _Completion(_Lenient):
    choices: tuple[_Choice, ...]
    usage: object = None


class _Delta(_Lenient):
    delta: _Message = _Message()
    finish_reason: str | None = None


class _Chunk(_Lenient):
    choices: tuple[_Delta, ...] = ()
    usage: object = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: the model's words, why it stopped, and the tokens used where it tells them."""

    content: str | None
    refused: bool
    truncated: bool
    tokens: int | None


def read_completion(body: bytes) -> Answer:
    """The first choice of a chat completion, also of one that comes as a stream of events.

    Raises:
        LlmError: when the body is no chat completion, or has no choice in it.
    """
    if body.lstrip().startswith(_EVENTS):
        return _streamed(body)
    try:
        completion = _Completion.model_validate(from_json(body))
    except ValueError as error:
        raise _malformed("no chat completion") from error
    if not completion.choices:
        raise _malformed("a chat completion without a choice")
    choice = completion.choices[0]
    return _answer(choice.message.content, choice.message.refusal, choice.finish_reason, completion.usage)


def read_facts(content: str) -> list[object]:
    """The list of facts in a model's words, each as it came.

    The words may come in a fence of Markdown, behind the model's thoughts or between sentences.

    Raises:
        LlmError: when no JSON with a list of facts is in them.
    """
    for candidate in _candidates(content.rpartition(_THOUGHT)[2]):
        try:
            found: object = from_json(candidate)
        except ValueError:
            continue
        facts = cast("dict[str, object]", found).get("facts") if isinstance(found, dict) else found
        if isinstance(facts, list):
            return cast("list[object]", facts)
    raise _malformed("words without a list of facts in JSON")


def read_fact(item: object) -> Told | None:
    """A fact of the list, or nothing when its fields are missing or of other types."""
    try:
        return Told.model_validate(item)
    except ValidationError:
        return None


def _candidates(words: str) -> Iterator[str]:
    yield words
    for fenced in _FENCED.finditer(words):
        yield fenced[1]
    yield words[words.find("{") : words.rfind("}") + 1]


def _streamed(body: bytes) -> Answer:
    """Some servers stream whatever they are asked; the pieces together are the message."""
    words: list[str] = []
    refusal: list[str] = []
    reason: str | None = None
    usage: object = None
    events = [data.strip() for field, _, data in _fields(body) if field.strip() == b"data"]
    for chunk in map(_chunk, (event for event in events if event != _DONE)):
        usage = chunk.usage or usage
        for choice in chunk.choices[:1]:
            words.append(choice.delta.content or "")
            refusal.append(choice.delta.refusal or "")
            reason = choice.finish_reason or reason
    if reason is None and _DONE not in events:
        raise _malformed("a stream that breaks off")
    return _answer("".join(words) or None, "".join(refusal), reason, usage)


def _fields(body: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    return (line.partition(b":") for line in body.splitlines())


def _chunk(event: bytes) -> _Chunk:
    try:
        return _Chunk.model_validate(from_json(event))
    except ValueError as error:
        raise _malformed("a stream of something else") from error


def _answer(content: str | None, refusal: str | None, reason: str | None, usage: object) -> Answer:
    return Answer(
        content=content,
        refused=bool(refusal) or reason == "content_filter",
        truncated=reason == "length",
        tokens=_tokens(usage),
    )


def _tokens(usage: object) -> int | None:
    """The tokens on the bill; servers that do not count say nothing, or nought."""
    total = cast("dict[str, object]", usage).get("total_tokens") if isinstance(usage, dict) else None
    return total if type(total) is int and total > 0 else None


def _malformed(what: str) -> LlmError:
    return LlmError(
        Code.MALFORMED,
        f"The language model's server answered with {what}; load the document again, or use another model.",
    )
