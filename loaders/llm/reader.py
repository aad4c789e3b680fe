"""A document's passages before the model: from the cache, else asked within the budget."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Final, Self

from kb.contract import dumps
from kb.documents import Document, sha256
from kb.errors import KbError
from loaders.llm.answers import Answer, read_facts
from loaders.llm.budget import Budget, Ticket
from loaders.llm.cache import AnswerCache
from loaders.llm.client import ANSWER_TOKENS, ChatClient
from loaders.llm.endpoint import Endpoint
from loaders.llm.errors import BILLED, Code, LlmError
from loaders.llm.passages import Passage, halves, passages
from loaders.llm.prompt import instructions, question
from loaders.llm.schema import answer_schema

Answers = Sequence[tuple[Passage, Sequence[object]]]
"""What the model told of each passage, as it came."""

_BYTES_A_TOKEN: Final = 3
"""On the safe side: English has four or more, Chinese about three, a schema more than three."""
_MOST_ASKED: Final = 3
"""Times that one passage is asked about at most: once, then once more, or in two halves."""


class Reader:
    """Asks about passages, a stated number at a time; inside `async with`, in one event loop."""

    def __init__(self, endpoint: Endpoint, client: ChatClient, budget: Budget, cache: AnswerCache) -> None:
        """Share the client, the budget and the cache with readers before and after this one."""
        self._endpoint: Final = endpoint
        self._client: Final = client
        self._budget: Final = budget
        self._cache: Final = cache
        self._turns: Final = asyncio.Semaphore(endpoint.concurrency)
        self._asked: Final[dict[str, asyncio.Event]] = {}

    async def __aenter__(self) -> Self:
        """Connect."""
        self._budget.begin()
        await self._client.__aenter__()
        return self

    async def __aexit__(self, *error: object) -> None:
        """Disconnect."""
        await self._client.__aexit__(*error)

    async def read(self, document: Document) -> Answers | KbError:
        """What the model tells of the document, or the first reason in its text why it cannot be read."""
        parts = passages(document.text)
        found = await asyncio.gather(*(self._passage(document, part) for part in parts))
        answers: list[tuple[Passage, Sequence[object]]] = []
        for part, facts in zip(parts, found, strict=True):
            if isinstance(facts, KbError):
                return facts
            answers.append((part, facts))
        return answers

    async def _passage(self, document: Document, passage: Passage) -> Sequence[object] | KbError:
        asked = question(document, passage)
        async with self._turns:  # first come, first served: tickets are drawn in the order of the text
            ticket = self._budget.ticket(_MOST_ASKED * _estimate(asked))
            try:
                return await self._known_or_asked(document, passage, self._key(asked), ticket)
            except KbError as error:
                return error
            finally:
                self._budget.settle(ticket)

    async def _known_or_asked(
        self, document: Document, passage: Passage, key: str, ticket: Ticket
    ) -> Sequence[object]:
        while (asked := self._asked.get(key)) is not None:  # the same words in another document
            await asked.wait()
        kept = self._cache.get(key)
        if kept is not None:
            return kept
        asked = self._asked[key] = asyncio.Event()
        try:
            facts = await self._persistently(document, passage, ticket)
            self._cache.put(key, facts)
        finally:
            del self._asked[key]
            asked.set()
        return facts

    async def _persistently(self, document: Document, passage: Passage, ticket: Ticket) -> Sequence[object]:
        """Ask, and once more after an answer that cannot be read, or by halves after one cut short."""
        try:
            return await self._once(question(document, passage), ticket)
        except LlmError as error:
            parts = halves(document.text, passage) if error.code is Code.TRUNCATED else ()
            if error.code is not Code.MALFORMED and not parts:
                raise
        found = [await self._once(question(document, part), ticket) for part in parts or (passage,)]
        return [fact for facts in found for fact in facts]

    async def _once(self, asked: str, ticket: Ticket) -> list[object]:
        booked = _estimate(asked)
        await self._budget.draw(ticket, booked)
        try:
            answer = await self._client.ask(instructions(), asked)
        except LlmError as error:
            if error.code not in BILLED:
                ticket.used -= booked
            raise
        if answer.tokens is not None:
            ticket.used += answer.tokens - booked
        return _facts(answer)

    def _key(self, asked: str) -> str:
        """The digest of all that the answer depends on."""
        return sha256("\n".join((self._endpoint.model, _frame(), asked)).encode())


@cache
def _frame() -> str:
    """What goes with every question, whatever it asks about."""
    return dumps({"instructions": instructions(), "schema": answer_schema()})


def _estimate(asked: str) -> int:
    """The tokens that a question and its answer use at most."""
    return (len(_frame()) + len(asked.encode())) // _BYTES_A_TOKEN + ANSWER_TOKENS


def _facts(answer: Answer) -> list[object]:
    if answer.refused:
        raise LlmError(
            Code.REFUSED, "The language model refused to read this document; read it with the rules."
        )
    if answer.truncated:
        raise LlmError(
            Code.TRUNCATED,
            "The language model's answer was cut off; use a model with longer answers.",
        )
    if answer.content is None:
        raise LlmError(
            Code.MALFORMED,
            "The language model's answer is empty; load the document again, or use another model.",
        )
    return read_facts(answer.content)
