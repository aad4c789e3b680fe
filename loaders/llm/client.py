"""Asking the model: the request's form, asking again, and the forms that lesser servers take."""

from dataclasses import dataclass, replace
from typing import Any, Final, Self

import tenacity

from loaders.llm.answers import Answer, read_completion
from loaders.llm.errors import Code, LlmError
from loaders.llm.schema import answer_schema
from loaders.llm.settings import Endpoint
from loaders.llm.transport import FormError, PassingError, open_client, post

ANSWER_TOKENS: Final = 8_192
"""Tokens of an answer at most: some forty facts."""
_FATAL: Final = frozenset({Code.KEY, Code.REDIRECT})


@dataclass(frozen=True, slots=True)
class _Form:
    """What this server takes: not all know the schema, a temperature, or one name of the answer's limit."""

    schema: bool = True
    temperature: bool = True
    limit: str = "max_tokens"

    def payload(self, model: str, instructions: str, question: str) -> dict[str, Any]:
        """The request in this form."""
        return {
            "model": model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": question},
            ],
            "stream": False,
            self.limit: ANSWER_TOKENS,
            **({"temperature": 0} if self.temperature else {}),
            "response_format": _response_format(schema=self.schema),
        }

    def lesser(self, reason: str) -> "_Form | None":
        """The form to try after a refusal for this reason; each step is taken once at most."""
        if "max_completion_tokens" in reason and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if "temperature" in reason and self.temperature:
            return replace(self, temperature=False)
        return replace(self, schema=False) if self.schema else None


def _response_format(*, schema: bool) -> dict[str, Any]:
    if not schema:
        return {"type": "json_object"}
    return {
        "type": "json_schema",
        "json_schema": {"name": "facts", "strict": True, "schema": answer_schema()},
    }


class ChatClient:
    """The chat completions of one endpoint; inside `async with`, in one event loop at a time.

    What it learns of the server stays: the form that it takes, and that it refused the key.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        """Connect at the first question."""
        self._endpoint: Final = endpoint
        self._http = open_client(endpoint)
        self._form = _Form()
        self._fatal: LlmError | None = None

    async def __aenter__(self) -> Self:
        """Be ready to connect."""
        if self._http.is_closed:
            self._http = open_client(self._endpoint)
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ask(self, instructions: str, question: str) -> Answer:
        """The model's answer, in the best form that the server takes.

        Raises:
            LlmError: when there is none. After a refused key nothing more is sent.
        """
        if self._fatal is not None:
            raise LlmError(self._fatal.code, self._fatal.sentence)
        try:
            return await self._in_some_form(instructions, question)
        except LlmError as error:
            if error.code in _FATAL:
                self._fatal = error
            raise

    async def _in_some_form(self, instructions: str, question: str) -> Answer:
        form = self._form
        while True:
            try:
                body = await self._patiently(form.payload(self._endpoint.model, instructions, question))
            except FormError as error:
                lesser = form.lesser(error.reason)
                if lesser is None:
                    raise
                form = lesser
            else:
                self._form = form
                return read_completion(body)

    async def _patiently(self, payload: dict[str, Any]) -> bytes:
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(self._passes),
            stop=tenacity.stop_after_attempt(self._endpoint.attempts),
            wait=self._pause,
            reraise=True,
        )
        return await retrying(post, self._http, self._endpoint, payload)

    def _passes(self, error: BaseException) -> bool:
        """Whether it pays to wait: not for a server that asks for more than the longest pause."""
        return isinstance(error, PassingError) and (error.pause or 0) <= self._endpoint.longest_wait

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome is not None else None
        if isinstance(error, PassingError) and error.pause is not None:
            return error.pause
        growing = tenacity.wait_random_exponential(self._endpoint.first_wait, self._endpoint.longest_wait)
        return growing(state)
