"""Asking the model: the request's form, asking again, and the forms that lesser servers take."""

from dataclasses import dataclass, replace
from typing import Any, Final, Literal, Self

import httpx
import tenacity

from loaders.llm.answers import Answer, read_completion
from loaders.llm.endpoint import Endpoint
from loaders.llm.errors import Code, LlmError
from loaders.llm.schema import answer_schema
from loaders.llm.transport import FinalError, FormError, PassingError, open_client, post

ANSWER_TOKENS: Final = 8_192
"""Tokens of an answer at most: some forty facts."""
_Shape = Literal["json_schema", "json_object", "text"]


@dataclass(frozen=True, slots=True)
class _Form:
    """What this server takes: not all know a schema, a temperature, or one name of the answer's limit."""

    shape: _Shape = "json_schema"
    temperature: bool = True
    limit: str | None = "max_tokens"

    def payload(self, model: str, instructions: str, question: str) -> dict[str, Any]:
        """The request in this form."""
        return {
            "model": model,
            "messages": [
                {"role": "system", "content": instructions},
                {"role": "user", "content": question},
            ],
            "stream": False,
            **({self.limit: ANSWER_TOKENS} if self.limit else {}),
            **({"temperature": 0} if self.temperature else {}),
            **_response_format(self.shape),
        }

    def lesser(self, reason: str) -> "_Form | None":
        """The form to try after a refusal for this reason; each step is taken once at most."""
        if "max_completion_tokens" in reason and self.limit == "max_tokens":
            return replace(self, limit="max_completion_tokens")
        if self.limit is not None and self.limit in reason:
            return replace(self, limit=None)
        if "temperature" in reason and self.temperature:
            return replace(self, temperature=False)
        match self.shape:
            case "json_schema":
                return replace(self, shape="json_object")
            case "json_object":
                return replace(self, shape="text")
            case "text":
                return None


def _response_format(shape: _Shape) -> dict[str, Any]:
    match shape:
        case "json_schema":
            named = {"name": "facts", "strict": True, "schema": answer_schema()}
            return {"response_format": {"type": shape, "json_schema": named}}
        case "json_object":
            return {"response_format": {"type": shape}}
        case "text":
            return {}


class ChatClient:
    """The chat completions of one endpoint; inside `async with`, in one event loop at a time.

    What it learns of the server stays: the form that it takes, and that no question will be answered.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        """Connect at the first question."""
        self._endpoint: Final = endpoint
        self._http: httpx.AsyncClient | None = None
        self._form = _Form()
        self._answered = False
        self._final: LlmError | None = None

    async def __aenter__(self) -> Self:
        """Be ready to connect.

        Raises:
            SetupError: when the machine's own settings for proxies or certificates cannot be used.
        """
        self._http = open_client(self._endpoint)
        return self

    async def __aexit__(self, *error: object) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    async def ask(self, instructions: str, question: str) -> Answer:
        """The model's answer, in the best form that the server takes.

        Raises:
            LlmError: when there is none. Nothing more is sent after a refused key, nor to a server that
                was never reached.
        """
        if self._final is not None:
            raise LlmError(self._final.code, self._final.sentence)
        try:
            answer = await self._in_some_form(instructions, question)
        except LlmError as error:
            self._answered = self._answered or error.code is not Code.UNREACHABLE
            if isinstance(error, FinalError) or not self._answered:
                self._final = error
            raise
        self._answered, self._final = True, None  # another question may have given up too early
        return answer

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
