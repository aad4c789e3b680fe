"""One request to the endpoint: bounded in time and size, never redirected, every failure an `LlmError`."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, cast

import httpx
from pydantic_core import from_json

from loaders.llm.errors import Code, LlmError
from loaders.llm.settings import Endpoint

LARGEST: Final = 4 * 2**20
"""Bytes of an answer at most: many times what the longest answer asked for can hold."""
_LONGEST_REASON: Final = 200
_LATER: Final = frozenset({408, 409, 425, 429})
_BAD_FORM: Final = frozenset({400, 422})


class PassingError(LlmError):
    """A failure that may pass; `pause` is what the server asks to wait, in seconds."""

    def __init__(self, code: Code, sentence: str, pause: float | None = None) -> None:
        """A sentence and a code as for all, and the pause where the server names one."""
        super().__init__(code, sentence)
        self.pause: Final = pause


class FormError(LlmError):
    """The server does not take the request's form; `reason` is its own sentence, in lower case."""

    def __init__(self, sentence: str, reason: str) -> None:
        """A sentence for people, and the server's reason to choose another form by."""
        super().__init__(Code.REJECTED, sentence)
        self.reason: Final = reason.lower()


def open_client(endpoint: Endpoint) -> httpx.AsyncClient:
    """A client that sends the key to this endpoint alone: a redirect is an answer like others."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    key = endpoint.key.get_secret_value()
    if key:
        headers["Authorization"] = f"Bearer {key}"
    limits = httpx.Limits(max_connections=endpoint.concurrency)
    return httpx.AsyncClient(headers=headers, timeout=endpoint.timeout, limits=limits, follow_redirects=False)


async def post(client: httpx.AsyncClient, endpoint: Endpoint, payload: Mapping[str, Any]) -> bytes:
    """The body of a successful answer.

    Raises:
        PassingError: when asking again may help.
        FormError: when another form of request may help.
        LlmError: when neither does.
    """
    try:
        # the client's own timeout is for each read; a server that drips would hold it for ever
        async with asyncio.timeout(endpoint.timeout):
            async with client.stream("POST", endpoint.url, json=payload) as response:
                if response.is_success:
                    return await _body(response)
                raise _failure(response, await _reason(response, endpoint))
    except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout) as error:
        raise LlmError(
            Code.TIMEOUT,
            f"The language model did not answer within {endpoint.timeout:g} s (KB_LLM_TIMEOUT); "
            "give it more time or ask fewer questions at a time.",
        ) from error
    except httpx.TransportError as error:
        raise PassingError(
            Code.UNREACHABLE,
            f"The language model's server cannot be reached or broke off ({type(error).__name__}); "
            "see that KB_LLM_URL is right and the server runs.",
        ) from error


async def _body(response: httpx.Response) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise LlmError(
            Code.MALFORMED, "The language model's server packed its answer, which it was told not to."
        )
    body = await _read(response, LARGEST + 1)
    if len(body) > LARGEST:
        raise LlmError(
            Code.TOO_LARGE,
            f"The language model's server sent more than {LARGEST // 2**20} MiB for one answer.",
        )
    return body


async def _read(response: httpx.Response, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


async def _reason(response: httpx.Response, endpoint: Endpoint) -> str:
    """The server's own sentence in one short line; some repeat the key in it."""
    words = _sentence((await _read(response, 2**14)).decode("utf-8", "replace"))
    key = endpoint.key.get_secret_value()
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return (line.replace(key, "***") if key else line)[:_LONGEST_REASON]


def _sentence(body: str) -> str:
    try:
        found: object = from_json(body)
    except ValueError:
        return body
    for name in ("error", "message", "detail"):
        if isinstance(found, dict):
            found = cast("dict[str, object]", found).get(name, found)
    return str(found)


def _failure(response: httpx.Response, reason: str) -> LlmError:
    status = response.status_code
    if response.is_redirect or 300 <= status < 400:
        return LlmError(
            Code.REDIRECT,
            f"The language model's server redirects ({status}), which is not followed, so that the key goes "
            "nowhere else; set KB_LLM_URL to the final address.",
        )
    if status in {401, 403}:  # its sentence is left out: it may hold parts of the key
        return LlmError(
            Code.KEY,
            f"The language model's server refused the key ({status}); set KB_LLM_KEY to a valid one.",
        )
    if status in _LATER or status >= 500:
        return PassingError(
            Code.BUSY,
            f"The language model's server is busy or out of order ({status}); load the document again later.",
            _pause(response),
        )
    told = f"The language model's server refused the question ({status}: {reason}); see KB_LLM_MODEL."
    return FormError(told, reason) if status in _BAD_FORM else LlmError(Code.REJECTED, told)


def _pause(response: httpx.Response) -> float | None:
    """What `Retry-After` asks for, as seconds or as a date."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
