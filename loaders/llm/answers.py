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
_Number = StrictInt | Annotated[float, Field(strict=True, allow_inf_nan=False)]


class _Lenient(BaseModel):
    """Fields that are not known are passed over: servers add their own."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(_Lenient):
    """An end of a fact as the model names it."""

    type: EntityType
    name: str


class Measure(_Lenient):
    """A number or a range as the model reads it."""

    value: _Number | None = None
    low: _Number | None = None
    high: _Number | None = None
    unit: str
    comparator: Comparator | None = None


class Circumstances(_Lenient):
    """How the document tells the fact, as the model reads it."""

    modality: Modality = Modality.ASSERTED
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
    told: Annotated[Circumstances, BeforeValidator(lambda given: given or {})] = Circumstances()
    role: str | None = None
    status: EmploymentStatus | None = None
    how: Derivation | None = None
    amount: Measure | None = None
    lead: bool | None = None
    share: _Number | None = None
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
    content: str | None = None
    refusal: str | None = None


class _Choice(_Lenient):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Lenient):
    total_tokens: int | None = Field(default=None, ge=0)


class _Completion(_Lenient):
    choices: tuple[_Choice, ...]
    usage: _Usage | None = None


class _Delta(_Lenient):
    delta: _Message = _Message()
    finish_reason: str | None = None


class _Chunk(_Lenient):
    choices: tuple[_Delta, ...] = ()
    usage: _Usage | None = None


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
            found: object = from_json(candidate, allow_inf_nan=False)
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
    usage: _Usage | None = None
    for chunk in _chunks(body):
        usage = chunk.usage or usage
        for choice in chunk.choices[:1]:
            words.append(choice.delta.content or "")
            refusal.append(choice.delta.refusal or "")
            reason = choice.finish_reason or reason
    if reason is None:
        raise _malformed("a stream that breaks off")
    return _answer("".join(words) or None, "".join(refusal), reason, usage)


def _chunks(body: bytes) -> Iterator[_Chunk]:
    for line in body.splitlines():
        field, _, data = line.partition(b":")
        if field.strip() != b"data" or data.strip() == b"[DONE]":
            continue
        try:
            yield _Chunk.model_validate(from_json(data.strip()))
        except ValueError as error:
            raise _malformed("a stream of something else") from error


def _answer(content: str | None, refusal: str | None, reason: str | None, usage: _Usage | None) -> Answer:
    return Answer(
        content=content,
        refused=bool(refusal) or reason == "content_filter",
        truncated=reason == "length",
        tokens=None if usage is None else usage.total_tokens,
    )


def _malformed(what: str) -> LlmError:
    return LlmError(
        Code.MALFORMED,
        f"The language model's server answered with {what}; load the document again, or use another model.",
    )
